import { invalidInput, isRefusal, type Refusal } from "./refusal.ts";
import type { Span } from "./shift.ts";
import type { AskedRange, Moment } from "./sla_period.ts";
import { DAY_MS, type Instant } from "./time.ts";

/**
 * The stretch of time that somebody asks for, its ends in the time zone's days: a day is meant whole,
 * an instant at the end is not among it. What is not named is open. Refuses with `invalid_input` what
 * ends before it begins.
 */
export function spanOf({ startDate, endDate }: AskedRange, timezone: string): Span | Refusal {
  const start = startDate === undefined ? -Infinity : beginningOf(startDate, 0, timezone);
  const end = endDate === undefined ? Infinity : beginningOf(endDate, 1, timezone);
  // The day after the last one is not among what was asked for.
  const isAfter = start > end || (start === end && endDate !== undefined && "date" in endDate);
  return isAfter ? refuseStart(AFTER_END) : { start, end };
}

const AFTER_END = "Must not be after endDate";

/**
 * The same where it must not be open: up to now, and from so many days before the end. Refuses with
 * `invalid_input` what ends before it begins or is longer than `daysMax`.
 */
export function boundedSpan(
  asked: AskedRange,
  timezone: string,
  now: Instant,
  days: { readonly byDefault: number; readonly max: number },
): Span | Refusal {
  const span = spanOf(asked, timezone);
  if (isRefusal(span)) return span;
  const { start: from, end: until } = span;
  const end = Number.isFinite(until) ? until : now;
  const start = Number.isFinite(from) ? from : end - days.byDefault * DAY_MS;
  if (start > end) return refuseStart("Must not be after now where there is no endDate");
  // A day on which the clocks are put back is longer.
  if (end - start > (days.max + 1) * DAY_MS) {
    return refuseStart(`Must be at most ${days.max} days before endDate`);
  }
  return { start, end };
}

/** Refuses a range for its beginning. */
export function refuseStart(message: string): Refusal {
  return invalidInput([{ path: "startDate", code: "custom", message }]);
}

/** When an instant is, or so many days behind a day begin. */
function beginningOf(moment: Moment, days: number, timezone: string): Instant {
  if ("at" in moment) return moment.at;
  return Temporal.PlainDate.from(moment.date).add({ days }).toZonedDateTime(timezone)
    .epochMilliseconds;
}
