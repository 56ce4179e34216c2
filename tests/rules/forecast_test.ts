import assert from "node:assert/strict";
import fc from "fast-check";
import {
  fillGaps,
  type Forecast,
  forecastHours,
  forecastPeriods,
  HOURS_A_WEEK,
  totalOf,
} from "../../domain/rules/forecast.ts";
import { naiveError } from "../../domain/rules/forecast_backtest.ts";
import { byDays, MADE_UP, type MadeUpDesk, madeUpHours } from "../support/series.ts";

/** How forecasts did that were made at the beginning of each of the last periods. */
interface Trial {
  readonly mase: number;
  readonly baselineMase: number;
  /** Of what came, the share between the bounds. */
  readonly covered: number;
}

function tryOut(
  series: Float64Array,
  period: number,
  periods: number,
  forecast: (history: Float64Array) => Forecast,
): Trial {
  const scale = naiveError(series, period) * periods * period;
  const sums = { error: 0, naive: 0, covered: 0 };
  for (let back = periods; back >= 1; back--) {
    const origin = series.length - back * period;
    const { expected, lower, upper } = forecast(series.subarray(0, origin));
    for (let ahead = 0; ahead < period; ahead++) {
      const actual = series[origin + ahead] ?? NaN;
      sums.error += Math.abs(actual - (expected[ahead] ?? NaN));
      sums.naive += Math.abs(actual - (series[origin + ahead - period] ?? NaN));
      if (actual >= (lower[ahead] ?? NaN) && actual <= (upper[ahead] ?? NaN)) sums.covered += 1;
    }
  }
  const covered = sums.covered / (periods * period);
  return { mase: sums.error / scale, baselineMase: sums.naive / scale, covered };
}

const WEEKS_TRIED = 4;

const trials = MADE_UP.map((desk) => {
  const hours = madeUpHours(desk);
  const hourly = tryOut(
    hours,
    HOURS_A_WEEK,
    WEEKS_TRIED,
    (history) => forecastHours(history, HOURS_A_WEEK),
  );
  const daily = tryOut(
    byDays(hours),
    7,
    2 * WEEKS_TRIED,
    (history) => forecastPeriods(history, 7, 7),
  );
  return { desk, isSparse: desk.name.includes("sparse"), hourly, daily };
});

Deno.test("of ten made-up desks at least eight are foreseen better than by repeating the last week", () => {
  const better = trials.filter(({ hourly }) => hourly.mase < hourly.baselineMase);
  assert.ok(better.length >= 8, JSON.stringify(trials));
});

for (const { desk, isSparse, hourly, daily } of trials) {
  Deno.test(`of what comes to a desk ${desk.name}, 70 to 90 % lie within bounds of 80 %`, () => {
    // An hour that has mostly no ticket cannot be covered by less than most: there the bounds may
    // cover what they do cover for whoever knows how many come on average, and the days hold.
    const { covered } = isSparse ? daily : hourly;
    assert.ok(covered >= 0.7 && covered <= 0.9, `${covered}`);
    const most = isSparse ? leastCovered(desk) + 0.02 : 0.9;
    assert.ok(hourly.covered >= 0.7 && hourly.covered <= most, `${hourly.covered} ${most}`);
  });
}

/** What the smallest bounds from 0 on cover that hold four of five times, if the rate were known. */
function leastCovered({ weeks, rate }: MadeUpDesk): number {
  let sum = 0;
  for (let hour = (weeks - WEEKS_TRIED) * HOURS_A_WEEK; hour < weeks * HOURS_A_WEEK; hour++) {
    const average = rate(hour, () => 1);
    let chance = Math.exp(-average);
    let covered = chance;
    for (let count = 1; covered < 0.8; count++) {
      chance *= average / count;
      covered += chance;
    }
    sum += covered;
  }
  return sum / (WEEKS_TRIED * HOURS_A_WEEK);
}

Deno.test("the total of a week lies within its bounds more often than not", () => {
  let within = 0;
  for (const desk of MADE_UP) {
    const hours = madeUpHours(desk);
    for (let back = WEEKS_TRIED; back >= 1; back--) {
      const origin = hours.length - back * HOURS_A_WEEK;
      const forecast = forecastHours(hours.subarray(0, origin), HOURS_A_WEEK);
      const { expected, lower, upper } = totalOf(forecast, 0, HOURS_A_WEEK);
      assert.ok(lower <= expected && expected <= upper);
      const actual = hours.subarray(origin, origin + HOURS_A_WEEK).reduce((sum, x) => sum + x, 0);
      if (actual >= lower && actual <= upper) within += 1;
    }
  }
  const share = within / (WEEKS_TRIED * MADE_UP.length);
  assert.ok(share >= 0.65 && share <= 0.95, `${share}`);
});

for (const days of [6, 7, 10, 13]) {
  Deno.test(`after ${days} days, which allow no trial, bounds hold of all but days off`, () => {
    const [hourly, weekly] = [{ within: 0, count: 0 }, { within: 0, count: 0 }];
    for (const desk of MADE_UP.filter(({ name }) => !/sparse|holidays/.test(name))) {
      const hours = madeUpHours(desk);
      for (let week = 0; week < 10; week++) {
        const from = week * HOURS_A_WEEK;
        const origin = from + days * 24;
        const forecast = forecastHours(hours.subarray(from, origin), HOURS_A_WEEK);
        const came = hours.subarray(origin, origin + HOURS_A_WEEK);
        const isWithin = (at: number, actual: number): boolean =>
          actual >= (forecast.lower[at] ?? NaN) && actual <= (forecast.upper[at] ?? NaN);
        hourly.within += came.filter((actual, at) => isWithin(at, actual)).length;
        hourly.count += came.length;
        const total = totalOf(forecast, 0, HOURS_A_WEEK);
        const sum = came.reduce((sum, each) => sum + each, 0);
        weekly.within += sum >= total.lower && sum <= total.upper ? 1 : 0;
        weekly.count += 1;
      }
    }
    const covered = hourly.within / hourly.count;
    assert.ok(covered >= 0.7 && covered <= 0.9, `${covered}`);
    assert.ok(weekly.within / weekly.count >= 0.65, `${weekly.within / weekly.count}`);
  });
}

Deno.test("with less than a week the mean is told, and that it is too little", () => {
  for (const hours of [5, 24, 60, 167]) {
    const forecast = forecastHours(new Float64Array(hours).fill(2), 24);
    assert.equal(forecast.method, "insufficient_history");
    assert.deepEqual(forecast.accuracy, { mase: null, baselineMase: null, backtestPeriods: 0 });
    for (const [at, each] of forecast.expected.entries()) {
      assert.ok(Math.abs(each - 2) < 1e-9, `${each}`);
      assert.ok((forecast.lower[at] ?? NaN) < each && each < (forecast.upper[at] ?? NaN));
    }
  }
});

const busyDesk = MADE_UP.find(({ name }) => name === "busy by day and week");
assert(busyDesk !== undefined);
const busy = madeUpHours(busyDesk);

for (
  const [days, method, tried] of [
    [1, "insufficient_history", 0],
    [6, "insufficient_history", 0],
    [7, "ewma_weekday", 0],
    [13, "ewma_weekday", 0],
    [14, null, 1],
    [20, null, 1],
    [21, null, 2],
    [70, null, 6],
  ] as const
) {
  Deno.test(`after ${days} days ${tried} weeks can be tried, by ${method ?? "whatever is best"}`, () => {
    const history = busy.subarray(0, days * 24);
    const forecast = forecastHours(history, HOURS_A_WEEK);
    if (method !== null) assert.equal(forecast.method, method);
    else assert.notEqual(forecast.method, "insufficient_history");
    assert.equal(forecast.accuracy.backtestPeriods, tried);
    assert.equal(forecast.expected.length, HOURS_A_WEEK);
    if (tried > 0) {
      const { mase, baselineMase } = forecast.accuracy;
      assert.ok(mase !== null && baselineMase !== null && mase <= baselineMase);
    }
    const noon = forecast.expected[12] ?? 0;
    if (days >= 14) assert.ok(noon > 4 * (forecast.expected[3] ?? 0), `${noon}`);
  });
}

Deno.test("a day that is not over yet shifts nothing: its hours are foreseen as those they are", () => {
  for (const days of [10, 25]) {
    const whole = forecastHours(busy.subarray(0, days * 24), HOURS_A_WEEK).expected;
    const late = forecastHours(busy.subarray(0, days * 24 + 9), HOURS_A_WEEK).expected;
    const highest = (values: Float64Array): number => values.indexOf(Math.max(...values)) % 24;
    const noon = (hour: number): number => Math.abs(hour - 12);
    assert.ok(noon(highest(whole)) <= 3, `${highest(whole)}`);
    assert.ok(noon((highest(late) + 9) % 24) <= 3, `${highest(late)}`);
  }
});

Deno.test("without any history, or any ticket, nothing is foreseen", () => {
  for (
    const history of [new Float64Array(), new Float64Array(2_000), new Float64Array(30).fill(NaN)]
  ) {
    const { expected, lower } = forecastHours(history, 48);
    assert.deepEqual([...expected], new Array(48).fill(0));
    assert.deepEqual([...lower], new Array(48).fill(0));
  }
});

Deno.test("what was always the same is foreseen to be the same", () => {
  const { expected, lower, upper, accuracy } = forecastPeriods(new Float64Array(70).fill(4), 7, 7);
  assert.deepEqual(accuracy, { mase: 0, baselineMase: 0, backtestPeriods: 6 });
  for (const values of [expected, lower, upper]) {
    for (const each of values) assert.ok(Math.abs(each - 4) < 1e-6, `${each}`);
  }
});

Deno.test("what falls is foreseen to fall no further than to nothing", () => {
  const falling = Float64Array.from({ length: 42 }, (_, day) => Math.max(0, 400 - 10 * day));
  const { expected, lower } = forecastPeriods(falling, 7, 28);
  for (const each of [...expected, ...lower]) assert.ok(each >= 0, `${each}`);
});

Deno.test("a gap is filled by the same time a week before and behind it", () => {
  const series = Float64Array.of(1, 2, NaN, 4, 5, 7, NaN, NaN);
  assert.deepEqual([...fillGaps(series, 3)], [1, 2, 7, 4, 5, 7, 4, 5]);
  assert.deepEqual([...fillGaps(Float64Array.of(NaN, 6), 7)], [6, 6]);
});

Deno.test("a few gaps do not change what is foreseen by much", () => {
  const history = busy.slice(0, 20 * HOURS_A_WEEK);
  const whole = totalOf(forecastHours(history, HOURS_A_WEEK), 0, HOURS_A_WEEK);
  for (let at = 50; at < history.length; at += 97) history[at] = NaN;
  const gapped = totalOf(forecastHours(history, HOURS_A_WEEK), 0, HOURS_A_WEEK);
  assert.ok(Math.abs(gapped.expected - whole.expected) < 0.03 * whole.expected);
});

Deno.test("whatever came, what is foreseen is a number that is not negative, within its bounds", () => {
  const value = fc.oneof(fc.nat({ max: 40 }), fc.constant(0), fc.constant(NaN));
  const series = fc.array(value, { maxLength: 60 });
  fc.assert(fc.property(series, fc.integer({ min: 2, max: 12 }), (values, period) => {
    const forecast = forecastPeriods(Float64Array.from(values), period, 2 * period);
    for (const [at, expected] of forecast.expected.entries()) {
      const [lower, upper] = [forecast.lower[at] ?? NaN, forecast.upper[at] ?? NaN];
      assert.ok(0 <= lower && lower <= expected && expected <= upper, `${expected}`);
      assert.ok(Number.isFinite(upper));
    }
  }));
});

Deno.test("the same history makes the same forecast", () => {
  const history = busy.subarray(0, 12 * HOURS_A_WEEK);
  assert.deepEqual(forecastHours(history, 24), forecastHours(history, 24));
});
