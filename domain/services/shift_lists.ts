import type { Shift } from "../rules/shift.ts";
import type { Instant } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { type NextRow, shifts } from "../store/shift_kinds.ts";
import { LIST_BATCH_MAX, read, readList, type Store } from "../store/store.ts";

// What is read here has no check of its own: whoever changes a shift writes its agent too, which the
// reading transaction has read before.

/** Something that waits on a shift. */
export interface Waiting extends NextRow {
  readonly id: string;
  readonly nextAt: Instant;
}

/** The shifts of an agent on which something has become due, the earliest first. One read. */
export async function dueShifts(
  store: Store,
  agentId: string,
  now: Instant,
  limit: number,
): Promise<Waiting[]> {
  const rows = await readList<NextRow>(store, keys.shiftNext(agentId), { limit });
  return rows.map(waitingOf).filter(({ nextAt }) => nextAt <= now);
}

function waitingOf(
  { key, value }: { readonly key: readonly unknown[]; readonly value: NextRow },
): Waiting {
  const [nextAt, id] = key.slice(-2) as [number, string]; // as `keys` makes them
  return { ...value, id, nextAt };
}

/** What comes next of an agent's shifts, but for some that the reader knows better. */
export interface Ahead {
  readonly nextAt: Instant | null;
  /** The scheduled shift that starts first. */
  readonly scheduled: Shift | null;
}

/** Of two shifts that are a few minutes long the later one may be waiting first; of more hardly. */
const AHEAD_READ_MAX = 100;

/** One or two reads. */
export async function shiftsAhead(
  store: Store,
  agentId: string,
  except: ReadonlySet<string>,
): Promise<Ahead> {
  const limit = except.size + AHEAD_READ_MAX;
  const rows = store.reader.list<NextRow>({ prefix: keys.shiftNext(agentId) }, {
    limit,
    batchSize: Math.min(limit, except.size + 3),
  });
  let nextAt: Instant | null = null;
  let first: Waiting | null = null;
  for await (const row of rows) {
    const waiting = waitingOf(row);
    // None behind this one starts before it.
    if (first !== null && waiting.nextAt > first.start) break;
    if (except.has(waiting.id)) continue;
    nextAt ??= waiting.nextAt;
    if (waiting.status !== "scheduled") continue;
    if (first === null || waiting.start < first.start) first = waiting;
  }
  const scheduled = first === null ? null : await read(store, shifts, keys.shift(first.id));
  return { nextAt, scheduled };
}

/** The shifts of an agent that were to start last, cancelled ones left out, the last first. One read. */
export async function lastShifts(store: Store, agentId: string, limit: number): Promise<Shift[]> {
  const rows = await readList<Shift>(store, keys.shiftByAgent(agentId), { limit, reverse: true });
  return rows.map(({ value }) => value);
}

/** Its shifts that were to start in a stretch of time, cancelled ones left out, in their order. */
export async function shiftsStarting(
  store: Store,
  agentId: string,
  span: { readonly start: Instant; readonly end: Instant },
  limit: number,
): Promise<Shift[]> {
  const range = {
    start: keys.shiftByAgent(agentId, span.start),
    end: keys.shiftByAgent(agentId, span.end),
  };
  const batchSize = Math.min(limit, LIST_BATCH_MAX);
  const rows = store.reader.list<Shift>(range, { limit, batchSize });
  return (await Array.fromAsync(rows)).map(({ value }) => value);
}
