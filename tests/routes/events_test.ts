import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { WEBHOOK_EVENT_TYPES } from "../../domain/rules/webhook.ts";
import { rollOver } from "../../domain/services/shift_rollover.ts";
import { transact } from "../../domain/store/transact.ts";
import { EVENT_NAMES } from "../../routes/views/event.ts";
import { openDesk } from "../support/desk.ts";
import { openPromised } from "../support/promises.ts";
import { agentId, dataOf, move, open, say, type View } from "../support/work.ts";

Deno.test("each event of the catalogue comes about, and is told as the document says", async () => {
  await using scene = await openPromised();
  const { desk, customer, agent, boss, admin } = scene;
  const done = async (method: string, path: string, body?: object): Promise<View> => {
    const answer = await desk.call(boss, method, path, body);
    return dataOf(answer, answer.status === 201 ? 201 : 200);
  };
  await desk.call(admin, "PUT", "/api/sla/config/1/general", {
    escalationRules: [{ level: 2, threshold: 90, notifyRoles: ["supervisor"], reassign: true }],
  });
  const ticket = await scene.hold();
  const edit = {
    department: "Cards",
    priority: 2,
    tags: ["vip"],
    estimatedHours: 2,
    dueDate: null,
  };
  const path = `/api/tickets/${ticket.id}`;
  await done("PATCH", path, { ...edit, title: "Another", requiredSkills: ["tax:4"] });
  await say(desk, agent, ticket, "A word.", "internal");
  await say(desk, customer, ticket, "A word.");
  await done("POST", `${path}/escalate`, { reason: "They cannot pay." });
  await done("PUT", `${path}/resolve-escalation`, { note: "They can." });
  await move(desk, boss, ticket, "queued");
  await move(desk, boss, ticket, "assigned", { agentId: agentId(agent) });
  await move(desk, agent, ticket, "resolved");
  await desk.call(customer, "POST", `${path}/rating`, { score: 5 });
  await say(desk, customer, ticket, "It came back.");
  await move(desk, agent, ticket, "resolved");
  await scene.hold();
  await scene.wait();
  await desk.call(agent, "POST", "/api/shifts/start", {});
  const shift = await done("GET", `/api/shifts/current/${agentId(agent)}`);
  const now = desk.clock.now();
  await done("POST", `/api/shifts/${shift.id}/breaks`, {
    type: "lunch",
    start: new Date(now + 10 * MINUTE_MS).toISOString(),
    end: new Date(now + 40 * MINUTE_MS).toISOString(),
  });
  for (const minutes of [20, 30, 30, 30, 500]) {
    scene.pass(minutes);
    await scene.sweep();
    await rollOver(desk.desk);
  }
  await desk.call(admin, "PUT", "/api/sla/config/1/general", {
    responseTime: 30,
    resolutionTime: 600,
    applyToOpen: true,
  });
  await desk.background.idle();
  scene.pass(8 * 24 * 60);
  await scene.sweep();
  await done("POST", `/api/agents/${agentId(agent)}/handover`, {});
  const told = [...desk.events.names].filter((name) => name !== "notification");
  assert.deepEqual(told.toSorted(), EVENT_NAMES.toSorted());
  assert.ok(desk.events.names.has("notification"));
});

Deno.test("an event that is not as the document says is noticed", async () => {
  await using desk = await openDesk();
  const ticket = await open(desk, await desk.join("user"));
  await desk.background.idle();
  assert.deepEqual(desk.events.faults, []);
  const agent = { agentId: ticket.id, userId: ticket.id, status: "online" } as const;
  await transact(desk.desk.store, (tx) => {
    const wrong = { ...agent, onBreak: "no" as unknown as boolean };
    return Promise.resolve(tx.emit({ type: "agent.changed", at: 0, ...wrong }));
  });
  assert.equal(desk.events.faults.length, 2, "the frame and the webhook's message");
  await assert.rejects(desk.assertSound());
});

Deno.test("a webhook can be told of what the document describes as such, and of nothing else", async () => {
  await using desk = await openDesk();
  const { json: document } = await desk.call(null, "GET", "/openapi.json");
  assert.deepEqual(Object.keys(document.webhooks), [...WEBHOOK_EVENT_TYPES, "ping"]);
  for (const [type, { post }] of Object.entries<View>(document.webhooks)) {
    const { schema, examples } = post.requestBody.content["application/json"];
    assert.equal(schema.properties.type.const, type);
    assert.equal(examples[type].value.type, type);
    assert.ok(examples[type].value.data, `${type} has no example`);
  }
  const { description } = document.paths["/api/ws"].get;
  for (const name of EVENT_NAMES) assert.ok(description.includes(`\`${name}\``), name);
});
