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
  const { method } = c.req;
  const { status } = c.res;
  const route = routePath(c, -1);
  log.info(`${method} ${route} ${status}`, {
    method,
    route,
    status,
    milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    userId: c.get("actor")?.userId,
    requestId: c.get("requestId"),
  });
});
