import { behind } from "./keys.ts";
import type { KvKey } from "./open.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";

/** A page of what is listed in the order of places, of records their ids, or against it. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The place behind which the next page begins; null at the end. */
  readonly next: string | null;
}

/** A page that had to look at so many, beyond those passed over, ends early; the next one goes on from there. */
export const PAGE_SCANNED_MAX = 10_000;

/** Which items of a walk make a page. */
export interface PageRequest<T> {
  /** Where the walk begins: the place of the item before its first; null at the start. */
  readonly place: string | null;
  /** How many that are kept to pass over first, for those who ask by page number. */
  readonly skip?: number;
  readonly limit: number;
  readonly keeps: (item: T) => boolean;
}

/**
 * The next items of a walk that are kept. What is not kept does not show: not even by a next page
 * that would be empty.
 */
export async function takePage<T>(
  walk: AsyncIterable<T>,
  { place, skip = 0, limit, keeps }: PageRequest<T>,
  placeOf: (item: T) => string,
): Promise<Page<T>> {
  const items: T[] = [];
  let toSkip = skip;
  let scanned = 0;
  let next = place;
  for await (const item of walk) {
    const isKept = keeps(item);
    const isEnd = scanned === PAGE_SCANNED_MAX + skip || (isKept && items.length === limit);
    if (isEnd) return { items, next };
    scanned += 1;
    // A full page ends at its last item: a place behind it would tell of what is not kept.
    if (items.length < limit) next = placeOf(item);
    if (!isKept) continue;
    if (toSkip > 0) toSkip -= 1;
    else items.push(item);
  }
  return { items, next: null };
}

/** A page of the records whose keys end in their ids behind a place. */
export async function readPage<T extends { readonly id: string }>(
  store: Store,
  prefix: KvKey,
  page: Omit<PageRequest<T>, "skip"> & { readonly reverse: boolean },
): Promise<Page<T>> {
  const { place, limit, reverse } = page;
  const start = [...prefix, reverse || place === null ? "" : behind(place)];
  const end = [...prefix, reverse && place !== null ? place : "~"];
  const batchSize = Math.min(limit + 1, LIST_BATCH_MAX);
  const entries = store.reader.list<T>({ start, end }, { reverse, batchSize });
  return await takePage(valuesOf(entries), page, ({ id }) => id);
}

/** The values of a list's entries. */
export async function* valuesOf<T>(
  entries: AsyncIterable<{ readonly value: T }>,
): AsyncGenerator<T> {
  for await (const { value } of entries) yield value;
}
