import type { Row } from "./row.ts";

const READING = [401, 403, 200, 200, 200] as const;
const WRITING = [401, 403, 403, 403, 200] as const;
const CALENDAR = { name: "Around the clock", timezone: "UTC", alwaysOpen: true };

export const SLA: readonly Row[] = [
  ["GET /api/sla/check/:id", "own", [401, 200, 200, 200, 200]],
  ["GET /api/sla/check/:id", "near", [401, 404, 200, 200, 200]],
  ["GET /api/sla/check/:id", "foreign", [401, 404, 404, 200, 200]],
  ["GET /api/sla/metrics", "-", READING],
  ["GET /api/sla/trends", "-", READING],
  ["GET /api/sla/config", "-", READING],
  ["GET /api/sla/config/:priority/:category", "-", READING],
  ["PUT /api/sla/config/:priority/:category", "-", WRITING, { body: { replyOnly: true } }],
  ["GET /api/sla/calendars", "-", READING],
  ["GET /api/sla/calendars/:id", "own", READING],
  ["GET /api/sla/calendars/:id", "foreign", [401, 403, 404, 404, 404]],
  ["PUT /api/sla/calendars/:id", "own", WRITING, { body: { name: "Another name" } }],
  ["PUT /api/sla/calendars/:id", "foreign", [401, 403, 403, 403, 201], { body: CALENDAR }],
  ["DELETE /api/sla/calendars/:id", "own", WRITING],
  ["DELETE /api/sla/calendars/:id", "foreign", [401, 403, 404, 404, 404]],
];
