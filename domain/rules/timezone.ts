import type { Instant } from "./time.ts";

/** The name in the capitals that an IANA time zone is known by; null where there is none. */
export function timezoneNamed(text: string): string | null {
  // An offset such as +01:00 would be understood, but it is no place with a law about its time.
  if (!/^[A-Z]/i.test(text)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId;
  } catch {
    return null;
  }
}

/** What the clock on the wall shows there, as "HH:MM". */
export function wallClock(at: Instant, timezone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
  return time.toPlainTime().toString({ smallestUnit: "minute" });
}
