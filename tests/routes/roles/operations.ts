import type { Row } from "./row.ts";

export const OPERATIONS: readonly Row[] = [
  ["GET /", "-", [200, 200, 200, 200, 200]],
  ["GET /openapi.json", "-", [200, 200, 200, 200, 200]],
  ["GET /health", "-", [200, 200, 200, 200, 200]],
  ["GET /ready", "-", [200, 200, 200, 200, 200]],
  ["GET /metrics", "-", [200, 200, 200, 200, 200]],
  ["GET /docs", "-", [200, 200, 200, 200, 200]],
  ["GET /docs/swagger-ui.css", "-", [200, 200, 200, 200, 200]],
  ["GET /docs/swagger-ui-bundle.js", "-", [200, 200, 200, 200, 200]],
  ["GET /docs/start.js", "-", [200, 200, 200, 200, 200]],
  ["GET /problems/:code", "-", [200, 200, 200, 200, 200]],
  // A socket that is not asked for by an upgrade.
  ["GET /api/ws", "-", [400, 400, 400, 400, 400]],
];
