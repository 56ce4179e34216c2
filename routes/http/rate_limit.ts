import type { Context, MiddlewareHandler } from "hono";
import { refuse } from "../../domain/rules/refusal.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { clientAddress } from "./client_address.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";
import { reject } from "./problem.ts";

/** Counts the requests of a minute, by who sends them; in this process. */
export interface RequestLimiter {
  take(who: string, at: Instant): Quota | null;
}

export interface Quota {
  readonly limit: number;
  /** How many more may come in this window; negative for one that came too much. */
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** More senders than this in a minute, and the oldest begin anew. */
const SENDERS_MAX = 100_000;

/** A window of a minute begins with a sender's first request in it. Null: there is no limit. */
export function makeRequestLimiter(limit: number): RequestLimiter {
  const windows = new Map<string, { since: Instant; count: number }>();
  return {
    take(who, at) {
      if (limit === 0) return null;
      let window = windows.get(who);
      if (window === undefined || at - window.since >= MINUTE_MS) {
        windows.delete(who);
        window = { since: at, count: 0 };
        windows.set(who, window);
        const oldest = windows.keys().next();
        if (windows.size > SENDERS_MAX && oldest.done !== true) windows.delete(oldest.value);
      }
      window.count += 1;
      const resetSeconds = Math.ceil((window.since + MINUTE_MS - at) / SECOND_MS);
      return { limit, remaining: limit - window.count, resetSeconds };
    },
  };
}

/** Counts a request for its user, and refuses it beyond the limit. */
export function limitUser(c: Context<AppEnv>): void {
  spend(c, `user ${c.get("actor").userId}`);
}

/** Counts a request for the address that it came from, and refuses it beyond the limit. */
export function limitAddress(c: Context<AppEnv>): void {
  spend(c, `address ${clientAddress(c)}`);
}

/** For routes without a user. */
export const limitByAddress: MiddlewareHandler<AppEnv> = described<MiddlewareHandler<AppEnv>>(
  (c, next) => {
    limitAddress(c);
    return next();
  },
  { refusals: ["rate_limited"] },
);

const POLICY = "minute";

/** Says in the form of the IETF's draft how much is left, as structured fields. */
function spend(c: Context<AppEnv>, who: string): void {
  const quota = c.get("limiter").take(who, c.get("desk").store.now());
  if (quota === null) return;
  const { limit, remaining, resetSeconds } = quota;
  c.header("RateLimit-Policy", `"${POLICY}";q=${limit};w=${MINUTE_MS / SECOND_MS}`);
  c.header("RateLimit", `"${POLICY}";r=${Math.max(0, remaining)};t=${resetSeconds}`);
  if (remaining >= 0) return;
  const facts = { retryAfter: resetSeconds };
  reject(refuse("rate_limited", `At most ${limit} requests a minute; wait a little.`, facts));
}
