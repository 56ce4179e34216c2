import { isRefusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import { keys } from "./keys.ts";
import type { Store } from "./store.ts";
import { transact } from "./transact.ts";

/** Who does something alone, and until when: a process that dies over it is waited for no longer. */
interface Lease {
  readonly holder: string;
  readonly expiresAt: Instant;
}

/**
 * Takes a lease, or keeps it when less than `leftMs` of it are left; false while somebody else has
 * it. It saves double work and no more: a holder that is held up may find that another has begun.
 */
export async function holdLease(
  store: Store,
  name: string,
  holder: string,
  { forMs, leftMs }: { readonly forMs: number; readonly leftMs: number },
): Promise<boolean> {
  const holds = await transact(store, async (tx) => {
    const now = store.now();
    const lease = await tx.getValue<Lease>(keys.lease(name));
    const isHeld = lease !== null && lease.expiresAt > now;
    if (isHeld && lease.holder !== holder) return false;
    if (isHeld && lease.expiresAt - now >= leftMs) return true;
    tx.set(keys.lease(name), { holder, expiresAt: now + forMs } satisfies Lease, forMs);
    return true;
  });
  return !isRefusal(holds) && holds;
}

/** Gives a lease back before its time, so that nobody need wait for its end. */
export async function releaseLease(store: Store, name: string, holder: string): Promise<void> {
  await transact(store, async (tx) => {
    const lease = await tx.getValue<Lease>(keys.lease(name));
    if (lease?.holder === holder) tx.delete(keys.lease(name));
  });
}
