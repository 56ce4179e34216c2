import type { KvKey } from "./open.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";

/** A page of records under one prefix, in the order of their ids or against it. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The id behind which the next page begins; null at the end. */
  readonly next: string | null;
}

/** A page that had to look at this many records ends early; the next one goes on from there. */
export const PAGE_SCANNED_MAX = 10_000;

/**
 * Reads the records whose keys end in their ids behind a place, and keeps those that `keeps` says
 * yes to. What is not kept does not show: not even by a next page that would be empty.
 */
export async function readPage<T extends { readonly id: string }>(
  store: Store,
  prefix: KvKey,
  page: {
    readonly place: string | null;
    readonly limit: number;
    readonly reverse: boolean;
    readonly keeps: (record: T) => boolean;
  },
): Promise<Page<T>> {
  const { place, limit, reverse, keeps } = page;
  // A NUL behind an id makes the first key after it.
  const start = [...prefix, reverse || place === null ? "" : `${place}\0`];
  const end = [...prefix, reverse && place !== null ? place : "~"];
  const batchSize = Math.min(limit + 1, LIST_BATCH_MAX);
  const items: T[] = [];
  let scanned = 0;
  let next: string | null = null;
  for await (const { value } of store.reader.list<T>({ start, end }, { reverse, batchSize })) {
    const isKept = keeps(value);
    if (scanned === PAGE_SCANNED_MAX || (isKept && items.length === limit)) return { items, next };
    scanned += 1;
    // A full page ends at its last record: a place behind it would tell of what is not kept.
    if (items.length < limit) next = value.id;
    if (isKept) items.push(value);
  }
  return { items, next: null };
}
