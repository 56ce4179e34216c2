import { DAY_MS, type Instant, MINUTE_MS } from "./time.ts";

/** A local year, [start, end), and the stretches of it that are open, each after the one before. */
export interface OpenYear {
  readonly year: number;
  readonly start: Instant;
  readonly end: Instant;
  /** When each stretch begins. */
  readonly starts: Float64Array;
  /** The open milliseconds of the year before each stretch, and in the end all of them. */
  readonly passed: Float64Array;
}

/** What repeats from year to year, read once. */
export interface LocalHours {
  readonly timezone: string;
  /** The windows by the day of the week, from Monday. */
  readonly week: readonly (readonly LocalWindow[])[];
  /** The days without any, each by its midnight. */
  readonly holidays: ReadonlySet<LocalMidnight>;
}

/** In minutes that the clock on the wall shows more than at midnight; 1 440 is the next day's start. */
export interface LocalWindow {
  readonly opens: number;
  readonly closes: number;
}

/** The midnight of a date as if it were told in UTC. It stands for the date. */
export type LocalMidnight = number;

/** A local day, [start, end), and how its wall-clock minutes are instants. */
interface LocalDay {
  readonly start: Instant;
  readonly end: Instant;
  readonly at: (minute: number) => Instant;
}

/** Open time, [from, to). */
interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

const DAY_MINUTES = DAY_MS / MINUTE_MS;

/**
 * A day is plain if no clock is changed nearer than this to its midnight in UTC: more than a day, the
 * furthest that a zone is from UTC, and the most that clocks were ever moved, a day, together.
 */
const CHANGE_NEAR_MS = 3 * DAY_MS;

/**
 * Bounds become instants as `disambiguation: "compatible"` has it: of a time that is shown twice the
 * first is meant, and a time that is left out is as much later as was left out. No window reaches out
 * of its own day, so that a day that is left out altogether has none and a holiday is free of those
 * of the day before; what windows come to share is open once.
 */
export function layOutYear({ timezone, week, holidays }: LocalHours, year: number): OpenYear {
  const firstMidnight = midnightOf(year);
  const nextYearMidnight = midnightOf(year + 1);
  const { start } = changingDay(timezone, firstMidnight);
  const { start: end } = changingDay(timezone, nextYearMidnight);
  const changes = changesBetween(timezone, start - CHANGE_NEAR_MS, end + CHANGE_NEAR_MS);
  const starts: number[] = [];
  const passed = [0];
  let openMs = 0;
  let offsetMs: number | null = null;
  for (let midnight = firstMidnight; midnight < nextYearMidnight; midnight += DAY_MS) {
    const isPlain = changes.every((change) => Math.abs(change - midnight) > CHANGE_NEAR_MS);
    offsetMs = isPlain ? offsetMs ?? offsetAt(timezone, midnight) : null;
    const windows = holidays.has(midnight) ? [] : week[weekdayOf(midnight)] ?? [];
    if (windows.length === 0) continue;
    const day = offsetMs === null ? changingDay(timezone, midnight) : plainDay(midnight - offsetMs);
    for (const { from, to } of stretchesOf(day, windows)) {
      starts.push(from);
      passed.push(openMs += to - from);
    }
  }
  return { year, start, end, starts: Float64Array.from(starts), passed: Float64Array.from(passed) };
}

/** What is open of a day, each stretch after the one before it. */
function stretchesOf({ start, end, at }: LocalDay, windows: readonly LocalWindow[]): Stretch[] {
  const told = windows.map(({ opens, closes }) => ({ from: at(opens), to: at(closes) }));
  const stretches: Stretch[] = [];
  let openTo = start;
  for (const { from, to } of told.sort((a, b) => a.from - b.from)) {
    const stretch = { from: Math.max(from, openTo), to: Math.min(to, end) };
    if (stretch.to <= stretch.from) continue;
    stretches.push(stretch);
    openTo = stretch.to;
  }
  return stretches;
}

/** A day of 24 hours, whose clocks show what they show at its start and the time since then. */
function plainDay(start: Instant): LocalDay {
  return { start, end: start + DAY_MS, at: (minute) => start + minute * MINUTE_MS };
}

/** A day on which, or near which, the clocks may be changed. */
function changingDay(timeZone: string, midnight: LocalMidnight): LocalDay {
  const date = Temporal.Instant.fromEpochMilliseconds(midnight).toZonedDateTimeISO("UTC")
    .toPlainDate();
  const start = date.toZonedDateTime(timeZone).epochMilliseconds;
  const end = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  const at = (minute: number): Instant => {
    if (minute === DAY_MINUTES) return end;
    const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
    return date.toPlainDateTime(time)
      .toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds;
  };
  return { start, end, at };
}

/** When the zone's clocks are changed after one instant and up to another; a few times a year. */
function changesBetween(timezone: string, from: Instant, to: Instant): Instant[] {
  const changes: Instant[] = [];
  let last = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timezone);
  while (true) {
    const next = last.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds > to) return changes;
    changes.push(next.epochMilliseconds);
    last = next;
  }
}

function offsetAt(timezone: string, at: Instant): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timezone);
  return offsetNanoseconds / 1_000_000;
}

function midnightOf(year: number): LocalMidnight {
  return new Temporal.PlainDate(year, 1, 1).toZonedDateTime("UTC").epochMilliseconds;
}

/** 0 on a Monday. */
function weekdayOf(midnight: LocalMidnight): number {
  // The first day of 1970 was a Thursday; days before it count down from it.
  return ((midnight / DAY_MS + 3) % 7 + 7) % 7;
}
