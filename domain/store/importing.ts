import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { keys } from "./keys.ts";
import type { KvKey } from "./open.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";
import { transact, type Transaction } from "./transact.ts";

/** The mark of a store into which a backup is being restored. */
export const IMPORT_MARK = "restoring";
/** A process that has one need not have committed anything else. */
export const COMMIT_MARKER = "commit_marker";

const CLEARED_AT_ONCE = 100;

/** A store that this import alone writes into, for as long as its id stands in the mark. */
export interface RunningImport {
  readonly store: Store;
  readonly id: string;
}

/** Whether the store holds a part of a backup, and must not be used. */
export async function holdsPart({ reader }: Store): Promise<boolean> {
  return (await reader.get(keys.restoring())).value !== null;
}

/**
 * Marks an empty store before anything is restored into it. One that is marked already is cleared,
 * and whoever still restores into it is refused from then on; refuses any other with `conflict`.
 */
export async function beginImport(store: Store): Promise<RunningImport | Refusal> {
  const id = store.newId();
  const hasPart = await transact(store, async (tx) => {
    const isMarked = await tx.getValue(keys.restoring()) !== null;
    const found = isMarked ? null : await firstKey(store);
    if (found !== null) {
      return refuse("conflict", `The store is not empty: it has ${JSON.stringify(found)}.`);
    }
    tx.set(keys.restoring(), id);
    return isMarked;
  });
  if (isRefusal(hasPart)) return hasPart;
  const running = { store, id };
  const cleared = hasPart ? await clear(running) : null;
  return isRefusal(cleared) ? cleared : running;
}

/** One commit of an import: one check. Refuses with `conflict` once another import has begun. */
export function commitImport(
  { store, id }: RunningImport,
  write: (tx: Transaction) => void,
): Promise<void | Refusal> {
  return transact(store, async (tx) => {
    const isMine = await tx.getValue(keys.restoring()) === id;
    if (isMine) write(tx);
    return isMine ? undefined : refuse("conflict", "Another import into it has begun since.");
  });
}

/** What ends an import, in its last commit. */
export function removeMark(tx: Transaction): void {
  tx.delete(keys.restoring());
}

/** Leaves the store empty again, unless another import has begun. */
export async function abandonImport(running: RunningImport): Promise<void> {
  const cleared = await clear(running);
  if (!isRefusal(cleared)) await commitImport(running, removeMark);
}

/** Deletes everything but the mark. */
async function clear(running: RunningImport): Promise<void | Refusal> {
  let batch: KvKey[] = [];
  const deleteBatch = (): Promise<void | Refusal> =>
    commitImport(running, (tx) => batch.forEach((key) => tx.delete(key)));
  for await (const key of keysOf(running.store)) {
    if (key[0] === IMPORT_MARK) continue;
    batch.push(key);
    if (batch.length < CLEARED_AT_ONCE) continue;
    const deleted = await deleteBatch();
    if (isRefusal(deleted)) return deleted;
    batch = [];
  }
  return await deleteBatch();
}

async function firstKey(store: Store): Promise<KvKey | null> {
  for await (const key of keysOf(store)) return key;
  return null;
}

async function* keysOf({ reader }: Store): AsyncGenerator<KvKey> {
  for await (const { key } of reader.list({ prefix: [] }, { batchSize: LIST_BATCH_MAX })) {
    if (key[0] !== COMMIT_MARKER) yield key;
  }
}
