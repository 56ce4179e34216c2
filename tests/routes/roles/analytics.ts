import type { Row } from "./row.ts";

const READING = [401, 403, 200, 200, 200] as const;
/** No agent of this desk. */
const NOBODY = "?agentId=01900000-0000-7000-8000-00000000dead";

export const ANALYTICS: readonly Row[] = ["tickets", "sla", "agents"].flatMap((what): Row[] => [
  [`GET /api/analytics/${what}`, "-", READING],
  [`GET /api/analytics/${what}`, "-", READING, { query: "?format=csv" }],
  [`GET /api/analytics/${what}`, "-", [401, 403, 403, 200, 200], { query: NOBODY }],
]);
