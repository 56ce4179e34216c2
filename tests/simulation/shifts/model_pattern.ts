import type { RefusalCode } from "../../../domain/rules/refusal.ts";
import type { BreakPlan, Span } from "../../../domain/rules/shift.ts";
import type { PatternPlan } from "../../../domain/rules/shift_pattern.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { Planned } from "./diary.ts";
import type { Life } from "./model_life.ts";
import { isTaken, schedule } from "./model_plan.ts";
import { DAY, MINUTE, shareTime } from "./model_shift.ts";

/** So many days ahead, beside today, there are shifts of a pattern. */
const DAYS_AHEAD = 14;
const PATTERNS_AT_MOST = 20;
const BREAKS_AT_MOST = 20;
/** By the clock on the wall. */
const MINUTES_AT_MOST = 23 * 60;

/** A recurring pattern that has not been stopped. */
export interface LivedPattern {
  readonly id: string;
  readonly plan: PatternPlan;
  /** The local day of which a shift is made next. */
  day: Temporal.PlainDate;
  /** When that day is near enough. */
  looksAt: Instant;
  /** How many shifts have been made of it. */
  made: number;
}

/** Makes a pattern, and the shifts of its first two weeks with it. */
export function makePattern(life: Life, id: string, plan: PatternPlan): "granted" | RefusalCode {
  const { now } = life;
  if (!isPattern(plan)) return "invalid_input";
  if (!life.isActive) return "agent_unavailable";
  if (life.patterns.length >= PATTERNS_AT_MOST) return "conflict";
  if (life.patterns.some((other) => doMeet(other.plan, plan, now))) return "shift_overlap";
  // What began yesterday may still go on.
  const today = dateAt(now, plan.timezone);
  const yesterday = today.subtract({ days: 1 });
  const first = Temporal.PlainDate.from(plan.startDate);
  const pattern = { id, plan, day: laterOf(first, yesterday), looksAt: now, made: 0 };
  const shifts = nearDays(pattern, now).flatMap((day) => shiftOn(plan, day) ?? [])
    .filter(({ end }) => end > now);
  if (shifts.some((shift) => isTaken(life, shift, null))) return "shift_overlap";
  life.patterns.push(pattern);
  for (const shift of shifts) make(life, pattern, shift);
  comeNearer(pattern);
  return "granted";
}

/** Ends a pattern; what is scheduled of it will not take place. */
export function cancelPattern(life: Life, id: string): "granted" | RefusalCode {
  const index = life.patterns.findIndex((each) => each.id === id);
  if (index < 0) return "not_found";
  life.patterns.splice(index, 1);
  for (const shift of life.scheduled) if (shift.patternId === id) life.cancelShift(shift);
  return "granted";
}

/** Makes the shifts of days that have come near; what another shift is in the way of is left out. */
export function makeNearShifts(life: Life): void {
  const { now } = life;
  for (const pattern of life.patterns) {
    if (pattern.looksAt > now) continue;
    if (!life.isActive) {
      // It may be hired again: a day later that is looked after.
      pattern.looksAt = now + DAY;
      continue;
    }
    const { plan } = pattern;
    pattern.day = laterOf(pattern.day, dateAt(now, plan.timezone).subtract({ days: 1 }));
    for (const day of nearDays(pattern, now)) {
      const shift = shiftOn(plan, day);
      if (shift !== null && shift.end > now) make(life, pattern, shift);
    }
    comeNearer(pattern);
  }
}

/** The days that are near enough by now, and behind which the pattern goes on then. */
function nearDays(pattern: LivedPattern, now: Instant): Temporal.PlainDate[] {
  const { plan: { timezone, endDate } } = pattern;
  const last = dateAt(now, timezone).add({ days: DAYS_AHEAD });
  const days: Temporal.PlainDate[] = [];
  while (
    Temporal.PlainDate.compare(pattern.day, last) <= 0 &&
    (endDate === null || pattern.day.toString() <= endDate)
  ) {
    days.push(pattern.day);
    pattern.day = pattern.day.add({ days: 1 });
  }
  return days;
}

function comeNearer(pattern: LivedPattern): void {
  const { day, plan: { endDate, timezone } } = pattern;
  const isOver = endDate !== null && day.toString() > endDate;
  pattern.looksAt = isOver
    ? Infinity
    : day.subtract({ days: DAYS_AHEAD }).toZonedDateTime(timezone).epochMilliseconds;
}

/** Names the shift as the desk named it: the n-th of a pattern is the n-th. */
function make(life: Life, pattern: LivedPattern, { start, end, breaks }: LocalShift): void {
  const { id: patternId, made } = pattern;
  const known = life.diary.recurring.filter((each) => each.patternId === patternId)[made];
  const id = known?.shiftId ?? `${patternId} ${made}`;
  const plan: Planned = {
    start,
    end,
    breaks: breaks.toSorted((a, b) => a.start - b.start)
      .map((each, index) => ({ ...each, id: known?.breakIds[index] ?? `${id} ${index}` })),
  };
  if (schedule(life, { id, patternId }, plan) === "granted") pattern.made += 1;
}

interface LocalShift extends Span {
  readonly breaks: readonly BreakPlan[];
}

/** The shift that begins on this local day, if one does. */
function shiftOn(plan: PatternPlan, day: Temporal.PlainDate): LocalShift | null {
  const { weekdays, startTime, endTime, timezone } = plan;
  if (!weekdays.some((name) => WEEKDAYS.indexOf(name) + 1 === day.dayOfWeek)) return null;
  const instant = (minutes: number): Instant => instantOn(day, minutes, timezone);
  const [from, to] = wallSpan(startTime, startTime, endTime);
  const span = { start: instant(from), end: instant(to) };
  if (span.end - span.start < MINUTE) return null;
  const breaks: BreakPlan[] = [];
  for (const { type, startTime: begins, endTime: ends } of plan.breaks) {
    const [from, to] = wallSpan(startTime, begins, ends);
    const time = { type, start: instant(from), end: instant(to) };
    // The night on which the clock is put forward may leave nothing of a break.
    const fits = time.end - time.start >= MINUTE && time.start >= span.start &&
      time.end <= span.end && !breaks.some((other) => shareTime(other, time));
    if (fits) breaks.push(time);
  }
  return { ...span, breaks };
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Minutes on the clock since the midnight before a shift that begins at `first`: behind midnight too. */
function wallSpan(first: string, begins: string, ends: string): [number, number] {
  const from = minutesOf(begins) + (begins < first ? 24 * 60 : 0);
  const to = minutesOf(ends) + (begins < first ? 24 * 60 : 0) + (ends <= begins ? 24 * 60 : 0);
  return [from, to];
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? NaN) * 60 + (minutes ?? NaN);
}

/** Of a time that comes twice that night it is the first; one that is left out is as much later. */
function instantOn(day: Temporal.PlainDate, minutes: number, timezone: string): Instant {
  const date = day.add({ days: Math.floor(minutes / (24 * 60)) });
  const time = { hour: Math.floor(minutes / 60) % 24, minute: minutes % 60 };
  return date.toZonedDateTime({ timeZone: timezone, plainTime: Temporal.PlainTime.from(time) })
    .epochMilliseconds;
}

function isPattern({ startTime, endTime, startDate, endDate, breaks }: PatternPlan): boolean {
  const [from, to] = wallSpan(startTime, startTime, endTime);
  const spans = breaks.map((each) => wallSpan(startTime, each.startTime, each.endTime))
    .map(([start, end]) => ({ start, end }));
  return to - from <= MINUTES_AT_MOST && (endDate === null || endDate >= startDate) &&
    breaks.length <= BREAKS_AT_MOST &&
    spans.every((span, index) =>
      span.end <= to && !spans.slice(0, index).some((other) => shareTime(span, other))
    );
}

/**
 * Whether shifts of two patterns would meet from now on: told by the days about the later of the two
 * starts, for weeks repeat.
 */
function doMeet(a: PatternPlan, b: PatternPlan, now: Instant): boolean {
  const dates = [a.startDate, b.startDate].map((text) => Temporal.PlainDate.from(text));
  const from = dates.reduce(laterOf, dateAt(now, "UTC")).subtract({ days: 2 });
  const shiftsOf = (plan: PatternPlan): LocalShift[] =>
    Array.from({ length: 11 }, (_, days) => from.add({ days }))
      .filter((day) => day.toString() >= plan.startDate)
      .filter((day) => plan.endDate === null || day.toString() <= plan.endDate)
      .flatMap((day) => shiftOn(plan, day) ?? [])
      .filter(({ end }) => end > now);
  const others = shiftsOf(b);
  return shiftsOf(a).some((shift) => others.some((other) => shareTime(shift, other)));
}

function dateAt(now: Instant, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate();
}

function laterOf(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) < 0 ? b : a;
}
