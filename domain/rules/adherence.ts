import { type Break, BREAK_TYPES, type BreakType, type Shift, type Span } from "./shift.ts";
import { difference, intersection, lengthOf } from "./spans.ts";
import type { Instant } from "./time.ts";

/** How one agent kept to its shifts in a range of time. Milliseconds. */
export interface Adherence {
  /** How many shifts have some of their time in it. */
  readonly shifts: number;
  /** Planned work: the planned time of shifts without the planned time of their breaks. */
  readonly scheduledMs: number;
  /** When the agent was there and on no break: online or busy, in its shift. */
  readonly workedMs: number;
  /** What it worked of the planned work. */
  readonly conformedMs: number;
  /** What it worked before or after the planned time of its shifts. */
  readonly overtimeMs: number;
  readonly breaks: Readonly<Record<BreakType, BreakFigures>>;
}

export interface BreakFigures {
  readonly scheduledMs: number;
  readonly takenMs: number;
}

/**
 * The figures of these shifts, all of one agent and brought up to `now`; what lies ahead of it is
 * not counted. A shift that was planned when it should have begun is counted from then on, and so is a
 * break that its agent planned by itself. Cancelled shifts and breaks do not count; a break that came
 * to nothing by itself was planned all the same.
 */
export function adherenceOf(shifts: readonly Shift[], range: Span, now: Instant): Adherence {
  const past = { start: range.start, end: Math.min(range.end, now) };
  return shifts.map((shift) => figuresOf(shift, past, now)).reduce(sum, NOTHING);
}

/** Percent of the planned work that was worked, to a tenth; null where none was planned. */
export function conformance({ scheduledMs, conformedMs }: Adherence): number | null {
  return scheduledMs === 0 ? null : Math.round(1_000 * conformedMs / scheduledMs) / 10;
}

function figuresOf(shift: Shift, past: Span, now: Instant): Adherence {
  if (shift.status === "cancelled" || past.end <= past.start) return NOTHING;
  const { start, end, startedAt, attendance, breaks } = shift;
  const within = (spans: readonly Span[]): Span[] => intersection(spans, [past]);
  const planned = within([{ start: Math.max(start, startedAt ?? start), end }]);
  const work = difference(planned, spansOf(breaks, plannedTime));
  const there = within(attendance.map(({ from, to }) => ({ start: from, end: to ?? now })));
  const taken = (each: Break): Span | null => takenTime(each, now);
  const worked = difference(there, spansOf(breaks, taken));
  return {
    shifts: lengthOf(planned) + lengthOf(there) > 0 ? 1 : 0,
    scheduledMs: lengthOf(work),
    workedMs: lengthOf(worked),
    conformedMs: lengthOf(intersection(work, worked)),
    overtimeMs: lengthOf(difference(worked, planned)),
    breaks: byType((type) => {
      const some = breaks.filter((each) => each.type === type);
      return {
        scheduledMs: lengthOf(intersection(planned, spansOf(some, plannedTime))),
        takenMs: lengthOf(within(spansOf(some, taken))),
      };
    }),
  };
}

function plannedTime({ status, missed, start, end, plannedFrom = start }: Break): Span | null {
  if ((status === "cancelled" && missed !== true) || plannedFrom >= end) return null;
  return { start: plannedFrom, end };
}

function takenTime({ startedAt, endedAt }: Break, now: Instant): Span | null {
  return startedAt === null ? null : { start: startedAt, end: endedAt ?? now };
}

function spansOf(breaks: readonly Break[], timeOf: (each: Break) => Span | null): Span[] {
  const spans = breaks.map(timeOf).filter((span) => span !== null);
  return disjoint(spans.toSorted((a, b) => a.start - b.start));
}

/** A break that was planned in the time of one that came to nothing shares its time. */
function disjoint(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last === undefined || last.end < span.start) result.push(span);
    else result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return result;
}

function byType(figures: (type: BreakType) => BreakFigures): Adherence["breaks"] {
  const entries = BREAK_TYPES.map((type) => [type, figures(type)]);
  return Object.fromEntries(entries) as Adherence["breaks"]; // one of each type
}

const NOTHING: Adherence = {
  shifts: 0,
  scheduledMs: 0,
  workedMs: 0,
  conformedMs: 0,
  overtimeMs: 0,
  breaks: byType(() => ({ scheduledMs: 0, takenMs: 0 })),
};

function sum(a: Adherence, b: Adherence): Adherence {
  return {
    shifts: a.shifts + b.shifts,
    scheduledMs: a.scheduledMs + b.scheduledMs,
    workedMs: a.workedMs + b.workedMs,
    conformedMs: a.conformedMs + b.conformedMs,
    overtimeMs: a.overtimeMs + b.overtimeMs,
    breaks: byType((type) => ({
      scheduledMs: a.breaks[type].scheduledMs + b.breaks[type].scheduledMs,
      takenMs: a.breaks[type].takenMs + b.breaks[type].takenMs,
    })),
  };
}
