import { type Hours, WEEKDAYS, type Window } from "./calendar.ts";
import { layOutYear, type LocalHours, type LocalWindow, type OpenYear } from "./open_year.ts";

/**
 * What is forgotten is only laid out anew. A year of nine to five takes 4 KB and one of twelve
 * windows every day 70 KB, so that hours that nobody holds any more take at most 36 MB.
 */
const OPEN_TIMES_KEPT = 64;
const YEARS_KEPT = 8;
const TOTALS_KEPT = 400;

/** The open time of some hours; its years are laid out as they are asked for. */
export interface OpenTime {
  readonly hours: LocalHours;
  readonly years: Map<number, OpenYear>;
  /** The open milliseconds of years, of which many are passed on the way to a far one. */
  readonly totals: Map<number, number>;
}

/** While somebody holds the hours themselves; to find them by their text takes ten times as long. */
const byHours = new WeakMap<Hours, OpenTime>();
const byText = new Map<string, OpenTime>();

/** Equal hours have the same, as when they are read from the store again. */
export function openTimeOf(hours: Hours): OpenTime {
  const known = byHours.get(hours);
  if (known !== undefined) return known;
  const { timezone, weekly, holidays } = hours;
  const text = JSON.stringify([timezone, WEEKDAYS.map((day) => weekly[day]), holidays]);
  const time = byText.get(text) ?? keep(byText, OPEN_TIMES_KEPT, text, openTime(hours));
  byHours.set(hours, time);
  return time;
}

export function yearOf({ hours, years }: OpenTime, year: number): OpenYear {
  return years.get(year) ?? keep(years, YEARS_KEPT, year, layOutYear(hours, year));
}

/** The open milliseconds of a local year. */
export function totalOf(time: OpenTime, year: number): number {
  const { totals } = time;
  return totals.get(year) ??
    keep(totals, TOTALS_KEPT, year, yearOf(time, year).passed.at(-1) ?? 0);
}

function openTime({ timezone, weekly, holidays }: Hours): OpenTime {
  const hours = {
    timezone,
    week: WEEKDAYS.map((day) => (weekly[day] ?? []).map(localWindow)),
    holidays: new Set(holidays.map((date) => Date.parse(`${date}T00:00Z`))),
  };
  return { hours, years: new Map(), totals: new Map() };
}

function localWindow([open, close]: Window): LocalWindow {
  return { opens: minutesOf(open), closes: minutesOf(close) };
}

/** Reads "HH:MM". */
function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The value, which is kept under the key from now on; where all places are taken the oldest goes. */
function keep<Key, Value>(
  kept: Map<Key, Value>,
  keptMax: number,
  key: Key,
  value: Value,
): Value {
  const [oldest] = kept.size >= keptMax ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
  return value;
}
