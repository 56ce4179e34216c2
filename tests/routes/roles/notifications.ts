import type { Row } from "./row.ts";

export const NOTIFICATIONS: readonly Row[] = [
  ["GET /api/notifications/unread", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/mark-all-read", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/:notificationId/read", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/notifications/:notificationId/read", "foreign", [401, 404, 404, 404, 404]],
];
