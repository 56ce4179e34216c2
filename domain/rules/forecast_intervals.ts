import type { Miss } from "./forecast_backtest.ts";

/** Four of five times what comes lies between the bounds, and each of them is crossed by one in ten. */
const COVERED_SHARE = 0.8;
const LOWER_TAIL = (1 - COVERED_SHARE) / 2;

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The bounds of what was foreseen, so many points ahead. */
export type BoundsOf = (expected: number, ahead: number) => Bounds;

/** Errors are told apart by how much was expected, in at most so many classes of one size. */
const CLASSES_MAX = 5;
/** And by how far ahead, in so many parts of the period, as a factor within these bounds. */
const PARTS = 7;
const PART_FACTOR = { min: 0.8, max: 1.5 } as const;
/** Fewer errors than this say nothing of a class or a part by themselves. */
const MEMBERS_MIN = 24;

/**
 * Bounds from how far off the method was before: empirical quantiles of its errors. Numbers of tickets
 * scatter by the square root of what is expected, so that errors are measured by it, and where that
 * is not all, by classes of what was expected and by how far ahead it was. There must be misses.
 */
export function boundsFromMisses(misses: readonly Miss[], period: number): BoundsOf {
  const all = misses.map((miss) => ({ ...miss, error: scaledError(miss) }));
  const factors = partFactors(all, period);
  const classes = classesOf(all.map((each) => ({
    expected: each.expected,
    error: each.error / (factors[partOf(each.ahead, period)] ?? 1),
  })));
  return (expected, ahead) => {
    const { low, high } = classes.find(({ upTo }) => expected <= upTo) ?? classes.at(-1) ??
      { low: -1, high: 1 };
    const scale = scaleOf(expected) * (factors[partOf(ahead, period)] ?? 1);
    return boundsAround(expected, low * scale, high * scale);
  };
}

interface ErrorClass {
  /** What is expected at most; infinite for the last one. */
  readonly upTo: number;
  /** Quantiles of the errors. */
  readonly low: number;
  readonly high: number;
}

function classesOf(
  errors: readonly { readonly expected: number; readonly error: number }[],
): ErrorClass[] {
  const sorted = errors.toSorted((a, b) => a.expected - b.expected);
  const most = Math.floor(sorted.length / MEMBERS_MIN);
  const count = Math.max(1, Math.min(CLASSES_MAX, most));
  const classes: ErrorClass[] = [];
  let from = 0;
  for (let index = 1; index <= count; index++) {
    const to = endOfSame(sorted, Math.floor(index * sorted.length / count));
    const isLast = index === count;
    if (!isLast && (to - from < MEMBERS_MIN || sorted.length - to < MEMBERS_MIN)) continue;
    const members = sorted.slice(from, to);
    const inOrder = members.map(({ error }) => error).sort((a, b) => a - b);
    classes.push({
      upTo: isLast ? Infinity : members.at(-1)?.expected ?? 0,
      low: quantileOf(inOrder, LOWER_TAIL),
      high: quantileOf(inOrder, 1 - LOWER_TAIL),
    });
    from = to;
  }
  return classes;
}

/** Where a class ends that would end there: errors where as much was expected are of one class. */
function endOfSame(sorted: readonly { readonly expected: number }[], end: number): number {
  let to = end;
  while (to < sorted.length && sorted[to]?.expected === sorted[to - 1]?.expected) to += 1;
  return to;
}

/** How errors of a part of the period ahead compare with those of all of it. */
function partFactors(
  misses: readonly { readonly ahead: number; readonly error: number }[],
  period: number,
): number[] {
  const whole = meanSize(misses);
  return Array.from({ length: PARTS }, (_, part) => {
    const members = misses.filter(({ ahead }) => partOf(ahead, period) === part);
    if (members.length < MEMBERS_MIN || whole === 0) return 1;
    return Math.min(PART_FACTOR.max, Math.max(PART_FACTOR.min, meanSize(members) / whole));
  });
}

function meanSize(errors: readonly { readonly error: number }[]): number {
  return errors.reduce((sum, { error }) => sum + Math.abs(error), 0) / errors.length;
}

/** What lies beyond the period is as uncertain as its last part. */
function partOf(ahead: number, period: number): number {
  return Math.min(PARTS - 1, Math.floor(ahead * PARTS / period));
}

/**
 * Beyond which one more of the same kind lies with this chance: few errors are further apart than the
 * shares of them say. Between neighbours in proportion; of nothing it is nothing.
 */
function quantileOf(sorted: readonly number[], share: number): number {
  const last = sorted.length - 1;
  const place = Math.min(last, Math.max(0, share * (sorted.length + 1) - 1));
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (place - Math.floor(place)) * (above - below);
}

function scaledError({ expected, actual }: Pick<Miss, "expected" | "actual">): number {
  return (actual - expected) / scaleOf(expected);
}

/** Below this many the square root says too little. */
const EXPECTED_MIN = 0.05;

function scaleOf(expected: number): number {
  return Math.sqrt(Math.max(expected, EXPECTED_MIN));
}

/** Quantile of the normal distribution above which one in ten lies. */
const NORMAL_TAIL = 1.2816;

/**
 * Bounds where nothing could be tried: as of tickets that come at random (Poisson), wider by how much
 * more the past scattered. `dispersion` is variance by mean.
 */
export function boundsByChance(dispersion: number): BoundsOf {
  return (expected) => {
    const reach = NORMAL_TAIL * Math.sqrt(Math.max(expected, EXPECTED_MIN) * dispersion);
    return boundsAround(expected, -reach, reach);
  };
}

/** Variance by mean of what came around what was expected; never less than chance makes it. */
export function dispersionOf(actual: Float64Array, expected: Float64Array): number {
  let squares = 0;
  let sum = 0;
  for (const [at, value] of actual.entries()) {
    squares += (value - (expected[at] ?? 0)) ** 2;
    sum += expected[at] ?? 0;
  }
  return sum > 0 ? Math.max(1, squares / sum) : 1;
}

/** Quantiles of Student's distribution above which one in ten lies, by degrees of freedom from 1. */
const STUDENT_TAILS = [3.078, 1.886, 1.638, 1.533, 1.476, 1.44];

/**
 * Bounds of the sum over one period: from how far off the sums were that were foreseen before, which
 * are few, and never closer than chance makes them, whose `dispersion` is variance by mean.
 */
export function boundsOfTotal(
  expected: number,
  misses: readonly Miss[],
  dispersion = 1,
): Bounds {
  const chance = NORMAL_TAIL * Math.sqrt(Math.max(expected, EXPECTED_MIN) * dispersion);
  const sums = [...Map.groupBy(misses, ({ origin }) => origin).values()].map((ofOrigin) =>
    ofOrigin.reduce((sum, miss) => ({
      expected: sum.expected + miss.expected,
      actual: sum.actual + miss.actual,
    }), { expected: 0, actual: 0 })
  );
  const squares = sums.reduce((sum, each) => sum + scaledError(each) ** 2, 0);
  const tail = STUDENT_TAILS[Math.min(sums.length, STUDENT_TAILS.length) - 1] ?? NORMAL_TAIL;
  const deviation = sums.length === 0 ? 0 : Math.sqrt(squares / sums.length);
  const reach = Math.max(chance, tail * deviation * scaleOf(expected));
  return boundsAround(expected, -reach, reach);
}

/** A bound so near to no ticket is no ticket: between it and the next whole number nothing can come. */
const NOTHING_BELOW = 0.2;

/** Nobody has fewer than no tickets, and what is expected lies between its bounds. */
function boundsAround(expected: number, low: number, high: number): Bounds {
  return {
    lower: expected + low < NOTHING_BELOW ? 0 : Math.min(expected, expected + low),
    upper: Math.max(expected, expected + high),
  };
}
