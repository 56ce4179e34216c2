import type { DepartmentNeeds } from "./capacity.ts";
import {
  type Accuracy,
  DAYS_A_WEEK,
  forecastHours,
  forecastPeriods,
  HOURS_A_WEEK,
  type MethodUsed,
  totalOf,
} from "./forecast.ts";
import type { Bounds } from "./forecast_intervals.ts";
import type { HandlingTime } from "./handling_time.ts";
import { laterDate, localHours } from "./local_hours.ts";
import type { HourRange } from "./sla_range.ts";
import { HOUR_MS, type Instant } from "./time.ts";

/** What is foreseen of the next week, as it is kept. */
export interface Prediction extends Foreseen {
  readonly schema: 1;
  readonly computedAt: Instant;
  readonly timezone: string;
  readonly departments: readonly DepartmentNeeds[];
  /** Open tickets. */
  readonly backlog: number;
  readonly handling: HandlingTime;
}

/** How many tickets come, hour by hour of the next 168. */
export interface Foreseen {
  /** When the first of the hours begins. */
  readonly start: Instant;
  readonly expected: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly total: Bounds & { readonly expected: number };
  /** The last 30 whole days of the desk's time zone, the oldest first. */
  readonly days: readonly DayCount[];
  readonly method: MethodUsed;
  readonly accuracy: Accuracy;
}

export interface DayCount {
  readonly date: string;
  readonly count: number;
}

/** How many tickets were opened in each hour of a range. */
export interface HourlyCounts {
  readonly range: HourRange;
  readonly counts: Float64Array;
}

const DAYS_SHOWN = 30;
const HOURS_A_DAY = 24;

/** The week from `start` on, a whole hour not before the end of the range. */
export function foreseeWeek(
  { range, counts }: HourlyCounts,
  timezone: string,
  start: Instant,
): Foreseen {
  const end = start + HOURS_A_WEEK * HOUR_MS;
  const { firstDate, places } = localHours({ start: range.start, end }, timezone);
  const seen = places.subarray(0, counts.length);
  const from = (start - range.start) / HOUR_MS;
  const last = seen.at(-1) ?? (places[0] ?? 0) - 1;
  const ahead = (places.at(-1) ?? last) - last;
  const forecast = forecastHours(byWallClock(counts, seen), Math.max(0, ahead));
  // An hour that comes a second time is the last of the history once more.
  const at = Array.from(places.subarray(from), (place) => Math.max(0, place - last - 1));
  const along = (values: Float64Array): number[] => at.map((index) => rounded(values[index] ?? 0));
  const expected = Float64Array.from(at, (index) => forecast.expected[index] ?? 0);
  const total = totalOf({ ...forecast, expected }, 0, HOURS_A_WEEK);
  return {
    start,
    expected: along(forecast.expected),
    lower: along(forecast.lower),
    upper: along(forecast.upper),
    total,
    days: lastDays(daySums(counts, seen), firstDate, dayOf(places[from] ?? 0)),
    method: forecast.method,
    accuracy: forecast.accuracy,
  };
}

/** Tickets of a department on each of the next seven days, today the first. */
export function foreseeDays(
  { range, counts }: HourlyCounts,
  timezone: string,
  start: Instant,
): number[] {
  const { places } = localHours({ start: range.start, end: start + HOUR_MS }, timezone);
  const sums = daySums(counts, places.subarray(0, counts.length));
  const last = places.at(-1) ?? 0;
  const today = dayOf(last);
  const isWhole = (places[0] ?? 0) % HOURS_A_DAY === 0;
  // The first hour that has not been counted: its day and those behind it are passed over.
  const counted = dayOf(places[counts.length] ?? last);
  const days = withoutBeginning(sums.subarray(isWhole ? 0 : 1, counted), 1);
  const late = today - counted;
  const { expected } = forecastPeriods(days, DAYS_A_WEEK, late + DAYS_A_WEEK);
  return [...expected.subarray(late)];
}

/**
 * Counts by the hours of the wall clock, from the first whole day that has any: NaN for an hour that
 * there was not, the mean of both where one came twice.
 */
function byWallClock(counts: Float64Array, places: Int32Array): Float64Array {
  const length = (places.at(-1) ?? -1) + 1;
  const sums = new Float64Array(length);
  const times = new Float64Array(length);
  for (const [at, place] of places.entries()) {
    sums[place] = (sums[place] ?? 0) + (counts[at] ?? 0);
    times[place] = (times[place] ?? 0) + 1;
  }
  const hours = sums.map((sum, place) => sum / (times[place] ?? 0));
  const isWhole = (places[0] ?? 0) % HOURS_A_DAY === 0;
  return withoutBeginning(hours.subarray(isWhole ? 0 : HOURS_A_DAY), HOURS_A_DAY);
}

/** From the first day on that has any ticket: before it there was no desk. */
function withoutBeginning(values: Float64Array, perDay: number): Float64Array {
  const first = values.findIndex((value) => value > 0);
  return first < 0 ? new Float64Array() : values.subarray(Math.floor(first / perDay) * perDay);
}

function daySums(counts: Float64Array, places: Int32Array): Float64Array {
  const sums = new Float64Array(dayOf(places.at(-1) ?? -1) + 1);
  for (const [at, place] of places.entries()) {
    sums[dayOf(place)] = (sums[dayOf(place)] ?? 0) + (counts[at] ?? 0);
  }
  return sums;
}

function lastDays(sums: Float64Array, firstDate: string, today: number): DayCount[] {
  return Array.from({ length: DAYS_SHOWN }, (_, index) => {
    const day = today - DAYS_SHOWN + index;
    return { date: laterDate(firstDate, day), count: sums[day] ?? 0 };
  });
}

function dayOf(place: number): number {
  return Math.floor(place / HOURS_A_DAY);
}

/** To the thousandth of a ticket. */
function rounded(value: number): number {
  return Math.round(1_000 * value) / 1_000;
}

export interface Trend {
  readonly direction: "up" | "down" | "steady";
  /** The last two weeks against the two before. */
  readonly changePercent: number;
}

const TREND_DAYS = 14;
/** A smaller change is none. */
const STEADY_PERCENT = 5;

/** Whole weeks are held against whole weeks: no weekend falls into one of them alone. */
export function trendOf(days: readonly DayCount[]): Trend {
  const sum = (of: readonly DayCount[]): number => of.reduce((sum, { count }) => sum + count, 0);
  const late = sum(days.slice(-TREND_DAYS));
  const before = sum(days.slice(-2 * TREND_DAYS, -TREND_DAYS));
  // From nothing to something there is no percentage; it is told as all of it.
  const change = before === 0 ? (late === 0 ? 0 : 100) : 100 * (late - before) / before;
  const changePercent = Math.round(10 * change) / 10;
  const isSteady = Math.abs(changePercent) < STEADY_PERCENT;
  return { direction: isSteady ? "steady" : change > 0 ? "up" : "down", changePercent };
}
