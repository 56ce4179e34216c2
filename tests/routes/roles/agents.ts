import type { Row } from "./row.ts";

export const AGENTS: readonly Row[] = [
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
  ["PUT /api/agents/:id", "foreign", [401, 403, 403, 200, 200], {
    body: { name: "Ada", skillLevels: { tax: 5 } },
  }],
  ["POST /api/agents", "-", [401, 403, 403, 403, 201], { body: newcomer }],
  ["DELETE /api/agents/:id", "own", [401, 403, 403, 403, 200]],
  ["DELETE /api/agents/:id", "foreign", [401, 403, 403, 403, 200]],
  ["POST /api/agents/:id/handover", "own", [401, 403, 200, 200, 200], { body: {} }],
  ["POST /api/agents/:id/handover", "foreign", [401, 403, 403, 200, 200], { body: {} }],
  ["POST /api/agents/:id/handover", "own", [401, 403, 200, 409, 409], {
    // an agent to another; for all others the agent of the path is the rival
    body: ({ rival }) => ({ to: rival }),
  }],
  ["PUT /api/agents/:id/status", "own", [401, 403, 200, 200, 200], { body: to("busy") }],
  ["PUT /api/agents/:id/status", "foreign", [401, 403, 403, 200, 200], { body: to("busy") }],
];

function to(status: string): object {
  return { status };
}

let newcomers = 0;

function newcomer(): object {
  newcomers += 1;
  return { name: "Ada", email: `newcomer${newcomers}@example.org` };
}
