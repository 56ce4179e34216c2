import type { Row } from "./row.ts";

export const NOTIFICATIONS: readonly Row[] = [
  ["GET /api/notifications", "own", [401, 200, 200, 200, 200]],
  ["GET /api/notifications/unread", "own", [401, 200, 200, 200, 200]],
  ["GET /api/notifications/preferences", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/preferences", "own", [401, 200, 200, 200, 200], {
    body: { escalation: "silent" },
  }],
  ["PUT /api/notifications/mark-all-read", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/:notificationId/read", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/:notificationId/read", "foreign", [401, 404, 404, 404, 404]],
  ["DELETE /api/notifications/:notificationId", "own", [401, 200, 200, 200, 200]],
  ["DELETE /api/notifications/:notificationId", "foreign", [401, 404, 404, 404, 404]],
];
