import { type Calendar, DEFAULT_CALENDAR } from "./calendar.ts";
import { fold } from "./skill.ts";
import { type Book, calendarOf } from "./sla_book.ts";
import { PRIORITIES, type Priority } from "./ticket.ts";
import type { Instant } from "./time.ts";

/** Who a rule tells. */
export const NOTIFIED_ROLES = ["agent", "supervisor", "admin"] as const;
export type NotifiedRole = (typeof NOTIFIED_ROLES)[number];

/** What happens when so much time has run on a clock that is still open. */
export interface EscalationRule {
  /** 1–10; a ticket's level rises to it, and it fires once for a ticket. */
  readonly level: number;
  /** Business minutes on the clock. */
  readonly threshold: number;
  readonly notifyRoles: readonly NotifiedRole[];
  readonly on: "response" | "resolution";
  /** The ticket goes back to the queue, to its head. */
  readonly reassign: boolean;
}

/** What a promise is made for. */
export interface Pair {
  readonly priority: Priority;
  readonly category: string;
}

/** The promise for one priority and category; times in business minutes. */
export interface SlaConfiguration extends Pair {
  readonly schema: 1;
  readonly responseTime: number;
  /** Null where customers' later comments start no clock. */
  readonly nextReplyTime: number | null;
  readonly resolutionTime: number;
  /** Clocks but the response stand still while the ticket waits for the customer. */
  readonly pauseOnPending: boolean;
  /** Only a public reply is a first response, not taking the ticket in hand. */
  readonly replyOnly: boolean;
  readonly escalationRules: readonly EscalationRule[];
  readonly calendarId: string;
  /** That of the book when this was last edited; 0 for what stands in code. */
  readonly version: number;
  readonly updatedAt: Instant;
  /** The book's version when it was last applied to open tickets; 0 for never. */
  readonly appliedVersion: number;
}

/** The categories that are there from the start. */
export const CATEGORIES = ["technical", "billing", "general", "urgent"] as const;

/** The one whose configuration holds for a category that has none of its own. */
export const GENERAL_CATEGORY = "general";

const FALLBACK_TARGETS = [60, 480] as const;

/** Response and resolution minutes by priority and category. */
const TARGETS: Readonly<Record<string, readonly [number, number]>> = {
  "1 urgent": [30, 120],
  "1 technical": [45, 240],
  "1 billing": [60, 240],
  "1 general": [60, 480],
  "2 urgent": [60, 240],
  "2 technical": [120, 480],
  "2 billing": [120, 480],
  "2 general": [240, 720],
  "3 urgent": [120, 480],
  "3 technical": [480, 1_440],
  "3 billing": [480, 1_440],
  "3 general": [480, 1_440],
};

/**
 * What holds for a pair: its own configuration, else that of `general` at this priority, else one
 * hour and eight. What is stored comes before what stands in code.
 */
export function slaConfigurationFor(
  book: Pick<Book, "configurations">,
  priority: Priority,
  category: string,
): SlaConfiguration {
  const own = configurationOf(book, priority, category);
  if (own !== null) return own;
  const general = configurationOf(book, priority, GENERAL_CATEGORY) ??
    withTargets(priority, GENERAL_CATEGORY, FALLBACK_TARGETS);
  return { ...general, category };
}

/** The pair's own configuration, stored or in code; null when `general` has to stand in for it. */
export function configurationOf(
  { configurations }: Pick<Book, "configurations">,
  priority: Priority,
  category: string,
): SlaConfiguration | null {
  const pair = pairOf(priority, category);
  const targets = TARGETS[pair];
  return configurations.get(pair) ??
    (targets === undefined ? null : withTargets(priority, category, targets));
}

/** Whether the pair has a configuration that nobody made. */
export function standsInCode(
  { priority, category }: Pick<SlaConfiguration, "priority" | "category">,
): boolean {
  return TARGETS[pairOf(priority, category)] !== undefined;
}

/** The name of a pair in the book. */
export function pairOf(priority: Priority, category: string): string {
  return `${priority} ${category}`;
}

/** Every pair that has a configuration of its own, by priority; the known ones first, then by name. */
export function allConfigurations(book: Pick<Book, "configurations">): SlaConfiguration[] {
  const categories = knownCategories(book);
  return PRIORITIES.flatMap((priority) =>
    categories.flatMap((category) => configurationOf(book, priority, category) ?? [])
  );
}

/** The categories that a ticket may have: a configuration, at any priority, makes one known. */
export function knownCategories({ configurations }: Pick<Book, "configurations">): string[] {
  const made = [...configurations.values()].map(({ category }) => category).sort();
  return [...new Set<string>([...CATEGORIES, ...made])];
}

export function isKnownCategory(
  { configurations }: Pick<Book, "configurations">,
  category: string,
): boolean {
  return CATEGORIES.some((known) => known === category) ||
    PRIORITIES.some((priority) => configurations.has(pairOf(priority, category)));
}

/**
 * The calendar on which a department's tickets count: one that names the department, else the
 * configured one, else the default one.
 */
export function calendarFor(
  { calendars }: Pick<Book, "calendars">,
  department: string,
  configuredCalendarId: string,
): Calendar {
  const named = fold(department);
  for (const calendar of calendars.values()) {
    if (calendar.deletedAt !== undefined) continue;
    if (calendar.departments.some((each) => fold(each) === named)) return calendar;
  }
  return calendarOf({ calendars }, configuredCalendarId) ??
    calendarOf({ calendars }, DEFAULT_CALENDAR.id) ?? DEFAULT_CALENDAR;
}

function withTargets(
  priority: Priority,
  category: string,
  [responseTime, resolutionTime]: readonly [number, number],
): SlaConfiguration {
  return {
    schema: 1,
    priority,
    category,
    responseTime,
    nextReplyTime: null,
    resolutionTime,
    pauseOnPending: true,
    replyOnly: false,
    escalationRules: defaultRules(priority, responseTime),
    calendarId: DEFAULT_CALENDAR.id,
    version: 0,
    updatedAt: 0,
    appliedVersion: 0,
  };
}

/** The rules of the start: at one response time and, at the highest priority, again at two. */
export function defaultRules(priority: Priority, responseTime: number): EscalationRule[] {
  const first: EscalationRule = {
    level: 1,
    threshold: responseTime,
    notifyRoles: ["supervisor"],
    on: "response",
    reassign: false,
  };
  const second: EscalationRule = {
    ...first,
    level: 2,
    threshold: 2 * responseTime,
    notifyRoles: ["supervisor", "admin"],
  };
  return [[first, second], [first], []][priority - 1] ?? [];
}
