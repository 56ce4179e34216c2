import type { FeedEvent } from "../rules/event.ts";
import type { Instant } from "../rules/time.ts";
import type { Mutation } from "./draft.ts";
import { keyText } from "./keys.ts";
import type { KvKey } from "./open.ts";

/** An index entry: its key, and what stands there. */
export interface IndexEntry {
  readonly key: KvKey;
  readonly value: unknown;
}

/** What a record adds to a counter: one, or in a bitmap the bit that stands for the record. */
export interface Count {
  readonly key: KvKey;
  readonly by: bigint;
}

/**
 * A kind of record: where it stands, and what follows from it. Index entries and counters are pure
 * functions of the record, so that a put can write the difference and the doctor can recompute all.
 */
export interface RecordKind<T extends { readonly schema: number }> {
  readonly name: string;
  /** The schema that this code writes; a record of a later one is refused. */
  readonly schema: number;
  /** A record of an earlier schema as this code knows it; absent while there is but one. */
  upgrade?(record: { readonly schema: number }): T;
  key(record: T): KvKey;
  indexes(record: T): IndexEntry[];
  /** When the record may vanish by itself; absent for what stays. Readers look at the time too. */
  expiresAt?(record: T): Instant;
  /** What this record adds to counters. */
  counters(record: T): Count[];
  /** What the feed is told of every change of such a record, whoever makes it. */
  tells?(before: T | null, after: T | null): FeedEvent | null;
}

/** The record as it was read, or what it is by now; throws when a later version of the program wrote it. */
export function decode<T extends { readonly schema: number }>(
  kind: RecordKind<T>,
  value: T,
): T {
  if (value.schema > kind.schema) {
    throw new Error(
      `Cannot read ${kind.name} of schema ${value.schema}: this version knows ${kind.schema}`,
    );
  }
  return value.schema < kind.schema && kind.upgrade !== undefined ? kind.upgrade(value) : value;
}

/**
 * All mutations that turn `before` into `after`, with index entries and counters. Of a record that
 * stands there in an earlier schema, `before` being what that is by now, nobody knows which entries
 * it has: all are written.
 */
export function difference<T extends { readonly schema: number }>(
  kind: RecordKind<T>,
  before: T | null,
  after: T | null,
  at: Instant,
  isUpgraded = false,
): Mutation[] {
  const mutations: Mutation[] = [];
  if (after !== null) mutations.push(setting(kind, after, at));
  else if (before !== null) mutations.push({ kind: "delete", key: kind.key(before) });
  mutations.push(...indexDifference(kind, before, after, isUpgraded));
  mutations.push(...counterDifference(kind, before, after));
  return mutations;
}

function setting<T extends { readonly schema: number }>(
  kind: RecordKind<T>,
  record: T,
  at: Instant,
): Mutation {
  const key = kind.key(record);
  const expiresAt = kind.expiresAt?.(record);
  if (expiresAt === undefined) return { kind: "set", key, value: record };
  return { kind: "set", key, value: record, expireIn: Math.max(1, expiresAt - at) };
}

function indexDifference<T extends { readonly schema: number }>(
  kind: RecordKind<T>,
  before: T | null,
  after: T | null,
  isUpgraded: boolean,
): Mutation[] {
  const old = new Map(before === null ? [] : kind.indexes(before).map(byKey));
  const mutations: Mutation[] = [];
  for (const { key, value } of after === null ? [] : kind.indexes(after)) {
    const text = keyText(key);
    const same = old.get(text);
    old.delete(text);
    // A pointer that stands already needs no second write; a row may have changed with the record.
    const stands = same !== undefined && !isUpgraded && same.value === value;
    if (!stands || typeof value === "object") {
      mutations.push({ kind: "set", key, value });
    }
  }
  for (const { key } of old.values()) mutations.push({ kind: "delete", key });
  return mutations;
}

function counterDifference<T extends { readonly schema: number }>(
  kind: RecordKind<T>,
  before: T | null,
  after: T | null,
): Mutation[] {
  const change = new Map<string, Count>();
  const count = (key: KvKey, by: bigint): void => {
    const text = keyText(key);
    change.set(text, { key, by: (change.get(text)?.by ?? 0n) + by });
  };
  for (const { key, by } of before === null ? [] : kind.counters(before)) count(key, -by);
  for (const { key, by } of after === null ? [] : kind.counters(after)) count(key, by);
  return [...change.values()]
    .filter(({ by }) => by !== 0n)
    .map(({ key, by }) => ({ kind: "sum", key, by }));
}

function byKey(entry: IndexEntry): [string, IndexEntry] {
  return [keyText(entry.key), entry];
}
