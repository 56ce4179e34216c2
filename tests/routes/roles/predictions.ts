import type { Row } from "./row.ts";

const SUPERVISING = [401, 403, 403, 200, 200] as const;

export const PREDICTIONS: readonly Row[] = [
  ["GET /api/workload/predictions", "-", SUPERVISING],
  ["GET /api/workload/predictions", "-", SUPERVISING, { query: "?fresh=true&work=live" }],
];
