import type { Calibration } from "../rules/calibration.ts";
import { type Aspect, type Classifier, emptyClassifier, type Label } from "../rules/classifier.ts";
import { BLOCKS, isOfLaterSchema, unpackBlock } from "../rules/classifier_coding.ts";
import type { Taught } from "../rules/lesson.ts";
import type { Instant } from "../rules/time.ts";
import { keys } from "./keys.ts";
import { nextTurn } from "./next_turn.ts";
import type { KvKey } from "./open.ts";
import type { RecordKind } from "./records.ts";
import { readValues, readVersioned, type Store } from "./store.ts";

/** What is known of the classifier beside its counts, which stand in blocks of their own. */
export interface ClassifierHead {
  readonly schema: 1;
  /** One more with each change of what it says. */
  readonly generation: number;
  /** Another one each time that everything was forgotten. */
  readonly epoch: string;
  readonly labels: readonly Label[];
  readonly calibrations: Readonly<Record<Aspect, Calibration>>;
  /** Under which name each block stands; null for one that has no counts. */
  readonly blocks: readonly (string | null)[];
  /** How many tickets it has learned from. */
  readonly tickets: number;
  /** Only tickets that were resolved from then on are learned from. */
  readonly since: Instant;
  /** Up to where tickets were looked at, in the order of their last change. */
  readonly place: LearningPlace;
  /** When it learned or forgot last. */
  readonly changedAt: Instant;
}

export interface LearningPlace {
  readonly updatedAt: Instant;
  readonly id: string;
}

export const classifiers: RecordKind<ClassifierHead> = {
  name: "classifier",
  schema: 1,
  key: () => keys.classifier(),
  indexes: () => [],
  counters: () => [],
};

/** What was learned from a ticket; of those of an earlier version the epoch alone is known. */
export type LearnedTicket = (Taught & { readonly epoch: string }) | string;

export interface StoredHead {
  /** Null where nothing was ever learned. */
  readonly head: ClassifierHead | null;
  /** For whoever changes it. */
  readonly versionstamp: string | null;
}

/** A classifier of one generation, and its head. */
export interface StoredClassifier extends StoredHead {
  /** Null where it cannot be read: a block is not there, or is none. */
  readonly classifier: Classifier | null;
}

export async function readHead(store: Store): Promise<StoredHead> {
  const found = await readVersioned(store, classifiers, keys.classifier());
  return { head: found?.record ?? null, versionstamp: found?.versionstamp ?? null };
}

/** While one is read another may take its place; so many times in a row is as good as impossible. */
const LOOKS_MAX = 5;

/**
 * Reads the classifier as it is: the head and up to 64 blocks. Throws where a later version of the
 * program wrote it.
 */
export async function readClassifier(store: Store): Promise<StoredClassifier> {
  let stored = await readHead(store);
  for (let look = 1; look <= LOOKS_MAX; look++) {
    const { head, versionstamp } = stored;
    const rows = await readRows(store, head);
    if (rows !== null) {
      const { calibrations } = emptyClassifier();
      const classifier = {
        labels: labelsOf(head),
        rows,
        calibrations: { ...calibrations, ...head?.calibrations },
      };
      return { head, versionstamp, classifier };
    }
    stored = await readHead(store);
    if (stored.versionstamp === versionstamp) return { head, versionstamp, classifier: null };
  }
  throw new Error("Cannot read the classifier: it is another one with each look");
}

/** Null when a block does not stand, any more or at all, or cannot be read. */
async function readRows(
  store: Store,
  head: ClassifierHead | null,
): Promise<Classifier["rows"] | null> {
  const rows: Classifier["rows"] = new Map();
  const named = head === null ? [] : namedBlocks(head);
  const values = await readValues<Uint8Array>(store, named.map(({ key }) => key));
  for (const [index, { block }] of named.entries()) {
    const bytes = values[index] ?? null;
    if (bytes === null) return null;
    if (isOfLaterSchema(bytes)) {
      throw new Error("Cannot read the classifier: it is of a later schema");
    }
    try {
      unpackBlock(rows, block, bytes);
    } catch {
      return null;
    }
    // Of a large one all blocks together take long.
    await nextTurn();
  }
  return rows;
}

/** The blocks that a head names, with their keys. */
export function namedBlocks(head: ClassifierHead): { block: number; key: KvKey }[] {
  return head.blocks.flatMap((name, block) =>
    name === null ? [] : [{ block, key: keys.classifierBlock(block, name) }]
  );
}

/**
 * Blocks that no head names, which runs left that came to nothing: at most so many. They may be of a
 * run that still goes on: to delete them is safe only in a commit that changes the head.
 */
export async function strayBlocks(
  store: Store,
  head: ClassifierHead | null,
  limit: number,
): Promise<KvKey[]> {
  const strays: KvKey[] = [];
  const all = store.reader.list({ prefix: keys.classifierBlocks() }, { batchSize: BLOCKS_AT_ONCE });
  for await (const { key } of all) {
    if (strays.length === limit) break;
    if (head?.blocks[Number(key[1])] !== key[2]) strays.push(key);
  }
  return strays;
}

/** They are read and written so many at once, of at most 60 KB each. */
export const BLOCKS_AT_ONCE = 10;
export const STRAYS_AT_ONCE = 100;

/** A classifier that knows nothing, and learns from what is resolved from then on. */
export function newHead(epoch: string, since: Instant): ClassifierHead {
  return {
    schema: 1,
    generation: 0,
    epoch,
    labels: [],
    calibrations: emptyClassifier().calibrations,
    blocks: Array.from({ length: BLOCKS }, () => null),
    tickets: 0,
    since,
    place: { updatedAt: since, id: "" },
    changedAt: since,
  };
}

/** Copies: a classifier that learns changes them. */
function labelsOf(head: ClassifierHead | null): Label[] {
  return (head?.labels ?? []).map((label) => ({ ...label, totals: [...label.totals] }));
}
