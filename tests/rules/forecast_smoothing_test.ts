import assert from "node:assert/strict";
import fc from "fast-check";
import { fitWeights } from "../../domain/rules/forecast_fit.ts";
import {
  foresee,
  type Seasonality,
  smooth,
  startFromMeans,
  startLikeR,
} from "../../domain/rules/forecast_smoothing.ts";
import { AIR_PASSENGERS } from "../support/series.ts";

const AS_R = { damping: 1, memory: 1 };
/** What R's `HoltWinters(AirPassengers, seasonal = "mult")` finds. */
const R_WEIGHTS = { alpha: 0.2755925, beta: 0.03269295, gamma: 0.8707292 };

function assertNear(found: number | undefined, expected: number, digits: number): void {
  assert.ok(found !== undefined);
  const difference = Math.abs(found - expected);
  assert.ok(difference <= 0.5 * 10 ** -digits, `${found}, not ${expected}`);
}

Deno.test("of the airline passengers there are 144 months", () => {
  assert.equal(AIR_PASSENGERS.length, 144);
  assert.equal(AIR_PASSENGERS.reduce((sum, each) => sum + each, 0), 40_363);
});

Deno.test("airline passengers are smoothed as R does it, from R's start and with R's weights", () => {
  const start = startLikeR(AIR_PASSENGERS, 12, "multiplicative");
  const state = smooth(AIR_PASSENGERS, start, 144, { ...R_WEIGHTS, ...AS_R });
  assertNear(state.squaredError, 16570.78, 2);
  assertNear(state.level, 469.32322, 5);
  assertNear(state.trend, 3.02154, 5);
  const [next] = foresee(state, 1, AS_R);
  assertNear(next, 447.0559, 4);
});

Deno.test("the weights that are found for airline passengers are as good as R's", () => {
  const start = startLikeR(AIR_PASSENGERS, 12, "multiplicative");
  const weights = fitWeights(AIR_PASSENGERS, start, AS_R);
  const { squaredError } = smooth(AIR_PASSENGERS, start, 144, { ...weights, ...AS_R });
  assert.ok(squaredError < 16570.78 * 1.001, `${squaredError}`);
});

Deno.test("the start counts nothing twice: its seasons are the first ones' means", () => {
  const series = Float64Array.of(8, 12, 20, 30);
  const added = startFromMeans(series, 2, "additive");
  assert.deepEqual([...added.seasonals, added.level, added.trend], [-3.5, 3.5, 10, 0]);
  const timed = startFromMeans(series, 2, "multiplicative");
  assert.deepEqual([...timed.seasonals, timed.level, timed.trend], [0.8, 1.2, 10, 0]);
});

const KINDS = ["additive", "multiplicative"] as const satisfies readonly Seasonality[];

for (const seasonality of KINDS) {
  Deno.test(`a ${seasonality} season without noise is foreseen exactly, whatever the weights`, () => {
    const place = fc.double({ min: 0.5, max: 2, noNaN: true });
    const seasons = fc.array(place, { minLength: 2, maxLength: 13 });
    const weight = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(seasons, weight, weight, weight, (seasons, alpha, beta, gamma) => {
      const period = seasons.length;
      const series = Float64Array.from(
        { length: 5 * period },
        (_, at) => seasons[at % period] ?? 0,
      );
      for (const from of [startFromMeans, startLikeR]) {
        const start = from(series, period, seasonality);
        const state = smooth(series, start, series.length, { alpha, beta, gamma, ...AS_R });
        const expected = foresee(state, period, AS_R);
        for (const [at, each] of expected.entries()) assertNear(each, seasons[at] ?? NaN, 6);
      }
    }));
  });

  Deno.test(`a ${seasonality} season goes over zeros without a number that is none`, () => {
    const count = fc.array(fc.nat({ max: 3 }), { minLength: 14, maxLength: 60 });
    fc.assert(fc.property(fc.nat({ max: 14 }), count, (silent, counts) => {
      const series = Float64Array.from(counts).fill(0, 0, silent);
      const start = startFromMeans(series, 7, seasonality);
      const weights = fitWeights(series, start, { damping: 0.9, memory: 0.9 });
      for (const weight of Object.values(weights)) assert.ok(weight >= 0 && weight <= 1);
      const state = smooth(series, start, series.length, {
        ...weights,
        damping: 0.9,
        memory: 0.9,
      });
      for (const each of foresee(state, 14, { damping: 0.9 })) assert.ok(Number.isFinite(each));
    }));
  });
}

Deno.test("a trend that is damped comes to an end, and one that is not goes on", () => {
  const state = {
    seasonality: "additive",
    at: 0,
    level: 10,
    trend: 1,
    seasonals: Float64Array.of(0),
    squaredError: 0,
  } as const;
  assert.deepEqual([...foresee(state, 3, { damping: 1 })], [11, 12, 13]);
  assert.deepEqual([...foresee(state, 3, { damping: 0.5 })], [10.5, 10.75, 10.875]);
});
