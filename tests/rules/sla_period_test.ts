import assert from "node:assert/strict";
import fc from "fast-check";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import {
  type AskedRange,
  metricsRange,
  type Moment,
  type Period,
  periodsOf,
  TREND_PERIODS,
  TREND_ROWS_MAX,
  type TrendPeriod,
} from "../../domain/rules/sla_period.ts";
import { DAY_MS, HOUR_MS, type Instant, iso } from "../../domain/rules/time.ts";

const NOW = Date.parse("2026-11-22T10:30:00Z");

/** A date as it is, a longer text as an instant of UTC. */
function moment(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  return text.length === 10 ? { date: text } : { at: Date.parse(`${text}Z`) };
}

function asked(startDate: string | undefined, endDate: string | undefined): AskedRange {
  return { startDate: moment(startDate), endDate: moment(endDate) };
}

function granted<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Error(outcome.detail);
  return outcome;
}

const RANGES: readonly (readonly [
  startDate: string | undefined,
  endDate: string | undefined,
  timezone: string,
  start: string,
  end: string,
])[] = [
  // The last thirty days, today among them, up to the end of this hour.
  [undefined, undefined, "UTC", "2026-10-24T00", "2026-11-22T11"],
  [undefined, undefined, "America/New_York", "2026-10-24T04", "2026-11-22T11"],
  [undefined, "2026-03-01", "UTC", "2026-01-31T00", "2026-03-02T00"],
  ["2026-11-22", undefined, "UTC", "2026-11-22T00", "2026-11-22T11"],
  // A day is that of the desk, and the last one is meant whole.
  ["2026-11-01", "2026-11-30", "UTC", "2026-11-01T00", "2026-12-01T00"],
  ["2026-11-01", "2026-11-01", "Europe/Berlin", "2026-10-31T23", "2026-11-01T23"],
  ["2026-03-29", "2026-03-29", "Europe/Berlin", "2026-03-28T23", "2026-03-29T22"],
  ["2026-10-25", "2026-10-25", "Europe/Berlin", "2026-10-24T22", "2026-10-25T23"],
  // Half an hour of offset: outward to the whole hour.
  ["2026-11-02", "2026-11-02", "Asia/Kolkata", "2026-11-01T18", "2026-11-02T19"],
  // Instants are what they are in any time zone.
  ["2026-11-02T10:00", "2026-11-02T12:00", "Asia/Tokyo", "2026-11-02T10", "2026-11-02T12"],
  ["2026-11-02T10:59:59.999", "2026-11-02T12:00:00.001", "UTC", "2026-11-02T10", "2026-11-02T13"],
  ["2026-11-02T10:00", "2026-11-02T10:00", "UTC", "2026-11-02T10", "2026-11-02T10"],
];

for (const [startDate, endDate, timezone, start, end] of RANGES) {
  Deno.test(`from ${startDate} to ${endDate} in ${timezone} is from ${start} to ${end}`, () => {
    const range = granted(metricsRange(asked(startDate, endDate), timezone, NOW));
    const told = [range.start, range.end].map((each) => iso(each).slice(0, 13));
    assert.deepEqual(told, [start, end]);
  });
}

const REFUSED: readonly (readonly [
  startDate: string | undefined,
  endDate: string | undefined,
  path: string,
])[] = [
  ["2026-11-03", "2026-11-01", "startDate"],
  ["2026-11-02", "2026-11-01", "startDate"],
  ["2026-11-02T00:00", "2026-11-01", "startDate"],
  ["2026-11-03T10:00", "2026-11-03T09:59", "startDate"],
  ["2026-11-23", undefined, "startDate"],
  ["2024-11-20", "2026-11-22", "startDate"],
  ["1969-12-31", "1970-01-01", "startDate"],
  ["9999-01-01", "9999-01-02", "startDate"],
  ["2026-01-01", "9999-01-02", "endDate"],
  [undefined, "0000-01-01", "endDate"],
  [undefined, "0000-01-01T00:00", "endDate"],
];

for (const [startDate, endDate, path] of REFUSED) {
  Deno.test(`from ${startDate} to ${endDate} is refused, and ${path} is blamed`, () => {
    const refusals = [
      metricsRange(asked(startDate, endDate), "UTC", NOW),
      ...TREND_PERIODS.map((each) => periodsOf(asked(startDate, endDate), each, "UTC", NOW)),
    ];
    for (const refusal of refusals) {
      assert(isRefusal(refusal));
      assert.equal(refusal.refused, "invalid_input");
      assert.deepEqual(refusal.errors?.map((fault) => fault.path), [path]);
    }
  });
}

function periods(
  startDate: string | undefined,
  endDate: string | undefined,
  period: TrendPeriod,
  timezone = "UTC",
): Period[] {
  return granted(periodsOf(asked(startDate, endDate), period, timezone, NOW));
}

Deno.test("a week is that of ISO 8601, in the year of its Thursday", () => {
  const weeks = periods("2025-12-28", "2026-01-05", "weekly");
  assert.deepEqual(weeks.map(({ name, start }) => [name, iso(start).slice(0, 10)]), [
    [{ year: 2025, week: 52 }, "2025-12-22"],
    [{ year: 2026, week: 1 }, "2025-12-29"],
    [{ year: 2026, week: 2 }, "2026-01-05"],
  ]);
  const [longYear] = periods("2027-01-01", "2027-01-03", "weekly");
  assert.deepEqual(longYear?.name, { year: 2026, week: 53 });
});

Deno.test("a day is told by its number in the year, leap years included", () => {
  const names = periods("2024-12-30", "2025-01-01", "daily").map(({ name }) => name);
  assert.deepEqual(names, [
    { year: 2024, day: 365 },
    { year: 2024, day: 366 },
    { year: 2025, day: 1 },
  ]);
});

Deno.test("months are those of the desk's time zone, daylight saving in mind", () => {
  const months = periods("2026-03-15", "2026-04-15", "monthly", "Europe/Berlin");
  assert.deepEqual(months.map(({ name, start }) => [name, iso(start).slice(0, 16)]), [
    [{ year: 2026, month: 3 }, "2026-02-28T23:00"],
    [{ year: 2026, month: 4 }, "2026-03-31T22:00"],
  ]);
  const [march] = months;
  assert.equal((march?.range.end ?? 0) - (march?.range.start ?? 0), 31 * DAY_MS - HOUR_MS);
});

Deno.test("who does not say since when gets 30 days, 12 weeks or 12 months, with the present one", () => {
  const lengths = { daily: 30, weekly: 12, monthly: 12 };
  for (const period of TREND_PERIODS) {
    const all = periods(undefined, undefined, period);
    assert.equal(all.length, lengths[period], period);
    const last = all.at(-1);
    assert(last !== undefined);
    assert.ok(last.range.start <= NOW && NOW < last.range.end, period);
  }
});

Deno.test("what ends with a period has nothing of the next one", () => {
  assert.equal(periods("2026-11-01", "2026-11-07", "daily").length, 7);
  assert.equal(periods("2026-11-01", "2026-11-30", "monthly").length, 1);
  assert.equal(periods("2026-11-02T00:00", "2026-11-03T00:00", "daily").length, 1);
  assert.equal(periods("2026-11-02T00:00", "2026-11-03T00:00:00.001", "daily").length, 2);
});

Deno.test("no more than so many rows are given, and a year of days is not too much", () => {
  assert.equal(periods("2026-01-01", "2026-12-31", "daily").length, 365);
  assert.equal(periods("2024-01-01", "2024-12-31", "daily").length, TREND_ROWS_MAX);
  const refusal = periodsOf(asked("2024-01-01", "2025-01-01"), "daily", "UTC", NOW);
  assert(isRefusal(refusal));
  assert.deepEqual(refusal.errors?.map(({ path }) => path), ["startDate"]);
});

const timezone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "America/Santiago",
);
const instant = fc.integer({ min: NOW - 400 * DAY_MS, max: NOW });
const days = fc.integer({ min: 0, max: 300 });

Deno.test("periods follow each other without a gap and hold the whole range", () => {
  const period = fc.constantFrom(...TREND_PERIODS);
  fc.assert(fc.property(instant, days, timezone, period, (at, days, timezone, period) => {
    const [start, end]: [Instant, Instant] = [at, at + days * DAY_MS];
    const range = { startDate: { at: start }, endDate: { at: end } };
    const all = granted(periodsOf(range, period, timezone, NOW));
    if (start === end && all.length === 0) return;
    assert.ok((all[0]?.start ?? NaN) <= start);
    assert.ok((all.at(-1)?.range.end ?? NaN) > end - HOUR_MS);
    all.forEach(({ range }, index) => {
      assert.equal(range.start % HOUR_MS, 0);
      assert.ok(range.start < range.end);
      if (index > 0) assert.equal(range.start, all[index - 1]?.range.end);
    });
  }));
});
