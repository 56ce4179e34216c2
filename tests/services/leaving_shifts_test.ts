import assert from "node:assert/strict";
import { dismissAgent } from "../../domain/services/hiring.ts";
import { rollOver } from "../../domain/services/shift_rollover.ts";
import { setAgentShift } from "../../domain/services/shifts.ts";
import { editUser } from "../../domain/services/user_edit.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { at, openShiftDesk } from "../support/shift_desk.ts";

Deno.test("whoever is deactivated before a rollover noticed it has ended one shift and begun the next", async () => {
  for (const by of ["dismissal", "user"]) {
    await using scene = await openShiftDesk();
    const { desk, ada, adaId } = scene;
    const admin = await desk.join("admin");
    const first = await scene.schedule(0, 60);
    const second = await scene.schedule(60, 120);
    await scene.setStatus("online");
    scene.goTo(65);
    if (by === "dismissal") granted(await dismissAgent(desk.desk, admin.actor, adaId));
    else granted(await editUser(desk.desk, admin.actor, ada.actor.userId, { active: false }));
    await rollOver(desk.desk);
    assert.equal((await scene.shift(first.id)).endedAt, at(60));
    const { startedAt, endedAt } = await scene.shift(second.id);
    assert.deepEqual([startedAt, endedAt], [at(60), at(65)]);
    await desk.assertSound();
  }
});

Deno.test("a shift that was to start while its agent was deactivated does not take place", async () => {
  await using scene = await openShiftDesk();
  const { desk, ada } = scene;
  const admin = await desk.join("admin");
  const shift = await scene.schedule(60, 120);
  granted(await editUser(desk.desk, admin.actor, ada.actor.userId, { active: false }));
  scene.goTo(65);
  granted(await editUser(desk.desk, admin.actor, ada.actor.userId, { active: true }));
  await rollOver(desk.desk);
  assert.equal((await scene.shift(shift.id)).status, "cancelled");
  await desk.assertSound();
});

Deno.test("who is deactivated is given no other plan", async () => {
  await using scene = await openShiftDesk();
  const { desk, adaId, boss } = scene;
  const admin = await desk.join("admin");
  const shift = await scene.schedule(60, 120);
  granted(await dismissAgent(desk.desk, admin.actor, adaId));
  const request = { start: at(70), end: at(130), timezone: "UTC" };
  const outcome = await setAgentShift(desk.desk, boss.actor, adaId, request);
  assert.equal(refusalOf(outcome), "agent_unavailable");
  assert.equal((await scene.shift(shift.id)).start, at(60));
});
