import type { Place } from "../../support/scene.ts";
import { weeklyOf } from "../../support/scene_shifts.ts";
import type { Row } from "./row.ts";

// The clock stands at nine o'clock of the 5th of January 2026, a Monday.
const SPAN = { start: "2026-01-05T11:00Z", end: "2026-01-05T12:00Z", timezone: "UTC" };
const LUNCH = { type: "lunch", start: "2026-01-05T09:50:00Z", end: "2026-01-05T09:55:00Z" };

export const SHIFTS: readonly Row[] = [
  ["POST /api/shifts/start", "-", [401, 403, 201, 201, 201], { body: own({}) }],
  ["POST /api/shifts/start", "-", [401, 403, 403, 201, 201], { body: ofRival({}) }],
  ["POST /api/shifts/start", "-", [401, 403, 201, 400, 400], { body: {} }],
  ["POST /api/shifts/schedule", "-", [401, 403, 201, 201, 201], { body: own(SPAN) }],
  ["POST /api/shifts/schedule", "-", [401, 403, 403, 201, 201], { body: ofRival(SPAN) }],
  ["GET /api/shifts/agent/:agentId", "own", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/agent/:agentId", "foreign", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/current/:agentId", "own", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/current/:agentId", "foreign", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/adherence", "-", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/:shiftId", "own", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/:shiftId", "foreign", [401, 403, 200, 200, 200]],
  ["DELETE /api/shifts/:shiftId", "own", [401, 403, 200, 200, 200]],
  ["DELETE /api/shifts/:shiftId", "foreign", [401, 403, 403, 200, 200]],
  ["PUT /api/shifts/:shiftId/end", "own", [401, 403, 200, 200, 200]],
  ["PUT /api/shifts/:shiftId/end", "foreign", [401, 403, 403, 200, 200]],
  ["POST /api/shifts/:shiftId/end", "own", [401, 403, 200, 200, 200]],
  ["POST /api/shifts/:shiftId/end", "foreign", [401, 403, 403, 200, 200]],
  ["POST /api/shifts/:shiftId/breaks", "own", [401, 403, 201, 201, 201], { body: LUNCH }],
  ["POST /api/shifts/:shiftId/breaks", "foreign", [401, 403, 403, 201, 201], { body: LUNCH }],
  ["PUT /api/shifts/:shiftId/breaks/:breakId/start", "own", [401, 403, 200, 200, 200]],
  ["PUT /api/shifts/:shiftId/breaks/:breakId/start", "foreign", [401, 403, 403, 200, 200]],
  ["PUT /api/shifts/:shiftId/breaks/:breakId/end", "own", [401, 403, 200, 200, 200]],
  ["PUT /api/shifts/:shiftId/breaks/:breakId/end", "foreign", [401, 403, 403, 200, 200]],
  ["DELETE /api/shifts/:shiftId/breaks/:breakId", "own", [401, 403, 200, 200, 200]],
  ["DELETE /api/shifts/:shiftId/breaks/:breakId", "foreign", [401, 403, 403, 200, 200]],
  ["GET /api/shifts/patterns", "-", [401, 403, 200, 200, 200]],
  ["POST /api/shifts/patterns", "-", [401, 403, 201, 201, 201], {
    body: ({ self }) => weeklyOf(self),
  }],
  ["POST /api/shifts/patterns", "-", [401, 403, 403, 201, 201], {
    body: ({ rival }) => weeklyOf(rival),
  }],
  ["GET /api/shifts/patterns/:id", "own", [401, 403, 200, 200, 200]],
  ["GET /api/shifts/patterns/:id", "foreign", [401, 403, 200, 200, 200]],
  ["DELETE /api/shifts/patterns/:id", "own", [401, 403, 200, 200, 200]],
  ["DELETE /api/shifts/patterns/:id", "foreign", [401, 403, 403, 200, 200]],
  ["PUT /api/agents/:id/shift", "own", [401, 403, 200, 200, 200], { body: SPAN }],
  ["PUT /api/agents/:id/shift", "foreign", [401, 403, 403, 200, 200], { body: SPAN }],
];

function own(more: object): (place: Place) => object {
  return ({ self }) => ({ agentId: self, ...more });
}

function ofRival(more: object): (place: Place) => object {
  return ({ rival }) => ({ agentId: rival, ...more });
}
