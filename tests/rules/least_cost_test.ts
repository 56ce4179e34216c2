import assert from "node:assert/strict";
import fc from "fast-check";
import { leastCost } from "../../domain/rules/least_cost.ts";

/** Of five workers the best for four tasks: the example of OR-Tools, by task. */
const OR_TOOLS = [
  [90, 35, 125, 45, 50],
  [80, 85, 95, 110, 100],
  [75, 55, 90, 95, 90],
  [70, 65, 95, 115, 100],
];

function sumOf(
  costs: readonly (readonly number[])[],
  leaving: readonly number[],
  chosen: readonly (number | null)[],
): number {
  return chosen.reduce<number>((sum, column, row) => {
    return sum + ((column === null ? leaving[row] : costs[row]?.[column]) ?? NaN);
  }, 0);
}

/** By trying everything. */
function leastSum(costs: readonly (readonly number[])[], leaving: readonly number[]): number {
  const taken = new Set<number>();
  return from(0);

  function from(row: number): number {
    const [given, left] = [costs[row], leaving[row]];
    if (given === undefined || left === undefined) return 0;
    let least = left + from(row + 1);
    for (const [column, cost] of given.entries()) {
      if (taken.has(column) || cost === Infinity) continue;
      taken.add(column);
      least = Math.min(least, cost + from(row + 1));
      taken.delete(column);
    }
    return least;
  }
}

Deno.test("the example of OR-Tools costs 265, however it is turned", () => {
  const chosen = leastCost(OR_TOOLS, OR_TOOLS.map(() => 1_000));
  assert.equal(sumOf(OR_TOOLS, [], chosen), 265);
  const byWorker = OR_TOOLS[0]?.map((_, worker) => OR_TOOLS.map((row) => row[worker] ?? NaN)) ?? [];
  const tasks = leastCost(byWorker, byWorker.map(() => 1_000));
  assert.equal(sumOf(byWorker, byWorker.map(() => 1_000), tasks), 1_265);
});

Deno.test("no choice of columns costs less, with what may not be and what is left", () => {
  const cost = fc.oneof({ weight: 3, arbitrary: fc.nat(50) }, fc.constant(Infinity));
  const cases = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })).chain(
    ([rows, columns]) =>
      fc.record({
        costs: fc.array(fc.array(cost, { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
        leaving: fc.array(fc.nat(60), { minLength: rows, maxLength: rows }),
      }),
  );
  fc.assert(
    fc.property(cases, ({ costs, leaving }) => {
      const chosen = leastCost(costs, leaving);
      const columns = chosen.filter((column) => column !== null);
      assert.equal(new Set(columns).size, columns.length);
      assert.equal(chosen.length, costs.length);
      assert.equal(sumOf(costs, leaving, chosen), leastSum(costs, leaving));
    }),
    { numRuns: 300 },
  );
});
