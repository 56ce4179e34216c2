import assert from "node:assert/strict";
import fc from "fast-check";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { waitMs, WINDOW_MS, windowOf } from "../../domain/rules/rate.ts";

const LIMIT = 30;
const START = 1_000 * WINDOW_MS;

/** Seconds until one more fits, with so many before and now, so many seconds into the window. */
function wait(previous: number, current: number, second: number, limit = LIMIT): number {
  return waitMs({ previous, current }, limit, START + second * SECOND_MS) / SECOND_MS;
}

Deno.test("as many as the limit fit into a window, and no more", () => {
  assert.equal(wait(0, 0, 0), 0);
  assert.equal(wait(0, 29, 0), 0);
  assert.notEqual(wait(0, 30, 0), 0);
});

Deno.test("the window before weighs by the share of it that the last minute covers", () => {
  const cases: [previous: number, current: number, second: number, seconds: number][] = [
    // Thirty before: each two seconds one falls out.
    [30, 0, 0, 2],
    [30, 0, 1, 1],
    [30, 0, 2, 0],
    [30, 1, 2, 2],
    [30, 14, 30, 0],
    [30, 15, 30, 2],
    [15, 14, 0, 0],
    [15, 15, 0, 4],
    // None is free before this window has become the one before.
    [0, 30, 0, 62],
    [0, 30, 59, 3],
    [30, 29, 58, 2],
  ];
  for (const [previous, current, second, seconds] of cases) {
    const shown = JSON.stringify([previous, current, second]);
    assert.equal(wait(previous, current, second), seconds, shown);
  }
});

Deno.test("a limit of one is one a minute", () => {
  assert.equal(wait(0, 0, 0, 1), 0);
  assert.equal(wait(0, 1, 10, 1), 110);
  assert.equal(wait(1, 0, 10, 1), 50);
});

Deno.test("whoever waits as long as was said gets in, and not a millisecond earlier", () => {
  const counts = fc.record({ previous: fc.nat(40), current: fc.nat(40) });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 40 }), fc.nat(WINDOW_MS - 1), (at, limit, ms) => {
      const now = START + ms;
      const wanted = waitMs(at, limit, now);
      const after = (instant: number): number => {
        const later = windowOf(instant) - windowOf(now);
        const shifted = [at, { previous: at.current, current: 0 }][later];
        return waitMs(shifted ?? { previous: 0, current: 0 }, limit, instant);
      };
      assert.equal(after(now + wanted), 0);
      if (wanted > 0) assert.notEqual(after(now + wanted - 1), 0);
    }),
  );
});
