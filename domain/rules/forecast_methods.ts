import { fitWeights } from "./forecast_fit.ts";
import { foresee, mean, type Seasonality, smooth, startFromMeans } from "./forecast_smoothing.ts";

/** In this order: of methods that are equally good the first is taken. */
export const METHODS = [
  "holt_winters_additive",
  "holt_winters_multiplicative",
  "ewma_weekday",
  "mean",
  "seasonal_naive",
] as const;
export type Method = (typeof METHODS)[number];

/** What a method foresees behind a series that has at least one whole period. */
export type Foresight = (series: Float64Array, period: number, count: number) => Float64Array;

export const FORESIGHTS: Readonly<Record<Method, Foresight>> = {
  holt_winters_additive: holtWinters("additive"),
  holt_winters_multiplicative: holtWinters("multiplicative"),
  ewma_weekday: ewma,
  mean: recentMean,
  seasonal_naive: seasonalNaive,
};

/** Half of the trend is left after one period: no desk grows for ever. */
const TREND_PERIODS = 4;
/** An error that was so many periods ago counts half: what suits now is fitted. */
const MEMORY_PERIODS = 3;
/** What was before these has no say in it. */
const FITTED_PERIODS_MAX = 26;

function holtWinters(seasonality: Seasonality): Foresight {
  return (series, period, count) => {
    const fading = {
      damping: 0.5 ** (1 / (TREND_PERIODS * period)),
      memory: 0.5 ** (1 / (MEMORY_PERIODS * period)),
    };
    const from = Math.max(0, Math.floor(series.length / period) - FITTED_PERIODS_MAX) * period;
    const recent = series.subarray(from);
    const start = startFromMeans(recent, period, seasonality);
    const weights = fitWeights(recent, start, fading);
    const state = smooth(recent, start, recent.length, { ...weights, ...fading });
    return foresee(state, count, fading);
  };
}

/** Of these the one is taken that foresees each next period best. */
const SHARES = [0.05, 0.1, 0.2, 0.35, 0.6];

/** An exponentially weighted mean by the place in the period: by weekday, or by weekday and hour. */
function ewma(series: Float64Array, period: number, count: number): Float64Array {
  let best = { means: new Float64Array(period), error: Infinity };
  for (const share of SHARES) {
    const found = weightedMeans(series, period, share);
    if (found.error < best.error) best = found;
  }
  return Float64Array.from(
    { length: count },
    (_, ahead) => best.means[(series.length + ahead) % period] ?? 0,
  );
}

/**
 * Until as many have been seen as the share stands for, all count the same: the first one's chance
 * does not stand for long.
 */
function weightedMeans(
  series: Float64Array,
  period: number,
  share: number,
): { readonly means: Float64Array<ArrayBuffer>; readonly error: number } {
  const means = new Float64Array(period);
  let error = 0;
  for (let at = 0; at < series.length; at++) {
    const place = at % period;
    const seen = Math.floor(at / period);
    const surprise = (series[at] ?? 0) - (means[place] ?? 0);
    if (seen > 0) error += surprise * surprise;
    means[place] = (means[place] ?? 0) + surprise * Math.max(share, 1 / (seen + 1));
  }
  return { means, error };
}

/** What was longer ago than this says nothing of the mean that is to come. */
const MEAN_PERIODS = 4;

function recentMean(series: Float64Array, period: number, count: number): Float64Array {
  const from = Math.max(0, series.length - MEAN_PERIODS * period);
  return new Float64Array(count).fill(mean(series.subarray(from)));
}

/** What was a period ago comes again. */
function seasonalNaive(series: Float64Array, period: number, count: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, ahead) => series[series.length - period + ahead % period] ?? 0,
  );
}
