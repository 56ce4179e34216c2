import assert from "node:assert/strict";
import { openDesk, PASSWORD, type Person, type TestDesk } from "../support/desk.ts";
import { agentId, dataOf, look, type View } from "../support/work.ts";

// What clients of the desk's predecessor rely on, the way they ask for it.

interface Old extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
}

/** A desk whose agent takes nothing by itself. */
async function openOld(): Promise<Old> {
  const desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  return {
    desk,
    customer,
    agent,
    boss,
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

const DRAFT = { title: "My card is lost", description: "Please send a new one." };

async function draft({ desk, customer }: Old, more: object = {}): Promise<View> {
  return dataOf(await desk.call(customer, "POST", "/api/tickets", { ...DRAFT, ...more }), 201);
}

Deno.test("the connection test needs no token", async () => {
  await using old = await openOld();
  const { status, json } = await old.desk.call(null, "GET", "/api/auth/test");
  assert.deepEqual([status, json.success], [200, true]);
});

Deno.test("tokens stand at the top level of what registration, login and refresh answer", async () => {
  await using old = await openOld();
  const { desk } = old;
  const email = "carla@example.com";
  const account = { name: "Carla", email, password: PASSWORD };
  const registered = await desk.call(null, "POST", "/api/auth/register", account);
  const loggedIn = await desk.call(null, "POST", "/api/auth/login", { email, password: PASSWORD });
  const { refreshToken } = loggedIn.json;
  const refreshed = await desk.call(null, "POST", "/api/auth/refresh", { refreshToken });
  assert.deepEqual([registered.status, loggedIn.status, refreshed.status], [201, 200, 200]);
  for (const { json } of [registered, loggedIn, refreshed]) {
    assert.equal(json.success, true);
    assert.equal(typeof json.token, "string");
    assert.equal(typeof json.refreshToken, "string");
    assert.equal(typeof json.expiresIn, "number");
    assert.equal(json.data.email, email);
    const person = { ...old.customer, token: json.token };
    assert.equal((await look(desk, person, "/api/auth/me")).name, "Carla");
  }
});

Deno.test("a ticket goes from open to closed by claim and status alone, with numbers for priorities", async () => {
  await using old = await openOld();
  const { desk, customer, agent, boss } = old;
  const opened = await draft(old, { priority: 1 });
  assert.deepEqual([opened.status, opened.priority, opened.assignedTo], ["queued", 1, null]);
  assert.equal((await draft(old)).priority, 2);
  const claim = `/api/agents/${agentId(agent)}/claim/${opened._id}`;
  const claimed = dataOf(await desk.call(agent, "POST", claim), 200);
  assert.equal(claimed.ticket.status, "assigned");
  assert.equal(claimed.ticket.assignedTo._id, claimed.agent._id);
  const moves: [Person, string][] = [
    [agent, "in-progress"],
    [agent, "pending"],
    [agent, "in-progress"],
    [boss, "escalated"],
    [agent, "resolved"],
    [customer, "closed"],
  ];
  for (const [person, status] of moves) {
    const path = `/api/tickets/${opened._id}/status`;
    const moved = dataOf(await desk.call(person, "PUT", path, { status }), 200);
    assert.deepEqual([moved._id, moved.status], [opened._id, status]);
  }
  const { history } = await look(desk, boss, `/api/tickets/${opened._id}`);
  for (const { action, timestamp, details } of history) {
    assert.deepEqual([typeof action, typeof timestamp, typeof details], [
      "string",
      "string",
      "object",
    ]);
  }
  assert.equal(history.length, 1 + 1 + moves.length);
});

Deno.test("notifications are listed, read one by one, and marked all read", async () => {
  await using old = await openOld();
  const { desk, customer, boss } = old;
  const ticket = await draft(old);
  const comments = `/api/tickets/${ticket._id}/comments`;
  for (const body of ["One.", "Two.", "Three."]) {
    dataOf(await desk.call(boss, "POST", comments, { body, visibility: "public" }), 201);
  }
  const [newest, ...rest] = await look(desk, customer, "/api/notifications/unread");
  assert.equal(rest.length, 2);
  const read = await desk.call(customer, "PUT", `/api/notifications/${newest._id}/read`);
  assert.equal(dataOf(read, 200).read, true);
  dataOf(await desk.call(customer, "PUT", "/api/notifications/mark-all-read"), 200);
  assert.deepEqual(await look(desk, customer, "/api/notifications/unread"), []);
  assert.equal((await look(desk, customer, "/api/notifications")).length, 3);
});

Deno.test("every resource repeats its id as _id, wherever it stands in an answer", async () => {
  await using old = await openOld();
  const { desk, customer, agent, boss } = old;
  const ticket = await draft(old);
  await desk.call(agent, "POST", `/api/agents/${agentId(agent)}/claim/${ticket._id}`);
  await desk.call(boss, "POST", `/api/tickets/${ticket._id}/comments`, { body: "A word." });
  const paths = [
    "/api/auth/me",
    "/api/tickets",
    "/api/tickets/queue",
    `/api/tickets/${ticket._id}`,
    `/api/tickets/${ticket._id}/comments`,
    "/api/agents",
    "/api/agents/available",
    `/api/agents/${agentId(agent)}`,
    `/api/agents/user/${agent.actor.userId}`,
    "/api/notifications",
    "/api/notifications/unread",
    `/api/shifts/agent/${agentId(agent)}`,
  ];
  // So that no list is empty.
  const day = { start: "2030-01-07T09:00", end: "2030-01-07T17:00", timezone: "UTC" };
  const lunch = { type: "lunch", start: "2030-01-07T12:00", end: "2030-01-07T12:30" };
  const planned = { ...day, breaks: [lunch] };
  await draft(old, { requiredSkills: ["nobody has it"] });
  await desk.call(agent, "PUT", `/api/agents/${agentId(agent)}/status`, { status: "online" });
  for (const path of paths) {
    // Who has a shift that has not begun is not available.
    if (path.startsWith("/api/shifts")) {
      await desk.call(boss, "PUT", `/api/agents/${agentId(agent)}/shift`, planned);
    }
    const person = path.startsWith("/api/notifications") ? customer : boss;
    const resources = resourcesIn(await look(desk, person, path));
    assert.ok(resources.length > 0, path);
    for (const { id, _id } of resources) assert.equal(_id, id, path);
  }
});

/** Every object with an id, at any depth. */
function resourcesIn(value: View): View[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(resourcesIn);
  return "id" in value || "_id" in value ? [value, ...inside] : inside;
}

Deno.test("lists have the envelope that pages are turned by", async () => {
  await using old = await openOld();
  const { desk, customer, boss } = old;
  for (let index = 0; index < 7; index++) {
    const ticket = await draft(old, { title: `Number ${index}` });
    await desk.call(boss, "POST", `/api/tickets/${ticket._id}/comments`, { body: "A word." });
  }
  for (const path of ["/api/tickets", "/api/notifications"]) {
    const seen: string[] = [];
    for (const page of [1, 2, 3, 4]) {
      const { json } = await desk.call(customer, "GET", `${path}?limit=3&page=${page}`);
      const { success, count, total, pages, currentPage } = json;
      const expected = [true, [3, 3, 1, 0][page - 1], 7, 3, page];
      assert.deepEqual([success, count, total, pages, currentPage], expected, path);
      seen.push(...json.data.map(({ _id }: View) => _id));
    }
    assert.equal(new Set(seen).size, 7, path);
    assert.deepEqual(seen, seen.toSorted().toReversed(), path);
  }
  for (const path of ["/api/agents", "/api/agents/available", "/api/tickets/queue"]) {
    const { json } = await desk.call(boss, "GET", path);
    assert.deepEqual([json.success, json.count], [true, json.data.length], path);
  }
});

Deno.test("a time without an offset is read as UTC, and times are told in UTC to the millisecond", async () => {
  await using old = await openOld();
  const { desk, customer } = old;
  const local = "2026-11-22T10:00:00.000";
  const ticket = await draft(old, { dueDate: local });
  assert.equal(ticket.dueDate, `${local}Z`);
  const now = new Date(desk.clock.now()).toISOString();
  assert.equal(ticket.createdAt, now);
  for (const [question, found] of [["createdAfter", 1], ["createdBefore", 0]] as const) {
    const path = `/api/tickets?${question}=${now.slice(0, -1)}`;
    assert.equal((await look(desk, customer, path)).length, found, path);
  }
});

Deno.test("unknown fields are ignored", async () => {
  await using old = await openOld();
  const ticket = await draft(old, { __v: 0, _id: "made up", assignedTo: "nobody", slaStatus: 1 });
  assert.notEqual(ticket._id, "made up");
  assert.equal(ticket.assignedTo, null);
});

Deno.test("every refusal says success: false and has a message", async () => {
  await using old = await openOld();
  const { desk, customer, agent } = old;
  const ticket = await draft(old);
  const path = `/api/tickets/${ticket._id}/status`;
  const claim = `/api/agents/${agentId(agent)}/claim/${ticket._id}`;
  await desk.call(agent, "POST", claim);
  const rival = await desk.join("agent", { agent: { status: "busy" } });
  const rivals = `/api/agents/${agentId(rival)}/claim/${ticket._id}`;
  const refused: [number, Person | null, string, string, object?][] = [
    [400, customer, "POST", "/api/tickets", { title: "" }],
    [401, null, "GET", "/api/tickets"],
    [401, null, "POST", "/api/auth/login", { email: "a@example.com", password: "wrong" }],
    [403, customer, "GET", "/api/agents"],
    [403, customer, "PUT", path, { status: "resolved" }],
    [404, rival, "GET", "/api/tickets/01900000-0000-7000-8000-000000000000"],
    [404, customer, "GET", "/api/nowhere"],
    [405, customer, "PATCH", path],
    [409, rival, "POST", rivals],
    [409, agent, "PUT", path, { status: "closed" }],
  ];
  for (const [expected, person, method, where, body] of refused) {
    const { status, json } = await desk.call(person, method, where, body);
    const shown = `${method} ${where}: ${JSON.stringify(json)}`;
    assert.equal(status, expected, shown);
    assert.equal(json.success, false, shown);
    assert.ok(typeof json.message === "string" && json.message.length > 0, shown);
  }
});

Deno.test("shifts are started and ended by either method, and breaks spelt as before", async () => {
  await using old = await openOld();
  const { desk, agent, boss } = old;
  for (const method of ["PUT", "POST"]) {
    const shift = dataOf(await desk.call(agent, "POST", "/api/shifts/start", {}), 201);
    assert.deepEqual([shift._id, shift.agent, shift.status], [
      shift.id,
      agentId(agent),
      "in-progress",
    ]);
    const breaks = `/api/shifts/${shift._id}/breaks`;
    const [start, end] = [shift.start, shift.end].map((time) => time.replace("Z", ""));
    const short = dataOf(
      await desk.call(agent, "POST", breaks, { type: "shortBreak", start, end }),
      201,
    );
    assert.deepEqual([short.breaks[0].type, short.breaks[0].status], [
      "short-break",
      "in-progress",
    ]);
    const { _id } = short.breaks[0];
    dataOf(await desk.call(agent, "PUT", `${breaks}/${_id}/end`, {}), 200);
    const shown = (await look(desk, boss, `/api/agents/${agentId(agent)}`)).shift;
    assert.deepEqual([shown.start, shown.breaks[0]._id], [shift.start, _id]);
    const ended = dataOf(await desk.call(agent, method, `/api/shifts/${shift._id}/end`, {}), 200);
    assert.equal(ended.status, "completed");
  }
  assert.equal((await look(desk, boss, `/api/shifts/agent/${agentId(agent)}`)).length, 2);
});
