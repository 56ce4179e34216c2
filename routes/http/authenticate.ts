import { createMiddleware } from "hono/factory";
import { type Actor, may, type Permission, ROLES } from "../../domain/rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../../domain/rules/refusal.ts";
import type { Desk } from "../../domain/services/desk.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";
import { granted, reject } from "./problem.ts";
import { limitAddress, limitUser } from "./rate_limit.ts";

/** Lets a request through that carries a good access token, as the user behind it. */
export const authenticate = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const actor = await actorOf(c.get("desk"), c.req.header("Authorization"));
    // Whoever guesses tokens is counted by address.
    if (isRefusal(actor)) limitAddress(c);
    c.set("actor", granted(actor));
    limitUser(c);
    await next();
  }),
  { security: "required", refusals: ["unauthenticated", "token_expired", "rate_limited"] },
);

/** The same on routes that are open to all: without a token there is no actor. */
export const authenticateIfAny = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const authorization = c.req.header("Authorization");
    if (authorization !== undefined) {
      c.set("actor", granted(await actorOf(c.get("desk"), authorization)));
    }
    await next();
  }),
  { security: "optional", refusals: ["unauthenticated", "token_expired"] },
);

async function actorOf(
  desk: Desk,
  authorization: string | undefined,
): Promise<Actor | Refusal> {
  const token = bearerToken(authorization);
  if (token === undefined) {
    return refuse("unauthenticated", "Send an access token: Authorization: Bearer <token>.");
  }
  const principal = await desk.principals.authenticate(token);
  return "refused" in principal ? principal : principal.actor;
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}

/** Lets a request through whose actor has the permission by its role. */
export function permit(
  permission: Permission,
): ReturnType<typeof createMiddleware<AppEnv>> {
  const middleware = createMiddleware<AppEnv>(async (c, next) => {
    if (!may(c.get("actor"), permission)) {
      reject(refuse("forbidden", `As ${c.get("actor").role} you may not do this.`));
    }
    await next();
  });
  const everybody = ROLES.every((role) => may({ role }, permission));
  return described(middleware, everybody ? {} : { refusals: ["forbidden"] });
}
