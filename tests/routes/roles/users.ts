import { PASSWORD } from "../../support/desk.ts";
import type { Row } from "./row.ts";

export const USERS: readonly Row[] = [
  ["GET /api/users", "-", [401, 403, 403, 403, 200]],
  ["GET /api/users", "-", [401, 403, 403, 403, 200], { query: "?role=agent&search=a" }],
  ["GET /api/users/:id", "own", [401, 403, 403, 403, 200]],
  ["GET /api/users/:id", "foreign", [401, 403, 403, 403, 200]],
  // Nobody gives a role to themselves, nor a password that they need not know the old one of.
  ["PUT /api/users/:id", "own", [401, 403, 403, 403, 200], { body: { role: "admin" } }],
  ["PUT /api/users/:id", "own", [401, 403, 403, 403, 200], { body: { password: PASSWORD } }],
  ["PUT /api/users/:id", "foreign", [401, 403, 403, 403, 200], { body: { role: "supervisor" } }],
  ["PUT /api/users/:id", "foreign", [401, 403, 403, 403, 200], { body: { active: false } }],
  ["DELETE /api/users/:id", "foreign", [401, 403, 403, 403, 200]],
];
