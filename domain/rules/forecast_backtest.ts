import { type Foresight, FORESIGHTS, type Method, METHODS } from "./forecast_methods.ts";

/** How far off a method would have been, had it been asked before. */
export interface Backtest {
  readonly method: Method;
  /**
   * Mean absolute error, in those of whoever repeats the last period. Where that one has none it is 0
   * for whoever has none either, who is the best, and null for others.
   */
  readonly mase: number | null;
  readonly misses: readonly Miss[];
}

/** What was foreseen so many points ahead, and what came. */
export interface Miss {
  /** Which of the past questions it belongs to. */
  readonly origin: number;
  readonly ahead: number;
  readonly expected: number;
  readonly actual: number;
}

/** More periods than this are not asked about again. */
export const BACKTEST_PERIODS_MAX = 6;

/**
 * Asks every method at the beginning of each of the last periods what that one will bring, knowing
 * only what had been until then (a rolling origin), and holds it against what came. Empty where there
 * are no two whole periods.
 */
export function backtest(series: Float64Array, period: number): Backtest[] {
  const count = Math.min(BACKTEST_PERIODS_MAX, Math.floor(series.length / period) - 1);
  if (count < 1) return [];
  const scale = naiveError(series, period);
  return METHODS.map((method) => {
    const misses = missesOf(series, period, count, FORESIGHTS[method]);
    return { method, mase: scaled(meanError(misses), scale), misses };
  });
}

function missesOf(
  series: Float64Array,
  period: number,
  count: number,
  foresight: Foresight,
): Miss[] {
  return Array.from({ length: count }, (_, index) => count - index).flatMap((back) => {
    const origin = series.length - back * period;
    const expected = foresight(series.subarray(0, origin), period, period);
    return Array.from(expected, (each, ahead): Miss => ({
      origin,
      ahead,
      // Nobody has fewer than no tickets.
      expected: Math.max(0, each),
      actual: series[origin + ahead] ?? 0,
    }));
  });
}

/**
 * The smallest of these errors; of equal ones the first. Later trials weigh no more than earlier ones:
 * when the level has just shifted, no method knew of it at the last one, which tells them apart no
 * better; from the next one on those win that follow it.
 */
export function bestOf(backtests: readonly Backtest[]): Backtest | null {
  let best: Backtest | null = null;
  for (const each of backtests) {
    const isBetter = best === null || meanError(each.misses) < meanError(best.misses);
    if (isBetter) best = each;
  }
  return best;
}

/** How far off whoever repeats the last period is on average, over the whole series. */
export function naiveError(series: Float64Array, period: number): number {
  let sum = 0;
  for (let at = period; at < series.length; at++) {
    sum += Math.abs((series[at] ?? 0) - (series[at - period] ?? 0));
  }
  return series.length > period ? sum / (series.length - period) : 0;
}

export function meanError(misses: readonly Miss[]): number {
  const sum = misses.reduce((sum, { expected, actual }) => sum + Math.abs(actual - expected), 0);
  return misses.length === 0 ? 0 : sum / misses.length;
}

function scaled(error: number, scale: number): number | null {
  if (scale > 0) return error / scale;
  return error === 0 ? 0 : null;
}
