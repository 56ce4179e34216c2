/**
 * Holt-Winters smoothing: a level, a trend and a season, each carried on from what was foreseen one
 * step ahead. After C. C. Holt (1957) and P. R. Winters (1960), with the recursions and, where asked
 * for, the initialisation of R's `HoltWinters`.
 */

export type Seasonality = "additive" | "multiplicative";

/** How much of each step's surprise goes into level, trend and season; each from 0 to 1. */
export interface Weights {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** What is carried on; where season `index` of `seasonals` is that of a point by its place modulo. */
export interface SmoothingState {
  readonly seasonality: Seasonality;
  /** How many points have been seen. */
  readonly at: number;
  readonly level: number;
  readonly trend: number;
  readonly seasonals: Float64Array;
  /** The sum of squared errors of one step, of the points seen since the start. */
  readonly squaredError: number;
}

/** What goes with each step: 1 is nothing, as R has it. */
export interface Fading {
  /** The share of the trend that stays: below 1 it comes to an end. */
  readonly damping: number;
  /** The share of earlier errors that still counts. */
  readonly memory: number;
}

/**
 * What divides is never smaller than this share of the level at the start, or of one ticket where
 * that is none: nights have no tickets, and a desk may begin or begin again with a season of none.
 */
const FLOOR_SHARE = 1e-3;

/** Carries the state on to point `to`, which is not among what is seen. */
export function smooth(
  series: Float64Array,
  start: SmoothingState,
  to: number,
  { alpha, beta, gamma, damping, memory }: Weights & Fading,
): SmoothingState {
  const { seasonality } = start;
  const isAdditive = seasonality === "additive";
  const seasonals = start.seasonals.slice();
  const period = seasonals.length;
  const floor = FLOOR_SHARE * (Math.abs(start.level) || 1);
  let { level, trend, squaredError } = start;
  let place = start.at % period;
  for (let at = start.at; at < to; at++) {
    const value = series[at] ?? 0;
    const seasonal = seasonals[place] ?? 0;
    const ahead = level + damping * trend;
    const error = value - (isAdditive ? ahead + seasonal : ahead * seasonal);
    squaredError = memory * squaredError + error * error;
    const bare = isAdditive ? value - seasonal : value / Math.max(seasonal, FLOOR_SHARE);
    const next = alpha * bare + (1 - alpha) * ahead;
    trend = beta * (next - level) + (1 - beta) * damping * trend;
    level = next;
    const surprise = isAdditive ? value - level : value / Math.max(level, floor);
    seasonals[place] = gamma * surprise + (1 - gamma) * seasonal;
    place += 1;
    if (place === period) place = 0;
  }
  return { seasonality, at: Math.max(start.at, to), level, trend, seasonals, squaredError };
}

/** What is foreseen of the points behind the last that was seen, as many as asked for. */
export function foresee(
  state: SmoothingState,
  count: number,
  { damping }: Pick<Fading, "damping">,
): Float64Array {
  const { seasonality, at, level, trend, seasonals } = state;
  const expected = new Float64Array(count);
  let grown = 0;
  let step = damping;
  for (let ahead = 0; ahead < count; ahead++, step *= damping) {
    grown += step * trend;
    const seasonal = seasonals[(at + ahead) % seasonals.length] ?? 0;
    const bare = level + grown;
    expected[ahead] = seasonality === "additive" ? bare + seasonal : bare * seasonal;
  }
  return expected;
}

/** At the start no more seasons than this are looked at: later ones are for the smoothing. */
const START_SEASONS_MAX = 4;

/**
 * A start from the first seasons, of which there must be one whole: each season's deviation is its
 * mean over them, so that a single one's chance does not stand for long. Smoothing begins with the
 * first point.
 */
export function startFromMeans(
  series: Float64Array,
  period: number,
  seasonality: Seasonality,
): SmoothingState {
  const count = Math.min(START_SEASONS_MAX, Math.floor(series.length / period));
  const means = Array.from(
    { length: count },
    (_, index) => mean(series.subarray(index * period, (index + 1) * period)),
  );
  const seasonals = new Float64Array(period);
  for (let at = 0; at < count * period; at++) {
    const level = means[Math.floor(at / period)] ?? 0;
    const value = series[at] ?? 0;
    const deviation = seasonality === "additive" ? value - level : ratio(value, level);
    seasonals[at % period] = (seasonals[at % period] ?? 0) + deviation / count;
  }
  const [level = 0] = means;
  return { seasonality, at: 0, level, trend: 0, seasonals, squaredError: 0 };
}

/**
 * The start of R's `HoltWinters`: of the first two seasons, the deviations from their moving average
 * by season, and the line that fits this average best. Smoothing begins with the second season.
 */
export function startLikeR(
  series: Float64Array,
  period: number,
  seasonality: Seasonality,
): SmoothingState {
  const averages = movingAverages(series.subarray(0, 2 * period), period);
  const half = Math.floor(period / 2);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (const [index, average] of averages.entries()) {
    const value = series[index + half] ?? 0;
    const place = (index + half) % period;
    const deviation = seasonality === "additive" ? value - average : ratio(value, average);
    sums[place] = (sums[place] ?? 0) + deviation;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const raw = sums.map((sum, place) => sum / (counts[place] ?? 1));
  const centre = mean(raw);
  const seasonals = raw.map((each) => seasonality === "additive" ? each - centre : each / centre);
  const { intercept, slope } = lineThrough(averages);
  return {
    seasonality,
    at: period,
    level: intercept,
    trend: slope,
    seasonals,
    squaredError: 0,
  };
}

/** Over one period each, centred; of an even one the ends count half. From the first that is whole. */
function movingAverages(series: Float64Array, period: number): Float64Array {
  const half = Math.floor(period / 2);
  const isEven = period % 2 === 0;
  const averages = new Float64Array(series.length - 2 * half);
  for (const index of averages.keys()) {
    let sum = 0;
    for (let at = index; at <= index + 2 * half; at++) {
      const isEnd = at === index || at === index + 2 * half;
      sum += (series[at] ?? 0) * (isEven && isEnd ? 0.5 : 1);
    }
    averages[index] = sum / period;
  }
  return averages;
}

/** By least squares, over the places 1, 2, 3 and so on. */
function lineThrough(values: Float64Array): { intercept: number; slope: number } {
  const centre = (values.length + 1) / 2;
  const average = mean(values);
  let across = 0;
  let along = 0;
  for (const [index, value] of values.entries()) {
    across += (index + 1 - centre) * (value - average);
    along += (index + 1 - centre) ** 2;
  }
  const slope = along === 0 ? 0 : across / along;
  return { intercept: average - slope * centre, slope };
}

export function mean(values: Float64Array): number {
  if (values.length === 0) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Where there is nothing to compare with, a value is what is usual. */
function ratio(value: number, of: number): number {
  return of === 0 ? 1 : value / of;
}
