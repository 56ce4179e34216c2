import { PASSWORD } from "../../support/desk.ts";
import type { Row } from "./row.ts";

export const AUTH: readonly Row[] = [
  ["POST /api/auth/register", "-", [201, 201, 201, 201, 201], { body: account() }],
  ["POST /api/auth/register", "-", [403, 403, 403, 403, 201], { body: account("agent") }],
  ["POST /api/auth/register", "-", [403, 403, 403, 403, 201], { body: account("supervisor") }],
  ["POST /api/auth/register", "-", [403, 403, 403, 403, 201], { body: account("admin") }],
  ["POST /api/auth/login", "-", [200, 200, 200, 200, 200], {
    body: ({ other }) => ({ email: other.email, password: PASSWORD }),
  }],
  ["POST /api/auth/refresh", "-", [200, 200, 200, 200, 200], {
    body: ({ other }) => ({ refreshToken: other.refreshToken }),
  }],
  ["POST /api/auth/refresh-token", "-", [200, 200, 200, 200, 200], {
    body: ({ other }) => ({ refreshToken: other.refreshToken }),
  }],
  ["GET /api/auth/test", "-", [200, 200, 200, 200, 200]],
  ["GET /api/auth/me", "own", [401, 200, 200, 200, 200]],
  ["PUT /api/auth/profile", "own", [401, 200, 200, 200, 200], { body: { name: "Ada" } }],
  ["PUT /api/auth/change-password", "own", [401, 200, 200, 200, 200], {
    body: { currentPassword: PASSWORD, newPassword: "another long password" },
  }],
  ["GET /api/auth/sessions", "own", [401, 200, 200, 200, 200]],
  ["DELETE /api/auth/sessions/:id", "own", [401, 200, 200, 200, 200]],
  ["DELETE /api/auth/sessions/:id", "foreign", [401, 404, 404, 404, 404]],
  ["POST /api/auth/logout", "own", [200, 200, 200, 200, 200]],
];

let accounts = 0;

function account(role?: string): () => object {
  return () => {
    accounts += 1;
    const email = `account${accounts}@example.org`;
    return { name: "Ada", email, password: PASSWORD, ...(role === undefined ? {} : { role }) };
  };
}
