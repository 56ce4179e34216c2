import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { RequestKind } from "../../domain/services/store_fault.ts";
import { type AppEnv, isReading } from "./context.ts";
import { descriptionOf } from "./describe.ts";

/** What a request is, by its method and by what its route says of itself. */
export function kindOf(c: Context<AppEnv>): RequestKind {
  if (isReading(c)) return "read";
  const takesKey = matchedRoutes(c).some(({ handler }) => descriptionOf(handler)?.isKeyed === true);
  return takesKey ? "keyed write" : "write";
}
