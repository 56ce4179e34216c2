import { Hono } from "hono";
import { z } from "zod";
import { ROLES } from "../domain/rules/actor.ts";
import { isRefusal } from "../domain/rules/refusal.ts";
import {
  endAllSessions,
  endSession,
  type Grant,
  refreshSession,
} from "../domain/services/sessions.ts";
import { getUser, login, register } from "../domain/services/users.ts";
import { authenticate, authenticateIfAny, bearerToken } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { granted } from "./http/problem.ts";
import { email, flag, name, password } from "./http/schemas.ts";
import { body, query } from "./http/validate.ts";
import { userView } from "./views.ts";

const registration = z.object({ name, email, password, role: z.enum(ROLES).default("user") });
// A wrong password need not have the form of a good one.
const credentials = z.object({ email, password: z.string().max(1_000) });
const refresh = z.object({ refreshToken: z.string().max(2_000) });

// deno-lint-ignore explicit-module-boundary-types
export function authRoutes() {
  return new Hono<AppEnv>()
    .post("/register", authenticateIfAny, body(registration), async (c) => {
      const { desk, actor } = c.var;
      const grant = granted(await register(desk, actor ?? null, c.req.valid("json")));
      return c.json(grantView(grant), 201);
    })
    .post("/login", body(credentials), async (c) => {
      const grant = granted(await login(c.get("desk"), c.req.valid("json")));
      return c.json(grantView(grant), 200);
    })
    .post("/refresh", body(refresh), async (c) => {
      const { refreshToken } = c.req.valid("json");
      return c.json(grantView(granted(await refreshSession(c.get("desk"), refreshToken))), 200);
    })
    // Whoever is logged out already has what they asked for.
    .post("/logout", query(z.object({ all: flag.default(false) })), async (c) => {
      const desk = c.get("desk");
      const claims = await desk.tokens.identify(bearerToken(c.req.header("Authorization")) ?? "");
      if (!isRefusal(claims)) {
        const { all } = c.req.valid("query");
        granted(
          all
            ? await endAllSessions(desk, claims)
            : await endSession(desk, claims.userId, claims.sessionId),
        );
      }
      return c.json({ success: true as const, data: { loggedOut: true } }, 200);
    })
    .get("/test", (c) => c.json({ success: true as const, data: { ok: true } }, 200))
    .get("/me", authenticate, async (c) => {
      const user = granted(await getUser(c.get("desk"), c.get("actor").userId));
      return c.json({ success: true as const, data: userView(user) }, 200);
    });
}

function grantView({ user, token, refreshToken, expiresInSeconds }: Grant) {
  const expiresIn = expiresInSeconds;
  return { success: true as const, token, refreshToken, expiresIn, data: userView(user) };
}
