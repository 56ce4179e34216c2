import { type Fading, smooth, type SmoothingState, type Weights } from "./forecast_smoothing.ts";

/** Where the search begins: the best of these, which are far apart. */
const ALPHAS = [0.01, 0.05, 0.3];
const BETAS = [0, 0.03];
const GAMMAS = [0.05, 0.2, 0.6];

/** Then each weight by itself, up and down, in steps that are halved when none helps. */
const FIRST_STEP = 0.16;
const LAST_STEP = 0.005;

/** The series is gone through no more often than this, those of the beginning among it. */
const PASSES_MAX = 60;

const NAMES = ["alpha", "beta", "gamma"] as const;

/** Weights with a small squared error of one step over the series: a bounded search, no more. */
export function fitWeights(
  series: Float64Array,
  start: SmoothingState,
  fading: Fading,
): Weights {
  let passes = 0;
  const errorOf = (weights: Weights): number => {
    passes += 1;
    const { squaredError } = smooth(series, start, series.length, { ...weights, ...fading });
    return Number.isFinite(squaredError) ? squaredError : Infinity;
  };
  let best = { weights: { alpha: 0.05, beta: 0, gamma: 0.1 }, error: Infinity };
  const improves = (weights: Weights): boolean => {
    const error = errorOf(weights);
    if (error >= best.error) return false;
    best = { weights, error };
    return true;
  };
  for (const alpha of ALPHAS) {
    for (const beta of BETAS) {
      for (const gamma of GAMMAS) improves({ alpha, beta, gamma });
    }
  }
  for (let step = FIRST_STEP; step >= LAST_STEP && passes < PASSES_MAX;) {
    let hasImproved = false;
    for (const name of NAMES) {
      const up = improves(moved(best.weights, name, step));
      const down = !up && improves(moved(best.weights, name, -step));
      hasImproved ||= up || down;
    }
    if (!hasImproved) step /= 2;
  }
  return best.weights;
}

/** A weight stays within 0 and 1; near 0 it moves by shares of itself. */
function moved(weights: Weights, name: keyof Weights, step: number): Weights {
  const value = weights[name];
  const by = step > 0 ? Math.min(step, value + step / 4) : -Math.min(-step, value / 2);
  return { ...weights, [name]: Math.min(1, Math.max(0, value + by)) };
}
