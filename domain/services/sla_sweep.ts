import { isRefusal } from "../rules/refusal.ts";
import type { Happening } from "../rules/sla_advance.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { holdLease, releaseLease } from "../store/lease.ts";
import { inBatches, LIST_BATCH_MAX, type Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";

/** How many tickets a sweep looked at, and how often something happened to one. */
export type Swept = Readonly<Record<"tickets" | Happening["kind"], number>>;

const NOTHING: Swept = { tickets: 0, warning: 0, breach: 0, level: 0, close: 0 };

/** What is due beyond this many is left to the next sweep. */
const SWEPT_MAX = 10_000;
/** They share commits; more at once would only wait for each other. */
const AT_ONCE = 32;
const LEASE = "sla_sweep";
/** A process that dies over a sweep is waited for no longer. */
const LEASE_FOR = { forMs: 2 * SECOND_MS, leftMs: SECOND_MS };

/**
 * Lets everything happen that has become due on tickets by now, the earliest first: warnings,
 * breaches, levels, the closing of what was resolved long ago. Reads the index of what is due up to
 * now, and no other ticket. One transaction a ticket looks again, so that sweeps may be cut off,
 * repeated, late, or go on side by side: each thing happens once, as of its own instant. A ticket
 * that cannot be written keeps no other from it: the sweep fails when all have had a turn.
 */
export async function sweepDue(
  desk: Desk,
  goesOn: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<Swept> {
  const swept = { ...NOTHING };
  const faults: unknown[] = [];
  const end = keys.due(desk.store.now() + 1, "");
  const options = { limit: SWEPT_MAX, batchSize: LIST_BATCH_MAX };
  const entries = desk.store.reader.list({ start: keys.due(0, ""), end }, options);
  for await (const batch of inBatches(entries, AT_ONCE)) {
    if (!await goesOn()) break;
    const ids = batch.map(({ key }) => String(key.at(-1)));
    for (const outcome of await Promise.allSettled(ids.map((id) => sweepOne(desk, id)))) {
      if (outcome.status === "rejected") faults.push(outcome.reason);
      else for (const kind of outcome.value) swept[kind] += 1;
    }
    swept.tickets += ids.length;
  }
  if (faults.length > 0) {
    const message = `Cannot sweep ${faults.length} tickets; the first: ${faults[0]}`;
    throw new AggregateError(faults, message);
  }
  return swept;
}

/**
 * The same, unless another process is at it: it would find everything done already. Where it is not
 * to go on the rest is left to the next sweep.
 */
export async function sweepAlone(
  desk: Desk,
  goesOn: () => boolean = () => true,
): Promise<Swept> {
  const { store } = desk;
  const first = await firstDue(store);
  if (first === null || first > store.now()) return NOTHING;
  const holder = store.newId();
  try {
    const mayGoOn = async (): Promise<boolean> =>
      goesOn() && await holdLease(store, LEASE, holder, LEASE_FOR);
    return await sweepDue(desk, mayGoOn);
  } finally {
    await releaseLease(store, LEASE, holder);
  }
}

/** When something next happens to any ticket by itself; null when nothing will. One read. */
export async function firstDue(store: Store): Promise<Instant | null> {
  const entries = store.reader.list({ prefix: ["due"] }, { limit: 1 });
  for await (const { key } of entries) return Number(key[1]);
  return null;
}

/** To read a ticket as `readHeld` does is to let happen what is due; else nothing is written. */
async function sweepOne(desk: Desk, id: string): Promise<readonly Happening["kind"][]> {
  const outcome = await transact(desk.store, async (tx) => {
    const held = await readHeld(desk, tx, id);
    return held === null ? [] : held.happened;
  });
  // What could not be written now is still due at the next sweep.
  return isRefusal(outcome) ? [] : outcome;
}
