import { createMiddleware } from "hono/factory";
import { may } from "../../domain/rules/actor.ts";
import { countAttempt, type Limited } from "../../domain/services/rates.ts";
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
    if (!hires) granted(await countAttempt(c.get("desk"), limited, clientAddress(c)));
    await next();
  });
  return described(middleware, { refusals: ["rate_limited"] });
}
