import { type Weekday, WEEKDAYS } from "./calendar.ts";
import type { InputFault, Refusal } from "./refusal.ts";
import {
  BREAK_MIN_MS,
  type BreakPlan,
  BREAKS_MAX,
  type BreakType,
  doOverlap,
  SHIFT_MIN_MS,
  type Span,
} from "./shift.ts";
import { fault, refuseFaults } from "./shift_plan.ts";
import type { Instant } from "./time.ts";

/** A break that comes again with its shift, in local time, as "HH:MM". */
export interface PatternBreak {
  readonly type: BreakType;
  readonly startTime: string;
  readonly endTime: string;
}

/** What an agent's shifts are made of that come again every week. */
export interface PatternPlan {
  readonly agentId: string;
  /** The IANA name of the time zone in which its dates and times are told. */
  readonly timezone: string;
  readonly weekdays: readonly Weekday[];
  /** Local, as "HH:MM". */
  readonly startTime: string;
  /** On the day after, unless it is later than `startTime`. */
  readonly endTime: string;
  readonly breaks: readonly PatternBreak[];
  /** The first day on which a shift may begin, as "YYYY-MM-DD". */
  readonly startDate: string;
  /** The last one; null for none. */
  readonly endDate: string | null;
}

export interface ShiftPattern extends PatternPlan {
  readonly schema: 1;
  readonly id: string;
  /** Of the days before this one all shifts have been made. */
  readonly unrolledTo: string;
  /** When the next shift is to be made of it, or what is left of it taken away; null for never. */
  readonly nextAt: Instant | null;
  /** Since when its shifts are being cancelled. */
  readonly deletedAt?: Instant;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** So many days ahead there are shifts of a pattern. */
export const UNROLLED_DAYS = 14;

/** Clocks are put back by no more than an hour: no shift of a pattern is longer than a day. */
const LOCAL_MINUTES_MAX = 23 * 60;
const DAY_MINUTES = 24 * 60;

export function newPattern(plan: PatternPlan, id: string, at: Instant): ShiftPattern {
  const { startDate: unrolledTo } = plan;
  return { schema: 1, id, ...plan, unrolledTo, nextAt: at, createdAt: at, updatedAt: at };
}

/** Refuses a pattern of which no shift could be made, with the path of each fault. */
export function refusePattern(plan: PatternPlan): Refusal | null {
  return refuseFaults([...patternFaults(plan)]);
}

function* patternFaults(plan: PatternPlan): Generator<InputFault> {
  const { startTime, endTime, breaks, startDate, endDate } = plan;
  const minutes = lengthMinutes(startTime, endTime);
  if (minutes > LOCAL_MINUTES_MAX) {
    yield fault("endTime", "A recurring shift is at most 23 hours long by the clock on the wall");
  }
  if (endDate !== null && endDate < startDate) {
    yield fault("endDate", "Must not be before the start date");
  }
  if (breaks.length > BREAKS_MAX) {
    yield fault("breaks", `A shift has at most ${BREAKS_MAX} breaks`);
    return;
  }
  const spans = breaks.map((each) => ({
    start: minutesAfter(startTime, each.startTime),
    end: minutesAfter(startTime, each.startTime) + lengthMinutes(each.startTime, each.endTime),
  }));
  for (const [index, span] of spans.entries()) {
    if (span.end > minutes) yield fault(`breaks.${index}`, "Must lie in the shift");
    if (spans.slice(0, index).some((earlier) => doOverlap(earlier, span))) {
      yield fault(`breaks.${index}`, "Overlaps a break that stands before it");
    }
  }
}

/** From one local time to the next time that it is the other, up to a day. */
function lengthMinutes(from: string, to: string): number {
  return minutesAfter(from, to) || DAY_MINUTES;
}

function minutesAfter(from: string, to: string): number {
  return (minutesOf(to) - minutesOf(from) + DAY_MINUTES) % DAY_MINUTES;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** A shift that is to be made of a pattern. */
export interface UnrolledShift extends Span {
  readonly breaks: readonly BreakPlan[];
}

/** What is to be made of a pattern, and the pattern as it is once that is done. */
export interface Unrolled {
  readonly pattern: ShiftPattern;
  readonly shifts: readonly UnrolledShift[];
}

/** The shifts of the days up to so many ahead; those that would be over already are left out. */
export function unroll(pattern: ShiftPattern, now: Instant): Unrolled {
  const { timezone, endDate, unrolledTo } = pattern;
  const today = dateAt(now, timezone);
  const last = earlier(today.add({ days: UNROLLED_DAYS }), endDate);
  // What began the day before may still go on.
  const first = later(Temporal.PlainDate.from(unrolledTo), today.subtract({ days: 1 }));
  const shifts: UnrolledShift[] = [];
  let date = first;
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    const shift = shiftOn(pattern, date);
    if (shift !== null && shift.end > now) shifts.push(shift);
  }
  const next = later(Temporal.PlainDate.from(unrolledTo), last.add({ days: 1 }));
  return { pattern: waiting({ ...pattern, unrolledTo: next.toString() }), shifts };
}

/** The pattern with the instant at which the next day comes near enough. */
function waiting(pattern: ShiftPattern): ShiftPattern {
  const { unrolledTo, endDate, timezone } = pattern;
  if (endDate !== null && unrolledTo > endDate) return { ...pattern, nextAt: null };
  const day = Temporal.PlainDate.from(unrolledTo).subtract({ days: UNROLLED_DAYS });
  return { ...pattern, nextAt: day.toZonedDateTime(timezone).epochMilliseconds };
}

/**
 * The shift that begins on a local day; null where none does. Where the clock shows a time twice it
 * is the first, and a time that it passes over is as much later. What nothing is left of on such a
 * day is left out.
 */
function shiftOn(plan: PatternPlan, date: Temporal.PlainDate): UnrolledShift | null {
  const weekday = WEEKDAYS[date.dayOfWeek - 1];
  if (weekday === undefined || !plan.weekdays.includes(weekday)) return null;
  const { startTime, endTime } = plan;
  const span = spanOn(plan, date, { startTime, endTime });
  if (span.end - span.start < SHIFT_MIN_MS) return null;
  const breaks: BreakPlan[] = [];
  for (const each of plan.breaks) {
    const time = { type: each.type, ...spanOn(plan, date, each) };
    const fits = time.end - time.start >= BREAK_MIN_MS && time.start >= span.start &&
      time.end <= span.end && !breaks.some((other) => doOverlap(other, time));
    if (fits) breaks.push(time);
  }
  return { ...span, breaks };
}

/** A local time of a shift that begins on a day: of this day, or, behind midnight, of the next. */
function spanOn(
  { timezone, startTime }: PatternPlan,
  date: Temporal.PlainDate,
  times: Pick<PatternBreak, "startTime" | "endTime">,
): Span {
  const start = minutesAfter(startTime, times.startTime);
  const end = start + lengthMinutes(times.startTime, times.endTime);
  const at = (minutes: number): Instant =>
    date.toPlainDateTime({ hour: 0 })
      .add({ minutes: minutesOf(startTime) + minutes })
      .toZonedDateTime(timezone, { disambiguation: "compatible" })
      .epochMilliseconds;
  return { start: at(start), end: at(end) };
}

/** Weeks repeat, and time zones lie at most this many days apart. */
const COMPARED_DAYS = 7 + 4;

/**
 * Whether shifts of two patterns of one agent would overlap that are not over by now, told by the
 * first week from now on in which both have any. Where two time zones change their clocks on other days a shift may overlap
 * later on.
 */
export function doPatternsOverlap(a: PatternPlan, b: PatternPlan, now: Instant): boolean {
  const dates = [a.startDate, b.startDate].map((text) => Temporal.PlainDate.from(text));
  const from = dates.reduce(later, dateAt(now, "UTC")).subtract({ days: 2 });
  const shiftsOf = (plan: PatternPlan): UnrolledShift[] => {
    const shifts: UnrolledShift[] = [];
    for (let day = 0; day < COMPARED_DAYS; day++) {
      const date = from.add({ days: day });
      const text = date.toString();
      if (text < plan.startDate || text > (plan.endDate ?? text)) continue;
      const shift = shiftOn(plan, date);
      if (shift !== null && shift.end > now) shifts.push(shift);
    }
    return shifts;
  };
  const others = shiftsOf(b);
  return shiftsOf(a).some((shift) => others.some((other) => doOverlap(shift, other)));
}

function dateAt(at: Instant, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate();
}

function earlier(date: Temporal.PlainDate, text: string | null): Temporal.PlainDate {
  if (text === null || date.toString() < text) return date;
  return Temporal.PlainDate.from(text);
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) < 0 ? b : a;
}
