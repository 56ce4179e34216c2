import { getLogger } from "@logtape/logtape";
import { type Classifier, emptyClassifier } from "../rules/classifier.ts";
import type { FeedEvent } from "../rules/event.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { type ClassifierHead, classifiers, readClassifier } from "../store/classifier.ts";
import { keys } from "../store/keys.ts";
import { read, type Store } from "../store/store.ts";
import { faultLevel } from "./fault_level.ts";

/** The classifier as this process knows it: whoever opens a ticket needs it, a job changes it. */
export interface Classification {
  /**
   * What it knows, from memory: read when it is first asked for, and from then on beside those who
   * ask, when the feed tells of another or two seconds have gone by. Of what was forgotten nothing
   * is told any more once the feed has told of it. Never rejects: a desk whose classifier cannot be
   * read goes on without, and tries again every two seconds, or once there is another one where it
   * is the classifier that is broken.
   */
  now(): Promise<Classifier>;
  forget(event: FeedEvent): void;
  /** Resolves once nothing is being read. */
  idle(): Promise<void>;
}

interface Known {
  readonly generation: number | null;
  readonly classifier: Classifier;
  readonly seenAt: Instant;
  /** How much had been told of changes before it was read. */
  readonly told: number;
}

const REMEMBERED_MS = 2 * SECOND_MS;
const log = getLogger(["desk", "classification"]);

export function makeClassification(store: Store): Classification {
  let known: Known | null = null;
  let told = 0;
  let failedAt: Instant = -Infinity;
  let reading: Promise<void> | null = null;

  function isFresh({ told: before, seenAt }: Known): boolean {
    return before === told && store.now() - seenAt < REMEMBERED_MS;
  }

  async function look(): Promise<void> {
    const seen = { told, seenAt: store.now() };
    const head = await read<ClassifierHead>(store, classifiers, keys.classifier());
    if (known !== null && known.generation === (head?.generation ?? null)) {
      known = { ...known, ...seen };
      return;
    }
    const { head: newest, classifier } = await readClassifier(store);
    if (classifier === null) log.error("Cannot read the classifier: its blocks are broken");
    // While it was read everything may have been forgotten.
    if (known === null && seen.told !== told) return;
    const generation = newest?.generation ?? null;
    known = { generation, classifier: classifier ?? emptyClassifier(), ...seen };
  }

  function refresh(): Promise<void> {
    return reading ??= look()
      .catch((error) => {
        failedAt = store.now();
        log[faultLevel(error)]("Cannot read the classifier: {error}", { error });
      })
      .finally(() => reading = null);
  }

  return {
    async now() {
      // Whoever opens a ticket does not wait for what has just failed.
      if (Math.abs(store.now() - failedAt) < REMEMBERED_MS) {
        return known?.classifier ?? emptyClassifier();
      }
      if (known === null) await refresh();
      else if (!isFresh(known)) void refresh();
      return known?.classifier ?? emptyClassifier();
    },
    forget(event) {
      if (event.type !== "classifier.changed") return;
      told += 1;
      if (event.isForgotten) known = null;
      else if (known !== null) void refresh();
    },
    async idle() {
      await reading;
    },
  };
}
