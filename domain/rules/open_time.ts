import { type Hours, type Weekday, WEEKDAYS, type Window } from "./calendar.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "./time.ts";

/**
 * Each is as good as another: what is forgotten is made again. A year of twelve windows a day takes
 * 70 KB, one of nine to five 4 KB.
 */
const TIMES_KEPT = 64;
const YEARS_KEPT = 8;
const TOTALS_KEPT = 400;

/** The open time of some hours, of which the years are laid out as they are asked for. */
export interface OpenTime {
  readonly timezone: string;
  /** By the day of the week, from Monday; in the order of their opening. */
  readonly week: readonly (readonly LocalSpan[])[];
  /** The local midnights of the holidays, as if in UTC. */
  readonly holidays: ReadonlySet<number>;
  readonly years: Map<number, OpenYear>;
  readonly totals: Map<number, number>;
}

/** A window in minutes since local midnight, as the clock on the wall tells them. */
interface LocalSpan {
  readonly opens: number;
  readonly closes: number;
}

/** A stretch of open time, [start, end). */
interface Span {
  readonly start: Instant;
  readonly end: Instant;
}

/** A local year: [start, end), and the spans of it that are open, in order, none touching another's inside. */
export interface OpenYear {
  readonly year: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly starts: Float64Array;
  /** The open milliseconds before each span, and before the end of the year. */
  readonly passed: Float64Array;
}

const byHours = new WeakMap<Hours, OpenTime>();
const byText = new Map<string, OpenTime>();

/** Of the same hours it is the same, be they read anew from the store or not. */
export function openTimeOf(hours: Hours): OpenTime {
  let time = byHours.get(hours);
  if (time === undefined) {
    const { timezone, weekly, holidays } = hours;
    const text = JSON.stringify([timezone, WEEKDAYS.map((day) => weekly[day]), holidays]);
    time = remembered(byText, text, TIMES_KEPT, () => layOut(hours));
    byHours.set(hours, time);
  }
  return time;
}

/** The open milliseconds of a local year. */
export function totalOf(time: OpenTime, year: number): number {
  return remembered(time.totals, year, TOTALS_KEPT, () => yearOf(time, year).passed.at(-1) ?? 0);
}

export function yearOf(time: OpenTime, year: number): OpenYear {
  return remembered(time.years, year, YEARS_KEPT, () => layOutYear(time, year));
}

/** What is kept under the key, or made now; the oldest makes room for it. */
function remembered<Key, Value>(
  kept: Map<Key, Value>,
  key: Key,
  keptMax: number,
  make: () => Value,
): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  const [oldest] = kept.size >= keptMax ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, made);
  return made;
}

function layOut({ timezone, weekly, holidays }: Hours): OpenTime {
  return {
    timezone,
    week: WEEKDAYS.map((day: Weekday) =>
      (weekly[day] ?? []).map(localSpan).sort((a, b) => a.opens - b.opens)
    ),
    holidays: new Set(holidays.map((date) => Date.parse(`${date}T00:00Z`))),
    years: new Map(),
    totals: new Map(),
  };
}

function localSpan([open, close]: Window): LocalSpan {
  return { opens: minutes(open), closes: minutes(close) };
}

/** "HH:MM" in minutes. */
function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function layOutYear(time: OpenTime, year: number): OpenYear {
  const { timezone, week, holidays } = time;
  const newYear = new Temporal.PlainDate(year, 1, 1);
  const end = newYear.add({ years: 1 }).toZonedDateTime(timezone).epochMilliseconds;
  const start = newYear.toZonedDateTime(timezone).epochMilliseconds;
  const starts: number[] = [];
  const passed = [0];
  let openMs = 0;
  for (let date = newYear; date.year === year; date = date.add({ days: 1 })) {
    const midnight = date.toZonedDateTime("UTC").epochMilliseconds;
    if (holidays.has(midnight)) continue;
    for (const span of spansOf(timezone, date, week[date.dayOfWeek - 1] ?? [])) {
      starts.push(span.start);
      passed.push(openMs += span.end - span.start);
    }
  }
  return { year, start, end, starts: Float64Array.from(starts), passed: Float64Array.from(passed) };
}

/** The spans of a local day. */
function spansOf(
  timezone: string,
  date: Temporal.PlainDate,
  windows: readonly LocalSpan[],
): Span[] {
  const dayStart = date.toZonedDateTime(timezone).epochMilliseconds;
  const dayEnd = date.add({ days: 1 }).toZonedDateTime(timezone).epochMilliseconds;
  const at = (minute: number) =>
    minute * MINUTE_MS === DAY_MS ? dayEnd : date
      .toZonedDateTime({
        timeZone: timezone,
        plainTime: { hour: Math.floor(minute / 60), minute: minute % 60 },
      })
      .epochMilliseconds;
  const spans: Span[] = windows.map(({ opens, closes }) => ({
    start: Math.max(at(opens), dayStart),
    end: Math.min(at(closes), dayEnd),
  })).sort((a, b) => a.start - b.start);
  const apart: Span[] = [];
  let coveredTo = dayStart;
  for (const { start, end } of spans) {
    const span = { start: Math.max(start, coveredTo), end };
    if (span.end <= span.start) continue;
    apart.push(span);
    coveredTo = span.end;
  }
  return apart;
}
