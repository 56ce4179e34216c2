import type { Refusal } from "../rules/refusal.ts";
import { type ClassifierHead, classifiers, namedBlocks, newHead } from "../store/classifier.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** What the classifier has learned so far: one read. */
export async function classifierState({ store }: Pick<Desk, "store">): Promise<ClassifierHead> {
  const head = await read(store, classifiers, keys.classifier());
  return head ?? newHead("", 0);
}

/**
 * Forgets all that was learned; what it was. It learns from tickets that are resolved from now on,
 * with `relearn` from those too that are resolved already. In every process within two seconds. One
 * check and up to 70 writes. Of each ticket that it learned from there stays that it did once.
 */
export async function forgetLearned(
  { store }: Pick<Desk, "store">,
  { relearn }: { readonly relearn: boolean },
): Promise<ClassifierHead | Refusal> {
  return await transact(store, async (tx) => {
    const found = await tx.get(classifiers, keys.classifier());
    const now = store.now();
    const generation = (found?.generation ?? 0) + 1;
    const head = { ...newHead(store.newId(), relearn ? 0 : now), generation, changedAt: now };
    if (found === null) tx.add(classifiers, head);
    else tx.put(classifiers, head);
    for (const { key } of found === null ? [] : namedBlocks(found)) tx.delete(key);
    tx.emit({ type: "classifier.changed", generation, isForgotten: true });
    return found ?? newHead("", 0);
  });
}
