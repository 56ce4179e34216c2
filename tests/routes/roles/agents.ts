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
  ["PUT /api/agents/:id/status", "own", [401, 403, 200, 200, 200], { body: to("busy") }],
  ["PUT /api/agents/:id/status", "foreign", [401, 403, 403, 200, 200], { body: to("busy") }],
];

function to(status: string): object {
  return { status };
}
