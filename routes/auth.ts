import { Hono } from "hono";
import { z } from "zod";
import { ROLES } from "../domain/rules/actor.ts";
import { isRefusal } from "../domain/rules/refusal.ts";
import { login } from "../domain/services/logins.ts";
import { endAllSessions, endSession } from "../domain/services/session_endings.ts";
import { refreshSession, reuseRefresh } from "../domain/services/sessions.ts";
import { register } from "../domain/services/users.ts";
import { one } from "./http/answers.ts";
import { authenticateIfAny, bearerToken } from "./http/authenticate.ts";
import { clientAddress } from "./http/client_address.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { limitAttempts } from "./http/limit_attempts.ts";
import { granted } from "./http/problem.ts";
import { limitByAddress } from "./http/rate_limit.ts";
import { anyPassword, email, flag, name, password } from "./http/schemas.ts";
import { body, query } from "./http/validate.ts";
import { grantShape, grantView } from "./views/user.ts";

const registration = z.object({ name, email, password, role: z.enum(ROLES).default("user") });
const credentials = z.object({ email, password: anyPassword });
const refresh = z.object({ refreshToken: z.string().max(2_000) });

/** Accounts are made here, and tokens given and taken. */
// deno-lint-ignore explicit-module-boundary-types
export function authRoutes() {
  return new Hono<AppEnv>()
    .use(async (c, next) => {
      c.header("Cache-Control", "no-store"); // tokens are in the answers
      await next();
    })
    .post(
      "/register",
      describe({
        summary: "Make an account",
        details: "Anybody may become a `user`; other roles are for an administrator to give.",
        answers: { 201: grantShape },
        refusals: ["forbidden", "email_taken"],
      }),
      limitByAddress,
      authenticateIfAny,
      body(registration, {
        customer: { name: "Ada", email: "ada@example.com", password: "a long password" },
      }),
      limitAttempts("registration"),
      async (c) => {
        const { desk, actor } = c.var;
        const address = clientAddress(c);
        const grant = granted(await register(desk, actor ?? null, c.req.valid("json"), address));
        c.header("Location", `/api/users/${grant.user.id}`);
        return c.json(grantView(grant), 201);
      },
    )
    .post(
      "/login",
      describe({
        summary: "Log in",
        answers: { 200: grantShape },
        refusals: ["invalid_credentials", "locked_out"],
      }),
      limitByAddress,
      body(credentials, { customer: { email: "ada@example.com", password: "a long password" } }),
      limitAttempts("login"),
      async (c) => {
        const grant = granted(await login(c.get("desk"), c.req.valid("json"), clientAddress(c)));
        return c.json(grantView(grant), 200);
      },
    )
    .post(
      "/refresh",
      describe({
        summary: "A new pair of tokens for a refresh token, which is spent by it",
        answers: { 200: grantShape },
        refusals: ["unauthenticated"],
      }),
      limitByAddress,
      body(refresh, { refresh: { refreshToken: "the refresh token of the login" } }),
      async (c) => {
        const { refreshToken } = c.req.valid("json");
        return c.json(grantView(granted(await refreshSession(c.get("desk"), refreshToken))), 200);
      },
    )
    .post(
      "/refresh-token",
      describe({
        summary: "A new access token for a refresh token, which stays good",
        details: "For the predecessor's clients: refused once the session has been refreshed by " +
          "`/auth/refresh`, which is the safer way.",
        answers: { 200: grantShape },
        refusals: ["unauthenticated"],
      }),
      limitByAddress,
      body(refresh, { refresh: { refreshToken: "the refresh token of the login" } }),
      async (c) => {
        const { refreshToken } = c.req.valid("json");
        return c.json(grantView(granted(await reuseRefresh(c.get("desk"), refreshToken))), 200);
      },
    )
    .post(
      "/logout",
      describe({
        summary: "End this session, or every session of yours",
        security: "optional",
        answers: { 200: one(z.object({ loggedOut: z.literal(true) })) },
      }),
      limitByAddress,
      query(z.object({
        all: flag.default(false).meta({
          description: "`true` ends every session of the user.",
          default: "false",
        }),
      })),
      async (c) => {
        const desk = c.get("desk");
        const claims = await desk.tokens.identify(bearerToken(c.req.header("Authorization")) ?? "");
        // Whoever is logged out already has what they asked for.
        if (!isRefusal(claims)) {
          const { all } = c.req.valid("query");
          granted(
            all
              ? await endAllSessions(desk, claims)
              : await endSession(desk, claims.userId, claims.sessionId),
          );
        }
        return c.json({ success: true as const, data: { loggedOut: true as const } }, 200);
      },
    )
    .get(
      "/test",
      describe({
        summary: "Whether the API can be reached",
        answers: { 200: one(z.object({ ok: z.literal(true) })) },
      }),
      (c) => c.json({ success: true as const, data: { ok: true as const } }, 200),
    );
}
