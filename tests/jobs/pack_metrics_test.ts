import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import type { Measured } from "../../domain/rules/sla_metrics.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { type MetricsQuestion, readMetrics } from "../../domain/services/sla_metrics.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { granted, openDesk, SETUP, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import {
  addMeasured,
  expectedFigures,
  measured,
  shownFigures,
  variedMeasured,
  waiting,
} from "../support/measurements.ts";
import { stored } from "../support/problem.ts";

const AGENT: Actor = {
  ...SETUP,
  role: "agent",
  agent: { id: "agent-1", department: "Billing", teams: [] },
};

/** Fails unless whoever asks is told what was measured, of whatever range and part of the desk. */
async function assertTold({ desk, clock }: TestDesk, all: readonly Measured[]): Promise<void> {
  const now = clock.now();
  const spans: readonly (readonly [Instant, Instant])[] = [
    [now - 90 * DAY_MS, now],
    [now - 30 * DAY_MS - 5 * HOUR_MS, now - 3 * HOUR_MS],
    [now - 10 * DAY_MS, now - 9 * DAY_MS - 20 * HOUR_MS],
  ];
  const questions: readonly (readonly [MetricsQuestion, Actor, (each: Measured) => boolean])[] = [
    [{}, SETUP, () => true],
    [{ department: " Billing" }, SETUP, ({ department }) => department === "billing"],
    [
      { priority: 1, category: "urgent" },
      SETUP,
      ({ priority, category }) => priority === 1 && category === "urgent",
    ],
    [{}, AGENT, ({ agentId }) => agentId === "agent-1"],
    [
      { department: "support" },
      AGENT,
      ({ agentId, department }) => agentId === "agent-1" && department === "support",
    ],
  ];
  for (const [start, end] of spans) {
    for (const [question, actor, isAsked] of questions) {
      const asked = { ...question, startDate: { at: start }, endDate: { at: end } };
      const { figures, range } = granted(await readMetrics(desk, actor, asked));
      assert.deepEqual(shownFigures(figures), expectedFigures(all, range, isAsked));
    }
  }
}

Deno.test("figures are the same before, amid and after packing, and late ones count too", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const all = variedMeasured(150, desk.clock.now(), 80);
  await addMeasured(store, all.slice(0, 100));
  await assertTold(desk, all.slice(0, 100));
  assert.deepEqual(await packMetrics(desk.desk), { packed: 100 });
  assert.equal(await waiting(store), 0);
  await assertTold(desk, all.slice(0, 100));
  // They lie in days and months that are packed already.
  await addMeasured(store, all.slice(100));
  await assertTold(desk, all);
  assert.deepEqual(await packMetrics(desk.desk), { packed: 50 });
  await assertTold(desk, all);
  await desk.assertSound();
});

Deno.test("a run with nothing to pack writes nothing", async () => {
  await using desk = await openDesk();
  await addMeasured(desk.desk.store, variedMeasured(10, desk.clock.now(), 5));
  await packMetrics(desk.desk);
  const before = await stored(desk.desk.store);
  assert.deepEqual(await packMetrics(desk.desk), { packed: 0 });
  assert.deepEqual(await stored(desk.desk.store), before);
});

/** More than one commit takes. */
const MANY = 700;

Deno.test("a run that is cut off anywhere is finished by the next, and nothing counts twice", async () => {
  for (let commits = 0; commits <= 5; commits++) {
    await using desk = await openDesk();
    const { store } = desk.desk;
    const all = variedMeasured(MANY, desk.clock.now(), 40);
    await addMeasured(store, all);
    await assert.rejects(packMetrics(dyingAfter(desk.desk, commits)), /died/);
    await assertTold(desk, all);
    // Whoever died holds the lease for a while.
    desk.clock.advance(MINUTE_MS);
    const left = await waiting(store);
    assert.deepEqual(await packMetrics(desk.desk), { packed: left });
    await assertTold(desk, all);
    await desk.assertSound();
  }
});

Deno.test("of several runs at once one packs, and the others leave it alone", async () => {
  await using desk = await openDesk();
  const all = variedMeasured(MANY, desk.clock.now(), 40);
  await addMeasured(desk.desk.store, all);
  const runs = await Promise.all([1, 2, 3].map(() => packMetrics(desk.desk)));
  const packed = runs.map((run) => run.packed).sort((a, b) => a - b);
  assert.deepEqual(packed, [0, 0, MANY]);
  await assertTold(desk, all);
});

/** A process whose clock is so far ahead that it takes the leases of others for over. */
function ahead(desk: Desk, hours: number): Desk {
  const { store } = desk;
  return { ...desk, store: { ...store, now: () => store.now() + hours * HOUR_MS } };
}

Deno.test("several runs that do not know of each other's lease count each measurement once", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const all = variedMeasured(MANY, desk.clock.now(), 40);
  await addMeasured(store, all);
  let packed = 0;
  for (let hours = 0; await waiting(store) > 0; hours += 4) {
    assert.ok(hours < 100, "it does not end");
    const runs = await Promise.all(
      [1, 2, 3, 4].map((by) => packMetrics(ahead(desk.desk, hours + by))),
    );
    packed += runs.reduce((sum, run) => sum + run.packed, 0);
  }
  assert.equal(packed, MANY);
  await assertTold(desk, all);
  await desk.assertSound();
});

/** One of each of so many categories, with so many durations of which no two are told alike. */
function bulky(at: Instant, categories: number, durations: number, department: string): Measured[] {
  const minutes = Array.from({ length: durations }, (_, index) => 1.05 ** index);
  return Array.from({ length: categories }, (_, index): Measured => {
    const changes = { category: `category ${index}`, department };
    const { counts, ...group } = measured(at, { response_wall: 0 }, changes);
    return {
      ...group,
      counts: counts.flatMap((count) =>
        minutes.map((each) => ({ ...count, milliseconds: Math.round(each * MINUTE_MS) }))
      ),
    };
  });
}

Deno.test("figures that grow beyond one value are kept in pieces", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const all = bulky(desk.clock.now(), 210, 150, "billing");
  const pieces = async (): Promise<number[]> => {
    const entries = await Array.fromAsync(store.reader.list({ prefix: ["sla_pack"] }));
    return [...new Set(entries.map(({ key }) => Number(key.at(-1))))];
  };
  for (const [told, expected] of [[all, [0]], [[...all, ...all], [0, 1]]] as const) {
    await addMeasured(store, all);
    assert.deepEqual(await packMetrics(desk.desk), { packed: all.length });
    assert.deepEqual(await pieces(), expected);
    for (const actor of [SETUP, AGENT]) {
      const { figures, range } = granted(await readMetrics(desk.desk, actor, {}));
      assert.deepEqual(shownFigures(figures), expectedFigures(told, range));
    }
  }
  await desk.assertSound();
});

Deno.test("what together would be too much for one commit is packed by several", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const departments = ["billing", "cards", "loans", "support", "transfers"];
  const all = departments.flatMap((each) => bulky(desk.clock.now(), 60, 300, each));
  await addMeasured(store, all);
  const commits = desk.desk.store.committer;
  let packing = 0;
  const submit: typeof commits.submit = (draft) => {
    if (draft.mutations.some(({ key }) => key[0] === "guard")) packing += 1;
    return commits.submit(draft);
  };
  const counting = { ...desk.desk, store: { ...store, committer: { ...commits, submit } } };
  assert.deepEqual(await packMetrics(counting), { packed: all.length });
  assert.ok(packing > 1, "300 are packed by one commit, unless they are too much");
  await desk.assertSound();
});

Deno.test("packs of many departments and agents with the longest names are not too many keys", async () => {
  await using desk = await openDesk();
  const all = Array.from({ length: 320 }, (_, index) => {
    const department = String(index % 80).padStart(60, "ж");
    const agentId = crypto.randomUUID();
    // Two hours in two months, as of a breach that was noticed late.
    const late = measured(desk.clock.now() - 10 * DAY_MS, { created: null });
    const now = measured(desk.clock.now(), { created: null }, { department, agentId });
    return { ...now, counts: [...now.counts, ...late.counts] };
  });
  await addMeasured(desk.desk.store, all);
  assert.deepEqual(await packMetrics(desk.desk), { packed: all.length });
  await assertTold(desk, all);
  await desk.assertSound();
});
