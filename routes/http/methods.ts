import type { Hono, MiddlewareHandler } from "hono";
import { refuse } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";
import { reject } from "./problem.ts";

/** Refuses a method that a path does not have, naming those it has; unknown paths go on. */
export function refuseOtherMethods(app: Hono<AppEnv>): MiddlewareHandler<AppEnv> {
  let table: readonly PathMethods[] | null = null;
  return async (c, next) => {
    // Every route is there by the time of the first request.
    table ??= pathTable(app);
    const { method, path } = c.req;
    const found = table.filter(({ pattern }) => pattern.test(path));
    const allowed = [...new Set(found.flatMap(({ methods }) => methods))];
    if (allowed.length > 0 && !allowed.includes(method) && method !== "OPTIONS") {
      const names = allowed.join(", ");
      reject(refuse("method_not_allowed", `Use ${names} here.`, { allowed: names }));
    }
    await next();
  };
}

interface PathMethods {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

function pathTable(app: Hono<AppEnv>): PathMethods[] {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue; // middleware
    const known = methods.get(path) ?? new Set();
    known.add(method);
    if (method === "GET") known.add("HEAD");
    methods.set(path, known);
  }
  return [...methods].map(([path, names]) => ({ pattern: patternOf(path), methods: [...names] }));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\/:[^/]+/g, "/[^/]+")}/?$`);
}
