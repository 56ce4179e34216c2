import assert from "node:assert/strict";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { type Answer, openDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { setStage } from "../support/stage.ts";
import { agentId, dataOf, look, move, open, ticketOf, type View } from "../support/work.ts";

const UNKNOWN = "01900000-0000-7000-8000-00000000dead";

Deno.test("an edit answers the whole ticket as it is now, found by its number too", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  desk.clock.advance(HOUR_MS);
  const changes = {
    title: "Another title",
    description: "It still does not work.",
    priority: 1,
    category: "technical",
    department: "Repairs",
    requiredSkills: ["paper", "fire:4"],
    tags: ["hot"],
    dueDate: "2026-11-22T10:00:00.000Z",
    estimatedHours: 2.5,
  };
  const path = `/api/tickets/${ticket.number}`;
  const edited = dataOf(await desk.call(boss, "PATCH", path, { ...changes, unknown: 1 }), 200);
  const { sla, ...rest } = edited;
  const updatedAt = new Date(desk.clock.now()).toISOString();
  const { sla: _sla, ...before } = ticket;
  // Another target that is used up already is broken by the edit.
  const broken = { status: "escalated", escalationLevel: 1 };
  assert.deepEqual(rest, { ...before, ...changes, ...broken, updatedAt });
  const opened = Date.parse(ticket.createdAt);
  assert.equal(sla.responseDeadline, new Date(opened + 0.75 * HOUR_MS).toISOString());
  assert.equal(sla.resolutionDeadline, new Date(opened + 4 * HOUR_MS).toISOString());
  assert.equal(sla.isBreached, true, "the new deadline has passed");
  const { history, ...read } = await look(desk, boss, `/api/tickets/${ticket.id}`);
  assert.deepEqual(read, edited);
  const entry = history.find(({ action }: View) => action === "updated");
  assert.equal(entry.performedBy, boss.actor.userId);
  assert.equal(
    entry.details.fields,
    "title, description, priority, category, department, requiredSkills, tags, dueDate, " +
      "estimatedHours",
  );
  const breach = history.find(({ action }: View) => action === "sla_breach");
  assert.equal(breach.performedBy, null);
  assert.equal(breach.timestamp, updatedAt);
  assert.partialDeepStrictEqual(breach.details, { clock: "response", reason: "target_change" });
  await desk.assertSound();
});

Deno.test("a due date of null takes the date away: the resolution's deadline is shown again", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer, { dueDate: "2026-11-22" });
  const path = `/api/tickets/${ticket.id}`;
  const edited = dataOf(await desk.call(boss, "PATCH", path, { dueDate: null }), 200);
  assert.equal(edited.dueDate, edited.sla.resolutionDeadline);
  await desk.assertSound();
});

Deno.test("a requester corrects the words of a ticket that waits, and then no more", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const path = `/api/tickets/${ticket.id}`;
  const both = { title: "The right title", priority: 1 };
  assertProblem(await desk.call(customer, "PATCH", path, both), 403, "forbidden");
  assert.equal((await ticketOf(desk, customer, ticket)).title, ticket.title, "all or nothing");
  dataOf(await desk.call(customer, "PATCH", path, { title: "The right title" }), 200);
  await move(desk, boss, ticket, "escalated");
  const late = await desk.call(customer, "PATCH", path, { description: "And more." });
  assertProblem(late, 409, "conflict");
  await desk.assertSound();
});

Deno.test("changes outside their limits are refused with the field's path, and nothing is stored", async () => {
  await using here = await setStage();
  const { desk, boss, ticket } = here;
  const path = `/api/tickets/${ticket.id}`;
  const send = (method: string, end: string) => (input: object): Promise<Answer> =>
    desk.call(boss, method, `${path}${end}`, input);
  const edit = send("PATCH", "");
  const escalate = send("POST", "/escalate");
  const settle = send("PUT", "/resolve-escalation");
  const batch = (input: object): Promise<Answer> =>
    desk.call(boss, "POST", "/api/tickets/batch-update", {
      ids: [ticket.id],
      priority: 1,
      ...input,
    });
  const many = Array.from({ length: 21 }, (_, index) => `name ${index}`);
  const ids = Array.from({ length: 101 }, () => crypto.randomUUID());
  const texts = ["", " \n", "a\u0000b", "\udc00", 7, null, ["text"]];
  const bad: [(input: object) => Promise<Answer>, field: string, values: unknown[]][] = [
    [edit, "title", [...texts, "x".repeat(201)]],
    [edit, "description", [...texts, "x".repeat(20_001)]],
    [edit, "priority", [0, 4, "1", null]],
    [edit, "category", ["", "unheard of", null]],
    [edit, "department", [...texts, "x".repeat(61), "a\nb"]],
    [edit, "requiredSkills", [many, "skill", [":3"], null]],
    [edit, "tags", [many, "tag", [""], null]],
    [edit, "dueDate", ["tomorrow", "2026-02-30", 7, ""]],
    [edit, "estimatedHours", [0, 0.24, 100.01, "1", null]],
    [escalate, "reason", [...texts, undefined, "x".repeat(1_001)]],
    [settle, "note", [...texts, "x".repeat(10_001)]],
    [batch, "ids", [[], ids, [ticket.id, ticket.id], ["nonsense"], ticket.id, null]],
    [batch, "status", ["gone", null]],
    [batch, "agentId", ["nonsense", null]],
    [batch, "priority", [0, null]],
    [batch, "tags", [many, null]],
  ];
  await here.leavesNothing(async () => {
    for (const [send, field, values] of bad) {
      for (const value of values) {
        const answer = await send({ [field]: value });
        assertProblem(answer, 400, "invalid_input");
        assert.equal(answer.json.errors[0].path.split(".")[0], field, JSON.stringify(answer.json));
      }
    }
    for (const input of [{}, { unknown: 1 }, { status: "closed" }]) {
      assertProblem(await edit(input), 400, "invalid_input");
    }
    const nothing = { ids: [ticket.id], unknown: 1 };
    const answer = await desk.call(boss, "POST", "/api/tickets/batch-update", nothing);
    assertProblem(answer, 400, "invalid_input");
  });
});

Deno.test("an escalation answers the escalated ticket, its end the ticket as it goes on", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const path = `/api/tickets/${ticket.id}`;
  for (const level of [1, 2]) {
    const body = { reason: `Reason ${level}` };
    const escalated = dataOf(await desk.call(boss, "POST", `${path}/escalate`, body), 200);
    assert.deepEqual([escalated.status, escalated.escalationLevel], ["escalated", level]);
  }
  const settled = dataOf(await desk.call(boss, "PUT", `${path}/resolve-escalation`), 200);
  assert.deepEqual([settled.status, settled.escalationLevel], ["queued", 0]);
  const again = await desk.call(boss, "PUT", `${path}/resolve-escalation`, {});
  assertProblem(again, 409, "not_escalated");
  const { history } = await ticketOf(desk, boss, ticket);
  const told = history.map(({ action, details }: View) => [action, details.reason]);
  assert.deepEqual(told.slice(0, 3), [
    ["escalation_resolved", undefined],
    ["escalated", "Reason 2"],
    ["escalated", "Reason 1"],
  ]);
  await desk.assertSound();
});

Deno.test("a change sent again with its key is not made again", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const requests: [string, object][] = [
    [`/api/tickets/${ticket.id}/escalate`, { reason: "It burns." }],
    ["/api/tickets/batch-update", { ids: [ticket.id, UNKNOWN], status: "escalated" }],
  ];
  for (const [index, [path, input]] of requests.entries()) {
    const headers = { "Idempotency-Key": `change ${index}` };
    const body = JSON.stringify(input);
    const first = await callRaw(desk, boss, path, { body, headers });
    const again = await callRaw(desk, boss, path, { body, headers });
    assert.deepEqual([first.status, again.status], [200, 200], JSON.stringify(first.json));
    assert.equal(again.headers.get("Idempotent-Replayed"), "true");
    assert.deepEqual(again.json, first.json);
    assert.equal((await ticketOf(desk, boss, ticket)).escalationLevel, index + 1);
  }
  await desk.assertSound();
});

Deno.test("of two who edit the version they both read the second is told that it is stale", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const path = `/api/tickets/${(await open(desk, customer)).id}`;
  const etag = (await desk.call(boss, "GET", path)).headers.get("ETag") ?? "";
  const send = (title: string): Promise<Answer> => {
    const body = JSON.stringify({ title });
    return callRaw(desk, boss, path, { method: "PATCH", body, headers: { "If-Match": etag } });
  };
  assert.equal((await send("First")).status, 200);
  assertProblem(await send("Second"), 412, "stale");
  assert.equal((await desk.call(boss, "GET", path)).json.data.title, "First");
  await desk.assertSound();
});

Deno.test("a batch answers the changed tickets and, for each id in its order, what became of it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 1 } });
  const first = await open(desk, customer);
  const closed = await open(desk, customer);
  await move(desk, customer, closed, "closed");
  const last = await open(desk, customer);
  const { status, json } = await desk.call(boss, "POST", "/api/tickets/batch-update", {
    ids: [last.id, UNKNOWN, closed.id, first.id],
    agentId: agentId(agent),
    priority: 3,
    tags: ["moved"],
  });
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal(json.success, true);
  assert.deepEqual(
    json.data.map((
      { id, assignedTo, priority, tags }: View,
    ) => [id, assignedTo.id, priority, tags]),
    [last, first].map(({ id }) => [id, agentId(agent), 3, ["moved"]]),
  );
  assert.equal(json.warnings.length, 1, "the agent is over its capacity");
  const codes = json.results.map(({ id, ok, error }: View) => [id, ok, error?.code]);
  assert.deepEqual(codes, [
    [last.id, true, undefined],
    [UNKNOWN, false, "not_found"],
    [closed.id, false, "conflict"],
    [first.id, true, undefined],
  ]);
  const { error } = json.results[2];
  assert.deepEqual(Object.keys(error), ["code", "message"]);
  assert.match(error.message, /closed/);
  await desk.assertSound();
});
