import type { Span } from "./shift.ts";

/** What is in one of the first and in one of the second; each are disjoint, and in order. */
export function intersection(a: readonly Span[], b: readonly Span[]): Span[] {
  const common: Span[] = [];
  let [i, j] = [0, 0];
  // Ends: each turn passes over one of them.
  for (;;) {
    const [first, second] = [a[i], b[j]];
    if (first === undefined || second === undefined) return common;
    const start = Math.max(first.start, second.start);
    const end = Math.min(first.end, second.end);
    if (start < end) common.push({ start, end });
    if (first.end < second.end) i += 1;
    else j += 1;
  }
}

/** What is in one of the first and in none of the second; each are disjoint, and in order. */
export function difference(a: readonly Span[], b: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let end = -Infinity;
  for (const span of b) {
    gaps.push({ start: end, end: span.start });
    end = span.end;
  }
  return intersection(a, [...gaps, { start: end, end: Infinity }]);
}

/** Milliseconds. */
export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}
