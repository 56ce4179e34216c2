import type { Row } from "./row.ts";

const READING = [401, 403, 200, 200, 200] as const;
const BALANCING = [401, 403, 403, 200, 200] as const;

export const WORKLOAD: readonly Row[] = [
  ["GET /api/workload/metrics", "-", READING],
  ["GET /api/workload/agents", "-", READING],
  ["GET /api/workload/teams", "-", READING],
  ["POST /api/workload/rebalance", "-", BALANCING, { body: { dryRun: true } }],
  ["POST /api/workload/optimize", "-", BALANCING, { body: { dryRun: true } }],
];
