import { BODY_BYTES_MAX } from "./limits.ts";

const KIB = 1_024;

/** What holds for every route, so that none has to say it. */
const CONVENTIONS = `\
**Log in** by \`POST /api/auth/login\` and send \`Authorization: Bearer <token>\`; \
\`POST /api/auth/refresh\` gives a new pair of tokens before the old ones end.

**Answers** are \`{"success": true, "data": …}\`, with \`warnings\` where there is something to say. \
Ids are UUIDs, and \`_id\` repeats \`id\`; times are ISO 8601 in UTC. There may be more fields one day.

**Refusals** are problem documents (RFC 9457): go by \`code\`. Of all that is wrong the first is told: \
405, 413, 415, 401, 400 for the path, 404, 403, 400 for the body, 412, 409. What you may not see \
is 404, as if it did not exist.

**What is not known**, a field of a body or a query parameter, is ignored. It is refused under \
\`/api/workload\` and \`/api/analytics\`, by \`POST /api/tickets/process-queue\`, \
\`POST /api/agents/:id/handover\` and \`DELETE /api/classification\`, for a misspelt one would do or \
tell something else.

**Lists** go on by \`nextCursor\`: send it as \`cursor\`, with the same filters, until it is null. \
\`fields=id,title\` keeps only these fields.

**Writing safely**: an \`Idempotency-Key\` makes a write safe to send again for a day, everywhere but \
under \`/api/auth\`; \`If-Match\` with an \`ETag\` keeps you from overwriting what somebody else has \
changed, and the answer to a PUT or PATCH has the next one.

**Limits**: a body has ${BODY_BYTES_MAX / KIB} KiB at most, \`RateLimit\` says how many requests \
are left, and 429, 503 and the 409 \`request_in_progress\` say in \`Retry-After\` when to come again.
`;

export const INFO = {
  title: "Smart Ticketing",
  version: "1.0.0",
  summary: "A help desk: tickets, agents, shifts, promises, notifications, webhooks.",
  description: CONVENTIONS,
  license: { name: "MIT", identifier: "MIT" },
};

/** The groups of the routes, by the first part of their paths, as they should be read. */
export const TAGS = [
  { name: "auth", description: "Accounts, tokens and sessions." },
  { name: "tickets", description: "Requests of customers, their comments, history and queue." },
  { name: "agents", description: "Who works tickets, and who could now." },
  { name: "shifts", description: "When agents work and take breaks, and when they did." },
  { name: "users", description: "Everybody with an account, for administrators." },
  { name: "sla", description: "What is promised, and whether it is kept." },
  { name: "workload", description: "How work is spread over agents, and what is to come." },
  { name: "analytics", description: "How much comes and goes, and how it is dealt with." },
  { name: "notifications", description: "What you are told, and how." },
  { name: "webhooks", description: "Programs that are told what happens, for administrators." },
  { name: "classification", description: "What is learned of tickets, for administrators." },
  { name: "ws", description: "The same as it happens, over a WebSocket." },
  { name: "operations", description: "Outside the API: health, figures, this document." },
];
