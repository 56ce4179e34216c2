import assert from "node:assert/strict";
import { finishDeparture } from "../../domain/services/departure.ts";
import { dismissAgent } from "../../domain/services/hiring.ts";
import { firstShiftDue, rollOver, rollOverAlone } from "../../domain/services/shift_rollover.ts";
import { endShift } from "../../domain/services/shifts.ts";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { keys } from "../../domain/store/keys.ts";
import { give, handovers, ONLINE, statuses } from "../support/departures.ts";
import { granted } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { at, openShiftDesk } from "../support/shift_desk.ts";
import { look, move, open, openFor, say, type View } from "../support/work.ts";

Deno.test("what who left has not started goes back to the head of the queue after the grace, and not before", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk, customer, boss, adaId } = scene;
  const tickets = [await give(scene), await give(scene), await give(scene)];
  const [replied, begun, fresh] = tickets;
  await say(desk, scene.ada, replied, "Hello.");
  await move(desk, scene.ada, begun, "in-progress");
  const older = await open(desk, customer, { priority: 1, requiredSkills: ["nobody has it"] });
  await scene.setStatus("offline");
  await desk.assertSound();
  for (const [minute, expected] of [[0, "assigned"], [9.99, "assigned"], [10, "queued"]] as const) {
    scene.goTo(minute);
    await rollOverAlone(desk.desk);
    assert.deepEqual(await statuses(scene, tickets), ["assigned", "in-progress", expected]);
  }
  const [head, next] = await look(desk, boss, "/api/tickets/queue");
  assert.deepEqual([head.id, next.id], [fresh.id, older.id]);
  const [line] = await look(desk, boss, `/api/tickets/${fresh.id}/history`);
  assert.deepEqual([line.action, line.performedBy, line.details.by], ["requeued", null, "left"]);
  const [told, ...more] = await handovers(scene);
  assert.deepEqual(more, []);
  const { agentId, moved, requeued, kept, ticketIds, keptIds } = told.metadata;
  assert.deepEqual([agentId, moved, requeued, kept], [adaId, 0, 1, 2]);
  assert.deepEqual([ticketIds, keptIds], [[fresh.id], [replied.id, begun.id]]);
  await desk.assertSound();
});

Deno.test("an escalated ticket that nobody answered goes back too", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const ticket = await move(scene.desk, scene.boss, await give(scene), "escalated");
  await scene.setStatus("offline");
  scene.goTo(10);
  await rollOverAlone(scene.desk.desk);
  assert.deepEqual(await statuses(scene, [ticket]), ["queued"]);
  await scene.desk.assertSound();
});

Deno.test("whoever is back in time keeps its tickets, and leaves anew when it leaves again", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk: { desk } } = scene;
  const ticket = await give(scene);
  await scene.setStatus("offline");
  assert.equal(await firstShiftDue(desk.store), at(10));
  scene.goTo(9);
  await scene.setStatus("busy");
  assert.equal(await firstShiftDue(desk.store), null);
  scene.goTo(12);
  assert.equal((await rollOverAlone(desk)).requeued, 0);
  await scene.setStatus("offline");
  // To say it again is not to leave later.
  scene.goTo(15);
  await scene.setStatus("offline");
  assert.equal(await firstShiftDue(desk.store), at(22));
  scene.goTo(22);
  assert.equal((await rollOverAlone(desk)).requeued, 1);
  assert.deepEqual(await statuses(scene, [ticket]), ["queued"]);
  assert.equal((await handovers(scene)).length, 1);
  await scene.desk.assertSound();
});

Deno.test("the end of a shift is a departure as of its instant, however late it is noticed", async () => {
  for (const late of [0, 30]) {
    await using scene = await openShiftDesk(ONLINE);
    const { desk: { desk } } = scene;
    await scene.schedule(0, 60);
    const ticket = await give(scene);
    scene.goTo(60 + late);
    await rollOverAlone(desk);
    assert.equal((await scene.agent()).status, "offline");
    scene.goTo(70 + late);
    await rollOverAlone(desk);
    assert.deepEqual(await statuses(scene, [ticket]), ["queued"]);
    await scene.desk.assertSound();
  }
  await using scene = await openShiftDesk(ONLINE);
  await scene.schedule(0, 60);
  await give(scene);
  scene.goTo(69);
  await scene.setStatus("busy");
  assert.notEqual((await scene.agent()).currentShiftId, undefined);
  assert.equal(await firstShiftDue(scene.desk.desk.store), at(24 * 60));
  await scene.desk.assertSound();
});

Deno.test("a shift that is ended by hand begins a departure, and one that begins anew ends it", async () => {
  await using scene = await openShiftDesk({
    agent: { ...ONLINE.agent, onlineAtShiftStart: true },
  });
  const { desk: { desk }, ada } = scene;
  const shift = await scene.schedule(0, 60);
  const ticket = await give(scene);
  scene.goTo(30);
  granted(await endShift(desk, ada.actor, shift));
  assert.equal(await firstShiftDue(desk.store), at(40));
  await scene.schedule(35, 90);
  scene.goTo(45);
  await rollOverAlone(desk);
  assert.deepEqual(await statuses(scene, [ticket]), ["assigned"]);
  assert.equal((await scene.agent()).status, "online");
  await scene.desk.assertSound();
});

Deno.test("without a grace tickets go back at once", async () => {
  await using scene = await openShiftDesk({ ...ONLINE, env: { HANDOVER_GRACE_MINUTES: "0" } });
  const ticket = await give(scene);
  await scene.setStatus("offline");
  await rollOverAlone(scene.desk.desk);
  assert.deepEqual(await statuses(scene, [ticket]), ["queued"]);
  await scene.desk.assertSound();
});

Deno.test("a departure cut off anywhere is finished by the next rollover, and told once", async () => {
  for (let commits = 0; commits < 10; commits += 3) {
    await using scene = await openShiftDesk(ONLINE);
    const { desk: { desk } } = scene;
    const tickets: View[] = [];
    for (let index = 0; index < 8; index++) tickets.push(await give(scene));
    await move(scene.desk, scene.ada, tickets[3], "in-progress");
    await scene.setStatus("offline");
    scene.goTo(10);
    await scene.desk.background.idle();
    await rollOver(dyingAfter(desk, commits)).catch(() => null);
    await scene.desk.assertSound();
    await Promise.all([1, 2, 3].map(() => rollOver(desk)));
    const expected = tickets.map((_, index) => index === 3 ? "in-progress" : "queued");
    assert.deepEqual(await statuses(scene, tickets), expected);
    const [told, ...more] = await handovers(scene);
    assert.deepEqual([told.metadata.requeued, told.metadata.kept, more], [7, 1, []]);
    assert.equal(await firstShiftDue(desk.store), null);
    await scene.desk.assertSound();
  }
});

Deno.test("whoever is back too late does not keep them, whether or not somebody has looked meanwhile", async () => {
  for (const steps of [0, 2]) {
    await using scene = await openShiftDesk(ONLINE);
    const { desk: { desk }, adaId } = scene;
    const tickets = [await give(scene), await give(scene), await give(scene)];
    await scene.setStatus("offline");
    scene.goTo(10);
    await scene.desk.background.idle();
    await finishDeparture(dyingAfter(desk, steps), adaId).catch(() => null);
    await scene.setStatus("busy");
    await scene.desk.assertSound();
    assert.equal((await rollOverAlone(desk)).requeued, 3 - steps);
    assert.deepEqual(await statuses(scene, tickets), ["queued", "queued", "queued"]);
    const [told, ...more] = await handovers(scene);
    assert.deepEqual([told.metadata.ticketIds, more], [tickets.map(({ id }) => id), []]);
    await scene.desk.assertSound();
  }
});

Deno.test("nor does who is back too late from a shift the end of which nobody has noticed", async () => {
  for (const [after, status] of [[9, "assigned"], [10, "queued"]] as const) {
    await using scene = await openShiftDesk(ONLINE);
    await scene.schedule(0, 60);
    const ticket = await give(scene);
    scene.goTo(60 + after);
    await scene.setStatus("busy");
    await rollOverAlone(scene.desk.desk);
    assert.deepEqual(await statuses(scene, [ticket]), [status]);
    assert.equal((await handovers(scene)).length, after < 10 ? 0 : 1);
    await scene.desk.assertSound();
  }
});

Deno.test("nor does who goes again before anybody has looked, be it for long or not", async () => {
  for (const [back, told] of [[25, 1], [40, 1], [null, 2]] as const) {
    await using scene = await openShiftDesk(ONLINE);
    const [due, begun] = [await give(scene), await give(scene)];
    await move(scene.desk, scene.ada, begun, "in-progress");
    await scene.setStatus("offline");
    scene.goTo(15);
    await scene.setStatus("online");
    const later = await give(scene);
    scene.goTo(20);
    await scene.setStatus("offline");
    if (back !== null) {
      scene.goTo(back);
      await scene.setStatus("online");
    }
    scene.goTo(45);
    await rollOverAlone(scene.desk.desk);
    const isKept = back === 25;
    const expected = ["queued", "in-progress", isKept ? "assigned" : "queued"];
    assert.deepEqual(await statuses(scene, [due, begun, later]), expected);
    assert.equal((await handovers(scene)).length, told);
    await scene.desk.assertSound();
  }
});

Deno.test("a shift that starts before the grace is over keeps them, one that starts later does not", async () => {
  for (const [from, expected] of [[9, "assigned"], [10, "queued"], [11, "queued"]] as const) {
    await using scene = await openShiftDesk({
      agent: { ...ONLINE.agent, onlineAtShiftStart: true },
    });
    const ticket = await give(scene);
    await scene.schedule(from, 60);
    await scene.setStatus("offline");
    // Nobody rolls over before both are long past.
    scene.goTo(30);
    await rollOver(scene.desk.desk);
    assert.deepEqual(await statuses(scene, [ticket]), [expected]);
    assert.equal((await scene.agent()).status, "online");
    await scene.desk.assertSound();
  }
});

Deno.test("what became another's during the grace stays there, and what it was given meanwhile stays too", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk, boss, customer } = scene;
  const rival = await desk.join("agent", { agent: { status: "busy" } });
  const [moved, solved, fresh] = [await give(scene), await give(scene), await give(scene)];
  await scene.setStatus("offline");
  await move(desk, boss, moved, "assigned", { agentId: rival.actor.agent?.id });
  await move(desk, boss, solved, "resolved");
  const given = await openFor(desk, customer, scene.ada, boss);
  scene.goTo(10);
  await rollOverAlone(desk.desk);
  const expected = ["assigned", "resolved", "queued", "assigned"];
  assert.deepEqual(await statuses(scene, [moved, solved, fresh, given]), expected);
  await desk.assertSound();
});

Deno.test("who is deactivated leaves at once, and its departure with it", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk, adaId } = scene;
  const admin = await desk.join("admin");
  const ticket = await give(scene);
  await scene.setStatus("offline");
  granted(await dismissAgent(desk.desk, admin.actor, adaId));
  assert.deepEqual(await statuses(scene, [ticket]), ["queued"]);
  const { value } = await desk.desk.store.reader.get(keys.departure(adaId));
  assert.equal(value, null);
  scene.goTo(20);
  assert.equal((await rollOverAlone(desk.desk)).requeued, 0);
  await desk.assertSound();
});

Deno.test("who leaves nothing begins no departure", async () => {
  await using scene = await openShiftDesk(ONLINE);
  await scene.setStatus("offline");
  assert.equal(await firstShiftDue(scene.desk.desk.store), null);
  scene.desk.clock.advance(SECOND_MS);
  await scene.desk.assertSound();
});
