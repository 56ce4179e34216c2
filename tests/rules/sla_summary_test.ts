import assert from "node:assert/strict";
import {
  addCount,
  type Figures,
  type Group,
  makeFigures,
  type Measure,
} from "../../domain/rules/sla_metrics.ts";
import { quantilesOf, summarise, summariseBy } from "../../domain/rules/sla_summary.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";

const BILLING: Group = { department: "billing", priority: 1, category: "general" };
const SUPPORT: Group = { department: "support", priority: 2, category: "general" };

function figuresOf(
  counts: readonly (readonly [group: Group, measure: Measure, minutes?: number])[],
): Figures {
  const figures = makeFigures(true);
  for (const [group, measure, minutes] of counts) {
    const milliseconds = minutes === undefined ? null : minutes * MINUTE_MS;
    addCount(figures, group, { hour: 0, measure, milliseconds });
  }
  return figures;
}

const NOTHING = { business: null, wallClock: null };

Deno.test("nothing counted is no breach, no average and no share", () => {
  assert.deepEqual(summarise([], false), {
    ticketCount: 0,
    breaches: { response: 0, nextReply: 0, resolution: 0 },
    metShare: null,
    response: NOTHING,
    nextReply: NOTHING,
    resolution: NOTHING,
  });
  const { resolution } = quantilesOf(makeFigures(true));
  assert.deepEqual(resolution.business, { p50: null, p90: null, p95: null });
});

Deno.test("the share of promises kept is over all clocks, and averages are exact", () => {
  const { groups } = figuresOf([
    [BILLING, "created"],
    [SUPPORT, "created"],
    [BILLING, "response_met"],
    [SUPPORT, "response_breached"],
    [BILLING, "next_reply_breached"],
    [BILLING, "resolution_met"],
    [BILLING, "response_business", 10],
    [SUPPORT, "response_business", 25],
    [BILLING, "response_wall", 100],
    [SUPPORT, "response_wall", 200],
    [BILLING, "next_reply_wall", 7],
  ]);
  const summary = summarise(groups.values(), false);
  assert.equal(summary.ticketCount, 2);
  assert.deepEqual(summary.breaches, { response: 1, nextReply: 1, resolution: 0 });
  assert.equal(summary.metShare, 0.5);
  assert.deepEqual(summary.response, { business: 17.5 * MINUTE_MS, wallClock: 150 * MINUTE_MS });
  assert.deepEqual(summary.nextReply, { business: null, wallClock: 7 * MINUTE_MS });
});

Deno.test("a repeated resolution counts among all resolutions, and not among the first", () => {
  const figures = figuresOf([
    [BILLING, "resolution_wall", 60],
    [BILLING, "repeat_wall", 240],
    [BILLING, "repeat_business", 120],
  ]);
  const summary = summarise(figures.groups.values(), false);
  assert.deepEqual(summary.resolution, { business: 120 * MINUTE_MS, wallClock: 150 * MINUTE_MS });
  const { firstResolution, resolution } = quantilesOf(figures);
  assert.equal(firstResolution.wallClock.p95, firstResolution.wallClock.p50);
  assert.ok((resolution.wallClock.p95 ?? 0) > (firstResolution.wallClock.p95 ?? 0));
  assert.equal(firstResolution.business.p50, null);
});

Deno.test("an agent's own tickets are those that it was the first to resolve", () => {
  const { groups } = figuresOf([
    [BILLING, "resolution_wall", 60],
    [BILLING, "repeat_wall", 60],
  ]);
  assert.equal(summarise(groups.values(), true).ticketCount, 1);
  assert.equal(summarise(groups.values(), false).ticketCount, 0);
});

Deno.test("figures are told apart by each of department, priority and category, in their order", () => {
  const figures = figuresOf([
    [SUPPORT, "created"],
    [SUPPORT, "created"],
    [BILLING, "created"],
    [{ ...BILLING, category: "urgent" }, "created"],
  ]);
  // Something that was added and taken away again.
  const gone = { department: "gone", priority: 3, category: "gone" } as const;
  figures.groups.set("gone", {
    ...gone,
    counts: new Float64Array(15),
    milliseconds: new Float64Array(15),
  });
  const told = (by: keyof Group): unknown[] =>
    summariseBy(figures, by, false).map(({ of, summary }) => [of, summary.ticketCount]);
  assert.deepEqual(told("department"), [["billing", 2], ["support", 2]]);
  assert.deepEqual(told("priority"), [[1, 2], [2, 2]]);
  assert.deepEqual(told("category"), [["general", 3], ["urgent", 1]]);
});
