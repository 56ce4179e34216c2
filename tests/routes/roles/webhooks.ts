import type { Row } from "./row.ts";

const INPUT = { url: "https://example.com/hook", eventTypes: ["ticket.created"] };
const ADMINISTRATORS = [401, 403, 403, 403, 200] as const;

export const WEBHOOKS: readonly Row[] = [
  ["GET /api/webhooks", "-", ADMINISTRATORS],
  ["POST /api/webhooks", "-", [401, 403, 403, 403, 201], { body: INPUT }],
  ["GET /api/webhooks/:id", "own", ADMINISTRATORS],
  ["GET /api/webhooks/:id", "foreign", ADMINISTRATORS],
  ["PUT /api/webhooks/:id", "own", ADMINISTRATORS, { body: { active: false } }],
  ["DELETE /api/webhooks/:id", "own", ADMINISTRATORS],
  ["POST /api/webhooks/:id/rotate-secret", "own", ADMINISTRATORS],
  ["POST /api/webhooks/:id/test", "own", ADMINISTRATORS],
  ["POST /api/webhooks/:id/replay", "own", ADMINISTRATORS, {
    body: { after: `${"0".repeat(20)}-0` },
  }],
  ["GET /api/webhooks/:id/deliveries", "own", ADMINISTRATORS],
  ["POST /api/webhooks/:id/deliveries/:deliveryId/replay", "own", ADMINISTRATORS],
];
