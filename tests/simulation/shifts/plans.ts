import { type Weekday, WEEKDAYS } from "../../../domain/rules/calendar.ts";
import { BREAK_TYPES, type BreakPlan, type Shift, type Span } from "../../../domain/rules/shift.ts";
import type { PatternBreak, PatternPlan } from "../../../domain/rules/shift_pattern.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import type { Chance } from "../chance.ts";
import type { Asked } from "./deeds.ts";

/** By hand nobody plans further ahead: what recurs is there by then. */
const AHEAD_MAX_MS = 10 * DAY_MS;

/** A shift as somebody may plan it; a few make no sense. */
export function anyShift(chance: Chance, shifts: readonly Shift[], now: Instant): Asked {
  const start = anyStart(chance, shifts, now);
  const minutes = chance.weigh<() => number>([
    [60, () => 15 * chance.between(12, 38)],
    [12, () => chance.between(1, 60)],
    [14, () => chance.between(60, 700)],
    [3, () => 24 * 60],
    [2, () => 24 * 60 + chance.between(1, 90)],
    [2, () => -chance.between(0, 120)],
  ])();
  const end = start + minutes * MINUTE_MS;
  return { start, end, breaks: anyBreaks(chance, { start, end }) };
}

function anyStart(chance: Chance, shifts: readonly Shift[], now: Instant): Instant {
  const other = shifts.length === 0 ? null : chance.pick(shifts);
  const quarter = 15 * MINUTE_MS;
  return chance.weigh<() => Instant>([
    [30, () => nextQuarter(now + chance.between(0, AHEAD_MAX_MS / quarter) * quarter)],
    [25, () => nextQuarter(now + chance.between(0, DAY_MS / quarter) * quarter)],
    [12, () => now + chance.between(0, 40) * MINUTE_MS],
    [8, () => now - chance.between(0, 120) * MINUTE_MS],
    // Just when another one ends, or somewhere in it.
    [12, () => other === null ? now : Math.max(other.end, now)],
    [6, () => other === null ? now : other.start + chance.between(-60, 120) * MINUTE_MS],
  ])();
}

function nextQuarter(at: Instant): Instant {
  const quarter = 15 * MINUTE_MS;
  return Math.ceil(at / quarter) * quarter;
}

/** The current or next shift with other times, and with other breaks or those that it has. */
export function anotherPlan(chance: Chance, shift: Shift, now: Instant): Asked {
  const by = (most: number): number => chance.between(-most, most) * MINUTE_MS;
  const later = { start: shift.start, end: shift.end + by(120) };
  const span = chance.weigh<() => Span>([
    [8, () => later],
    [4, () => ({ start: shift.start + by(90), end: shift.end + by(90) })],
    [2, () => ({ start: Math.min(shift.start, now), end: shift.end })],
    [1, () => ({ start: shift.start, end: shift.start + by(60) })],
  ])();
  const kept = shift.breaks.filter(() => chance.percent(60))
    .map(({ type, start, end }) => ({ type, start, end }));
  const breaks = chance.weigh<() => readonly BreakPlan[] | null>([
    [6, () => null],
    [3, () => [...kept, ...anyBreaks(chance, span)]],
    [3, () => kept],
    [2, () => anyBreaks(chance, span)],
  ])();
  return { ...span, breaks };
}

function anyBreaks(chance: Chance, span: Span): BreakPlan[] {
  const count = chance.weigh([[4, 0], [4, 1], [3, 2], [1, 4]]);
  return Array.from({ length: count }, () => anyBreak(chance, span));
}

/** A break that mostly lies in this time. */
export function anyBreak(chance: Chance, span: Span): BreakPlan {
  const minutes = Math.max(1, Math.floor((span.end - span.start) / MINUTE_MS));
  const from = chance.weigh<() => number>([
    [20, () => chance.between(0, minutes)],
    [2, () => 0],
    [1, () => -chance.between(1, 30)],
  ])();
  const long = chance.weigh<() => number>([
    [20, () => 5 * chance.between(1, 12)],
    [6, () => chance.between(1, 8)],
    [1, () => chance.between(-5, 0)],
  ])();
  const start = span.start + from * MINUTE_MS;
  return { type: chance.pick(BREAK_TYPES), start, end: start + long * MINUTE_MS };
}

/** When a pattern is one that nobody can keep. */
const FAULTY_PERCENT = 6;

/** Shifts that recur from today or one of the next days on, by day or overnight. */
export function anyPattern(
  chance: Chance,
  agentId: string,
  timezone: string,
  now: Instant,
): PatternPlan {
  const overnight = chance.percent(30);
  const start = overnight ? chance.between(18 * 4, 23 * 4 + 3) : chance.between(5 * 4, 14 * 4);
  const minutes = chance.percent(FAULTY_PERCENT)
    ? chance.between(1381, 1439)
    : overnight
    ? chance.between(24, 34) * 15
    : chance.between(16, 36) * 15;
  const local = (after: number): string => clock(start * 15 + after);
  const breaks: PatternBreak[] = [];
  for (let after = 60; after + 60 < minutes && breaks.length < 3; after += 90) {
    if (!chance.percent(45)) continue;
    const long = chance.pick([10, 15, 30, 45]);
    const type = chance.pick(BREAK_TYPES);
    breaks.push({ type, startTime: local(after), endTime: local(after + long) });
  }
  const days = WEEKDAYS.filter(() => chance.percent(60));
  const weekdays: readonly Weekday[] = days.length === 0 ? [chance.pick(WEEKDAYS)] : days;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone)
    .toPlainDate();
  const startDate = today.add({ days: chance.between(-1, 5) });
  const lasts = chance.between(chance.percent(FAULTY_PERCENT) ? -3 : 3, 25);
  const endDate = chance.percent(40) ? startDate.add({ days: lasts }).toString() : null;
  const endTime = local(minutes);
  const dates = { startDate: startDate.toString(), endDate };
  return { agentId, timezone, weekdays, startTime: local(0), endTime, breaks, ...dates };
}

function clock(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60) % 24, minutes % 60];
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** What happens to a shift by itself, and when. */
export function edgesOf(shifts: readonly Shift[], now: Instant): Instant[] {
  const edges = shifts.flatMap(({ start, end, breaks, status }) =>
    status === "cancelled" ? [] : [start, end, ...breaks.flatMap((each) => [each.start, each.end])]
  );
  return edges.filter((at) => at >= now - HOUR_MS && at <= now + DAY_MS);
}
