import type { HourRange } from "./sla_range.ts";
import { DAY_MS, HOUR_MS, type Instant } from "./time.ts";

/** The hours of a range by the clock on the wall of a time zone. */
export interface LocalHours {
  /** The day in which the first hour begins, as `2026-11-01`. */
  readonly firstDate: string;
  /**
   * Of each hour of UTC the hour of the wall clock in which it begins, counted from the beginning of
   * that day, with 24 hours for every day. One is left out when clocks are put forward, and one comes
   * twice when they are put back.
   */
  readonly places: Int32Array;
}

const HOURS_A_DAY = DAY_MS / HOUR_MS;

/** Asks the platform once a day, and once an hour only on those on which the clocks are put. */
export function localHours({ start, end }: HourRange, timezone: string): LocalHours {
  const places = new Int32Array(Math.max(0, (end - start) / HOUR_MS));
  let date = zoned(start, timezone).toPlainDate();
  const firstDate = date.toString();
  let begins = beginningOf(date, timezone);
  let at = 0;
  for (let day = 0; at < places.length; day++) {
    date = date.add({ days: 1 });
    const ends = beginningOf(date, timezone);
    const isUsual = ends - begins === DAY_MS;
    for (; at < places.length && start + at * HOUR_MS < ends; at++) {
      const hour = start + at * HOUR_MS;
      const ofDay = isUsual ? Math.floor((hour - begins) / HOUR_MS) : zoned(hour, timezone).hour;
      places[at] = day * HOURS_A_DAY + ofDay;
    }
    begins = ends;
  }
  return { firstDate, places };
}

/** The date so many days later. */
export function laterDate(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

function zoned(at: Instant, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
}

function beginningOf(date: Temporal.PlainDate, timezone: string): Instant {
  return date.toZonedDateTime(timezone).epochMilliseconds;
}
