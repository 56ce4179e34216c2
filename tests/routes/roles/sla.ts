import type { Row } from "./row.ts";

export const SLA: readonly Row[] = [
  ["GET /api/sla/check/:id", "own", [401, 200, 200, 200, 200]],
  ["GET /api/sla/check/:id", "near", [401, 404, 200, 200, 200]],
  ["GET /api/sla/check/:id", "foreign", [401, 404, 404, 200, 200]],
  ["GET /api/sla/config", "-", [401, 403, 200, 200, 200]],
];
