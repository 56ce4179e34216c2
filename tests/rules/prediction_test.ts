import assert from "node:assert/strict";
import {
  type DayCount,
  foreseeDays,
  foreseeWeek,
  type HourlyCounts,
  trendOf,
} from "../../domain/rules/prediction.ts";
import { HOUR_MS, type Instant } from "../../domain/rules/time.ts";

const BERLIN = "Europe/Berlin";

/** So many tickets in each hour as its hour of the wall clock and its weekday say. */
function regular(
  timezone: string,
  start: Instant,
  end: Instant,
  count: (hour: number, weekday: number) => number,
): HourlyCounts {
  const counts = Float64Array.from({ length: (end - start) / HOUR_MS }, (_, at) => {
    const local = Temporal.Instant.fromEpochMilliseconds(start + at * HOUR_MS)
      .toZonedDateTimeISO(timezone);
    return count(local.hour, local.dayOfWeek);
  });
  return { range: { start, end }, counts };
}

const OFFICE = (hour: number, weekday: number): number =>
  hour >= 9 && hour < 17 && weekday <= 5 ? 10 - weekday : 0;

for (
  const [what, now] of [
    ["put forward", Date.UTC(2026, 2, 27, 10)],
    ["put back", Date.UTC(2026, 9, 23, 10)],
    ["left alone", Date.UTC(2026, 5, 12, 10)],
  ] as const
) {
  for (const weeks of [8, 2]) {
    Deno.test(`after ${weeks} weeks office hours stay where they are when clocks are ${what}`, () => {
      const history = regular(BERLIN, now - weeks * 7 * 24 * HOUR_MS, now, OFFICE);
      const { start, expected, lower, upper } = foreseeWeek(history, BERLIN, now);
      assert.equal(start, now);
      const ahead = regular(BERLIN, now, now + 168 * HOUR_MS, OFFICE);
      assert.equal(expected.length, 168);
      for (const [at, actual] of ahead.counts.entries()) {
        const found = expected[at] ?? NaN;
        // The shares of hours are those of all days where weekdays have no hours of their own.
        assert.ok(Math.abs(found - actual) <= (weeks > 2 ? 0.3 : 1.5), `${at}: ${found} ${actual}`);
        assert.ok((lower[at] ?? NaN) <= found && found <= (upper[at] ?? NaN));
      }
    });
  }
}

for (
  const [timezone, now] of [
    ["Asia/Kolkata", Date.UTC(2026, 5, 12, 10)],
    ["America/St_Johns", Date.UTC(2026, 2, 6, 10)],
    ["Australia/Lord_Howe", Date.UTC(2026, 9, 2, 10)],
  ] as const
) {
  Deno.test(`office hours of ${timezone}, where hours begin at half past, stay where they are`, () => {
    const history = regular(timezone, now - 56 * 24 * HOUR_MS, now, OFFICE);
    const { expected } = foreseeWeek(history, timezone, now);
    const ahead = regular(timezone, now, now + 168 * HOUR_MS, OFFICE).counts;
    for (const [at, actual] of ahead.entries()) {
      assert.ok(Math.abs((expected[at] ?? NaN) - actual) <= 0.3, `${at}`);
    }
  });
}

for (
  const [days, periods, method] of [[7, 0, "ewma_weekday"], [14, 1, null], [21, 2, null]] as const
) {
  for (const day of ["2026-03-31", "2026-10-27", "2026-06-16"]) {
    Deno.test(`${days} days up to the midnight of ${day} are ${days / 7} weeks, whatever clocks did`, () => {
      const midnight = Temporal.PlainDate.from(day);
      const [from, now] = [midnight.subtract({ days }), midnight]
        .map((date) => date.toZonedDateTime(BERLIN).epochMilliseconds) as [Instant, Instant];
      const history = regular(BERLIN, from, now, () => 3);
      const { accuracy, method: used, expected } = foreseeWeek(history, BERLIN, now);
      assert.equal(accuracy.backtestPeriods, periods);
      assert.equal(used, method ?? used);
      for (const each of expected) assert.ok(Math.abs(each - 3) < 0.15, `${each}`);
    });
  }
}

Deno.test("a desk that has fallen silent is foreseen to stay so, by numbers that are some", () => {
  const now = Date.UTC(2026, 5, 12, 10);
  const history = regular("UTC", now - 200 * 24 * HOUR_MS, now, () => 0);
  history.counts[30] = 3;
  const { expected, upper, accuracy, total } = foreseeWeek(history, "UTC", now);
  assert.ok(Math.max(...expected) < 0.01 && Math.max(...upper) < 0.01 && total.expected < 1);
  assert.deepEqual([accuracy.mase, accuracy.baselineMase], [0, 0]);
});

Deno.test("what the packer has not come to yet is passed over, not taken for nothing", () => {
  const now = Date.UTC(2026, 5, 12, 10);
  const known = now - 5 * HOUR_MS;
  const history = regular("UTC", now - 56 * 24 * HOUR_MS, known, OFFICE);
  const { expected, total } = foreseeWeek(history, "UTC", now);
  const ahead = regular("UTC", now, now + 168 * HOUR_MS, OFFICE).counts;
  for (const [at, actual] of ahead.entries()) {
    assert.ok(Math.abs((expected[at] ?? NaN) - actual) <= 0.3, `${at}`);
  }
  const sum = ahead.reduce((sum, each) => sum + each, 0);
  assert.ok(Math.abs(total.expected - sum) < 3 && total.lower < sum && sum < total.upper);
});

Deno.test("the thirty days end with yesterday, in the time zone of the desk, and are whole", () => {
  const now = Date.UTC(2026, 3, 8, 23);
  const history = regular("America/New_York", now - 20 * 24 * HOUR_MS, now, () => 1);
  const { days } = foreseeWeek(history, "America/New_York", now);
  assert.equal(days.length, 30);
  assert.deepEqual(days.at(-1), { date: "2026-04-07", count: 24 });
  assert.deepEqual(days[0], { date: "2026-03-09", count: 0 });
  const berlin = foreseeWeek(
    regular(BERLIN, Date.UTC(2026, 2, 20), Date.UTC(2026, 2, 31), () => 2),
    BERLIN,
    Date.UTC(2026, 2, 31),
  );
  assert.deepEqual(berlin.days.find(({ date }) => date === "2026-03-29")?.count, 46);
});

Deno.test("a desk without a ticket is foreseen to get none, for want of history", () => {
  const now = Date.UTC(2026, 5, 12, 10);
  const empty = { range: { start: now, end: now }, counts: new Float64Array() };
  for (const history of [empty, regular("UTC", now - 100 * HOUR_MS, now, () => 0)]) {
    const { expected, method, days, total } = foreseeWeek(history, "UTC", now);
    assert.equal(method, "insufficient_history");
    assert.deepEqual(new Set(expected), new Set([0]));
    assert.equal(total.expected, 0);
    assert.deepEqual(new Set(days.map(({ count }) => count)), new Set([0]));
    assert.deepEqual(foreseeDays(history, "UTC", now), new Array(7).fill(0));
  }
});

Deno.test("a department's days are today and the six behind it", () => {
  const now = Date.UTC(2026, 5, 12, 10);
  const history = regular(BERLIN, now - 70 * 24 * HOUR_MS, now - 3 * HOUR_MS, OFFICE);
  const days = foreseeDays(history, BERLIN, now).map(Math.round);
  // The twelfth of June is a Friday.
  assert.deepEqual(days, [40, 0, 0, 72, 64, 56, 48]);
});

Deno.test("a day that has been counted in part is no day of few tickets", () => {
  const now = Date.UTC(2026, 5, 12, 0);
  const whole = foreseeDays(regular("UTC", now - 70 * 24 * HOUR_MS, now, OFFICE), "UTC", now);
  assert.deepEqual(whole.map(Math.round), [40, 0, 0, 72, 64, 56, 48]);
  for (const late of [1, 10, 24, 25, 47]) {
    const end = now - late * HOUR_MS;
    const known = regular("UTC", now - 70 * 24 * HOUR_MS, end, OFFICE);
    assert.deepEqual(foreseeDays(known, "UTC", now).map(Math.round), whole.map(Math.round));
  }
});

Deno.test("hours before the first ticket are no history", () => {
  const now = Date.UTC(2026, 5, 12, 0);
  const first = now - 4 * 24 * HOUR_MS;
  const history = regular("UTC", now - 300 * 24 * HOUR_MS, now, () => 3);
  history.counts.fill(0, 0, (first - history.range.start) / HOUR_MS);
  const { method, expected } = foreseeWeek(history, "UTC", now);
  assert.equal(method, "insufficient_history");
  assert.deepEqual(new Set(expected), new Set([3]));
});

function daysOf(...halves: readonly number[]): DayCount[] {
  return Array.from({ length: 30 }, (_, day) => ({
    date: "2026-01-01",
    count: halves[day < 2 ? 0 : day < 16 ? 1 : 2] ?? 0,
  }));
}

for (
  const [what, days, expected] of [
    ["more", daysOf(99, 10, 12), { direction: "up", changePercent: 20 }],
    ["fewer", daysOf(0, 10, 9), { direction: "down", changePercent: -10 }],
    ["hardly more", daysOf(0, 100, 104), { direction: "steady", changePercent: 4 }],
    ["some after none", daysOf(9, 0, 1), { direction: "up", changePercent: 100 }],
    ["none after none", daysOf(9, 0, 0), { direction: "steady", changePercent: 0 }],
    ["none after some", daysOf(9, 3, 0), { direction: "down", changePercent: -100 }],
  ] as const
) {
  Deno.test(`two weeks with ${what} go ${expected.direction}`, () => {
    assert.deepEqual(trendOf(days), expected);
  });
}
