import assert from "node:assert/strict";
import { rollOver } from "../../domain/services/shift_rollover.ts";
import { give, handovers, ONLINE, statuses } from "../support/departures.ts";
import { openShiftDesk } from "../support/shift_desk.ts";
import { move } from "../support/work.ts";

const COMES_BY_ITSELF = { agent: { ...ONLINE.agent, onlineAtShiftStart: true } } as const;

Deno.test("whoever was away for longer than the grace has left, though it is noticed only when it is back", async () => {
  for (const looks of [[60, 70, 90, 95], [60, 90, 95], [90, 95], [95]]) {
    await using scene = await openShiftDesk(COMES_BY_ITSELF);
    const { desk, ada } = scene;
    await scene.schedule(0, 60);
    await scene.schedule(90, 120);
    const [fresh, begun] = [await give(scene), await give(scene)];
    await move(desk, ada, begun, "in-progress");
    for (const minute of looks) {
      scene.goTo(minute);
      await rollOver(desk.desk);
    }
    assert.equal((await scene.agent()).status, "online", `${looks}`);
    assert.deepEqual(await statuses(scene, [fresh, begun]), ["queued", "in-progress"], `${looks}`);
    assert.equal((await handovers(scene)).length, 1);
    await desk.assertSound();
  }
});

Deno.test("whoever was back within the grace has not left, though nobody looked meanwhile", async () => {
  for (const looks of [[60, 69, 95], [69, 95], [95], [200]]) {
    await using scene = await openShiftDesk(COMES_BY_ITSELF);
    await scene.schedule(0, 60);
    await scene.schedule(69, 195);
    const ticket = await give(scene);
    for (const minute of looks) {
      scene.goTo(minute);
      await rollOver(scene.desk.desk);
    }
    assert.deepEqual(await statuses(scene, [ticket]), ["assigned"], `${looks}`);
    await scene.desk.assertSound();
  }
});

Deno.test("who left, came too late and left again has left the first time", async () => {
  for (const looks of [[60, 70, 90, 120, 125], [125]]) {
    await using scene = await openShiftDesk(COMES_BY_ITSELF);
    await scene.schedule(0, 60);
    await scene.schedule(90, 120);
    const ticket = await give(scene);
    for (const minute of looks) {
      scene.goTo(minute);
      await rollOver(scene.desk.desk);
    }
    assert.deepEqual(await statuses(scene, [ticket]), ["queued"], `${looks}`);
    assert.equal((await handovers(scene)).length, 1);
    await scene.desk.assertSound();
  }
});
