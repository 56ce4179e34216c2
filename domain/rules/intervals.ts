import { isRefusal, type Refusal } from "./refusal.ts";
import { type AskedRange, periodsOf, resolveRange, tooMany } from "./sla_period.ts";
import { type HourRange, hourStart } from "./sla_range.ts";
import { HOUR_MS, type Instant } from "./time.ts";

export const INTERVALS = ["hour", "day", "week"] as const;
export type IntervalLength = (typeof INTERVALS)[number];

/** A month by hours is within it, and two years by days. */
export const INTERVALS_MAX = 750;
/** How many are shown to whoever does not say since when. */
export const DEFAULT_HOURS = 24;

export interface Interval {
  /** When it begins in the time zone that was asked for. */
  readonly start: Instant;
  /** The hours that count as its own. */
  readonly range: HourRange;
}

/**
 * Every hour, day or week that has something of the range, the first one first: by default the last
 * 24 hours, 30 days or 12 weeks, with the one that goes on now. Hours are those of UTC, and what
 * begins within one counts from its beginning, where an offset is no whole number of hours.
 */
export function intervalsOf(
  asked: AskedRange,
  length: IntervalLength,
  timezone: string,
  now: Instant,
): Interval[] | Refusal {
  if (length !== "hour") {
    const period = length === "day" ? "daily" : "weekly";
    return periodsOf(asked, period, timezone, now, INTERVALS_MAX);
  }
  const since = (end: Instant): Instant => hourStart(end - 1) - (DEFAULT_HOURS - 1) * HOUR_MS;
  const resolved = resolveRange(asked, since, timezone, now);
  if (isRefusal(resolved)) return resolved;
  const first = hourStart(resolved.start);
  const count = Math.ceil((resolved.end - first) / HOUR_MS);
  if (count > INTERVALS_MAX) return tooMany(INTERVALS_MAX);
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * HOUR_MS;
    return { start, range: { start, end: start + HOUR_MS } };
  });
}
