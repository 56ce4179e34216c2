import assert from "node:assert/strict";
import {
  backtest,
  BACKTEST_PERIODS_MAX,
  bestOf,
  meanError,
  type Miss,
  naiveError,
} from "../../domain/rules/forecast_backtest.ts";
import {
  boundsByChance,
  boundsFromMisses,
  boundsOfTotal,
  dispersionOf,
} from "../../domain/rules/forecast_intervals.ts";
import { METHODS } from "../../domain/rules/forecast_methods.ts";
import { chanceOf } from "../simulation/chance.ts";
import { byDays, MADE_UP, madeUpHours } from "../support/series.ts";

const [growing] = MADE_UP;
assert(growing !== undefined);
const days = byDays(madeUpHours(growing));

Deno.test("every method is asked at the beginning of each of the last periods, and of no more", () => {
  for (const [weeks, expected] of [[1, 0], [2, 1], [4, 3], [20, BACKTEST_PERIODS_MAX]] as const) {
    const tried = backtest(days.subarray(0, weeks * 7), 7);
    assert.deepEqual(tried.map(({ method }) => method), expected === 0 ? [] : METHODS);
    for (const { misses } of tried) {
      const origins = new Set(misses.map(({ origin }) => origin));
      assert.deepEqual(
        [...origins],
        Array.from({ length: expected }, (_, index) => (weeks - expected + index) * 7),
      );
      assert.equal(misses.length, expected * 7);
    }
  }
});

Deno.test("whoever is asked knows nothing of what came later", () => {
  const origin = days.length - 7;
  const expectedOf = (series: Float64Array): number[][] =>
    backtest(series, 7).map(({ misses }) =>
      misses.filter((miss) => miss.origin <= origin).map(({ expected }) => expected)
    );
  const otherwise = days.slice();
  otherwise.fill(1_000, origin);
  assert.deepEqual(expectedOf(otherwise), expectedOf(days));
});

Deno.test("errors are told in those of whoever repeats the last period, and the smallest wins", () => {
  const tried = backtest(days, 7);
  const best = bestOf(tried);
  assert.ok(best !== null);
  for (const { mase, misses } of tried) {
    assert.equal(mase, meanError(misses) / naiveError(days, 7));
    assert.ok(meanError(best.misses) <= meanError(misses));
  }
  assert.equal(naiveError(Float64Array.of(1, 2, 4, 8), 2), (3 + 6) / 2);
  assert.equal(bestOf([]), null);
});

/** What came where so much was expected, by the scatter of a sum of chances. */
function scattered(count: number, expected: (index: number) => number, width: number): Miss[] {
  const chance = chanceOf(count);
  return Array.from({ length: count }, (_, index) => {
    const normal = Array.from({ length: 12 }, () => chance.next()).reduce((a, b) => a + b, -6);
    const actual = expected(index) + width * Math.sqrt(expected(index)) * normal;
    return { origin: 0, ahead: index % 168, expected: expected(index), actual };
  });
}

for (const width of [0.5, 1, 3]) {
  Deno.test(`bounds from errors ${width} times as wide as chance cover four of five of as many more`, () => {
    const size = (index: number): number => 20 + index % 100;
    const boundsOf = boundsFromMisses(scattered(1_008, size, width), 168);
    const later = scattered(5_000, size, width);
    const covered = later.filter(({ expected, ahead, actual }) => {
      const { lower, upper } = boundsOf(expected, ahead);
      return lower <= actual && actual <= upper;
    });
    const share = covered.length / later.length;
    assert.ok(share > 0.77 && share < 0.83, `${share}`);
  });
}

Deno.test("errors where as much was expected count all the same, whenever they were made", () => {
  // Two were expected of every hour, or of four in five; seven came in each second one from day three on.
  for (const expectedAt of [() => 2, (ahead: number) => ahead % 10 < 2 ? 0 : 2]) {
    const misses = Array.from({ length: 168 }, (_, ahead): Miss => {
      const actual = ahead >= 48 && ahead % 2 === 1 ? 7 : 2;
      return { origin: 168, ahead, expected: expectedAt(ahead), actual };
    });
    const boundsOf = boundsFromMisses(misses, 168);
    for (const ahead of [60, 100, 167]) {
      const { upper } = boundsOf(2, ahead);
      assert.ok(upper > 6.9 && upper < 9, `${upper}`);
    }
  }
});

Deno.test("bounds by chance alone are those of a Poisson number, wider by what the past scattered", () => {
  const narrow = boundsByChance(1)(100, 0);
  assert.ok(Math.abs(narrow.upper - 112.816) < 1e-9 && Math.abs(narrow.lower - 87.184) < 1e-9);
  const wide = boundsByChance(4)(100, 0);
  assert.ok(Math.abs(wide.upper - 125.632) < 1e-9);
  assert.equal(boundsByChance(1)(0.5, 0).lower, 0);
  assert.equal(dispersionOf(Float64Array.of(0, 20), Float64Array.of(10, 10)), 10);
  assert.equal(dispersionOf(Float64Array.of(10, 10), Float64Array.of(10, 10)), 1);
});

Deno.test("few trials make the bounds of a total wider than many with the same errors", () => {
  const missesOf = (origins: number): Miss[] =>
    Array.from(
      { length: origins },
      (_, origin) => ({ origin, ahead: 0, expected: 100, actual: 130 }),
    );
  const reach = (origins: number): number => boundsOfTotal(100, missesOf(origins)).upper - 100;
  assert.ok(reach(1) > reach(2) && reach(2) > reach(6), `${reach(6)}`);
  assert.ok(Math.abs(reach(6) - 1.44 * 30) < 1e-9);
  assert.ok(Math.abs(reach(0) - 12.816) < 1e-9);
});
