import assert from "node:assert/strict";
import type { Shift } from "../../domain/rules/shift.ts";
import { readAdherence } from "../../domain/services/adherence.ts";
import { addBreak } from "../../domain/services/shift_breaks.ts";
import { setAgentShift } from "../../domain/services/shifts.ts";
import { granted, type Person, refusalOf } from "../support/desk.ts";
import { at, openShiftDesk, planBreak, type ShiftDesk } from "../support/shift_desk.ts";

/** Ada's minutes of planned work so far. */
async function scheduled({ desk, boss, adaId }: ShiftDesk): Promise<number> {
  const page = { after: null, limit: 1 };
  const { items } = granted(await readAdherence(desk.desk, boss.actor, { agentId: adaId }, page));
  return (items[0]?.figures.scheduledMs ?? NaN) / 60_000;
}

function replan(
  { desk, adaId }: ShiftDesk,
  { actor }: Person,
  [from, to]: [number, number],
  ...breaks: [number, number][]
) {
  const named = breaks.map(([start, end]) => ({
    type: "lunch" as const,
    start: at(start),
    end: at(end),
  }));
  const plan = { start: at(from), end: at(to), timezone: "UTC", breaks: named };
  return setAgentShift(desk.desk, actor, adaId, plan);
}

Deno.test("when a shift was to start an agent changes until it has started, then a supervisor", async () => {
  await using scene = await openShiftDesk();
  const { ada, boss } = scene;
  const shift = await scene.schedule(60, 480);
  granted(await replan(scene, ada, [70, 480]));
  scene.goTo(130);
  for (const start of [60, 65, 71, 129, 130]) {
    assert.equal(refusalOf(await replan(scene, ada, [start, 480])), "forbidden", `${start}`);
  }
  assert.equal(refusalOf(await replan(scene, ada, [200, 480])), "shift_active");
  assert.equal(await scheduled(scene), 60);
  granted(await replan(scene, ada, [70, 400]));
  granted(await replan(scene, boss, [65, 390]));
  const { start, end } = await scene.shift(shift.id);
  assert.deepEqual([start, end], [at(65), at(390)]);
  assert.equal(await scheduled(scene), 60);
  await scene.desk.assertSound();
});

Deno.test("a shift that has passed its end gets another one of a supervisor, and of its agent none", async () => {
  await using scene = await openShiftDesk({ agent: { status: "online" } });
  const { ada, boss } = scene;
  const shift = await scene.schedule(0, 60);
  scene.goTo(61);
  await scene.setStatus("online");
  scene.goTo(120);
  assert.equal(refusalOf(await replan(scene, ada, [0, 130])), "forbidden");
  assert.equal(refusalOf(await replan(scene, ada, [200, 300])), "shift_active");
  assert.equal(await scheduled(scene), 60);
  granted(await replan(scene, boss, [0, 130]));
  assert.equal((await scene.shift(shift.id)).overtime, undefined);
  assert.equal(await scheduled(scene), 120);
  await scene.desk.assertSound();
});

Deno.test("a break that an agent plans itself excuses nothing of what is past", async () => {
  const plans: ((scene: ShiftDesk, shift: Shift) => Promise<unknown>)[] = [
    (scene, shift) => planBreak(scene, shift, 10, 121),
    async (scene) => granted(await replan(scene, scene.ada, [0, 480], [10, 121])),
    async (scene) => granted(await replan(scene, scene.ada, [0, 480], [10, 60], [70, 121])),
  ];
  for (const status of ["online", "offline"] as const) {
    for (const plan of plans) {
      await using scene = await openShiftDesk({ agent: { status } });
      const shift = await scene.schedule(0, 480);
      scene.goTo(120);
      await plan(scene, shift);
      assert.equal(await scheduled(scene), 120);
      scene.goTo(130);
      assert.equal(await scheduled(scene), 129);
      await scene.desk.assertSound();
    }
  }
});

Deno.test("a break that a supervisor plans counts from its start, however late it is planned", async () => {
  await using scene = await openShiftDesk({ agent: { status: "online" } });
  const { desk: { desk }, boss } = scene;
  const shift = await scene.schedule(0, 480);
  scene.goTo(120);
  const id = desk.store.newId();
  const training = { id, type: "training" as const, start: at(10), end: at(121) };
  granted(await addBreak(desk, boss.actor, shift, training));
  assert.equal(await scheduled(scene), 10);
  await scene.desk.assertSound();
});
