import { createMiddleware } from "hono/factory";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { notAnswered } from "../../domain/services/store_fault.ts";
import { type AppEnv, isReading } from "./context.ts";
import { reject } from "./problem.ts";
import { kindOf } from "./request_kind.ts";

/** Nobody waits longer for an answer, however slowly a store answers each of many calls. */
const ANSWER_WITHIN_MS = 9 * SECOND_MS;

/**
 * Refuses with `unavailable` what has not been answered in time; what goes on meanwhile comes to its
 * own end. Where the store is on this machine nothing is timed.
 */
// deno-lint-ignore explicit-module-boundary-types
export function answerInTime(answerWithinMs = ANSWER_WITHIN_MS) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!c.get("desk").store.isRemote) return await next();
    // How long a body takes to arrive is the client's affair. Whoever reads it again finds it read.
    if (!isReading(c)) await c.req.arrayBuffer().catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), answerWithinMs);
    });
    const first = await Promise.race([next(), late]);
    clearTimeout(timer);
    if (first === "late") reject(notAnswered(kindOf(c)));
  });
}
