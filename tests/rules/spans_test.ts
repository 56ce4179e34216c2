import assert from "node:assert/strict";
import fc from "fast-check";
import type { Span } from "../../domain/rules/shift.ts";
import { difference, intersection, lengthOf } from "../../domain/rules/spans.ts";

/** Spans in order that do not overlap, within a hundred. */
const spans: fc.Arbitrary<Span[]> = fc.uniqueArray(fc.nat(100), { maxLength: 20 }).map((edges) => {
  const sorted = edges.toSorted((a, b) => a - b);
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
    start: sorted[2 * index] ?? 0,
    end: sorted[2 * index + 1] ?? 0,
  }));
});

function pointsOf(all: readonly Span[]): Set<number> {
  return new Set(
    Array.from({ length: 101 }, (_, point) => point).filter((point) =>
      all.some(({ start, end }) => start <= point && point < end)
    ),
  );
}

Deno.test("intersection, difference and length are those of the sets of points", () => {
  fc.assert(fc.property(spans, spans, (a, b) => {
    const [first, second] = [pointsOf(a), pointsOf(b)];
    const [common, rest] = [intersection(a, b), difference(a, b)];
    assert.deepEqual(pointsOf(common), first.intersection(second));
    assert.deepEqual(pointsOf(rest), first.difference(second));
    assert.equal(lengthOf(common), first.intersection(second).size);
    assert.equal(lengthOf(rest), first.difference(second).size);
  }));
});
