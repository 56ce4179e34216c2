import type { AttendedStretch } from "./attendance.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "./time.ts";

export const SHIFT_STATUSES = ["scheduled", "in-progress", "completed", "cancelled"] as const;
export type ShiftStatus = (typeof SHIFT_STATUSES)[number];

export const BREAK_TYPES = ["lunch", "short-break", "training", "meeting"] as const;
export type BreakType = (typeof BREAK_TYPES)[number];

export const SHIFT_MAX_MS = DAY_MS;
export const SHIFT_MIN_MS = MINUTE_MS;
export const BREAK_MIN_MS = MINUTE_MS;
/** Cancelled ones are counted too. */
export const BREAKS_MAX = 20;
/** So many scheduled shifts an agent may have. */
export const SCHEDULED_MAX = 1_000;

/** Its agent is told of a shift so long before it starts, and before it ends. */
export const STARTING_BEFORE_MS = 15 * MINUTE_MS;
export const ENDING_BEFORE_MS = { ending_30: 30 * MINUTE_MS, ending_5: 5 * MINUTE_MS } as const;
export const REMINDED_BEFORE_MS = 5 * MINUTE_MS;

/** A stretch of time, [start, end). */
export interface Span {
  readonly start: Instant;
  readonly end: Instant;
}

/** What the agent has been told of a shift. */
export type ShiftNotice = "starting" | "ending_30" | "ending_5";

/** A stretch of work of one agent. `start` and `end` are what was planned. */
export interface Shift extends Span {
  readonly schema: 1;
  readonly id: string;
  readonly agentId: string;
  /** The IANA name of the time zone in which its times are told. */
  readonly timezone: string;
  readonly status: ShiftStatus;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** In the order of their planned starts. */
  readonly breaks: readonly Break[];
  /** When the agent was there: neither before the shift started nor while it was offline. */
  readonly attendance: readonly AttendedStretch[];
  /** What need not be told any more. */
  readonly told: readonly ShiftNotice[];
  /** The recurring pattern it was made of. */
  readonly patternId?: string;
  /** Its agent went on by hand after its end: it ends when somebody ends it. */
  readonly overtime?: true;
  /** When something next happens to it by itself; null if nothing will. */
  readonly nextAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A break in a shift. `start` and `end` are what was planned. */
export interface Break extends Span {
  readonly id: string;
  readonly type: BreakType;
  readonly status: ShiftStatus;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly reminded: boolean;
  /** Cancelled by nobody: the agent was not there to take it, or the shift had ended before it. */
  readonly missed?: true;
  /** Before this instant, which is after its start, it was not planned: there was work. */
  readonly plannedFrom?: Instant;
}

/** A break as it is asked for. */
export type BreakPlan = Span & Pick<Break, "type">;

/** A break that is to be planned. */
export type NewBreak = BreakPlan & Pick<Break, "id" | "plannedFrom">;

/** What is planned of a shift. */
export interface ShiftPlan extends Span {
  readonly timezone: string;
  readonly breaks: readonly NewBreak[];
}

/** A scheduled shift as planned at an instant. Its plan must be without faults (`planFaults`). */
export function newShift(
  plan: ShiftPlan,
  identity: Pick<Shift, "id" | "agentId" | "patternId">,
  at: Instant,
): Shift {
  const { start, end, timezone, breaks } = plan;
  return {
    schema: 1,
    ...identity,
    timezone,
    start,
    end,
    status: "scheduled",
    startedAt: null,
    endedAt: null,
    breaks: inOrder(breaks.map((each) => newBreak(each, at))),
    attendance: [],
    told: needless({ start, end }, at),
    nextAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

/** What it makes no sense to tell of a shift that is planned only now. */
export function needless({ start, end }: Span, at: Instant): ShiftNotice[] {
  const begins = Math.max(start, at);
  return [
    ...(start <= at ? ["starting" as const] : []),
    ...(end - ENDING_BEFORE_MS.ending_30 < begins ? ["ending_30" as const] : []),
  ];
}

export function newBreak(plan: NewBreak, at: Instant): Break {
  const { id, type, start, end, plannedFrom = start } = plan;
  return {
    id,
    type,
    start,
    end,
    status: "scheduled",
    startedAt: null,
    endedAt: null,
    reminded: start <= at,
    ...(plannedFrom > start ? { plannedFrom } : {}),
  };
}

/** The breaks by their planned starts. */
export function inOrder<T extends Span>(breaks: readonly T[]): T[] {
  return breaks.toSorted((a, b) => a.start - b.start);
}

/** The break that is being taken now. */
export function runningBreak({ breaks }: Shift): Break | undefined {
  return breaks.find(({ status }) => status === "in-progress");
}

/** The shift with this break in the place of the one that has its id. */
export function withBreak(shift: Shift, changed: Break): Shift {
  const breaks = shift.breaks.map((each) => each.id === changed.id ? changed : each);
  return { ...shift, breaks };
}

/** Whether two times have some in common; what ended as it began has none. */
export function doOverlap(a: Span, b: Span): boolean {
  return Math.max(a.start, b.start) < Math.min(a.end, b.end);
}

/**
 * The time that a shift takes up, which no other shift of its agent may: what is planned, as long as
 * nothing else came of it. Overtime gives way to the next shift. Null for none.
 */
export function occupied(shift: Shift): Span | null {
  const { status, start, end, startedAt, endedAt } = shift;
  return status === "cancelled" ? null : { start: startedAt ?? start, end: endedAt ?? end };
}

/** At the latest then a shift ends that goes on after its planned end. */
export function overtimeEndsAt({ start, startedAt }: Shift): Instant {
  return Math.min(start, startedAt ?? start) + SHIFT_MAX_MS;
}

/** When a shift that is in progress ends by itself. */
export function endsAt(shift: Shift): Instant {
  return shift.overtime === true ? overtimeEndsAt(shift) : shift.end;
}

/** When a running break ends by itself: one that began early is no shorter for it. */
export function breakEndsAt({ start, end, startedAt }: Break): Instant {
  return startedAt !== null && startedAt < start ? startedAt + (end - start) : end;
}

/** The time that a break takes up: what is planned, as long as nothing else came of it. */
export function breakTime(each: Break): Span | null {
  if (each.status === "cancelled") return null;
  return { start: each.startedAt ?? each.start, end: each.endedAt ?? breakEndsAt(each) };
}
