import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { may } from "../../domain/rules/actor.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { countAttempt, type Limited, limitOf } from "../../domain/services/rates.ts";
import { clientAddress } from "./client_address.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";
import { granted } from "./problem.ts";

/** Counts a request against the strict limit of its client's address; whoever may hire is free. */
export function limitAttempts(
  limited: Limited,
): ReturnType<typeof createMiddleware<AppEnv>> {
  const middleware = createMiddleware<AppEnv>(async (c, next) => {
    const actor = c.get("actor");
    const hires = limited === "registration" && actor !== undefined &&
      may(actor, "create_privileged_users");
    if (!hires) await count(c, limited);
    await next();
  });
  return described(middleware, { refusals: ["rate_limited"] });
}

async function count(c: Context<AppEnv>, limited: Limited): Promise<void> {
  const desk = c.get("desk");
  const limit = limitOf(desk, limited);
  if (limit === 0) return;
  c.header("RateLimit-Policy", `"${limited}";q=${limit};w=60`, { append: true });
  const outcome = await countAttempt(desk, limited, clientAddress(c));
  if (isRefusal(outcome)) {
    const seconds = String(outcome.facts?.["retryAfter"]);
    c.header("RateLimit", `"${limited}";r=0;t=${seconds}`, { append: true });
  }
  granted(outcome);
}
