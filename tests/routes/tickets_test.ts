import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import {
  agentId,
  dataOf,
  look,
  move,
  open,
  openFor,
  say,
  ticketOf,
  type View,
} from "../support/work.ts";

const FIELDS = [
  "_id",
  "assignedTo",
  "category",
  "commentCount",
  "createdAt",
  "createdBy",
  "department",
  "description",
  "dueDate",
  "escalationLevel",
  "estimatedHours",
  "firstResponseTime",
  "id",
  "number",
  "priority",
  "requiredSkills",
  "resolutionTime",
  "resolvedAt",
  "sla",
  "status",
  "suggested",
  "tags",
  "title",
  "updatedAt",
];

Deno.test("an opened ticket has every field, with the documented defaults", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user", { name: "Ada" });
  const input = { title: " A ticket ", description: " It does not work.\n" };
  const answer = await desk.call(customer, "POST", "/api/tickets", input);
  const ticket = dataOf(answer, 201);
  assert.equal(answer.headers.get("Location"), `/api/tickets/${ticket.id}`);
  assert.deepEqual(Object.keys(ticket).sort(), FIELDS);
  const at = desk.clock.now();
  const iso = (time: number): string => new Date(time).toISOString();
  const { userId } = customer.actor;
  const expected = {
    ...input,
    _id: ticket.id,
    status: "queued",
    priority: 2,
    category: "general",
    department: "general",
    requiredSkills: [],
    tags: [],
    estimatedHours: 1,
    assignedTo: null,
    createdBy: { _id: userId, id: userId, name: "Ada", email: customer.email },
    escalationLevel: 0,
    commentCount: 0,
    firstResponseTime: null,
    resolvedAt: null,
    resolutionTime: null,
    dueDate: iso(at + 12 * HOUR_MS),
    createdAt: iso(at),
    updatedAt: iso(at),
  };
  for (const [field, value] of Object.entries(expected)) {
    assert.deepEqual(ticket[field], value, field);
  }
  assert.ok(Number.isInteger(ticket.number) && ticket.number > 0);
  await desk.assertSound();
});

Deno.test("a ticket is found by its id and by its number, with its history", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  for (const key of [ticket.id, ticket.number]) {
    const { history, ...read } = await look(desk, customer, `/api/tickets/${key}`);
    assert.deepEqual(read, ticket);
    assert.deepEqual(history.map((entry: View) => entry.action), ["created"]);
    assert.equal(history[0].performedBy, customer.actor.userId);
    assert.equal(history[0].timestamp, ticket.createdAt);
  }
  await desk.assertSound();
});

Deno.test("numbers of tickets opened at once are all different", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const opened = await Promise.all(Array.from({ length: 50 }, () => open(desk, customer)));
  assert.equal(new Set(opened.map(({ number }) => number)).size, 50);
  assert.equal(new Set(opened.map(({ id }) => id)).size, 50);
  await desk.assertSound();
});

Deno.test("a due date without an offset is read as UTC, one with it as it says", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const dates: [string, string][] = [
    ["2026-11-22T10:00:00.000", "2026-11-22T10:00:00.000Z"],
    ["2026-11-22T10:00", "2026-11-22T10:00:00.000Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
    ["2026-11-22T10:00:00+05:30", "2026-11-22T04:30:00.000Z"],
    ["2026-11-22T10:00:00-0800", "2026-11-22T18:00:00.000Z"],
    ["2026-11-22T10:00:00+02", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22t10:00:00,5z", "2026-11-22T10:00:00.500Z"],
    ["2024-02-29T23:59:59.999999999Z", "2024-02-29T23:59:59.999Z"],
  ];
  for (const [dueDate, expected] of dates) {
    const ticket = await open(desk, customer, { dueDate });
    assert.equal(ticket.dueDate, expected, dueDate);
  }
  await desk.assertSound();
});

Deno.test("a skill is asked for at level one, or at the level behind its colon", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const requiredSkills = ["billing", "tax:1", "refunds:4", "c:d:2"];
  const ticket = await open(desk, customer, { requiredSkills });
  assert.deepEqual(ticket.requiredSkills, ["billing", "tax", "refunds:4", "c:d:2"]);
  for (const skill of ["billing:6", "billing:0", "ratio 1:9", ":3"]) {
    const input = { title: "A", description: "B", requiredSkills: [skill] };
    assertProblem(await desk.call(customer, "POST", "/api/tickets", input), 400, "invalid_input");
  }
  await desk.assertSound();
});

Deno.test("a ticket's whole life is in its history, each step by whom and when", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const step = (): void => desk.clock.advance(MINUTE_MS);
  step();
  const claim = `/api/agents/${agentId(agent)}/claim/${ticket.number}`;
  dataOf(await desk.call(agent, "POST", claim), 200);
  step();
  await move(desk, agent, ticket, "in-progress");
  step();
  await move(desk, agent, ticket, "pending", { comment: "Which one?" });
  step();
  await say(desk, customer, ticket, "This one.");
  step();
  await move(desk, boss, ticket, "escalated");
  step();
  await move(desk, boss, ticket, "in-progress");
  step();
  await move(desk, boss, ticket, "queued");
  step();
  await move(desk, boss, ticket, "assigned", { agentId: agentId(agent) });
  step();
  await move(desk, agent, ticket, "resolved");
  step();
  await move(desk, customer, ticket, "closed");
  const entries = (await look(desk, boss, `/api/tickets/${ticket.id}/history?limit=100`)).reverse();
  const [told, asked, ordered] = [customer, agent, boss].map(({ actor }) => actor.userId);
  const seen = entries.map(({ action, performedBy, timestamp, details }: View) => [
    action,
    performedBy,
    (Date.parse(timestamp) - Date.parse(ticket.createdAt)) / MINUTE_MS,
    details.to,
  ]);
  assert.deepEqual(seen, [
    ["created", told, 0, undefined],
    ["assigned", asked, 1, agentId(agent)],
    ["status_updated", asked, 2, "in-progress"],
    ["status_updated", asked, 3, "pending"],
    ["commented", asked, 3, undefined],
    ["commented", told, 4, undefined],
    ["reopened", told, 4, "in-progress"],
    ["escalated", ordered, 5, "escalated"],
    ["escalation_resolved", ordered, 6, "in-progress"],
    ["requeued", ordered, 7, "queued"],
    ["assigned", ordered, 8, agentId(agent)],
    ["resolved", asked, 9, "resolved"],
    ["closed", told, 10, "closed"],
  ]);
  assert.equal(entries[1].details.by, "claim");
  await desk.assertSound();
});

Deno.test("a resolved ticket tells when and after how many whole minutes", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss);
  desk.clock.advance(90 * MINUTE_MS + 59_999);
  const resolved = await move(desk, agent, ticket, "resolved");
  assert.equal(resolved.resolutionTime, 90);
  assert.equal(resolved.resolvedAt, new Date(desk.clock.now()).toISOString());
  const reopened = await move(desk, agent, ticket, "in-progress");
  assert.equal(reopened.resolutionTime, null);
  assert.equal(reopened.resolvedAt, null);
  assert.equal(reopened.assignedTo.id, agentId(agent));
  await desk.assertSound();
});

Deno.test("a supervisor may overload an agent, and is warned of it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "offline", maxTickets: 1 } });
  await openFor(desk, customer, agent, boss, { requiredSkills: [] });
  const ticket = await open(desk, customer, { requiredSkills: ["latin:4"] });
  const path = `/api/tickets/${ticket.id}/status`;
  const change = { status: "assigned", agentId: agentId(agent) };
  const { status, json } = await desk.call(boss, "PUT", path, change);
  assert.equal(status, 200);
  assert.equal(json.warnings.length, 3, JSON.stringify(json.warnings));
  assert.ok(json.warnings.every((warning: unknown) => typeof warning === "string"));
  assert.equal((await ticketOf(desk, boss, ticket)).assignedTo.id, agentId(agent));
  await desk.assertSound();
});

Deno.test("a claim of a ticket that somebody has names who has it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const ada = await desk.join("agent", { name: "Ada", agent: { status: "busy" } });
  const bob = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await open(desk, customer);
  const claim = (agent: typeof ada): string => `/api/agents/${agentId(agent)}/claim/${ticket.id}`;
  const { agent, ticket: taken } = dataOf(await desk.call(ada, "POST", claim(ada)), 200);
  assert.deepEqual(agent.activeTickets, [ticket.id]);
  assert.equal(taken.assignedTo.name, "Ada");
  const late = await desk.call(bob, "POST", claim(bob));
  assertProblem(late, 409, "already_claimed");
  assert.match(late.json.detail, /assigned to Ada/);
  await desk.assertSound();
});

Deno.test("of thirty agents who claim one ticket at once exactly one gets it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agents = await Promise.all(
    Array.from({ length: 30 }, () => desk.join("agent", { agent: { status: "busy" } })),
  );
  const ticket = await open(desk, customer);
  const answers = await Promise.all(
    agents.map((agent) =>
      desk.call(agent, "POST", `/api/agents/${agentId(agent)}/claim/${ticket.id}`)
    ),
  );
  const winners = agents.filter((_, index) => answers[index]?.status === 200);
  assert.equal(winners.length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    assertProblem(answer, 409, "already_claimed");
  }
  const read = await ticketOf(desk, customer, ticket);
  assert.deepEqual([read.assignedTo.id], winners.map(agentId));
  await desk.assertSound();
});
