import { makeMeters, type Meters } from "../meters.ts";
import type { Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import { type Committer, makeCommitter } from "./commit.ts";
import { keys } from "./keys.ts";
import type { Check } from "./draft.ts";
import { makeTicketNumbers } from "./numbers.ts";
import { type Connections, type Kv, type KvKey, openConnections } from "./open.ts";
import { decode, type RecordKind } from "./records.ts";
import type { Transaction } from "./transact.ts";
import { makeTurns, type Turns } from "./turns.ts";

/** The desk's memory. Time and ids come from here, so that whoever opens a store owns both. */
export interface Store {
  now(): Instant;
  /** A UUID of version 7: later ones sort after earlier ones. */
  newId(): string;
  readonly reader: Kv;
  /**
   * Rings when somebody, in whichever process, has committed events; null where the store is a file,
   * which only this process hears of.
   */
  watchBell(): ReadableStream<unknown> | null;
  /** On another machine, which may not answer: see `guard.ts`. */
  readonly isRemote: boolean;
  readonly committer: Committer;
  readonly turns: Turns;
  readonly meters: Meters;
  /** The next number for a ticket: unique in all processes, with gaps. */
  nextTicketNumber(): Promise<number | Refusal>;
  /** What goes along with every transaction through this handle. */
  readonly riders: readonly Rider[];
  /** What must stand for anything to be committed through this handle; null for nothing. */
  readonly fence: Fence | null;
  close(): void;
}

/** Has a say in transactions that it knows nothing about. */
export interface Rider {
  /**
   * Called with what the transaction decided, before its commit, each time that it is tried. May add
   * to the transaction; a refusal that it answers stands in place of what was decided.
   */
  ride(tx: Transaction, result: unknown): Promise<Refusal | null>;
  /** Called once a transaction has been committed, with the version of all that it wrote. */
  committed?(versionstamp: string): void;
}

/** The same store, through which every transaction takes this rider along. */
export function withRider(store: Store, rider: Rider): Store {
  return { ...store, riders: [...store.riders, rider] };
}

/** A right to write that can be lost without a word, such as a lease. */
export interface Fence {
  /** Why nothing is committed any more; null while nothing is known against it. */
  readonly refusal: Refusal | null;
  /** What must stand for the next commit to be made. */
  check(): Promise<Check>;
  /** Called when a commit was not made: finds out whether the right is lost. */
  review(): Promise<void>;
}

/**
 * The same store, through which nothing is committed once the right is lost: each commit checks it,
 * so that this holds for a process too that slept meanwhile and knows nothing of it.
 */
export function withFence(store: Store, fence: Fence): Store {
  return { ...store, fence };
}

/** Why nothing is committed through this handle any more; null while that is not known. */
export function whyFallen({ fence }: Store): Refusal | null {
  return fence?.refusal ?? null;
}

/**
 * The same store for what follows from a request and is no part of it: nothing rides along. A fence
 * stays.
 */
export function withoutRiders(store: Store): Store {
  return { ...store, riders: [] };
}

export interface Sources {
  readonly now: () => Instant;
  readonly newId: () => string;
}

/** Opens the store at a path as `openConnections` takes it. */
export async function openStore(path: string, sources: Sources): Promise<Store> {
  return makeStore(await openConnections(path), sources);
}

export function makeStore(connections: Connections, sources: Sources): Store {
  const { writer, reader } = connections;
  const ticketNumber = makeTicketNumbers();
  const meters = makeMeters();
  const store: Store = {
    ...sources,
    riders: [],
    fence: null,
    reader,
    isRemote: connections.losesAnswers,
    watchBell: () => connections.losesAnswers ? reader.watch([keys.bell()]) : null,
    committer: makeCommitter(connections, meters, sources.now),
    turns: makeTurns(),
    meters,
    nextTicketNumber: () => ticketNumber(store),
    close(): void {
      writer.close();
      if (reader !== writer) reader.close();
    },
  };
  return store;
}

/** Reads a record as it is now; nothing is promised about the next moment. */
export async function read<T extends { readonly schema: number }>(
  store: Store,
  kind: RecordKind<T>,
  key: KvKey,
): Promise<T | null> {
  const entry = await store.reader.get<T>(key);
  return entry.value === null ? null : decode(kind, entry.value);
}

export interface Versioned<T> {
  readonly record: T;
  /** Changes with every change of the record. */
  readonly versionstamp: string;
}

/** The version of what does not stand in the store: all that is stored has a later one. */
export const NEVER_STORED = "0".repeat(20);

/** Reads a record together with its version. */
export async function readVersioned<T extends { readonly schema: number }>(
  store: Store,
  kind: RecordKind<T>,
  key: KvKey,
): Promise<Versioned<T> | null> {
  const { value, versionstamp } = await store.reader.get<T>(key);
  if (value === null || versionstamp === null) return null;
  return { record: decode(kind, value), versionstamp };
}

/** The platform reads this many keys at once. */
const GET_MANY_MAX = 10;

/** Reads records in the order of their keys, null for each that is not there. */
export async function readMany<T extends { readonly schema: number }>(
  store: Store,
  kind: RecordKind<T>,
  keys: readonly KvKey[],
): Promise<(T | null)[]> {
  const values = await readValues<T>(store, keys);
  return values.map((value) => value === null ? null : decode(kind, value));
}

/** Reads values that are no records, such as pointers, in the order of their keys. */
export async function readValues<T>(store: Store, keys: readonly KvKey[]): Promise<(T | null)[]> {
  const pieces: KvKey[][] = [];
  for (let from = 0; from < keys.length; from += GET_MANY_MAX) {
    pieces.push(keys.slice(from, from + GET_MANY_MAX));
  }
  const answers = await Promise.all(pieces.map((piece) => store.reader.getMany<T[]>(piece)));
  return answers.flat().map(({ value }) => value);
}

/** The items, so many at a time and what is left in the end: for those that are read together. */
export async function* inBatches<T>(
  items: Iterable<T> | AsyncIterable<T>,
  size: number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The most that one read of a list may take from KV at once. */
export const LIST_BATCH_MAX = 500;

/** Values under a prefix, at most `limit` of them, in key order or against it. */
export async function readList<T>(
  store: Store,
  prefix: KvKey,
  options: { readonly limit: number; readonly reverse?: boolean },
): Promise<{ readonly key: KvKey; readonly value: T }[]> {
  const { limit, reverse = false } = options;
  const batchSize = Math.min(limit, LIST_BATCH_MAX);
  const rows: { readonly key: KvKey; readonly value: T }[] = [];
  for await (const entry of store.reader.list<T>({ prefix }, { limit, reverse, batchSize })) {
    rows.push(entry);
  }
  return rows;
}
