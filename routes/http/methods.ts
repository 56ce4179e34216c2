import type { Context, Hono, MiddlewareHandler, Next } from "hono";
import { refuse } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";
import { reject } from "./problem.ts";

/**
 * Refuses a method that a path does not have, naming those it has, and answers OPTIONS with their
 * names; unknown paths go on.
 */
export function refuseOtherMethods(app: Hono<AppEnv>): MiddlewareHandler<AppEnv> {
  let known: Methods | null = null;
  return async (c, next) => {
    // Every route is there by the time of the first request.
    const methods = known ??= methodsOf(app);
    const { method, path } = c.req;
    if (has(methods, method, path)) return await next();
    const allowed = [...methods.byPattern.keys()].filter((name) => has(methods, name, path));
    const names = allowed.join(", ");
    if (names === "") return await next();
    if (method === "OPTIONS") return c.body(null, 204, { Allow: names });
    return reject(refuse("method_not_allowed", `Use ${names} here.`, { allowed }));
  };
}

/** The methods that paths have. */
interface Methods {
  /** Of the paths without parameters: such a word is never the id of something. */
  readonly byPath: ReadonlyMap<string, ReadonlySet<string>>;
  /** For each method one pattern of all its paths, so that most requests match one time. */
  readonly byPattern: ReadonlyMap<string, RegExp>;
}

function has({ byPath, byPattern }: Methods, method: string, path: string): boolean {
  return byPath.get(path)?.has(method) ?? byPattern.get(method)?.test(path) ?? false;
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

function methodsOf(app: Hono<AppEnv>): Methods {
  const byPath = new Map<string, Set<string>>();
  const patterns = new Map<string, string[]>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue; // middleware
    for (const name of method === "GET" ? ["GET", "HEAD"] : [method]) {
      patterns.set(name, [...patterns.get(name) ?? [], path.replace(/\/:[^/]+/g, "/[^/]+")]);
      if (!path.includes(":")) byPath.set(path, (byPath.get(path) ?? new Set()).add(name));
    }
  }
  const byPattern = new Map(
    [...patterns].map(([name, of]) => [name, new RegExp(`^(?:${of.join("|")})$`)]),
  );
  return { byPath, byPattern };
}
