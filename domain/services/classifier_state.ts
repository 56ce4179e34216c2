import type { Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import {
  type ClassifierHead,
  classifiers,
  namedBlocks,
  newHead,
  strayBlocks,
  STRAYS_AT_ONCE,
} from "../store/classifier.ts";
import { keys } from "../store/keys.ts";
import { read, type Store } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** What the classifier has learned so far: one read. */
export async function classifierState({ store }: Pick<Desk, "store">): Promise<ClassifierHead> {
  const head = await read(store, classifiers, keys.classifier());
  return head ?? newHead("", 0);
}

/**
 * Forgets all that was learned; what it was. It learns from tickets that are resolved from now on,
 * with `relearn` from those too that are resolved already. In every process within two seconds; a
 * run that is learning meanwhile comes to nothing. One check and up to 170 writes. Of each ticket
 * that it learned from there stay the labels that it had, until it teaches them anew.
 */
export async function forgetLearned(
  { store }: Pick<Desk, "store">,
  { relearn }: { readonly relearn: boolean },
): Promise<ClassifierHead | Refusal> {
  return await transact(store, async (tx) => {
    const found = await tx.get(classifiers, keys.classifier());
    await beginAnew(store, tx, found, relearn ? 0 : store.now());
    return found ?? newHead("", 0);
  });
}

/**
 * Forgets what cannot be read any more, provided that it is still of this version, and learns it
 * again from the tickets. Writes as `forgetLearned`.
 */
export function replaceBroken(
  store: Store,
  versionstamp: string | null,
): Promise<boolean | Refusal> {
  return transact(store, async (tx) => {
    const found = await tx.get(classifiers, keys.classifier());
    if (found === null || tx.versionOf(keys.classifier()) !== versionstamp) return false;
    await beginAnew(store, tx, found, found.since);
    return true;
  });
}

async function beginAnew(
  store: Store,
  tx: Transaction,
  found: ClassifierHead | null,
  since: Instant,
): Promise<void> {
  const generation = (found?.generation ?? 0) + 1;
  const head = { ...newHead(store.newId(), since), generation, changedAt: store.now() };
  if (found === null) tx.add(classifiers, head);
  else tx.put(classifiers, head);
  const named = found === null ? [] : namedBlocks(found).map(({ key }) => key);
  const strays = await strayBlocks(store, found, STRAYS_AT_ONCE);
  for (const key of [...named, ...strays]) tx.delete(key);
  tx.emit({ type: "classifier.changed", generation, isForgotten: true });
}
