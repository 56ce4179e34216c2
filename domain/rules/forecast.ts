import { type Backtest, backtest, bestOf, type Miss } from "./forecast_backtest.ts";
import {
  type Bounds,
  boundsByChance,
  boundsFromMisses,
  type BoundsOf,
  boundsOfTotal,
  dispersionOf,
} from "./forecast_intervals.ts";
import { FORESIGHTS, type Method } from "./forecast_methods.ts";
import { mean } from "./forecast_smoothing.ts";

export type MethodUsed = Method | "insufficient_history";

export interface Forecast {
  readonly method: MethodUsed;
  /** Point by point behind the history; never below 0. */
  readonly expected: Float64Array;
  /**
   * Four of five times what comes lies between these, of few an hour more often, for they are whole
   * numbers. With less than a week of history what other weekdays bring is not in them.
   */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly accuracy: Accuracy;
  /** How far off the method was when it was tried; empty where it could not be. */
  readonly misses: readonly Miss[];
  /** Variance by mean of the sum over a period, as far as it can be known without a trial. */
  readonly dispersion: number;
}

/** Mean absolute scaled errors; null where the history allows no trial. */
export interface Accuracy {
  readonly mase: number | null;
  /** Of whoever repeats the last period. */
  readonly baselineMase: number | null;
  readonly backtestPeriods: number;
}

const HOURS_A_DAY = 24;
export const DAYS_A_WEEK = 7;
export const HOURS_A_WEEK = DAYS_A_WEEK * HOURS_A_DAY;

/** From so many weeks on the hours of a week are told apart by their own past. */
const HOURLY_WEEKS_MIN = 3;

/**
 * What is to come hour by hour, from the numbers of each hour that was: gaps are NaN, the first hour
 * is the first of a day, and the last day need not be whole. By the hours of the week; with less than
 * three weeks by weekdays, which get the hours that days had; with less than one the mean.
 */
export function forecastHours(history: Float64Array, count: number): Forecast {
  const hasDays = history.length >= HOURS_A_DAY;
  if (!hasDays || history.length >= HOURLY_WEEKS_MIN * HOURS_A_WEEK) {
    return forecastPeriods(history, HOURS_A_WEEK, count);
  }
  const filled = fillGaps(history, HOURS_A_WEEK);
  const days = dailySums(filled);
  const last = days.length * HOURS_A_DAY;
  const ahead = Math.ceil((filled.length - last + count) / HOURS_A_DAY);
  const daily = forecastPeriods(days, DAYS_A_WEEK, ahead);
  const shares = hourShares(filled);
  const hourly = (perDay: Float64Array) => (hour: number): number =>
    (perDay[Math.floor(hour / HOURS_A_DAY)] ?? 0) * (shares[hour % HOURS_A_DAY] ?? 0);
  const foreseen = hourly(daily.expected);
  const isMean = daily.method === "insufficient_history";
  const seen = hourly(isMean ? days.map(() => mean(days)) : days);
  const usual = Float64Array.from({ length: last }, (_, hour) => seen(hour));
  const boundsOf = boundsByChance(dispersionOf(filled.subarray(0, last), usual));
  const expected = Float64Array.from(
    { length: count },
    (_, index) => foreseen(filled.length - last + index),
  );
  return { ...daily, expected, ...boundsAlong(expected, boundsOf) };
}

/**
 * What is to come point by point, from a history in periods; gaps are NaN. The method is the one that
 * would have been least off over the last periods. With less than two periods nothing can be tried,
 * and it is a mean by places; with less than one, which is too little history, one mean for all.
 */
export function forecastPeriods(history: Float64Array, period: number, count: number): Forecast {
  const series = fillGaps(history, period);
  const tried = backtest(series, period);
  const best = bestOf(tried);
  const method = best?.method ??
    (series.length < period ? "insufficient_history" : "ewma_weekday");
  const foreseen = method === "insufficient_history"
    ? new Float64Array(count).fill(mean(series))
    : FORESIGHTS[method](series, period, count);
  const expected = foreseen.map((each) => Number.isFinite(each) ? Math.max(0, each) : 0);
  const misses = best?.misses ?? [];
  const level = new Float64Array(series.length).fill(mean(series));
  const scatter = dispersionOf(series, level);
  const boundsOf = misses.length > 0 ? boundsFromMisses(misses, period) : boundsByChance(scatter);
  return {
    method,
    expected,
    ...boundsAlong(expected, boundsOf),
    accuracy: accuracyOf(best, tried, period),
    misses,
    dispersion: misses.length > 0 ? 1 : untriedDispersion(series, period, scatter),
  };
}

/**
 * Variance by mean of the sum over a period that is foreseen without a trial: what comes scatters, and
 * the mean that was foreseen is itself off by the scatter of the few it was made of.
 */
function untriedDispersion(series: Float64Array, period: number, scatter: number): number {
  if (series.length === 0) return 1;
  // Of a whole period the scatter is that of its places, which are known by then.
  const around = series.length < period ? scatter : 1;
  return around * (1 + period / series.length);
}

function accuracyOf(best: Backtest | null, tried: readonly Backtest[], period: number): Accuracy {
  const naive = tried.find(({ method }) => method === "seasonal_naive");
  return {
    mase: best?.mase ?? null,
    baselineMase: naive?.mase ?? null,
    backtestPeriods: (best?.misses.length ?? 0) / period,
  };
}

/** The sum of the first so many points, and the bounds of it; the misses are of so many points. */
export function totalOf(
  { expected, misses, dispersion }: Forecast,
  from: number,
  count: number,
): Bounds & { readonly expected: number } {
  const sum = expected.subarray(from, from + count).reduce((sum, each) => sum + each, 0);
  return { expected: sum, ...boundsOfTotal(sum, misses, dispersion) };
}

function boundsAlong(
  expected: Float64Array,
  boundsOf: BoundsOf,
): { lower: Float64Array; upper: Float64Array } {
  const bounds = Array.from(expected, boundsOf);
  return {
    lower: Float64Array.from(bounds, ({ lower }) => lower),
    upper: Float64Array.from(bounds, ({ upper }) => upper),
  };
}

/**
 * The series with each gap filled: by the mean of what is a period before and behind it, where there
 * is nothing by that of the whole series. Without any number it is all zeros.
 */
export function fillGaps(series: Float64Array, period: number): Float64Array {
  const known = (at: number): number | null => {
    const value = series[at];
    return value === undefined || !Number.isFinite(value) ? null : value;
  };
  const overall = mean(series.filter(Number.isFinite));
  return series.map((value, at) => {
    if (Number.isFinite(value)) return value;
    const near = [known(at - period), known(at + period)].filter((each) => each !== null);
    return near.length === 0 ? overall : mean(Float64Array.from(near));
  });
}

/** Of whole days alone. */
function dailySums(hours: Float64Array): Float64Array {
  const sums = new Float64Array(Math.floor(hours.length / HOURS_A_DAY));
  for (const day of sums.keys()) {
    sums[day] = hours.subarray(day * HOURS_A_DAY, (day + 1) * HOURS_A_DAY)
      .reduce((sum, each) => sum + each, 0);
  }
  return sums;
}

/** Which share of a day's tickets each hour has; the same for all where there were none. */
function hourShares(hours: Float64Array): Float64Array {
  const means = new Float64Array(HOURS_A_DAY).map((_, hour) =>
    mean(hours.filter((_value, at) => at % HOURS_A_DAY === hour))
  );
  const total = means.reduce((sum, each) => sum + each, 0);
  return means.map((each) => total > 0 ? each / total : 1 / HOURS_A_DAY);
}
