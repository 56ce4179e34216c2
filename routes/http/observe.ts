import { getLogger } from "@logtape/logtape";
import { trace } from "@opentelemetry/api";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { SECOND_MS } from "../../domain/rules/time.ts";
import type { AppEnv } from "./context.ts";

const log = getLogger(["desk", "http"]);

/** The label of whatever is no route: there is no end to paths that lead nowhere. */
const UNKNOWN_ROUTE = "unknown";
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Counts a request, writes one line about it, and names the platform's span after its route; never a
 * path, a body, a token, a password or an e-mail address.
 */
export const observe = createMiddleware<AppEnv>(async (c, next) => {
  const startedAt = performance.now();
  await next();
  const milliseconds = performance.now() - startedAt;
  const method = METHODS.includes(c.req.method) ? c.req.method : "other";
  const route = routeOf(c);
  const { status } = c.res;
  c.get("desk").store.meters.answered({ method, route, status }, milliseconds / SECOND_MS);
  const span = trace.getActiveSpan();
  if (span !== undefined) {
    span.updateName(`${method} ${route}`);
    span.setAttribute("http.route", route);
  }
  if (!log.isEnabledFor("info")) return;
  log.info(`${method} ${route} ${status}`, {
    method,
    route,
    status,
    milliseconds: Math.round(milliseconds * 10) / 10,
    userId: c.get("actor")?.userId,
    requestId: c.get("requestId"),
  });
});

/** The pattern of the route that answered; where only middleware was met it ends in a star. */
function routeOf(c: Context): string {
  const pattern = routePath(c, -1);
  return pattern.endsWith("*") ? UNKNOWN_ROUTE : pattern;
}
