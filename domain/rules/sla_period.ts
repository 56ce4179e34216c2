import { invalidInput, isRefusal, type Refusal } from "./refusal.ts";
import { type HourRange, hourStart } from "./sla_range.ts";
import { HOUR_MS, type Instant, iso } from "./time.ts";

/** A day of the desk's calendar as `2026-11-01`, or an instant. */
export type Moment = { readonly date: string } | { readonly at: Instant };

/** From when to when somebody asks; a day is meant whole, an instant at the end is not among it. */
export interface AskedRange {
  readonly startDate?: Moment | undefined;
  readonly endDate?: Moment | undefined;
}

/** A longer range is asked for in parts. */
export const RANGE_MONTHS_MAX = 24;
export const TREND_ROWS_MAX = 366;

export const TREND_PERIODS = ["daily", "weekly", "monthly"] as const;
export type TrendPeriod = (typeof TREND_PERIODS)[number];

/** How many periods are shown to whoever does not say since when. */
export const DEFAULT_PERIODS = { daily: 30, weekly: 12, monthly: 12 } as const;

/** A day by its number in the year, a week by that of ISO 8601 in the year of its Thursday. */
export type PeriodName =
  | { readonly year: number; readonly day: number }
  | { readonly year: number; readonly week: number }
  | { readonly year: number; readonly month: number };

export interface Period {
  readonly name: PeriodName;
  /** When it begins in the desk's time zone. */
  readonly start: Instant;
  /** The hours that count as its own: with an offset of half an hour it begins with its first hour. */
  readonly range: HourRange;
}

/** The last 30 days, unless asked otherwise; rounded outward to whole UTC hours. */
export function metricsRange(
  asked: AskedRange,
  timezone: string,
  now: Instant,
): HourRange | Refusal {
  const resolved = resolveRange(asked, sinceFirst("daily", timezone), timezone, now);
  if (isRefusal(resolved)) return resolved;
  const { start, end } = resolved;
  return { start: hourStart(start), end: hourStart(end + HOUR_MS - 1) };
}

/**
 * Every day, week or month that has something of the range, the first one first: by default the last
 * 30 days, 12 weeks or 12 months, with the one that goes on now.
 */
export function periodsOf(
  asked: AskedRange,
  period: TrendPeriod,
  timezone: string,
  now: Instant,
  periodsMax = TREND_ROWS_MAX,
): Period[] | Refusal {
  const resolved = resolveRange(asked, sinceFirst(period, timezone), timezone, now);
  if (isRefusal(resolved)) return resolved;
  const periods: Period[] = [];
  let date = firstDay(dateOf(resolved.start, timezone), period);
  let start = beginningOf(date, timezone);
  while (start < resolved.end) {
    if (periods.length === periodsMax) return tooMany(periodsMax);
    const next = later(date, period, 1);
    const end = beginningOf(next, timezone);
    const range = { start: hourStart(start), end: hourStart(end) };
    // A day that a place left out, to be on the other side of the date line, is none.
    if (start < end) periods.push({ name: nameOf(date, period), start, range });
    [date, start] = [next, end];
  }
  return periods;
}

/** No desk is older, and the year after the last one still has four digits. */
const YEARS = { first: 1970, last: 9998 } as const;

/** From when the periods go that are shown to whoever does not say since when. */
function sinceFirst(period: TrendPeriod, timezone: string): (end: Instant) => Instant {
  return (end) => {
    const lastDay = firstDay(dateOf(end - 1, timezone), period);
    return beginningOf(later(lastDay, period, 1 - DEFAULT_PERIODS[period]), timezone);
  };
}

export function tooMany(periodsMax: number): Refusal {
  return fault("startDate", `Must be at most ${periodsMax} periods before endDate`);
}

/** The instants that are meant; `since` says the first one where nobody does. */
export function resolveRange(
  { startDate, endDate }: AskedRange,
  since: (end: Instant) => Instant,
  timezone: string,
  now: Instant,
): HourRange | Refusal {
  for (const [path, moment] of Object.entries({ startDate, endDate })) {
    if (moment === undefined || isWithinYears(moment)) continue;
    return fault(path, `Must be a date from ${YEARS.first} to ${YEARS.last}`);
  }
  // What happens in this millisecond has happened.
  const end = endDate === undefined ? now + 1 : endOf(endDate, timezone);
  const start = startDate === undefined ? since(end) : startOf(startDate, timezone);
  // The day after the last one is not among what was asked for.
  const isAfter = start > end || (start === end && endDate !== undefined && "date" in endDate);
  if (isAfter) return fault("startDate", "Must not be after endDate");
  const earliest = dateOf(end, timezone).subtract({ months: RANGE_MONTHS_MAX });
  if (start < beginningOf(earliest, timezone)) {
    return fault("startDate", `Must be at most ${RANGE_MONTHS_MAX} months before endDate`);
  }
  return { start, end };
}

function isWithinYears(moment: Moment): boolean {
  const text = "date" in moment ? moment.date : iso(moment.at);
  // Years of more digits begin with a sign.
  const year = Number(/^\d{4}(?=-)/.exec(text)?.[0] ?? NaN);
  return year >= YEARS.first && year <= YEARS.last;
}

function startOf(moment: Moment, timezone: string): Instant {
  if ("at" in moment) return moment.at;
  return beginningOf(Temporal.PlainDate.from(moment.date), timezone);
}

function endOf(moment: Moment, timezone: string): Instant {
  if ("at" in moment) return moment.at;
  return beginningOf(Temporal.PlainDate.from(moment.date).add({ days: 1 }), timezone);
}

function firstDay(date: Temporal.PlainDate, period: TrendPeriod): Temporal.PlainDate {
  if (period === "daily") return date;
  if (period === "monthly") return date.with({ day: 1 });
  return date.subtract({ days: date.dayOfWeek - 1 });
}

const UNITS = { daily: "days", weekly: "weeks", monthly: "months" } as const;

function later(date: Temporal.PlainDate, period: TrendPeriod, by: number): Temporal.PlainDate {
  return date.add({ [UNITS[period]]: by });
}

function nameOf(date: Temporal.PlainDate, period: TrendPeriod): PeriodName {
  const { year, month } = date;
  if (period === "daily") return { year, day: date.dayOfYear };
  if (period === "monthly") return { year, month };
  // The calendar of ISO 8601 has weeks.
  return { year: date.yearOfWeek ?? year, week: date.weekOfYear ?? 0 };
}

function dateOf(at: Instant, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate();
}

function beginningOf(date: Temporal.PlainDate, timezone: string): Instant {
  return date.toZonedDateTime(timezone).epochMilliseconds;
}

function fault(path: string, message: string): Refusal {
  return invalidInput([{ path, code: "custom", message }]);
}
