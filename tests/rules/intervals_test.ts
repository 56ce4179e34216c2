import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DEFAULT_HOURS,
  type IntervalLength,
  INTERVALS,
  INTERVALS_MAX,
  intervalsOf,
} from "../../domain/rules/intervals.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { DEFAULT_PERIODS } from "../../domain/rules/sla_period.ts";
import { DAY_MS, HOUR_MS, type Instant, iso } from "../../domain/rules/time.ts";
import { granted } from "../support/desk.ts";

const NOW = Date.parse("2026-11-22T10:30:00Z");

function between(start: Instant, end: Instant): object {
  return { startDate: { at: start }, endDate: { at: end } };
}

Deno.test("without dates there are the last ones, with the one that goes on now", () => {
  const counts = { hour: DEFAULT_HOURS, day: DEFAULT_PERIODS.daily, week: DEFAULT_PERIODS.weekly };
  for (const length of INTERVALS) {
    const intervals = granted(intervalsOf({}, length, "UTC", NOW));
    assert.equal(intervals.length, counts[length]);
    const last = intervals.at(-1);
    assert.ok(last !== undefined && last.range.start <= NOW && last.range.end > NOW, length);
  }
});

/** Where each of some intervals starts, and how many hours it has. */
const CASES: readonly (readonly [
  length: IntervalLength,
  timezone: string,
  from: string,
  to: string,
  hours: readonly (readonly [start: string, hours: number])[],
])[] = [
  ["hour", "UTC", "2026-11-22T09:20", "2026-11-22T10:00", [["2026-11-22T09:00", 1]]],
  ["hour", "Asia/Kolkata", "2026-11-22T09:00", "2026-11-22T11:00", [
    ["2026-11-22T09:00", 1],
    ["2026-11-22T10:00", 1],
  ]],
  // A day that begins within an hour of UTC counts from the beginning of that.
  ["day", "Asia/Kolkata", "2026-11-20T20:00", "2026-11-21T20:00", [
    ["2026-11-20T18:30", 24],
    ["2026-11-21T18:30", 24],
  ]],
  ["day", "Europe/Berlin", "2026-03-28T23:00", "2026-03-30T22:00", [
    ["2026-03-28T23:00", 23],
    ["2026-03-29T22:00", 24],
  ]],
  ["day", "Europe/Berlin", "2026-10-25T12:00", "2026-10-25T13:00", [["2026-10-24T22:00", 25]]],
  ["day", "Australia/Lord_Howe", "2026-10-03T14:00", "2026-10-03T15:00", [
    ["2026-10-03T13:30", 24],
  ]],
  // Samoa had no 30 December in 2011.
  ["day", "Pacific/Apia", "2011-12-29T12:00", "2011-12-31T09:00", [
    ["2011-12-29T10:00", 24],
    ["2011-12-30T10:00", 24],
  ]],
  ["week", "Europe/Berlin", "2026-10-25T12:00", "2026-10-25T13:00", [
    ["2026-10-18T22:00", 7 * 24 + 1],
  ]],
];

for (const [length, timezone, from, to, expected] of CASES) {
  Deno.test(`each ${length} of ${timezone} from ${from} to ${to} is as long as it is there`, () => {
    const asked = between(Date.parse(`${from}Z`), Date.parse(`${to}Z`));
    const intervals = granted(intervalsOf(asked, length, timezone, NOW));
    assert.deepEqual(
      intervals.map(({ start, range }) => [
        iso(start).slice(0, 16),
        (range.end - range.start) / HOUR_MS,
      ]),
      expected,
    );
  });
}

Deno.test("there are no more intervals than are told, and a month by hours is within that", () => {
  const month = intervalsOf(between(NOW - 31 * DAY_MS, NOW), "hour", "UTC", NOW);
  assert.ok(!isRefusal(month) && month.length === 31 * 24 + 1);
  const from = NOW - NOW % HOUR_MS - INTERVALS_MAX * HOUR_MS;
  const most = intervalsOf(between(from, NOW - NOW % HOUR_MS), "hour", "UTC", NOW);
  assert.ok(!isRefusal(most) && most.length === INTERVALS_MAX);
  const refused = intervalsOf(between(from, NOW), "hour", "UTC", NOW);
  assert.ok(isRefusal(refused));
  assert.deepEqual(refused.errors?.map(({ path }) => path), ["startDate"]);
  const years = intervalsOf(between(NOW - 730 * DAY_MS, NOW), "day", "Asia/Kolkata", NOW);
  assert.ok(!isRefusal(years) && years.length === 731);
});

Deno.test("intervals follow each other without a gap, and have all that was asked for", () => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe");
  const starts = fc.integer({ min: NOW - 500 * DAY_MS, max: NOW });
  const lengths = fc.integer({ min: 1, max: 30 * DAY_MS });
  const property = fc.property(
    fc.constantFrom(...INTERVALS),
    zones,
    starts,
    lengths,
    (length, timezone, start, milliseconds) => {
      const end = start + milliseconds;
      const intervals = granted(intervalsOf(between(start, end), length, timezone, NOW));
      const ranges = intervals.map(({ range }) => range);
      for (const [index, range] of ranges.entries()) {
        assert.equal(range.start % HOUR_MS, 0);
        assert.ok(range.end > range.start);
        assert.equal(ranges[index + 1]?.start ?? range.end, range.end);
      }
      const last = ranges.at(-1)?.end ?? -Infinity;
      assert.ok((ranges[0]?.start ?? Infinity) <= start);
      // A day that ends within an hour ends for the figures when that begins.
      assert.ok(last > end - HOUR_MS, iso(end));
    },
  );
  fc.assert(property);
});
