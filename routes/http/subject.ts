import { createMiddleware } from "hono/factory";
import { getAgent } from "../../domain/services/agents.ts";
import { findTicket } from "../../domain/services/tickets.ts";
import type { AppEnv } from "./context.ts";
import { granted } from "./problem.ts";

/**
 * Puts the ticket of the path where the handler finds it, if the actor may see it: so that what
 * is not there is told before what is not allowed, and before the body is looked at.
 */
export const visibleTicket = createMiddleware<AppEnv>(async (c, next) => {
  const idOrNumber = c.req.param("id") ?? "";
  c.set("ticket", granted(await findTicket(c.get("desk"), c.get("actor"), idOrNumber)));
  await next();
});

/** Puts the agent of the path where the handler finds it. */
export const knownAgent = createMiddleware<AppEnv>(async (c, next) => {
  c.set("agent", granted(await getAgent(c.get("desk"), c.req.param("id") ?? "")));
  await next();
});
