import { waitMs, type WindowCounts, windowOf } from "../rules/rate.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import type { KvU64 } from "../store/open.ts";
import { LIST_BATCH_MAX } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** What is limited strictly, a minute and client address, over all processes. */
export type Limited = "login" | "registration";

const REGISTRATIONS_PER_MINUTE = 10;

/**
 * Counts an attempt of a client address against its limit; refuses with `rate_limited`, and what is
 * refused does not count. Of many at once never more than the limit pass; when they come to several
 * processes, those who meet at its very end may all be refused. Four reads and one write, no check.
 */
export async function countAttempt(
  desk: Desk,
  limited: Limited,
  address: string,
): Promise<"counted" | Refusal> {
  const limit = limitOf(desk, limited);
  if (limit === 0) return "counted";
  // One by one in this process, so that each sees what those before it counted.
  const leave = await desk.store.turns.take([`${limited} ${address}`]);
  try {
    return await countInTurn(desk, limited, address, limit);
  } finally {
    leave();
  }
}

/** How many a minute may come from one address; 0 is no limit. */
export function limitOf({ config }: Pick<Desk, "config">, limited: Limited): number {
  const { loginsPerMinute } = config.limits;
  return limited === "login" || loginsPerMinute === 0 ? loginsPerMinute : REGISTRATIONS_PER_MINUTE;
}

async function countInTurn(
  desk: Desk,
  limited: Limited,
  address: string,
  limit: number,
): Promise<"counted" | Refusal> {
  const at = desk.store.now();
  const before = await countsOf(desk, limited, address, at);
  // Whoever goes on trying costs two reads, and no write.
  if (waitMs(before, limit, at) > 0) return limitReached(before, limit, at);
  const counted = await add(desk, limited, address, at, 1n);
  if (isRefusal(counted)) return counted;
  const { previous, current } = await countsOf(desk, limited, address, at);
  const others = { previous, current: current - 1 };
  if (waitMs(others, limit, at) === 0) return "counted";
  await add(desk, limited, address, at, -1n);
  return limitReached(others, limit, at);
}

function limitReached(counts: WindowCounts, limit: number, at: Instant): Refusal {
  const retryAfter = Math.ceil(waitMs(counts, limit, at) / SECOND_MS);
  return refuse("rate_limited", "Too many attempts from this address.", { retryAfter });
}

function add(
  desk: Desk,
  limited: Limited,
  address: string,
  at: Instant,
  by: bigint,
): Promise<"added" | Refusal> {
  return transact(desk.store, (tx) => {
    tx.sum(keys.rate(windowOf(at), limited, address), by);
    return Promise.resolve("added" as const);
  });
}

async function countsOf(
  desk: Desk,
  limited: Limited,
  address: string,
  at: Instant,
): Promise<WindowCounts> {
  const window = windowOf(at);
  const [previous, current] = await desk.store.reader.getMany<[KvU64, KvU64]>([
    keys.rate(window - 1, limited, address),
    keys.rate(window, limited, address),
  ]);
  return {
    previous: Number(previous.value?.value ?? 0),
    current: Number(current.value?.value ?? 0),
  };
}

const SWEEPS_MAX = 100;

/**
 * Removes the counters of windows that count no more: a `sum` cannot give its key an expiry. How
 * many it removed, 50 000 at most.
 */
export async function sweepRates(desk: Desk): Promise<number> {
  const range = {
    start: keys.rateWindow(0),
    end: keys.rateWindow(windowOf(desk.store.now()) - 1),
  };
  let removed = 0;
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    const options = { limit: LIST_BATCH_MAX, batchSize: LIST_BATCH_MAX };
    const over = await Array.fromAsync(desk.store.reader.list(range, options));
    if (over.length === 0) break;
    const outcome = await transact(desk.store, (tx) => {
      for (const { key } of over) tx.delete(key);
      return Promise.resolve("removed" as const);
    });
    if (isRefusal(outcome)) break;
    removed += over.length;
  }
  return removed;
}
