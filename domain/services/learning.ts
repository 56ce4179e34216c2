import { getLogger } from "@logtape/logtape";
import type { Classifier } from "../rules/classifier.ts";
import { blockOf, packBlocks } from "../rules/classifier_coding.ts";
import { type Lesson, lessonOf, teach } from "../rules/lesson.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import type { Ticket } from "../rules/ticket.ts";
import { type Instant, MINUTE_MS } from "../rules/time.ts";
import {
  BLOCKS_AT_ONCE,
  type ClassifierHead,
  classifiers,
  type LearnedTicket,
  type LearningPlace,
  namedBlocks,
  newHead,
  readClassifier,
  readHead,
  type StoredHead,
  strayBlocks,
  STRAYS_AT_ONCE,
} from "../store/classifier.ts";
import { behind, keys } from "../store/keys.ts";
import { tickets, users } from "../store/kinds.ts";
import { nextTurn } from "../store/next_turn.ts";
import { inBatches, readMany, readValues, type Store } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { replaceBroken } from "./classifier_state.ts";
import type { Desk } from "./desk.ts";

/** What is not learned in so many rounds of so many tickets is left to the next run. */
const ROUNDS_MAX = 16;
const LOOKED_AT_ONCE = 250;
/** What changes now may be committed a little later, behind what was looked at meanwhile. */
const LAG_MS = MINUTE_MS;

const log = getLogger(["desk", "classification"]);

/**
 * Learns from the tickets that changed since the last time and are resolved, from each once, and
 * again where what it taught was corrected since; from how many. What was learned, and from what,
 * stands in the commit that makes it known: of several runs at once one comes through, and one that
 * was cut off has done nothing but leave blocks that the next one clears away. What cannot be read
 * any more is forgotten, and learned anew. Reads the tickets that changed and who opened them, and
 * where there is something to learn the classifier; writes its changed blocks, and in a last commit
 * of 1 check up to 450 keys.
 */
export async function learnFromTickets({ store }: Pick<Desk, "store">): Promise<number> {
  let learned = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const done = await learnSome(store, { clears: learned === 0 });
    // What is refused is still there at the next run.
    if (done === null || isRefusal(done)) break;
    learned += done;
  }
  return learned;
}

/** From how many was learned; null when there was nothing to look at, or another run was faster. */
async function learnSome(
  store: Store,
  { clears }: { readonly clears: boolean },
): Promise<number | null | Refusal> {
  const startedAt = store.now();
  const before = await readHead(store);
  const head = before.head ?? newHead(store.newId(), 0);
  const changed = await changedSince(store, head.place, startedAt - LAG_MS);
  const place = changed.at(-1);
  if (place === undefined) return null;
  const lessons = await lessonsOf(store, changed.map(({ id }) => id), head);
  if (lessons.size === 0) return await commitHead(store, before, { ...head, place }, () => 0);
  const { versionstamp, classifier } = await readClassifier(store);
  if (versionstamp !== before.versionstamp) return null;
  if (classifier === null) {
    log.error("Cannot read the classifier: it learns anew");
    const replaced = await replaceBroken(store, versionstamp);
    return replaced === true ? 0 : null;
  }
  const strays = clears ? await strayBlocks(store, head, STRAYS_AT_ONCE) : [];
  const name = store.newId();
  const touched = await teachAll(classifier, [...lessons.values()]);
  const refused = await writeBlocks(store, name, packBlocks(classifier, touched));
  if (refused !== null) return refused;
  const next: ClassifierHead = {
    ...head,
    generation: head.generation + 1,
    labels: classifier.labels,
    calibrations: classifier.calibrations,
    blocks: head.blocks.map((named, block) => touched.has(block) ? name : named),
    tickets: head.tickets + [...lessons.values()].filter(({ isFirst }) => isFirst).length,
    place,
    changedAt: startedAt,
  };
  const replaced = namedBlocks(head).filter(({ block }) => touched.has(block));
  const learned = await commitHead(store, before, next, (tx) => {
    const { epoch, generation } = next;
    for (const [id, { taught }] of lessons) {
      const learnedTicket: LearnedTicket = { epoch, ...taught };
      tx.set(keys.learnedTicket(id), learnedTicket);
    }
    for (const key of [...replaced.map(({ key }) => key), ...strays]) tx.delete(key);
    tx.emit({ type: "classifier.changed", generation, isForgotten: false });
    return lessons.size;
  });
  if (learned === null) await dropBlocks(store, name, touched);
  return learned;
}

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
  const [before, banished] = await Promise.all([
    readValues<LearnedTicket>(store, resolved.map(({ id }) => keys.learnedTicket(id))),
    banishedAmong(store, new Set(resolved.map(({ createdBy }) => createdBy))),
  ]);
  return new Map(resolved.flatMap((ticket, index): [string, Lesson][] => {
    const learned = before[index] ?? null;
    // What it taught is not known any more.
    if (learned === epoch) return [];
    const taught = typeof learned !== "string" && learned?.epoch === epoch ? learned : null;
    if (taught === null && banished.has(ticket.createdBy)) return [];
    const lesson = lessonOf(ticket, taught);
    return lesson === null ? [] : [[ticket.id, lesson]];
  }));
}

/**
 * Customers who were deactivated: nobody takes their word any more. What they have taught goes when
 * all is forgotten and learned again.
 */
async function banishedAmong(store: Store, userIds: ReadonlySet<string>): Promise<Set<string>> {
  const found = await readMany(store, users, [...userIds].map(keys.user));
  return new Set(
    found.flatMap((user) =>
      user?.role === "user" && user.deactivatedAt !== undefined ? [user.id] : []
    ),
  );
}

function isThere(ticket: Ticket | null): ticket is Ticket {
  return ticket !== null;
}

/** The blocks that are others from then on. One text after the other: all of them take long. */
async function teachAll(classifier: Classifier, lessons: readonly Lesson[]): Promise<Set<number>> {
  const touched = new Set<number>();
  for (const lesson of lessons) {
    teach(classifier, lesson);
    for (const feature of lesson.features) touched.add(blockOf(feature));
    await nextTurn();
  }
  return touched;
}

async function writeBlocks(
  store: Store,
  name: string,
  blocks: ReturnType<typeof packBlocks>,
): Promise<Refusal | null> {
  for await (const some of inBatches(givingWay(blocks), BLOCKS_AT_ONCE)) {
    const written = await transact(store, (tx) => {
      for (const [block, bytes] of some) tx.set(keys.classifierBlock(block, name), bytes);
      return Promise.resolve(true);
    });
    if (isRefusal(written)) return written;
  }
  return null;
}

/** To make one takes long, and others their turn after each. */
async function* givingWay<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    yield item;
    await nextTurn();
  }
}

/** Nobody will ever name them. */
async function dropBlocks(store: Store, name: string, blocks: Iterable<number>): Promise<void> {
  await transact(store, (tx) => {
    for (const block of blocks) tx.delete(keys.classifierBlock(block, name));
    return Promise.resolve();
  });
}

/**
 * Writes a head in place of what it was when it was read, and what goes with it. Null when another
 * run was faster, or an administrator had it forget: what was learned here is void.
 */
function commitHead(
  store: Store,
  before: StoredHead,
  next: ClassifierHead,
  more: (tx: Transaction) => number,
): Promise<number | null | Refusal> {
  return transact(store, async (tx) => {
    const found = await tx.get(classifiers, keys.classifier());
    if (tx.versionOf(keys.classifier()) !== before.versionstamp) return null;
    if (found === null) tx.add(classifiers, next);
    else tx.put(classifiers, next);
    return more(tx);
  });
}
