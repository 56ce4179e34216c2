import assert from "node:assert/strict";
import { openDesk } from "../support/desk.ts";
import { assertProblem, stored } from "../support/problem.ts";
import { setStage } from "../support/stage.ts";
import { agentId, move, open, say } from "../support/work.ts";

const UNKNOWN = "01900000-0000-7000-8000-00000000dead";

Deno.test("ids that were never given, or are of another kind, are not found", async () => {
  await using here = await setStage();
  const { desk, customer, agent, boss, ticket } = here;
  const userId = customer.actor.userId;
  const routes: [string, string, (id: string) => string, object?][] = [
    ["GET", "ticket", (id) => `/api/tickets/${id}`],
    ["GET", "ticket", (id) => `/api/tickets/${id}/history`],
    ["GET", "ticket", (id) => `/api/tickets/${id}/comments`],
    ["POST", "ticket", (id) => `/api/tickets/${id}/comments`, { body: "A word." }],
    ["PATCH", "ticket", (id) => `/api/tickets/${id}`, { title: "Another title" }],
    ["PUT", "ticket", (id) => `/api/tickets/${id}/status`, { status: "resolved" }],
    ["POST", "ticket", (id) => `/api/tickets/${id}/escalate`, { reason: "It burns." }],
    ["PUT", "ticket", (id) => `/api/tickets/${id}/resolve-escalation`, {}],
    ["GET", "ticket", (id) => `/api/sla/check/${id}`],
    ["POST", "ticket", (id) => `/api/agents/${agentId(agent)}/claim/${id}`],
    ["POST", "agent", (id) => `/api/agents/${id}/claim/${ticket.id}`],
    ["GET", "agent", (id) => `/api/agents/${id}`],
    ["PUT", "agent", (id) => `/api/agents/${id}`, { maxTickets: 9 }],
    ["PUT", "agent", (id) => `/api/agents/${id}/status`, { status: "busy" }],
    ["GET", "user", (id) => `/api/agents/user/${id}`],
    ["PUT", "notification", (id) => `/api/notifications/${id}/read`],
  ];
  const ids: Record<string, string> = {
    unknown: UNKNOWN,
    ticket: ticket.id,
    agent: agentId(agent),
    user: userId,
  };
  await here.leavesNothing(async () => {
    for (const [method, kind, path, body] of routes) {
      for (const [of, id] of Object.entries(ids)) {
        // A customer's id is a user's, but not of one who is an agent.
        if (of === kind && kind !== "user") continue;
        assertProblem(await desk.call(boss, method, path(id), body), 404, "not_found");
      }
    }
    const reassign = { status: "assigned", agentId: userId };
    const path = `/api/tickets/${ticket.id}/status`;
    assertProblem(await desk.call(boss, "PUT", path, reassign), 404, "not_found");
  });
});

Deno.test("what is no id at all is refused before anything is looked for", async () => {
  await using here = await setStage();
  const { desk, boss, ticket } = here;
  const bad = [
    "nonsense",
    "0",
    "-1",
    "1.5",
    "1e3",
    "99999999999999999999",
    `${ticket.id}0`,
    ticket.id.slice(1),
    "%00",
    "%E0%A4%A",
    "%2e%2e%2f",
    "a%20b",
    "%F0%9F%98%80",
    "__proto__",
    "constructor",
    "x".repeat(5_000),
  ];
  await here.leavesNothing(async () => {
    for (const id of bad) {
      for (const path of [`/api/tickets/${id}`, `/api/sla/check/${id}`, `/api/agents/${id}`]) {
        assertProblem(await desk.call(boss, "GET", path), 400, "invalid_input");
      }
      const read = await desk.call(boss, "PUT", `/api/notifications/${id}/read`);
      assertProblem(read, 400, "invalid_input");
    }
    assertProblem(await desk.call(boss, "GET", "/api/tickets/999999"), 404, "not_found");
  });
});

Deno.test("a move that a status does not allow is refused with the list of those it does", async () => {
  await using here = await setStage();
  const { desk, boss, customer, ticket } = here;
  const waiting = await open(desk, customer, { requiredSkills: ["nobody has it"] });
  await here.leavesNothing(async () => {
    const closed = await desk.call(boss, "PUT", `/api/tickets/${ticket.id}/status`, {
      status: "closed",
    });
    assertProblem(closed, 409, "invalid_transition");
    assert.equal(closed.json.currentStatus, "assigned");
    assert.deepEqual(
      new Set(closed.json.allowed),
      new Set(["queued", "assigned", "in-progress", "pending", "escalated", "resolved"]),
    );
    const path = `/api/tickets/${waiting.id}/status`;
    for (const status of ["queued", "in-progress", "pending", "resolved"]) {
      const refused = await desk.call(boss, "PUT", path, { status });
      assertProblem(refused, 409, "invalid_transition");
      assert.equal(refused.json.currentStatus, "queued");
      const allowed = new Set(refused.json.allowed);
      assert.deepEqual(allowed, new Set(["assigned", "escalated", "closed"]));
    }
  });
});

Deno.test("a query outside its limits is refused with the name of what is wrong", async () => {
  await using here = await setStage();
  const { desk, boss, ticket } = here;
  const listed = ["/api/tickets", `/api/tickets/${ticket.id}/comments`];
  const paged = [...listed, "/api/tickets/queue", "/api/notifications/unread"];
  const bad: [string, string][] = [
    ...[...paged, `/api/tickets/${ticket.id}/history`].flatMap((path) =>
      ["0", "101", "-1", "1.5", "ten", ""].map((limit): [string, string] => [
        `${path}?limit=${limit}`,
        "limit",
      ])
    ),
    ...[...listed, "/api/agents"].flatMap((path) =>
      ["", "nonsense", "a.b", "a.b.c", "%00", "x".repeat(300)].map((cursor): [string, string] => [
        `${path}?cursor=${cursor}`,
        "cursor",
      ])
    ),
    ["/api/agents?limit=501", "limit"],
    ["/api/agents?status=asleep", "status"],
    ["/api/tickets?status=", "status"],
    ["/api/tickets?status=open", "status"],
    ["/api/tickets?status=queued&status=closed", "status"],
    ["/api/tickets?priority=4", "priority"],
    ["/api/tickets?priority=high", "priority"],
    ["/api/tickets?assignedTo=someone", "assignedTo"],
    ["/api/tickets?createdBy=none", "createdBy"],
    ["/api/tickets?escalated=yes", "escalated"],
    ["/api/tickets?breached=1", "breached"],
    ["/api/tickets?createdAfter=yesterday", "createdAfter"],
    ["/api/tickets?createdBefore=2026-02-30", "createdBefore"],
    ["/api/tickets?page=0", "page"],
    ["/api/tickets?page=10001", "page"],
    ["/api/auth/logout?all=perhaps", "all"],
  ];
  await here.leavesNothing(async () => {
    for (const [path, field] of bad) {
      const method = path.startsWith("/api/auth") ? "POST" : "GET";
      const answer = await desk.call(boss, method, path);
      assertProblem(answer, 400, "invalid_input");
      assert.equal(answer.json.errors[0].path.split(".")[0], field, path);
    }
    const far = await desk.call(boss, "GET", "/api/tickets?page=10000&limit=100");
    assertProblem(far, 400, "invalid_input");
  });
});

Deno.test("a cursor goes on in the list that gave it, for whom it was given, and nowhere else", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  await desk.join("agent", { agent: { status: "busy" } });
  await desk.join("agent", { agent: { status: "busy" } });
  const [first, second] = [await open(desk, customer), await open(desk, customer)];
  for (const ticket of [first, second]) {
    await say(desk, customer, ticket, "One.");
    await say(desk, customer, ticket, "Two.");
  }
  const cursorOf = async (path: string): Promise<string> =>
    (await desk.call(boss, "GET", path)).json.nextCursor;
  const tickets = await cursorOf("/api/tickets?limit=1");
  const comments = await cursorOf(`/api/tickets/${first.id}/comments?limit=1`);
  const agents = await cursorOf("/api/agents?limit=1");
  assert.ok(tickets !== null && comments !== null && agents !== null);
  const [place] = tickets.split(".");
  const foreign: [string, string][] = [
    ["/api/tickets?status=queued", tickets],
    ["/api/tickets?priority=2", tickets],
    ["/api/tickets", comments],
    ["/api/tickets", agents],
    ["/api/tickets", `${place}.${comments.split(".")[1]}`],
    ["/api/tickets", `${second.id}.${tickets.split(".")[1]}x`],
    ["/api/agents", tickets],
    ["/api/agents?status=busy", agents],
    [`/api/tickets/${second.id}/comments`, comments],
    [`/api/tickets/${first.id}/comments`, tickets],
  ];
  for (const [path, cursor] of foreign) {
    const joint = path.includes("?") ? "&" : "?";
    const answer = await desk.call(boss, "GET", `${path}${joint}cursor=${cursor}`);
    assertProblem(answer, 400, "invalid_input");
  }
  const stranger = await desk.call(customer, "GET", `/api/tickets?cursor=${tickets}`);
  assertProblem(stranger, 400, "invalid_input");
  for (
    const path of [
      `/api/tickets?limit=5&cursor=${tickets}`,
      `/api/agents?cursor=${agents}`,
      `/api/tickets/${first.id}/comments?cursor=${comments}`,
    ]
  ) {
    const answer = await desk.call(boss, "GET", path);
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    assert.equal(answer.json.data.length, 1);
  }
  await desk.assertSound();
});

Deno.test("a method that a path does not have is refused with those it has", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, boss);
  await move(desk, boss, ticket, "closed");
  const before = await stored(desk.desk.store);
  const handlers = desk.app.routes.filter(({ method }) => method !== "ALL");
  for (const path of new Set(handlers.map((route) => route.path))) {
    const asked = path.replace(/:\w+/g, ticket.id);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]) {
      const fits = (pattern: string): boolean =>
        new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+")}$`).test(asked);
      // A word of the API is that alone, and never the id of something.
      const literal = handlers.filter((route) => route.path === asked);
      const routes = literal.length > 0 ? literal : handlers.filter(({ path }) => fits(path));
      const has = routes.map((route) => route.method);
      if (has.includes(method)) continue;
      const answer = await desk.call(boss, method, asked);
      assertProblem(answer, 405, "method_not_allowed");
      const allowed = new Set((answer.headers.get("Allow") ?? "").split(", "));
      allowed.delete("HEAD");
      assert.deepEqual(allowed, new Set(has), `${method} ${asked}`);
    }
  }
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("an unknown route is not found, whoever asks and with whatever body", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  for (
    const path of [
      "//",
      "/health/",
      "/api/tickets/",
      "/nothing",
      "/api",
      "/api/nothing",
      "/api/tickets/1/nothing",
      "/%00",
    ]
  ) {
    for (const person of [null, boss]) {
      assertProblem(await desk.call(person, "GET", path), 404, "not_found");
      assertProblem(await desk.call(person, "POST", path, { any: "body" }), 404, "not_found");
    }
  }
  await desk.assertSound();
});
