import type { Row } from "./row.ts";

const TITLE = { title: "Another title" };
const PRIORITY = { priority: 1 };
const REASON = { reason: "It cannot wait." };
const NOBODY = "01900000-0000-7000-8000-00000000dead";

export const TICKET_CHANGES: readonly Row[] = [
  // A customer's own ticket waits, an agent's own is assigned to it.
  ["PATCH /api/tickets/:id", "own", [401, 200, 200, 200, 200], { body: TITLE }],
  ["PATCH /api/tickets/:id", "near", [401, 404, 200, 200, 200], { body: TITLE }],
  ["PATCH /api/tickets/:id", "foreign", [401, 404, 404, 200, 200], { body: TITLE }],
  ["PATCH /api/tickets/:id", "own", [401, 403, 200, 200, 200], { body: PRIORITY }],
  ["PATCH /api/tickets/:id", "near", [401, 404, 200, 200, 200], { body: PRIORITY }],
  ["PATCH /api/tickets/:id", "foreign", [401, 404, 404, 200, 200], { body: PRIORITY }],
  ["PATCH /api/tickets/:id", "own", [401, 409, 200, 200, 200], {
    // what is being worked on, its requester only comments on
    given: "in-progress",
    body: TITLE,
  }],
  ["PATCH /api/tickets/:id", "own", [401, 403, 200, 200, 200], {
    given: "in-progress",
    body: PRIORITY,
  }],
  ["PATCH /api/tickets/:id", "own", [401, 409, 200, 200, 200], { given: "resolved", body: TITLE }],
  ["PATCH /api/tickets/:id", "own", [401, 409, 409, 409, 409], { given: "closed", body: TITLE }],
  ["PATCH /api/tickets/:id", "own", [401, 403, 409, 409, 409], {
    given: "closed",
    body: PRIORITY,
  }],
  ["POST /api/tickets/:id/escalate", "own", [401, 403, 200, 200, 200], { body: REASON }],
  ["POST /api/tickets/:id/escalate", "near", [401, 404, 200, 200, 200], { body: REASON }],
  ["POST /api/tickets/:id/escalate", "foreign", [401, 404, 404, 200, 200], { body: REASON }],
  ["POST /api/tickets/:id/escalate", "own", [401, 403, 200, 200, 200], {
    // a higher level
    given: "escalated",
    body: REASON,
  }],
  ["POST /api/tickets/:id/escalate", "own", [401, 403, 409, 409, 409], {
    given: "resolved",
    body: REASON,
  }],
  ["PUT /api/tickets/:id/resolve-escalation", "own", [401, 403, 403, 200, 200], {
    given: "escalated",
    body: {},
  }],
  ["PUT /api/tickets/:id/resolve-escalation", "near", [401, 404, 403, 200, 200], {
    given: "escalated",
    body: { note: "They are calm again." },
  }],
  ["PUT /api/tickets/:id/resolve-escalation", "foreign", [401, 404, 404, 200, 200], {
    given: "escalated",
    body: {},
  }],
  ["PUT /api/tickets/:id/resolve-escalation", "own", [401, 403, 403, 409, 409], { body: {} }],
  // What somebody opened itself, only who works for nobody rates.
  ["POST /api/tickets/:id/rating", "own", [401, 201, 403, 403, 403], {
    given: "resolved",
    body: { score: 4 },
  }],
  ["POST /api/tickets/:id/rating", "own", [401, 201, 403, 403, 403], {
    given: "closed",
    body: { score: 1 },
  }],
  ["POST /api/tickets/:id/rating", "own", [401, 409, 403, 403, 403], { body: { score: 4 } }],
  ["POST /api/tickets/:id/rating", "near", [401, 404, 403, 403, 403], {
    given: "resolved",
    body: { score: 4 },
  }],
  ["POST /api/tickets/:id/rating", "foreign", [401, 404, 404, 403, 403], {
    given: "resolved",
    body: { score: 4 },
  }],
  // Each ticket of a batch is refused or not by itself, in the answer's results.
  ["POST /api/tickets/batch-update", "-", [401, 200, 200, 200, 200], {
    body: { ids: [NOBODY], priority: 1 },
  }],
];
