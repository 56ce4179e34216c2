import { learn } from "../rules/classifier.ts";
import { blockOf, packBlocks } from "../rules/classifier_coding.ts";
import { featuresOf } from "../rules/features.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { type Lesson, lessonOf } from "../rules/suggestion.ts";
import type { Ticket } from "../rules/ticket.ts";
import { type Instant, MINUTE_MS } from "../rules/time.ts";
import {
  type ClassifierHead,
  classifiers,
  type LearningPlace,
  namedBlocks,
  newHead,
  readClassifier,
  type StoredClassifier,
} from "../store/classifier.ts";
import { behind, keys } from "../store/keys.ts";
import { tickets } from "../store/kinds.ts";
import type { KvKey } from "../store/open.ts";
import { inBatches, readMany, readValues, type Store } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** What is not learned in so many rounds of so many tickets is left to the next run. */
const ROUNDS_MAX = 16;
const LOOKED_AT_ONCE = 250;
/** One commit writes so many blocks, of at most 60 KB each. */
const BLOCKS_AT_ONCE = 10;
/** What changes now may be committed a little later, behind what was looked at meanwhile. */
const LAG_MS = MINUTE_MS;

/**
 * Learns from the tickets that changed since the last time and are resolved, from each once; how
 * many it learned from. What it learned from stands in the commit that makes it known: of several
 * runs at once one comes through, and one that was cut off has done nothing but leave blocks that
 * the next one clears away. Reads the tickets that changed, and where there is something to learn
 * the classifier; writes its changed blocks, and in a last commit of 1 check up to 450 keys.
 */
export async function learnFromTickets({ store }: Pick<Desk, "store">): Promise<number> {
  let learned = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const done = await learnSome(store);
    // What is refused is still there at the next run.
    if (done === null || isRefusal(done)) break;
    learned += done;
  }
  return learned;
}

/** How many were learned from; null when there was nothing to look at. */
async function learnSome(store: Store): Promise<number | null | Refusal> {
  const startedAt = store.now();
  const { value: current } = await store.reader.get<ClassifierHead>(keys.classifier());
  const place = current?.place ?? FIRST;
  const changed = await changedSince(store, place, startedAt - LAG_MS);
  const last = changed.at(-1);
  if (last === undefined) return null;
  const before = await readClassifier(store);
  const head = before.head ?? newHead(store.newId(), 0);
  if (current !== null && head.epoch !== current.epoch) return null;
  const lessons = await lessonsOf(store, changed.map(({ id }) => id), head);
  const { classifier } = before;
  const touched = new Set<number>();
  for (const { text, labels } of lessons.values()) {
    const features = featuresOf(text);
    for (const { aspect, name } of labels) learn(classifier, features, aspect, name);
    for (const feature of features) touched.add(blockOf(feature));
  }
  const strays = lessons.size === 0 ? [] : await strayBlocks(store, before);
  const name = store.newId();
  const blocks = packBlocks(classifier, touched);
  for await (const some of inBatches(blocks, BLOCKS_AT_ONCE)) {
    const written = await transact(store, (tx) => {
      for (const [block, bytes] of some) tx.set(keys.classifierBlock(block, name), bytes);
      return Promise.resolve(true);
    });
    if (isRefusal(written)) return written;
  }
  const next: ClassifierHead = lessons.size === 0 ? { ...head, place: last } : {
    ...head,
    generation: head.generation + 1,
    labels: classifier.labels,
    calibrations: classifier.calibrations,
    blocks: head.blocks.map((named, block) => blocks.has(block) ? name : named),
    tickets: head.tickets + lessons.size,
    place: last,
    changedAt: startedAt,
  };
  const replaced = namedBlocks(head).filter(({ block }) => blocks.has(block));
  const isNews = lessons.size > 0;
  return await transact(store, async (tx) => {
    const found = await tx.get(classifiers, keys.classifier());
    // Another run was faster, or an administrator had it forget: what was learned here is void.
    if (tx.versionOf(keys.classifier()) !== before.versionstamp) return null;
    if (found === null) tx.add(classifiers, next);
    else tx.put(classifiers, next);
    for (const id of lessons.keys()) tx.set(keys.learnedTicket(id), next.epoch);
    for (const key of [...replaced.map(({ key }) => key), ...strays]) tx.delete(key);
    const { generation } = next;
    if (isNews) tx.emit({ type: "classifier.changed", generation, isForgotten: false });
    return lessons.size;
  });
}

const FIRST: LearningPlace = { updatedAt: 0, id: "" };

/** The places of tickets behind this one, the one that changed first first. */
async function changedSince(
  store: Store,
  { updatedAt, id }: LearningPlace,
  until: Instant,
): Promise<LearningPlace[]> {
  const start = keys.ticketByUpdated(updatedAt, id === "" ? "" : behind(id));
  const end = keys.ticketByUpdated(until, "");
  const places: LearningPlace[] = [];
  if (until <= updatedAt) return places;
  const found = store.reader.list({ start, end }, {
    limit: LOOKED_AT_ONCE,
    batchSize: LOOKED_AT_ONCE,
  });
  for await (const { key } of found) places.push({ updatedAt: Number(key[1]), id: String(key[2]) });
  return places;
}

/** What is to be learned, by the ticket's id. */
async function lessonsOf(
  store: Store,
  ids: readonly string[],
  { epoch, since }: ClassifierHead,
): Promise<Map<string, Lesson>> {
  const found = (await readMany(store, tickets, ids.map(keys.ticket))).filter(isThere);
  const resolved = found.filter(({ resolvedAt }) => resolvedAt !== null && resolvedAt >= since);
  const epochs = await readValues<string>(store, resolved.map(({ id }) => keys.learnedTicket(id)));
  return new Map(resolved.flatMap((ticket, index): [string, Lesson][] => {
    const lesson = epochs[index] === epoch ? null : lessonOf(ticket);
    return lesson === null ? [] : [[ticket.id, lesson]];
  }));
}

function isThere(ticket: Ticket | null): ticket is Ticket {
  return ticket !== null;
}

/** Blocks that were written by runs which came to nothing; at most so many as a commit takes along. */
async function strayBlocks(store: Store, { head }: StoredClassifier): Promise<KvKey[]> {
  const strays: KvKey[] = [];
  const all = store.reader.list({ prefix: keys.classifierBlocks() }, { batchSize: BLOCKS_AT_ONCE });
  for await (const { key } of all) {
    if (strays.length === STRAYS_AT_ONCE) break;
    if (head?.blocks[Number(key[1])] !== key[2]) strays.push(key);
  }
  return strays;
}

const STRAYS_AT_ONCE = 100;
