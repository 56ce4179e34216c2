import type { Row } from "./row.ts";

const ADMINISTRATORS = [401, 403, 403, 403, 200] as const;

export const CLASSIFICATION: readonly Row[] = [
  ["GET /api/classification", "-", ADMINISTRATORS],
  ["DELETE /api/classification", "-", ADMINISTRATORS],
];
