import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import type { Shift } from "../../domain/rules/shift.ts";
import { createPattern } from "../../domain/services/shift_patterns.ts";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { faultsOf, granted } from "../support/desk.ts";
import { at, openShiftDesk, type ShiftDesk } from "../support/shift_desk.ts";
import { openFor } from "../support/work.ts";

interface Found {
  readonly scene: ShiftDesk;
  readonly agent: Agent;
  /** Whose shift is in progress. */
  readonly current: Shift;
  readonly next: Shift;
  readonly patternId: string;
}

type Harm = (found: Found) => readonly [KvKey, object];

const onAgent = (harm: (agent: Agent) => object): Harm => ({ agent }) => [
  keys.agent(agent.id),
  harm(agent),
];
const onShift = (harm: (shift: Shift) => object): Harm => ({ current }) => [
  keys.shift(current.id),
  harm(current),
];

/** What only a person can put right. */
const BROKEN: readonly [what: string, harm: Harm][] = [
  ["an agent whose current shift is not in progress", onAgent(() => ({ currentShiftId: "none" }))],
  [
    "an agent who is on a break that nobody takes",
    onAgent(() => ({ onBreak: true, status: "busy" })),
  ],
  [
    "an agent who knows what it comes back to, and is on no break",
    onAgent(() => ({ statusBeforeBreak: "online" })),
  ],
  ["an agent who is offline and in its shift", onAgent(() => ({ status: "offline" }))],
  [
    "an agent who counts its shifts wrong",
    onAgent(({ shifts }) => ({ shifts: { ...shifts, count: 7 } })),
  ],
  [
    "an agent who waits for nothing of its shifts",
    onAgent(({ shifts }) => ({ shifts: { ...shifts, nextAt: null } })),
  ],
  [
    "an agent who does not know when it will be another one",
    onAgent(({ shifts }) => ({ shifts: { ...shifts, edgeAt: null } })),
  ],
  [
    "an agent who shows another shift",
    onAgent(({ shifts }) => ({ shifts: { ...shifts, shown: null } })),
  ],
  ["a shift of nobody", onShift(() => ({ agentId: "nobody" }))],
  ["a shift that ends before it starts", onShift(({ start }) => ({ end: start }))],
  ["a shift in progress that did not start", onShift(() => ({ startedAt: null }))],
  ["a shift that is over and is not", onShift(() => ({ endedAt: 1 }))],
  ["a shift that waits for nothing", onShift(() => ({ nextAt: null }))],
  ["attendance that goes back", onShift(() => ({ attendance: [{ from: 2, to: 1 }] }))],
  [
    "a break that is over and was never begun",
    onShift(({ breaks }) => ({ breaks: breaks.map((each) => ({ ...each, status: "completed" })) })),
  ],
  ["breaks that overlap", onShift(({ breaks }) => ({ breaks: [...breaks, ...breaks] }))],
  ["two shifts in progress", ({ next }) => [keys.shift(next.id), {
    status: "in-progress",
    startedAt: next.start,
  }]],
  ["shifts that overlap", ({ next }) => [keys.shift(next.id), { start: at(30), nextAt: at(15) }]],
  ["a pattern of nobody", ({ patternId }) => [keys.shiftPattern(patternId), { agentId: "nobody" }]],
];

for (const [what, harm] of BROKEN) {
  Deno.test(`the doctor finds ${what}, and leaves it`, async () => {
    await using scene = await openShiftDesk({ agent: { status: "online" } });
    const { desk: { desk }, boss, adaId } = scene;
    const current = await scene.schedule(0, 60, [20, 30]);
    const next = await scene.schedule(90, 120);
    const pattern = granted(
      await createPattern(desk, boss.actor, {
        agentId: adaId,
        timezone: "UTC",
        weekdays: ["mon"],
        startTime: "09:00",
        endTime: "17:00",
        breaks: [],
        startDate: "2027-01-01",
        endDate: null,
      }),
    );
    await scene.desk.assertSound();
    const agent = await scene.agent();
    const [key, change] = harm({ scene, agent, current, next, patternId: pattern.id });
    const { value } = await desk.store.reader.get<object>(key);
    await desk.store.reader.set(key, { ...value, ...change });
    const broken = (await faultsOf(desk.store)).filter(({ kind }) => kind === "broken");
    assert.ok(broken.length > 0);
    // What follows from the records is mended; this does not.
    await mend(desk.store);
    const left = await faultsOf(desk.store);
    assert.ok(left.length > 0 && left.every(({ kind }) => kind === "broken"), JSON.stringify(left));
  });
}

Deno.test("the doctor finds a departure of who is back, and mends the indexes of shifts", async () => {
  await using scene = await openShiftDesk({ agent: { status: "online" } });
  const { desk, ada, boss, customer, adaId } = scene;
  const { store } = desk.desk;
  const shift = await scene.schedule(90, 120);
  for (
    const key of [
      keys.shiftDue(at(75), shift.id),
      keys.shiftNext(adaId, at(75), shift.id),
      keys.shiftByAgent(adaId, at(90), shift.id),
    ]
  ) {
    await store.reader.delete(key);
    assert.deepEqual((await faultsOf(store)).map((fault) => fault.key), [key]);
    assert.equal(await mend(store), 1);
    await desk.assertSound();
  }
  await openFor(desk, customer, ada, boss);
  await scene.setStatus("offline");
  await desk.assertSound();
  const { value } = await store.reader.get(keys.departure(adaId));
  await scene.setStatus("online");
  await store.reader.set(keys.departure(adaId), value);
  const faults = await faultsOf(store);
  assert.ok(faults.some(({ message }) => message === "its agent is back"));
});
