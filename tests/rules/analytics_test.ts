import assert from "node:assert/strict";
import fc from "fast-check";
import {
  backlogs,
  satisfactionOf,
  volumesOf,
  volumesTogether,
} from "../../domain/rules/analytics.ts";
import {
  addCount,
  addFiguresTo,
  makeFigures,
  type Measure,
  MEASURES,
} from "../../domain/rules/sla_metrics.ts";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { expectedFigures, shownFigures, variedMeasured } from "../support/measurements.ts";

const GROUP = { department: "billing", priority: 2, category: "general" } as const;

function volumesAfter(...measures: readonly Measure[]): ReturnType<typeof volumesOf> {
  const figures = makeFigures(false);
  for (const measure of measures) addCount(figures, GROUP, { hour: 0, measure, milliseconds: 1 });
  return volumesOf(figures.groups.values());
}

const RISES: Readonly<Partial<Record<Measure, number>>> = {
  created: 1,
  finished: -1,
  reopened: 1,
  moved_in: 1,
  moved_out: -1,
};

Deno.test("only what opens, finishes, reopens or moves a ticket changes how many are open", () => {
  for (const measure of MEASURES) {
    assert.equal(volumesAfter(measure).rise, RISES[measure] ?? 0, measure);
  }
});

Deno.test("a resolution counts each time, and a rating by its score", () => {
  const volumes = volumesAfter(
    ...["resolution_wall", "resolution_business", "repeat_wall", "repeat_business"] as const,
    ...["rated_5", "rated_5", "rated_1"] as const,
  );
  assert.equal(volumes.resolved, 2);
  assert.deepEqual(volumes.scores, [1, 0, 0, 0, 2]);
});

Deno.test("figures told together are those of all that was counted", () => {
  const all = variedMeasured(60, 100 * HOUR_MS, 3);
  const hours = { start: 0, end: 200 * HOUR_MS };
  const parts = all.map((each) => {
    const figures = makeFigures(true);
    for (const count of each.counts) addCount(figures, each, count);
    return figures;
  });
  const together = makeFigures(true);
  for (const part of parts) addFiguresTo(together, part);
  assert.deepEqual(shownFigures(together), expectedFigures(all, hours));
  assert.deepEqual(
    volumesTogether(parts.map(({ groups }) => volumesOf(groups.values()))),
    volumesOf(together.groups.values()),
  );
});

Deno.test("how many were open is reckoned back from how many are", () => {
  assert.deepEqual(backlogs([3, -1, 2], 4, 10), [5, 4, 6]);
  assert.deepEqual(backlogs([], 4, 10), []);
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer({ min: -9, max: 9 })), (before, rises) => {
      let open = before;
      const ends = rises.map((rise) => open += rise);
      const told = rises.slice(0, -1);
      assert.deepEqual(backlogs(told, rises.at(-1) ?? 0, ends.at(-1) ?? before), ends.slice(0, -1));
    }),
  );
});

Deno.test("ratings are told by their average, and by the share of those that are 4 or 5", () => {
  assert.deepEqual(satisfactionOf([0, 0, 0, 0, 0]), {
    count: 0,
    average: null,
    satisfiedShare: null,
  });
  assert.deepEqual(satisfactionOf([1, 0, 0, 1, 2]), {
    count: 4,
    average: 3.75,
    satisfiedShare: 0.75,
  });
});
