import type { Instant } from "./time.ts";
import { timezoneNamed } from "./timezone.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A window of local time, [open, close), as "HH:MM"; it may close at "24:00". */
export type Window = readonly [open: string, close: string];

export type Weekly = { readonly [Day in Weekday]?: readonly Window[] | undefined };

/** When there is work: all that business time depends on. */
export interface Hours {
  /** The name of an IANA time zone, in which the windows and holidays are told. */
  readonly timezone: string;
  /** All time counts: there are neither windows nor holidays. */
  readonly alwaysOpen: boolean;
  readonly weekly: Weekly;
  /** Whole local days on which nothing counts, as "YYYY-MM-DD". */
  readonly holidays: readonly string[];
}

export interface Calendar extends Hours {
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  /** For the tickets of these it counts in place of the calendar of their configuration. */
  readonly departments: readonly string[];
  /** The version of the book at the last edit by which it counts otherwise. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly deletedAt?: Instant;
  /** Before that edit: clocks that it has yet to reach count by these up to its instant. */
  readonly previous?: DatedHours;
}

/** Hours as they stood at a version of the book. */
export interface DatedHours extends Hours {
  readonly version: number;
}

/** What counts where nobody said anything else: all time. */
export const DEFAULT_CALENDAR: Calendar = {
  schema: 1,
  id: "default",
  name: "Always open",
  timezone: "UTC",
  alwaysOpen: true,
  weekly: {},
  holidays: [],
  departments: [],
  version: 0,
  createdAt: 0,
  updatedAt: 0,
};

export const WINDOWS_A_DAY_MAX = 12;
export const HOLIDAYS_MAX = 1_000;
export const HOURS_FAULTS_MAX = 100;

const OPEN = /^([01]\d|2[0-3]):[0-5]\d$/;
const CLOSE = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

export interface HoursFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * What is wrong with these hours, in the order of the document: the first `HOURS_FAULTS_MAX` faults,
 * none where they can be counted by. Windows may stand in any order and may touch. Hours that are
 * always open and name windows or holidays all the same are refused, as those would be passed over
 * in silence.
 */
export function hoursFaults(hours: Hours): HoursFault[] {
  return [...faultsOf(hours).take(HOURS_FAULTS_MAX)];
}

function* faultsOf({ timezone, alwaysOpen, weekly, holidays }: Hours): Generator<HoursFault> {
  yield* timezoneFaults(timezone);
  if (!alwaysOpen) {
    yield* weeklyFaults(weekly);
    yield* holidayFaults(holidays);
    return;
  }
  const instead = 'is always open; give "00:00" to "24:00" for each day instead';
  if (Object.values(weekly).some((windows = []) => windows.length > 0)) {
    yield { path: ["weekly"], message: `There are no windows where it ${instead}` };
  } else yield* dayFaults(weekly);
  if (holidays.length > 0) {
    yield { path: ["holidays"], message: `There are no holidays where it ${instead}` };
  }
}

function* timezoneFaults(timezone: string): Generator<HoursFault> {
  const path = ["timezone"];
  const name = timezoneNamed(timezone);
  if (name === null) yield { path, message: "No IANA time zone has this name" };
  else if (name !== timezone) yield { path, message: `This time zone is written ${name}` };
}

function* dayFaults(weekly: Weekly): Generator<HoursFault> {
  for (const day of Object.keys(weekly)) if (!isWeekday(day)) yield unknownDay(day);
}

function isWeekday(day: string): boolean {
  return WEEKDAYS.some((weekday) => weekday === day);
}

function unknownDay(day: string): HoursFault {
  const message = `A day of the week is one of ${WEEKDAYS.join(", ")}`;
  return { path: ["weekly", day], message };
}

function* weeklyFaults(weekly: Weekly): Generator<HoursFault> {
  let isOpen = false;
  for (const [day, windows = []] of Object.entries(weekly)) {
    const path = ["weekly", day];
    isOpen ||= windows.length > 0;
    if (!isWeekday(day)) {
      yield unknownDay(day);
    } else if (windows.length > WINDOWS_A_DAY_MAX) {
      yield { path, message: `A day has at most ${WINDOWS_A_DAY_MAX} windows` };
    } else {
      for (const index of windows.keys()) yield* windowFaults(windows, index, path);
    }
  }
  if (!isOpen) yield { path: ["weekly"], message: "No time of the week is open" };
}

function* windowFaults(
  windows: readonly Window[],
  index: number,
  path: readonly string[],
): Generator<HoursFault> {
  const window = windows[index] ?? ["", ""];
  const [open, close] = window;
  const isOpenTold = OPEN.test(open);
  const isCloseTold = CLOSE.test(close);
  if (!isOpenTold) {
    yield { path: [...path, index, 0], message: 'Must be "00:00" to "23:59", as "HH:MM"' };
  }
  if (!isCloseTold) {
    yield { path: [...path, index, 1], message: 'Must be "00:01" to "24:00", as "HH:MM"' };
  }
  if (!isOpenTold || !isCloseTold) return;
  if (close <= open) {
    const message = "A window ends after it begins; one that passes midnight is two";
    yield { path: [...path, index], message };
  } else if (windows.slice(0, index).some((earlier) => doOverlap(earlier, window))) {
    yield { path: [...path, index], message: "Overlaps a window that stands before it" };
  }
}

/** Times of this form are ordered as texts are. A window that is no window overlaps nothing. */
function doOverlap(a: Window, b: Window): boolean {
  const [open, close] = a;
  return OPEN.test(open) && CLOSE.test(close) && open < close && open < b[1] && b[0] < close;
}

function* holidayFaults(holidays: readonly string[]): Generator<HoursFault> {
  if (holidays.length > HOLIDAYS_MAX) {
    yield { path: ["holidays"], message: `There are at most ${HOLIDAYS_MAX} holidays` };
    return;
  }
  const seen = new Set<string>();
  for (const [index, holiday] of holidays.entries()) {
    const path = ["holidays", index];
    if (!isDate(holiday)) yield { path, message: 'Must be a date that exists, as "YYYY-MM-DD"' };
    else if (seen.has(holiday)) yield { path, message: "Is named twice" };
    seen.add(holiday);
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const midnight = Date.parse(`${text}T00:00Z`);
  // The 30th of February is read as a day of March.
  return Number.isFinite(midnight) && new Date(midnight).toISOString().startsWith(text);
}
