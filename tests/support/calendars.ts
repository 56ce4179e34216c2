import fc from "fast-check";
import { type Hours, type Weekday, WEEKDAYS, type Window } from "../../domain/rules/calendar.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";

/**
 * Places that change their clocks, or did since 1990: by one hour, half an hour or two, at midnight,
 * before it or after it, for Ramadan, backwards in winter, or by a whole day.
 */
export const CHANGING_ZONES = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "Africa/El_Aaiun",
  "America/Anchorage",
  "America/Asuncion",
  "America/Chicago",
  "America/Halifax",
  "America/Havana",
  "America/Los_Angeles",
  "America/Miquelon",
  "America/New_York",
  "America/Nuuk",
  "America/Port-au-Prince",
  "America/Santiago",
  "America/Sao_Paulo",
  "America/Scoresbysund",
  "America/St_Johns",
  "America/Tijuana",
  "Antarctica/Macquarie",
  "Antarctica/Troll",
  "Asia/Amman",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Hebron",
  "Asia/Jerusalem",
  "Asia/Tehran",
  "Atlantic/Azores",
  "Atlantic/Bermuda",
  "Atlantic/Canary",
  "Australia/Adelaide",
  "Australia/Lord_Howe",
  "Australia/Sydney",
  "Europe/Athens",
  "Europe/Berlin",
  "Europe/Chisinau",
  "Europe/Dublin",
  "Europe/Lisbon",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "Pacific/Easter",
  "Pacific/Norfolk",
] as const;
export type ChangingZone = (typeof CHANGING_ZONES)[number];

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"] as const;
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2040, 0, 1);

/** Hours with the same windows on every day that is named. */
export function someHours(
  timezone: string,
  windows: readonly Window[],
  days: readonly Weekday[] = WORKDAYS,
  holidays: readonly string[] = [],
): Hours {
  const weekly = Object.fromEntries(days.map((day) => [day, windows]));
  return { timezone, alwaysOpen: false, weekly, holidays };
}

/** When clocks are changed in a place, from 1990 to 2040. */
export function changesIn(timezone: string): Instant[] {
  const changes: Instant[] = [];
  let last = Temporal.Instant.fromEpochMilliseconds(EARLIEST).toZonedDateTimeISO(timezone);
  while (true) {
    const next = last.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds > LATEST) return changes;
    changes.push(next.epochMilliseconds);
    last = next;
  }
}

/** Hours of a place, an instant, and a span of open time that is found within the horizon. */
export interface Case {
  readonly hours: Hours;
  readonly at: Instant;
  readonly openMs: number;
}

export function someCase(): fc.Arbitrary<Case> {
  const weeks = fc.double({ min: 0, max: 60, noNaN: true });
  return fc.constantFrom(...CHANGING_ZONES).chain((timezone) =>
    fc.record({ hours: hoursIn(timezone), at: instantIn(timezone), weeks })
  ).map(({ hours, at, weeks }) => ({ hours, at, openMs: Math.floor(weeks * openMsOf(hours)) }));
}

/** Hours as people may tell them: any windows on some days, touching ones too, in any order. */
export function hoursIn(timezone: ChangingZone): fc.Arbitrary<Hours> {
  const windows = someWindows();
  const weekly = fc.record(
    { mon: windows, tue: windows, wed: windows, thu: windows, fri: windows, sat: windows },
    { requiredKeys: [] },
  );
  const record = fc.record({ weekly, sun: windows, holidays: holidaysIn(timezone) });
  return record.map(({ weekly, sun, holidays }) => ({
    timezone,
    alwaysOpen: false,
    // Most clocks are changed on a Sunday, which is never without windows.
    weekly: { ...weekly, sun },
    holidays,
  }));
}

/** Some of the pieces into which a day is cut. */
function someWindows(): fc.Arbitrary<Window[]> {
  return someCuts().chain((pieces) => fc.shuffledSubarray(pieces, { minLength: 1 }));
}

/** A day cut into pieces that touch, most often at the hours at which clocks are changed. */
export function someCuts(): fc.Arbitrary<Window[]> {
  const early = fc.integer({ min: 1, max: 16 }).map((quarters) => quarters * 15);
  const cut = fc.oneof(early, fc.integer({ min: 1, max: 24 * 60 - 1 }));
  return fc.uniqueArray(cut, { maxLength: 8 }).map((cuts) => {
    const bounds = [0, ...cuts.sort((a, b) => a - b), 24 * 60].map(timeText);
    return bounds.slice(1).map((close, index): Window => [bounds[index] ?? "", close]);
  });
}

/** An instant to the millisecond, every second time within two days of a change of clocks. */
export function instantIn(timezone: ChangingZone): fc.Arbitrary<Instant> {
  const change = fc.constantFrom(...changesIn(timezone));
  const near = fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS });
  return fc.oneof(
    fc.tuple(change, near).map(([at, ms]) => at + ms),
    fc.integer({ min: EARLIEST, max: LATEST }),
  );
}

/** Now and then the very day on which clocks are changed, or one beside it. */
function holidaysIn(timezone: ChangingZone): fc.Arbitrary<string[]> {
  const day = fc.tuple(fc.constantFrom(...changesIn(timezone)), fc.integer({ min: -1, max: 1 }));
  const holiday = day.map(([at, days]) =>
    new Date(at + days * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length)
  );
  return fc.uniqueArray(holiday, { maxLength: 20 });
}

/** The open milliseconds of a week in which no clock is changed. */
function openMsOf({ weekly }: Hours): number {
  const windows = WEEKDAYS.flatMap((day) => weekly[day] ?? []);
  return windows.reduce(
    (ms, [open, close]) => ms + millisecondsOf(close) - millisecondsOf(open),
    0,
  );
}

function millisecondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * HOUR_MS + minutes * MINUTE_MS;
}

function timeText(minutes: number): string {
  const parts = [Math.floor(minutes / 60), minutes % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
