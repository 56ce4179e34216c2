import assert from "node:assert/strict";
import { availableAgents } from "../../domain/services/agents.ts";
import { processQueue } from "../../domain/services/routing.ts";
import { rollOverAlone } from "../../domain/services/shift_rollover.ts";
import { claimTicket } from "../../domain/services/tickets.ts";
import { ONLINE, statuses } from "../support/departures.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { openShiftDesk } from "../support/shift_desk.ts";
import { open, ticketOf } from "../support/work.ts";

Deno.test("nothing is given to who is on the way out, by routing or by claims", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk, customer, ada, adaId } = scene;
  await scene.schedule(0, 60);
  scene.goTo(59);
  const before = await open(desk, customer);
  assert.deepEqual(await statuses(scene, [before]), ["assigned"]);
  // Nobody has rolled over: by its record Ada is online and on shift.
  scene.goTo(60);
  const after = await open(desk, customer);
  await desk.background.idle();
  await processQueue(desk.desk, { limit: 10, dryRun: false });
  assert.deepEqual(await availableAgents(desk.desk, {}), []);
  const request = { ticketId: after.id, agentId: adaId, force: true };
  assert.equal(refusalOf(await claimTicket(desk.desk, ada.actor, request)), "agent_unavailable");
  assert.deepEqual(await statuses(scene, [after]), ["queued"]);
  scene.goTo(70);
  await rollOverAlone(desk.desk);
  assert.deepEqual(await statuses(scene, [before, after]), ["queued", "queued"]);
  await desk.assertSound();
});

Deno.test("a ticket that goes back is given to another agent at once", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk, customer, boss } = scene;
  const ticket = await open(desk, customer);
  assert.deepEqual(await statuses(scene, [ticket]), ["assigned"]);
  const rival = await desk.join("agent", { name: "Eve" });
  await scene.setStatus("offline");
  scene.goTo(10);
  await rollOverAlone(desk.desk);
  const { assignedTo } = await ticketOf(desk, boss, ticket);
  assert.equal(assignedTo.id, rival.actor.agent?.id);
  await desk.assertSound();
});

Deno.test("whoever is back from a break may claim at once, though nobody has rolled over", async () => {
  await using scene = await openShiftDesk(ONLINE);
  const { desk, customer, ada, adaId } = scene;
  await scene.schedule(0, 60, [20, 30]);
  scene.goTo(20);
  const ticket = await open(desk, customer);
  const claim = () => {
    const request = { ticketId: ticket.id, agentId: adaId, force: false };
    return claimTicket(desk.desk, ada.actor, request);
  };
  await desk.background.idle();
  assert.equal(refusalOf(await claim()), "agent_unavailable");
  scene.goTo(30);
  assert.equal(granted(await claim()).ticket.status, "assigned");
  await desk.assertSound();
});
