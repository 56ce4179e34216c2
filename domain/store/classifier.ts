import type { Calibration } from "../rules/calibration.ts";
import { type Aspect, type Classifier, emptyClassifier, type Label } from "../rules/classifier.ts";
import { BLOCKS, unpackBlock } from "../rules/classifier_coding.ts";
import type { Instant } from "../rules/time.ts";
import { keys } from "./keys.ts";
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

/** A classifier of one generation, and its head; null where nothing was ever learned. */
export interface StoredClassifier {
  readonly head: ClassifierHead | null;
  /** The head's, for whoever changes it. */
  readonly versionstamp: string | null;
  readonly classifier: Classifier;
}

/** While one is read another may take its place; so many times in a row is as good as impossible. */
const LOOKS_MAX = 5;

/** Reads the classifier as it is: the head and up to 64 blocks. */
export async function readClassifier(store: Store): Promise<StoredClassifier> {
  for (let look = 1; look <= LOOKS_MAX; look++) {
    const found = await readVersioned(store, classifiers, keys.classifier());
    const head = found?.record ?? null;
    const rows = head === null ? new Map<number, number[]>() : await readRows(store, head);
    if (rows === null) continue;
    return {
      head,
      versionstamp: found?.versionstamp ?? null,
      classifier: {
        labels: labelsOf(head),
        rows,
        calibrations: { ...emptyClassifier().calibrations, ...head?.calibrations },
      },
    };
  }
  throw new Error("Cannot read the classifier: its blocks are not those that it names");
}

/** Null when a block does not stand any more. */
async function readRows(store: Store, head: ClassifierHead): Promise<Classifier["rows"] | null> {
  const named = namedBlocks(head);
  const values = await readValues<Uint8Array>(store, named.map(({ key }) => key));
  const rows: Classifier["rows"] = new Map();
  for (const [index, { block }] of named.entries()) {
    const bytes = values[index] ?? null;
    if (bytes === null) return null;
    unpackBlock(rows, block, bytes);
  }
  return rows;
}

/** The blocks that a head names, with their keys. */
export function namedBlocks(head: ClassifierHead): { block: number; key: KvKey }[] {
  return head.blocks.flatMap((name, block) =>
    name === null ? [] : [{ block, key: keys.classifierBlock(block, name) }]
  );
}

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
