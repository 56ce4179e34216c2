import { Hono } from "hono";
import { refuse } from "../domain/rules/refusal.ts";
import { makeReadiness } from "../domain/services/readiness.ts";
import type { AppEnv } from "./http/context.ts";
import { onNotFound, PROBLEMS, reject } from "./http/problem.ts";

/** What stands at the root, outside the API. */
// deno-lint-ignore explicit-module-boundary-types
export function operationRoutes() {
  const isReady = makeReadiness();
  return new Hono<AppEnv>()
    .get("/", (c) =>
      c.json({
        name: "Smart Ticketing",
        api: "/api",
        socket: "/api/ws",
        health: "/health",
        ready: "/ready",
      }, 200))
    .get("/health", (c) => c.json({ status: "alive" as const }, 200))
    .get("/ready", async (c) => {
      if (await isReady(c.get("desk"))) return c.json({ status: "ready" as const }, 200);
      return reject(refuse("unavailable", "The store does not answer as it should."));
    })
    /** Where the `type` of a problem document leads. */
    .get("/problems/:code", (c) => {
      const found = Object.entries(PROBLEMS).find(([code]) => code === c.req.param("code"));
      if (found === undefined) return onNotFound(c);
      const [code, [status, title]] = found;
      return c.json({ code, status, title }, 200);
    });
}
