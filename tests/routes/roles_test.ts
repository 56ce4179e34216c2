import assert from "node:assert/strict";
import { openDesk, PASSWORD } from "../support/desk.ts";
import { type Place, prepare, type Scene } from "../support/scene.ts";

type Statuses = readonly [
  nobody: number,
  user: number,
  agent: number,
  supervisor: number,
  admin: number,
];
type Row = readonly [route: string, whose: Scene["whose"], expected: Statuses, input?: Input];

interface Input {
  readonly body?: object | ((place: Place) => object);
  readonly query?: string;
  readonly given?: Scene["given"];
}

/** The one table: product.md's "Who may do what" and "Visible", and http-api.md's statuses. */
const ROWS: readonly Row[] = [
  ["GET /", "-", [200, 200, 200, 200, 200]],
  ["GET /health", "-", [200, 200, 200, 200, 200]],
  ["GET /ready", "-", [200, 200, 200, 200, 200]],
  ["GET /problems/:code", "-", [200, 200, 200, 200, 200]],
  // A socket that is not asked for by an upgrade.
  ["GET /api/ws", "-", [400, 400, 400, 400, 400]],

  ["POST /api/auth/register", "-", [201, 201, 201, 201, 201], { body: account() }],
  ["POST /api/auth/register", "-", [403, 403, 403, 403, 201], { body: account("agent") }],
  ["POST /api/auth/register", "-", [403, 403, 403, 403, 201], { body: account("supervisor") }],
  ["POST /api/auth/register", "-", [403, 403, 403, 403, 201], { body: account("admin") }],
  ["POST /api/auth/login", "-", [200, 200, 200, 200, 200], {
    body: ({ other }) => ({ email: other.email, password: PASSWORD }),
  }],
  ["POST /api/auth/refresh", "-", [200, 200, 200, 200, 200], {
    body: ({ other }) => ({ refreshToken: other.refreshToken }),
  }],
  ["GET /api/auth/test", "-", [200, 200, 200, 200, 200]],
  ["GET /api/auth/me", "own", [401, 200, 200, 200, 200]],
  ["POST /api/auth/logout", "own", [200, 200, 200, 200, 200]],

  ["GET /api/tickets", "-", [401, 200, 200, 200, 200]],
  ["POST /api/tickets", "own", [401, 201, 201, 201, 201], {
    body: { title: "A ticket", description: "It does not work." },
  }],
  ["GET /api/tickets/queue", "-", [401, 403, 200, 200, 200]],
  ["POST /api/tickets/process-queue", "-", [401, 403, 403, 200, 200], { body: { dryRun: true } }],

  ["GET /api/tickets/:id", "own", [401, 200, 200, 200, 200]],
  ["GET /api/tickets/:id", "near", [401, 404, 200, 200, 200]],
  ["GET /api/tickets/:id", "foreign", [401, 404, 404, 200, 200]],
  ["GET /api/tickets/:id/history", "own", [401, 200, 200, 200, 200]],
  ["GET /api/tickets/:id/history", "near", [401, 404, 200, 200, 200]],
  ["GET /api/tickets/:id/history", "foreign", [401, 404, 404, 200, 200]],
  ["GET /api/tickets/:id/comments", "own", [401, 200, 200, 200, 200]],
  ["GET /api/tickets/:id/comments", "near", [401, 404, 200, 200, 200]],
  ["GET /api/tickets/:id/comments", "foreign", [401, 404, 404, 200, 200]],
  ["GET /api/sla/check/:id", "own", [401, 200, 200, 200, 200]],
  ["GET /api/sla/check/:id", "near", [401, 404, 200, 200, 200]],
  ["GET /api/sla/check/:id", "foreign", [401, 404, 404, 200, 200]],

  ["POST /api/tickets/:id/comments", "own", [401, 201, 201, 201, 201], { body: note("public") }],
  ["POST /api/tickets/:id/comments", "near", [401, 404, 201, 201, 201], { body: note("public") }],
  ["POST /api/tickets/:id/comments", "foreign", [401, 404, 404, 201, 201], {
    body: note("public"),
  }],
  ["POST /api/tickets/:id/comments", "own", [401, 403, 201, 201, 201], { body: note("internal") }],
  ["POST /api/tickets/:id/comments", "foreign", [401, 404, 404, 201, 201], {
    body: note("internal"),
  }],

  // A customer's own ticket waits, an agent's own is assigned to it.
  ["PUT /api/tickets/:id/status", "own", [401, 200, 409, 200, 200], { body: to("closed") }],
  ["PUT /api/tickets/:id/status", "near", [401, 404, 403, 200, 200], { body: to("closed") }],
  ["PUT /api/tickets/:id/status", "foreign", [401, 404, 404, 409, 409], { body: to("closed") }],
  ["PUT /api/tickets/:id/status", "own", [401, 200, 200, 200, 200], {
    given: "resolved",
    body: to("closed"),
  }],
  ["PUT /api/tickets/:id/status", "near", [401, 404, 200, 200, 200], {
    given: "resolved",
    body: to("closed"),
  }],
  ["PUT /api/tickets/:id/status", "foreign", [401, 404, 404, 200, 200], {
    given: "resolved",
    body: to("closed"),
  }],
  ["PUT /api/tickets/:id/status", "own", [401, 403, 200, 200, 200], { body: to("escalated") }],
  ["PUT /api/tickets/:id/status", "near", [401, 404, 200, 200, 200], { body: to("escalated") }],
  ["PUT /api/tickets/:id/status", "foreign", [401, 404, 404, 200, 200], {
    body: to("escalated"),
  }],
  ["PUT /api/tickets/:id/status", "own", [401, 403, 200, 200, 200], {
    given: "in-progress",
    body: to("resolved"),
  }],
  ["PUT /api/tickets/:id/status", "foreign", [401, 404, 404, 200, 200], {
    given: "in-progress",
    body: to("pending"),
  }],
  ["PUT /api/tickets/:id/status", "own", [401, 403, 200, 200, 200], {
    // an agent gives back its own
    given: "in-progress",
    body: to("queued"),
  }],
  ["PUT /api/tickets/:id/status", "near", [401, 404, 403, 200, 200], {
    // but not another's
    given: "in-progress",
    body: to("queued"),
  }],
  ["PUT /api/tickets/:id/status", "near", [401, 404, 200, 200, 200], {
    // to oneself, or to whom the role may name
    body: ({ self }) => ({ status: "assigned", agentId: self }),
  }],
  ["PUT /api/tickets/:id/status", "near", [401, 404, 403, 200, 200], {
    body: ({ rival }) => ({ status: "assigned", agentId: rival }),
  }],
  ["PUT /api/tickets/:id/status", "own", [401, 403, 403, 200, 200], {
    // resolve the escalation
    given: "escalated",
    body: to("in-progress"),
  }],
  ["PUT /api/tickets/:id/status", "own", [401, 403, 403, 403, 200], {
    // only an administrator reopens what is closed
    given: "closed",
    body: to("queued"),
  }],

  ["POST /api/agents/:agentId/claim/:ticketId", "near", [401, 404, 200, 200, 200]],
  ["POST /api/agents/:agentId/claim/:ticketId", "own", [401, 403, 409, 200, 200]],
  ["POST /api/agents/:agentId/claim/:ticketId", "foreign", [401, 404, 404, 409, 409]],
  ["POST /api/agents/:agentId/claim/:ticketId", "near", [401, 404, 403, 200, 200], {
    query: "?force=true",
  }],

  ["GET /api/agents", "-", [401, 403, 200, 200, 200]],
  ["GET /api/agents/available", "-", [401, 403, 200, 200, 200]],
  ["GET /api/agents/user/:userId", "own", [401, 403, 200, 200, 200]],
  ["GET /api/agents/user/:userId", "foreign", [401, 403, 200, 200, 200]],
  ["GET /api/agents/:id", "own", [401, 403, 200, 200, 200]],
  ["GET /api/agents/:id", "foreign", [401, 403, 200, 200, 200]],
  ["PUT /api/agents/:id", "own", [401, 403, 403, 200, 200], { body: { maxTickets: 50 } }],
  ["PUT /api/agents/:id", "foreign", [401, 403, 403, 200, 200], { body: { maxTickets: 50 } }],
  ["PUT /api/agents/:id/status", "own", [401, 403, 200, 200, 200], { body: to("busy") }],
  ["PUT /api/agents/:id/status", "foreign", [401, 403, 403, 200, 200], { body: to("busy") }],

  ["GET /api/sla/config", "-", [401, 403, 200, 200, 200]],

  ["GET /api/notifications/unread", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/mark-all-read", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/:notificationId/read", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/:notificationId/read", "foreign", [401, 404, 404, 404, 404]],
];

const ASKING = ["nobody", "user", "agent", "supervisor", "admin"] as const;

Deno.test("every role gets on every route what the tables of the specification say", async () => {
  await using desk = await openDesk();
  const wrong: string[] = [];
  for (const [route, whose, expected, { body: given, query = "", ...input } = {}] of ROWS) {
    for (const [column, role] of ASKING.entries()) {
      const [method = "", pattern = ""] = route.split(" ");
      const place = await prepare(desk, { role, whose, given: input.given, pattern });
      const body = typeof given === "function" ? given(place) : given;
      const { status, json } = await desk.call(place.person, method, place.path + query, body);
      if (status === expected[column]) continue;
      const asked = [route, query, "of", whose, input.given, JSON.stringify(body), "as", role];
      wrong.push(`${asked.join(" ")}: ${status}, not ${expected[column]}: ${json.detail}`);
    }
  }
  assert.deepEqual(wrong, []);
  await desk.assertSound();
});

Deno.test("no route is without a row in the table of roles", async () => {
  await using desk = await openDesk();
  const handlers = desk.app.routes.filter(({ method }) => method !== "ALL");
  const routes = new Set(handlers.map(({ method, path }) => `${method} ${path}`));
  const rows = new Set(ROWS.map(([route]) => route));
  assert.deepEqual([...routes].filter((route) => !rows.has(route)), []);
  assert.deepEqual([...rows].filter((route) => !routes.has(route)), []);
  await desk.assertSound();
});

let accounts = 0;

function account(role?: string): () => object {
  return () => {
    accounts += 1;
    const email = `account${accounts}@example.org`;
    return { name: "Ada", email, password: PASSWORD, ...(role === undefined ? {} : { role }) };
  };
}

function note(visibility: string): object {
  return { body: "A word.", visibility };
}

function to(status: string): object {
  return { status };
}
