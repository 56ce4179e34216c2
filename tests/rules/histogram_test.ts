import assert from "node:assert/strict";
import fc from "fast-check";
import { bucketOf, BUCKETS, quantile, valueOf } from "../../domain/rules/histogram.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";

const ERROR_MAX = 0.02;

function countsOf(durations: readonly number[]): Float64Array {
  const counts = new Float64Array(BUCKETS);
  for (const duration of durations) {
    counts[bucketOf(duration)] = (counts[bucketOf(duration)] ?? 0) + 1;
  }
  return counts;
}

function assertNear(found: number | null, exact: number): void {
  assert.ok(found !== null);
  if (exact < SECOND_MS) assert.equal(found, 0);
  else assert.ok(Math.abs(found - exact) <= ERROR_MAX * exact, `${found} for ${exact}`);
}

/** The smallest of them that at least this share of all does not exceed. */
function exactQuantile(durations: readonly number[], percent: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(percent * sorted.length / 100)) - 1] ?? NaN;
}

Deno.test("what is below a second is in a bucket of its own, which says nothing", () => {
  for (const duration of [0, 1, 999]) assert.equal(bucketOf(duration), 0);
  assert.equal(bucketOf(SECOND_MS), 1);
  assert.equal(valueOf(0), 0);
});

Deno.test("every duration from a second to twenty years is told within 2 %", () => {
  const most = 20 * 365 * DAY_MS;
  const special = [SECOND_MS, SECOND_MS + 1, MINUTE_MS, HOUR_MS, DAY_MS, 30 * DAY_MS, most];
  for (const duration of special) assertNear(valueOf(bucketOf(duration)), duration);
  // Both sides of the bounds of all buckets, where the error is largest.
  let before = 0;
  for (let duration = SECOND_MS; duration < most; duration = Math.ceil(duration * 1.0007)) {
    assertNear(valueOf(bucketOf(duration)), duration);
    assert.ok(bucketOf(duration) >= before);
    before = bucketOf(duration);
  }
});

Deno.test("what takes longer than can be told is in the last bucket", () => {
  assert.equal(bucketOf(1_000 * 365 * DAY_MS), BUCKETS - 1);
  assert.equal(bucketOf(Number.MAX_SAFE_INTEGER), BUCKETS - 1);
});

const CASES: readonly (readonly [minutes: number[], percent: number, expected: number | null])[] = [
  [[], 50, null],
  [[30], 50, 30],
  [[30], 95, 30],
  [[10, 20], 50, 10],
  [[10, 20], 51, 20],
  [[10, 20, 30], 50, 20],
  [[30, 10, 20], 100, 30],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, 9],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 95, 10],
  // The product of the share and the number is not quite the whole number that it is.
  [Array.from({ length: 100 }, (_, index) => index + 1), 7, 7],
  [Array.from({ length: 100 }, (_, index) => index + 1), 95, 95],
];

for (const [minutes, percent, expected] of CASES) {
  Deno.test(`of ${minutes.length} durations p${percent} is ${expected ?? "nothing"}`, () => {
    const found = quantile(countsOf(minutes.map((each) => each * MINUTE_MS)), percent / 100);
    if (expected === null) assert.equal(found, null);
    else assertNear(found, expected * MINUTE_MS);
  });
}

/** Durations that differ by orders of magnitude, as those of tickets do. */
const duration = fc.double({ min: 0, max: 20, noNaN: true }).map((x) => Math.round(Math.exp(x)));
const durations = fc.array(duration, { minLength: 1, maxLength: 200 });
const percent = fc.integer({ min: 1, max: 100 });

Deno.test("a quantile of any durations is within 2 % of the exact one", () => {
  fc.assert(fc.property(durations, percent, (all, percent) => {
    assertNear(quantile(countsOf(all), percent / 100), exactQuantile(all, percent));
  }));
});

Deno.test("histograms that are added up are the histogram of all, in whatever order they came", () => {
  fc.assert(fc.property(fc.array(durations, { maxLength: 5 }), percent, (parts, percent) => {
    const sum = new Float64Array(BUCKETS);
    for (const part of parts.toReversed()) {
      countsOf(part).forEach((count, bucket) => sum[bucket] = (sum[bucket] ?? 0) + count);
    }
    const all = countsOf(parts.flat());
    assert.deepEqual(sum, all);
    assert.equal(quantile(sum, percent / 100), quantile(all, percent / 100));
  }));
});
