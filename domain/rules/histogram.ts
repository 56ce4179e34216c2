import { SECOND_MS } from "./time.ts";

/**
 * How many buckets a histogram of durations has. Any two histograms are merged by adding up their
 * counts: the buckets are those of DDSketch (Masson, Rim, Lee, "DDSketch: A Fast and Fully-Mergeable
 * Quantile Sketch with Relative-Error Guarantees", VLDB 2019), whose bounds grow by a constant factor.
 * What a bucket says of a duration is wrong by at most 2 % of it; one below a second counts as none.
 */
export const BUCKETS = 512;

/** A little under 2 %, so that an answer may still be rounded to a few digits. */
const RELATIVE_ERROR = 0.0199;
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);

/** The bucket of a duration in milliseconds: 0 below one second, the last one from 20 years on. */
export function bucketOf(milliseconds: number): number {
  if (milliseconds < SECOND_MS) return 0;
  const steps = Math.ceil(Math.log(milliseconds / SECOND_MS) / LOG_GROWTH);
  return Math.min(BUCKETS - 1, 1 + steps);
}

/** Milliseconds: the one that is nearest, by its share, to all that the bucket holds. */
export function valueOf(bucket: number): number {
  return bucket === 0 ? 0 : SECOND_MS * 2 * GROWTH ** (bucket - 1) / (GROWTH + 1);
}

/**
 * The quantile `q` (above 0, at most 1) in milliseconds, by nearest rank: the smallest duration that
 * at least the share `q` of all does not exceed. Null where nothing was counted. Whoever asks for
 * several need add up the counts once.
 */
export function quantile(
  counts: ArrayLike<number>,
  q: number,
  total: number = countOf(counts),
): number | null {
  if (total === 0) return null;
  // Products such as 0.07 × 100 come out a little above the whole number that they are.
  const rank = Math.max(1, Math.ceil(q * total - 1e-9 * total));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket] ?? 0;
    if (seen >= rank) return valueOf(bucket);
  }
  return valueOf(counts.length - 1);
}

/** How much was counted in all buckets. */
export function countOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket] ?? 0;
  return total;
}
