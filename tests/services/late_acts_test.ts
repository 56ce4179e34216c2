import assert from "node:assert/strict";
import { stored } from "../support/problem.ts";
import { openPromised, type PromisedDesk } from "../support/promises.ts";
import { agentId, dataOf, look, move, say, ticketOf, type View } from "../support/work.ts";

/** Promises of priority 1 that run out, without a sweep, before somebody does something. */
const RESPONSE_RUN_OUT = [
  "48 sla_warning response",
  "60 sla_breach response",
  "60 escalated 1",
];

const REASSIGNS = {
  escalationRules: [{
    level: 3,
    threshold: 30,
    notifyRoles: ["supervisor"],
    on: "response",
    reassign: true,
  }],
};

/** What happened since it was opened and given to the agent. */
async function since(scene: PromisedDesk, ticket: View): Promise<string[]> {
  return (await scene.history(ticket)).filter((line) => !/^0 /.test(line));
}

Deno.test("a late reply finds the promise broken: the breach stands before it, as of the deadline", async () => {
  await using scene = await openPromised();
  const ticket = await scene.hold();
  scene.pass(90);
  await say(scene.desk, scene.agent, ticket, "Sorry for the wait.");
  assert.deepEqual(await since(scene, ticket), [...RESPONSE_RUN_OUT, "90 commented"]);
  const { clocks: [response] } = await look(scene.desk, scene.agent, `/api/sla/check/${ticket.id}`);
  assert.equal(response.breachedAt, response.deadline);
  assert.equal((await scene.sweep()).tickets, 0, "nothing is left for a sweep");
});

Deno.test("a late claim, resolution, edit and cancellation come after what was due", async () => {
  await using scene = await openPromised();
  const { desk, agent, boss, customer } = scene;
  const [claimed, edited, cancelled] = [await scene.wait(), await scene.wait(), await scene.wait()];
  const resolved = await scene.hold();
  scene.pass(90);
  const claim = `/api/agents/${agentId(agent)}/claim/${claimed.id}?force=true`;
  dataOf(await desk.call(boss, "POST", claim), 200);
  dataOf(await desk.call(boss, "PATCH", `/api/tickets/${edited.id}`, { title: "Another" }), 200);
  await move(desk, agent, resolved, "resolved");
  const cancel = { status: "closed" };
  const answer = await desk.call(customer, "PUT", `/api/tickets/${cancelled.id}/status`, cancel);
  assert.equal(answer.status, 409, "it is escalated, and not queued any more");
  for (
    const [ticket, action] of [[claimed, "assigned"], [edited, "updated"], [resolved, "resolved"]]
  ) {
    assert.deepEqual(await since(scene, ticket), [...RESPONSE_RUN_OUT, `90 ${action}`]);
  }
});

Deno.test("an act that is refused commits nothing of what was due, and a sweep does", async () => {
  await using scene = await openPromised();
  const { desk, agent } = scene;
  const ticket = await scene.hold();
  scene.pass(90);
  await desk.background.idle();
  const before = await stored(desk.desk.store);
  // By now it is escalated: only a supervisor ends that.
  const path = `/api/tickets/${ticket.id}/status`;
  const { status } = await desk.call(agent, "PUT", path, { status: "in-progress" });
  assert.equal(status, 403);
  assert.deepEqual(await stored(desk.desk.store), before);
  await scene.sweep();
  assert.deepEqual(await since(scene, ticket), RESPONSE_RUN_OUT);
});

Deno.test("the router gives an overdue ticket away after it broke", async () => {
  await using scene = await openPromised();
  const { desk, boss } = scene;
  const ticket = await scene.wait({ requiredSkills: [] });
  scene.pass(90);
  const answer = await desk.call(scene.agent, "PUT", `/api/agents/${agentId(scene.agent)}/status`, {
    status: "online",
  });
  assert.equal(answer.status, 200);
  const { status, assignedTo, escalationLevel } = await ticketOf(desk, boss, ticket);
  assert.deepEqual([status, assignedTo.id, escalationLevel], ["assigned", agentId(scene.agent), 1]);
  assert.deepEqual(await since(scene, ticket), [...RESPONSE_RUN_OUT, "90 assigned"]);
});

Deno.test("an agent who is handed over has lost by then what a rule took from it", async () => {
  await using scene = await openPromised();
  const { desk, boss, agent } = scene;
  await scene.promise(REASSIGNS);
  const taken = await scene.hold();
  scene.pass(20);
  const kept = await scene.hold();
  scene.pass(20);
  const other = await desk.join("agent", { agent: { status: "busy", maxTickets: 100 } });
  const path = `/api/agents/${agentId(agent)}/handover`;
  const data = dataOf(await desk.call(boss, "POST", path, { to: agentId(other) }), 200);
  assert.deepEqual(data.moved.map(({ ticketId }: View) => ticketId), [kept.id]);
  assert.deepEqual(data.requeued, []);
  const { status, assignedTo, escalationLevel } = await ticketOf(desk, boss, taken);
  assert.deepEqual([status, assignedTo, escalationLevel], ["queued", null, 3]);
  assert.deepEqual(await since(scene, taken), ["30 escalated 3", "30 requeued"]);
  assert.deepEqual(await since(scene, kept), ["20 created", "20 assigned", "40 handover"]);
});

Deno.test("an agent who leaves has lost by then what a rule took from it", async () => {
  await using scene = await openPromised();
  const { desk, admin, boss, agent } = scene;
  await scene.promise(REASSIGNS);
  const taken = [await scene.hold(), await scene.hold()];
  scene.pass(20);
  const left = await scene.hold();
  scene.pass(20);
  dataOf(await desk.call(admin, "DELETE", `/api/agents/${agentId(agent)}`), 200);
  await desk.background.idle();
  for (const ticket of taken) {
    assert.deepEqual(await since(scene, ticket), ["30 escalated 3", "30 requeued"]);
  }
  assert.deepEqual(await since(scene, left), ["20 created", "20 assigned", "40 requeued"]);
  for (const ticket of [...taken, left]) {
    assert.equal((await ticketOf(desk, boss, ticket)).status, "queued");
  }
});

Deno.test("a late answer of an agent who may not see the ticket any more changes nothing", async () => {
  await using scene = await openPromised();
  const { desk, agent } = scene;
  await scene.promise(REASSIGNS);
  const ticket = await scene.hold({ department: "Elsewhere" });
  scene.pass(40);
  await desk.background.idle();
  const before = await stored(desk.desk.store);
  const path = `/api/tickets/${ticket.id}/comments`;
  const { status } = await desk.call(agent, "POST", path, { body: "I was about to." });
  assert.equal(status, 404);
  assert.deepEqual(await stored(desk.desk.store), before);
  await scene.sweep();
  assert.deepEqual(await since(scene, ticket), ["30 escalated 3", "30 requeued"]);
});

Deno.test("what a rule takes from an agent goes to the next best one, and not back", async () => {
  await using scene = await openPromised();
  const { desk, boss } = scene;
  await scene.promise(REASSIGNS);
  const ticket = await scene.hold({ requiredSkills: [] });
  const path = `/api/agents/${agentId(scene.agent)}/status`;
  dataOf(await desk.call(scene.agent, "PUT", path, { status: "online" }), 200);
  scene.pass(40);
  await scene.sweep();
  const { status, assignedTo } = await ticketOf(desk, boss, ticket);
  assert.deepEqual([status, assignedTo], ["queued", null], "it was hers a moment ago");
  const other = await desk.join("agent");
  dataOf(await desk.call(boss, "POST", "/api/tickets/process-queue", {}), 200);
  assert.equal((await ticketOf(desk, boss, ticket)).assignedTo.id, agentId(other));
});

Deno.test("a swap that breaks a promise breaks it in the same commit, and says why", async () => {
  await using scene = await openPromised();
  const { desk, boss } = scene;
  const ticket = await scene.hold({ priority: 3 });
  scene.pass(200);
  dataOf(await desk.call(boss, "PATCH", `/api/tickets/${ticket.id}`, { priority: 1 }), 200);
  const { history, status, sla } = await ticketOf(desk, boss, ticket);
  assert.deepEqual(await since(scene, ticket), [
    "200 updated",
    "200 sla_breach response",
    "200 escalated 1",
    "200 escalated 2",
  ]);
  const breach = history.find(({ action }: View) => action === "sla_breach");
  assert.equal(breach.details.reason, "target_change");
  assert.deepEqual([status, sla.isBreached], ["escalated", true]);
});

Deno.test("a batch that swaps and resolves breaks what the swap breaks before it resolves", async () => {
  await using scene = await openPromised();
  const { desk, boss } = scene;
  const [broken, kept] = [await scene.hold({ priority: 3 }), await scene.hold({ priority: 3 })];
  await say(desk, scene.agent, kept, "I am at it.");
  scene.pass(200);
  const request = { ids: [broken.id, kept.id], priority: 1, status: "resolved", tags: ["done"] };
  const { json } = await desk.call(boss, "POST", "/api/tickets/batch-update", request);
  assert.deepEqual(json.results.map(({ ok }: View) => ok), [true, true]);
  assert.deepEqual(await since(scene, broken), [
    "200 updated",
    "200 sla_breach response",
    "200 escalated 1",
    "200 escalated 2",
    "200 resolved",
  ]);
  const { status, sla } = await ticketOf(desk, boss, broken);
  assert.deepEqual([status, sla.responseTimeMet, sla.resolutionTimeMet], ["resolved", false, true]);
  assert.equal((await ticketOf(desk, boss, kept)).sla.isBreached, false);
});

Deno.test("of a batch over overdue tickets each is told first what was due on it", async () => {
  await using scene = await openPromised();
  const tickets = [await scene.hold(), await scene.hold()];
  scene.pass(90);
  const request = { ids: tickets.map(({ id }) => id), tags: ["late"] };
  await scene.desk.call(scene.boss, "POST", "/api/tickets/batch-update", request);
  for (const ticket of tickets) {
    assert.deepEqual(await since(scene, ticket), [...RESPONSE_RUN_OUT, "90 updated"]);
  }
});
