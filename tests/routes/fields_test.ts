import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { weeklyOf } from "../support/scene_shifts.ts";
import { agentId, look, open, openFor, say } from "../support/work.ts";

/** What has no fields to choose from: neither a list of records nor one of them. */
const WITHOUT = [
  "/api/auth/test",
  "/api/notifications/preferences",
  "/api/sla/check/{id}",
  "/api/ws",
];

/** What is told by records that have no id. */
const WITHOUT_ID: Readonly<Record<string, string>> = {
  "/api/tickets/{id}/history": "action",
  "/api/analytics/agents": "agents",
  "/api/analytics/sla": "totals",
  "/api/analytics/tickets": "intervals",
  "/api/classification": "tickets",
  "/api/sla/metrics": "totalTickets",
  "/api/sla/trends": "totalTickets",
  "/api/workload/agents": "agentId",
  "/api/workload/metrics": "totalAgents",
  "/api/workload/predictions": "method",
  "/api/workload/teams": "teamId",
  "/api/shifts/adherence": "agent",
};

Deno.test("every route that answers records shows the fields that are asked for, and no others", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const admin = await desk.join("admin");
  const worker = await desk.join("agent", { agent: { status: "busy" } });
  await desk.join("agent", { agent: { status: "online" } });
  const ticket = await openFor(desk, customer, worker, admin);
  await open(desk, customer, { requiredSkills: ["nobody has it"] });
  await say(desk, customer, ticket, "A word.");
  const hook = { url: "https://example.com/hook", eventTypes: ["ticket.created"] };
  const webhook = (await desk.call(admin, "POST", "/api/webhooks", hook)).json.data;
  await desk.call(admin, "POST", `/api/webhooks/${webhook.id}/test`);
  const { userId } = worker.actor;
  const start = { agentId: agentId(worker) };
  const shift = (await desk.call(admin, "POST", "/api/shifts/start", start)).json.data;
  const weekly = weeklyOf(agentId(worker));
  const pattern = (await desk.call(admin, "POST", "/api/shifts/patterns", weekly)).json.data;
  const ids: Record<string, string> = {
    "/api/tickets/{id}": ticket.id,
    "/api/tickets/{id}/history": ticket.id,
    "/api/tickets/{id}/comments": ticket.id,
    "/api/agents/{id}": agentId(worker),
    "/api/agents/user/{userId}": userId,
    "/api/users/{id}": userId,
    "/api/sla/config/{priority}/{category}": "1/billing",
    "/api/sla/calendars/{id}": "default",
    "/api/shifts/agent/{agentId}": agentId(worker),
    "/api/shifts/current/{agentId}": agentId(worker),
    "/api/shifts/{shiftId}": shift.id,
    "/api/shifts/patterns/{id}": pattern.id,
    "/api/webhooks/{id}": webhook.id,
    "/api/webhooks/{id}/deliveries": webhook.id,
  };
  const { paths } = (await desk.call(null, "GET", "/openapi.json")).json;
  const reading = Object.keys(paths).filter((path) =>
    path.startsWith("/api/") && "get" in paths[path] && !WITHOUT.includes(path)
  );
  for (const template of reading) {
    const path = template.replace(/\{.+\}/, ids[template] ?? "unknown");
    const person = path.startsWith("/api/notifications") ? worker : admin;
    const field = WITHOUT_ID[template] ?? "id";
    const shown = [await look(desk, person, `${path}?fields=${field}`)].flat();
    assert.ok(shown.length > 0, `${path} is empty`);
    for (const item of shown) assert.deepEqual(Object.keys(item), [field], path);
    const unknown = await desk.call(person, "GET", `${path}?fields=${field},passwordHash`);
    assertProblem(unknown, 400, "invalid_input");
  }
  await desk.assertSound();
});

Deno.test("comments come with a ticket when they are asked for, by whichever parameter", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  await say(desk, customer, ticket, "A word.");
  const cases: [query: string, fields: string[]][] = [
    ["fields=id,comments", ["id", "comments"]],
    ["fields=id&include=comments", ["id", "comments"]],
    ["fields=id,history&include=comments", ["id", "history", "comments"]],
  ];
  for (const [query, fields] of cases) {
    const shown = await look(desk, customer, `/api/tickets/${ticket.id}?${query}`);
    assert.deepEqual(Object.keys(shown), fields, query);
    assert.equal(shown.comments[0].body, "A word.");
  }
  await desk.assertSound();
});
