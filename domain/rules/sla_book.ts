import { type Calendar, DEFAULT_CALENDAR } from "./calendar.ts";
import type { SlaConfiguration } from "./sla_configuration.ts";
import type { Instant } from "./time.ts";

/** How far the book has come: what is stored of it beside its records. */
export interface BookState {
  /** Grows by one with every edit; 0 while everything is as it stands in code. */
  readonly version: number;
  /** When an edit last began to change the clocks of open tickets. */
  readonly appliedAt: Instant;
  /** That edit has not reached every open ticket yet. */
  readonly applying: boolean;
}

/** What was configured of promises and calendars, as it stood at one version. */
export interface Book extends BookState {
  /** What is stored, by `pairOf` priority and category. */
  readonly configurations: ReadonlyMap<string, SlaConfiguration>;
  /** What is stored, by id; the lately deleted ones too. */
  readonly calendars: ReadonlyMap<string, Calendar>;
}

/** The book of a desk where nobody has configured anything. */
export const EMPTY_BOOK: Book = {
  version: 0,
  appliedAt: 0,
  applying: false,
  configurations: new Map(),
  calendars: new Map(),
};

/** The calendar of this id; null when there is none, or none any more. */
export function calendarOf({ calendars }: Pick<Book, "calendars">, id: string): Calendar | null {
  const stored = calendars.get(id);
  if (stored !== undefined && stored.deletedAt === undefined) return stored;
  return id === DEFAULT_CALENDAR.id ? DEFAULT_CALENDAR : null;
}

/** Every calendar there is, the default one first, then by id. */
export function allCalendars({ calendars }: Pick<Book, "calendars">): Calendar[] {
  const ids = [...calendars.keys()].filter((id) => id !== DEFAULT_CALENDAR.id).sort();
  return [DEFAULT_CALENDAR.id, ...ids].flatMap((id) => calendarOf({ calendars }, id) ?? []);
}
