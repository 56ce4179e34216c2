import assert from "node:assert/strict";
import { endShift, startShift } from "../../domain/services/shifts.ts";
import { granted } from "../support/desk.ts";
import { openShiftDesk } from "../support/shift_desk.ts";

Deno.test("a shift begun an hour early and ended at once is what ended last, so that none goes on", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada, adaId } = scene;
  const first = await scene.schedule(0, 60);
  await scene.schedule(120, 180);
  scene.goTo(60);
  const second = granted(await startShift(desk, ada.actor, adaId, { timezone: undefined }));
  granted(await endShift(desk, ada.actor, second));
  scene.goTo(61);
  await scene.setStatus("online");
  assert.equal((await scene.shift(first.id)).overtime, undefined);
  assert.equal((await scene.agent()).currentShiftId, undefined);
  await scene.desk.assertSound();
});
