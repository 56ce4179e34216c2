import { earliest } from "../rules/agent_shifts.ts";
import { isRefusal } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { holdLease, releaseLease } from "../store/lease.ts";
import type { KvKey } from "../store/open.ts";
import { inBatches, LIST_BATCH_MAX, type Store } from "../store/store.ts";
import { finishDeparture } from "./departure.ts";
import type { Desk } from "./desk.ts";
import { catchUpShifts } from "./shift_change.ts";
import { unrollPattern } from "./shift_patterns.ts";

/** What a rollover did. */
export interface RolledOver {
  /** Shifts that were made of recurring patterns, or cancelled with them. */
  readonly unrolled: number;
  /** How often something happened to a shift. */
  readonly happened: number;
  /** Tickets that went back to the queue because their agents had left. */
  readonly requeued: number;
}

/** What is due beyond this many is left to the next rollover. */
const ROLLED_OVER_MAX = 10_000;
/** They share commits; more at once would only wait for each other. */
const AT_ONCE = 32;
const LEASE = "shift_rollover";
/** A process that dies over a rollover is waited for no longer. */
const LEASE_FOR = { forMs: 2 * SECOND_MS, leftMs: SECOND_MS };

type GoesOn = () => Promise<boolean>;

/**
 * Makes the shifts of patterns that have come near, lets everything happen that has become due on
 * shifts, and takes from whoever left, and is not back in time, the tickets that it has not started.
 * Reads the indexes of what is due up to now, and nothing else. All of it looks again in transactions
 * of its own, so that rollovers may be cut off, repeated, late, or go on side by side: each thing
 * happens once, as of its own instant. What cannot be written keeps nothing else from it: the
 * rollover fails when all have had a turn.
 */
export async function rollOver(
  desk: Desk,
  goesOn: GoesOn = () => Promise.resolve(true),
): Promise<RolledOver> {
  const { store } = desk;
  const faults: unknown[] = [];
  const each = (index: Index, work: (id: string) => Promise<number>): Promise<number> =>
    doEach(due(store, index), work, { goesOn, faults });
  const unrolled = await each("shift_pattern_due", (id) => unrollPattern(desk, id));
  const happened = await each("shift_due", (agentId) => catchUpAgent(desk, agentId));
  const requeued = await each("departure_due", (agentId) => finishDeparture(desk, agentId));
  if (faults.length > 0) {
    const message = `Cannot roll over ${faults.length} shifts or departures; the first: ${
      faults[0]
    }`;
    throw new AggregateError(faults, message);
  }
  return { unrolled, happened, requeued };
}

/**
 * The same, unless another process is at it: it would find everything done already. Where it is not
 * to go on the rest is left to the next rollover.
 */
export async function rollOverAlone(
  desk: Desk,
  goesOn: () => boolean = () => true,
): Promise<RolledOver> {
  const { store } = desk;
  const first = await firstShiftDue(store);
  if (first === null || first > store.now()) return { unrolled: 0, happened: 0, requeued: 0 };
  const holder = store.newId();
  try {
    const mayGoOn = async (): Promise<boolean> =>
      goesOn() && await holdLease(store, LEASE, holder, LEASE_FOR);
    return await rollOver(desk, mayGoOn);
  } finally {
    await releaseLease(store, LEASE, holder);
  }
}

/** Whoever wants to know who is there looks after so many agents first. */
const LOOKED_AFTER_MAX = 100;

/**
 * Lets happen what has become due on shifts, for whoever reads who is at work: so that it is told
 * exactly, however late rollovers come. One read while nothing is due. What cannot be written is left
 * to them, who say so.
 */
export async function rollOverBefore(desk: Desk): Promise<void> {
  const agentIds = due(desk.store, "shift_due", LOOKED_AFTER_MAX);
  const goesOn = (): Promise<boolean> => Promise.resolve(true);
  await doEach(agentIds, (agentId) => catchUpAgent(desk, agentId), { goesOn, faults: [] });
}

/** When something next becomes due on shifts, patterns or departures; null when nothing will. 3 reads. */
export async function firstShiftDue(store: Store): Promise<Instant | null> {
  return earliest(await Promise.all(INDEXES.map((index) => firstOf(store, index))));
}

/** Indexes by instants; the values are the ids of whom or what has a turn. */
const INDEXES = ["shift_pattern_due", "shift_due", "departure_due"] as const;
type Index = (typeof INDEXES)[number];

async function firstOf(store: Store, index: Index): Promise<Instant | null> {
  for await (const { key } of store.reader.list({ prefix: [index] }, { limit: 1 })) {
    return Number(key[1]);
  }
  return null;
}

/** Who has a turn by now, each once, whoever is due first before the others. */
async function* due(store: Store, index: Index, limit = ROLLED_OVER_MAX): AsyncGenerator<string> {
  const seen = new Set<string>();
  const range = { start: [index] as KvKey, end: [index, store.now() + 1] as KvKey };
  const options = { limit, batchSize: Math.min(limit, LIST_BATCH_MAX) };
  for await (const { value } of store.reader.list<string>(range, options)) {
    if (seen.has(value)) continue;
    seen.add(value);
    yield value;
  }
}

async function doEach(
  ids: AsyncIterable<string>,
  work: (id: string) => Promise<number>,
  { goesOn, faults }: { readonly goesOn: GoesOn; readonly faults: unknown[] },
): Promise<number> {
  let count = 0;
  for await (const batch of inBatches(ids, AT_ONCE)) {
    if (!await goesOn()) break;
    for (const outcome of await Promise.allSettled(batch.map(work))) {
      if (outcome.status === "rejected") faults.push(outcome.reason);
      else count += outcome.value;
    }
  }
  return count;
}

/** What could not be written now is still due at the next rollover. */
async function catchUpAgent(desk: Desk, agentId: string): Promise<number> {
  const happened = await catchUpShifts(desk, agentId);
  return isRefusal(happened) ? 0 : happened;
}
