import type { Context, Hono, MiddlewareHandler, Next } from "hono";
import { refuse } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";
import { reject } from "./problem.ts";

/**
 * Refuses a method that a path does not have, naming those it has, and answers OPTIONS with their
 * names; unknown paths go on.
 */
export function refuseOtherMethods(app: Hono<AppEnv>): MiddlewareHandler<AppEnv> {
  let patterns: ReadonlyMap<string, RegExp> | null = null;
  return async (c, next) => {
    // Every route is there by the time of the first request.
    patterns ??= patternsByMethod(app);
    const { method, path } = c.req;
    if (patterns.get(method)?.test(path) === true) return await next();
    const allowed = [...patterns].flatMap(([name, pattern]) => pattern.test(path) ? name : []);
    const names = allowed.join(", ");
    if (names === "") return await next();
    if (method === "OPTIONS") return c.body(null, 204, { Allow: names });
    return reject(refuse("method_not_allowed", `Use ${names} here.`, { allowed }));
  };
}

/** HEAD is answered as GET, without the body: it tells how long that would be. */
export function tellLength(c: Context<AppEnv>, next: Next): Promise<void> {
  return c.req.method === "HEAD" ? withLength(c, next) : next();
}

async function withLength(c: Context<AppEnv>, next: Next): Promise<void> {
  await next();
  const { byteLength } = await c.res.clone().arrayBuffer();
  if (byteLength > 0) c.header("Content-Length", String(byteLength));
}

/** For each method one pattern of all paths that have it, so that most requests match one time. */
function patternsByMethod(app: Hono<AppEnv>): Map<string, RegExp> {
  const paths = new Map<string, string[]>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue; // middleware
    for (const name of method === "GET" ? ["GET", "HEAD"] : [method]) {
      paths.set(name, [...paths.get(name) ?? [], path.replace(/\/:[^/]+/g, "/[^/]+")]);
    }
  }
  return new Map([...paths].map(([name, of]) => [name, new RegExp(`^(?:${of.join("|")})$`)]));
}
