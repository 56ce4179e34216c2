import { getLogger } from "@logtape/logtape";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { AppEnv } from "./context.ts";

const log = getLogger(["desk", "http"]);

/** One line a request; never a body, a token, a password or an e-mail address. */
export const logRequests = createMiddleware<AppEnv>(async (c, next) => {
  if (!log.isEnabledFor("info")) return await next();
  const startedAt = performance.now();
  await next();
  log.info("{method} {route} {status}", {
    method: c.req.method,
    route: routePath(c, -1),
    status: c.res.status,
    milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    userId: c.get("actor")?.userId,
    requestId: c.get("requestId"),
  });
});
