import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { keys } from "./keys.ts";
import type { Store } from "./store.ts";
import { transact } from "./transact.ts";

export const TICKET_NUMBER_FIRST = 1_001;
const BLOCK_NUMBERS = 50;

/**
 * Hands out ticket numbers from blocks that are leased from the store one at a time, so that opening
 * a ticket never waits for another. What is left of a block when the process ends is never given.
 */
export function makeTicketNumbers(): (store: Store) => Promise<number | Refusal> {
  let next = 0;
  let end = 0;
  let leasing: Promise<Refusal | null> | null = null;

  async function lease(store: Store): Promise<Refusal | null> {
    const first = await leaseBlock(store);
    if (isRefusal(first)) return first;
    next = first;
    end = first + BLOCK_NUMBERS;
    return null;
  }

  return async (store) => {
    // Several callers wait for one lease; when more wait than it holds, the rest go round again.
    while (next >= end) {
      leasing ??= lease(store).finally(() => leasing = null);
      const refusal = await leasing;
      if (refusal !== null) return refusal;
    }
    return next++;
  };
}

function leaseBlock(store: Store): Promise<number | Refusal> {
  return transact(store, async (tx) => {
    const first = await tx.getValue<number>(keys.numberBlock()) ?? TICKET_NUMBER_FIRST;
    tx.set(keys.numberBlock(), first + BLOCK_NUMBERS);
    return first;
  });
}
