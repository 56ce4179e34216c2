import type { Priority, Status } from "../rules/ticket.ts";
import { type CountScope, keys } from "./keys.ts";
import type { KvListSelector, KvU64 } from "./open.ts";
import { LIST_BATCH_MAX, readList, type Store } from "./store.ts";

/** More counters under one scope than this are not looked at: 21 for each of its departments. */
const COUNTERS_READ_MAX = 21 * 500;

/** What a counter counts. */
export interface Counted {
  readonly status: Status;
  readonly priority: Priority;
  /** Folded; undefined where the scope does not tell departments apart. */
  readonly department: string | undefined;
}

/** Counts the tickets of a scope that `counts` says yes to, without reading a ticket. */
export async function countTickets(
  store: Store,
  scope: CountScope,
  counts: (cell: Counted) => boolean,
): Promise<number> {
  const prefix = keys.ticketCounts(scope);
  const cells = await readList<KvU64>(store, prefix, { limit: COUNTERS_READ_MAX });
  let total = 0;
  for (const { key, value } of cells) {
    const [status, priority] = key.slice(-2) as [Status, Priority]; // as keys.ticketCount made it
    const department = byDepartment(scope) ? String(key[4]) : undefined;
    if (counts({ status, priority, department })) total += Number(value.value);
  }
  return total;
}

/** A longer queue is known by its counters alone. */
const QUEUE_COUNTED_MAX = 500;

/**
 * How many tickets wait: exact up to `QUEUE_COUNTED_MAX`, from there on without those that wait
 * although they are escalated. One read of a list, or two.
 */
export async function queueLength(store: Store): Promise<number> {
  const rows = await readList(store, ["queue"], { limit: QUEUE_COUNTED_MAX });
  if (rows.length < QUEUE_COUNTED_MAX) return rows.length;
  const queued = await countTickets(store, ["all"], ({ status }) => status === "queued");
  return Math.max(queued, QUEUE_COUNTED_MAX);
}

/** The indexes of what is to happen by itself, by its instant. */
export type DueIndex = "due" | "shift_due" | "shift_pattern_due" | "departure_due";

/** More than this many are counted as so many. */
const OVERDUE_COUNTED_MAX = 1_000;

/** How much of what an index waits for was due before now and has yet to happen. */
export async function overdueCount(store: Store, index: DueIndex): Promise<number> {
  const range: KvListSelector = { start: [index], end: [index, store.now()] };
  const options = { limit: OVERDUE_COUNTED_MAX, batchSize: LIST_BATCH_MAX };
  let count = 0;
  for await (const _ of store.reader.list(range, options)) count += 1;
  return count;
}

function byDepartment(scope: CountScope): boolean {
  return scope[0] !== "all" && scope[0] !== "department";
}

export async function unreadCount(store: Store, userId: string): Promise<number> {
  const { value } = await store.reader.get<KvU64>(keys.unreadCount(userId));
  return value === null ? 0 : Number(value.value);
}
