import { unpackBlock } from "../rules/classifier_coding.ts";
import { type ClassifierHead, classifiers, namedBlocks } from "./classifier.ts";
import type { Fault } from "./doctor_indexes.ts";
import { keys } from "./keys.ts";
import { readValues, type Store } from "./store.ts";

/**
 * What is wrong with the classifier: the next run that has something to learn has it forget, and
 * learn anew. Blocks that it does not name are what a run left that was cut off; the next one that
 * learns clears them away.
 */
export async function* examineClassifier(store: Store): AsyncGenerator<Fault> {
  const { value: head } = await store.reader.get<ClassifierHead>(keys.classifier());
  // One of a later schema is told of as such.
  if (head === null || head.schema !== classifiers.schema) return;
  const named = namedBlocks(head);
  const values = await readValues<unknown>(store, named.map(({ key }) => key));
  for (const [index, { block, key }] of named.entries()) {
    const fault = faultOf(head, block, values[index]);
    if (fault !== null) yield { kind: "broken", key, message: fault };
  }
}

function faultOf(head: ClassifierHead, block: number, bytes: unknown): string | null {
  if (!(bytes instanceof Uint8Array)) return "is not there";
  const rows = new Map<number, number[]>();
  try {
    unpackBlock(rows, block, bytes);
  } catch {
    return "cannot be read";
  }
  const isKnown = (row: readonly number[]): boolean =>
    row.every((label, at) => at % 2 === 1 || label < head.labels.length);
  return [...rows.values()].every(isKnown) ? null : "counts for a label that is not known";
}
