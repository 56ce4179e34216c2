import type { Calendar } from "./calendar.ts";
import type { SlaConfiguration } from "./sla_configuration.ts";
import type { Instant } from "./time.ts";

/** What was configured of promises and calendars, as it stood at one version. */
export interface Book {
  /** Grows by one with every edit; 0 while everything is as it stands in code. */
  readonly version: number;
  /** When an edit last began to change the clocks of open tickets. */
  readonly appliedAt: Instant;
  /** That edit has not reached every open ticket yet. */
  readonly applying: boolean;
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
