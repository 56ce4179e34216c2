import type { Row } from "./row.ts";

export const TICKETS: readonly Row[] = [
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
];

function note(visibility: string): object {
  return { body: "A word.", visibility };
}

function to(status: string): object {
  return { status };
}
