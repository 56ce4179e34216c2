import type { Hours } from "./calendar.ts";
import { type OpenTime, openTimeOf, totalOf, yearOf } from "./open_time.ts";
import type { OpenYear } from "./open_year.ts";
import { DAY_MS, type Instant } from "./time.ts";

/** How many years ahead open time is looked for. */
export const HORIZON_YEARS = 100;

const MEAN_YEAR_MS = 365.2425 * DAY_MS;

/**
 * The earliest instant up to which `durationMs` of open time have passed since `from`: the end may
 * be the close of a window, and what begins while closed counts from the next opening. `from` itself
 * for no time or less; the horizon, the start of the local year that is `HORIZON_YEARS` after that of
 * `from`, when so much does not pass before it. The hours must be without faults (`hoursFaults`).
 */
export function addBusinessTime(hours: Hours, from: Instant, durationMs: number): Instant {
  if (!(durationMs > 0)) return from;
  if (hours.alwaysOpen) return from + durationMs;
  const time = openTimeOf(hours);
  const first = yearAt(time, from);
  const horizon = first.year + HORIZON_YEARS;
  let wantedMs = openBefore(first, from) + durationMs;
  for (let year = first.year; year < horizon; year++) {
    const totalMs = totalOf(time, year);
    if (wantedMs <= totalMs) return instantAfter(yearOf(time, year), wantedMs);
    wantedMs -= totalMs;
  }
  return yearOf(time, horizon).start;
}

/**
 * The open milliseconds in [from, to); 0 when `to` is not after `from`. What lies beyond the
 * horizon of `from` (see `addBusinessTime`) is not counted. The hours must be without faults.
 */
export function businessTimeBetween(hours: Hours, from: Instant, to: Instant): number {
  if (to <= from) return 0;
  if (hours.alwaysOpen) return to - from;
  const time = openTimeOf(hours);
  const first = yearAt(time, from);
  const last = yearAt(time, to);
  const horizon = first.year + HORIZON_YEARS;
  let openMs = -openBefore(first, from);
  for (let year = first.year; year < last.year && year < horizon; year++) {
    openMs += totalOf(time, year);
  }
  return last.year < horizon ? openMs + openBefore(last, to) : openMs;
}

/** The local year of an instant. */
function yearAt(time: OpenTime, at: Instant): OpenYear {
  // Leap years and time zones move a year by less than four days.
  const guess = yearOf(time, 1970 + Math.floor(at / MEAN_YEAR_MS));
  if (at < guess.start) return yearOf(time, guess.year - 1);
  return at < guess.end ? guess : yearOf(time, guess.year + 1);
}

/** The open milliseconds of a year that have passed at an instant of it. */
function openBefore({ starts, passed }: OpenYear, at: Instant): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  // `low` windows have begun.
  if (low === 0) return 0;
  const sinceBegun = at - (starts[low - 1] ?? at);
  return Math.min((passed[low - 1] ?? 0) + sinceBegun, passed[low] ?? 0);
}

/** The earliest instant at which so many open milliseconds, more than 0, of the year have passed. */
function instantAfter({ starts, passed }: OpenYear, openMs: number): Instant {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((passed[middle + 1] ?? Infinity) < openMs) low = middle + 1;
    else high = middle;
  }
  return (starts[low] ?? NaN) + openMs - (passed[low] ?? NaN);
}
