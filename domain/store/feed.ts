import type { FeedEvent } from "../rules/event.ts";
import type { FeedEntry, FeedValue } from "./commit.ts";
import { behind, keys } from "./keys.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";

/** A commit's events are bounded by their bytes: it never has as many as this counts. */
const INDEX_DIGITS = 4;

/** The place before every commit. */
export const FEED_START = "";
/** The place behind every commit: versionstamps are hexadecimal digits, which sort before a tilde. */
export const FEED_END = "~";

/** The newest commit in the feed: what is read after it is new. Null when there is none. */
export async function newestEntry(store: Store): Promise<FeedEntry | null> {
  const [newest] = await readBack(store, FEED_END, 1);
  return newest ?? null;
}

/** The place of the newest commit. */
export async function feedEnd(store: Store): Promise<string> {
  return (await newestEntry(store))?.versionstamp ?? FEED_START;
}

/** Commits after `place`, in commit order, at most `limit` of them. */
export async function readFeed(store: Store, place: string, limit: number): Promise<FeedEntry[]> {
  const start = place === FEED_START ? "" : behind(place);
  return await readEntries(store, [start, FEED_END], { limit });
}

/** Commits before `place`, the last one first, at most `limit` of them. */
export async function readBack(store: Store, place: string, limit: number): Promise<FeedEntry[]> {
  return await readEntries(store, ["", place], { limit, reverse: true });
}

async function readEntries(
  store: Store,
  [from, to]: readonly [string, string],
  { limit, reverse = false }: { readonly limit: number; readonly reverse?: boolean },
): Promise<FeedEntry[]> {
  const selector = { start: [...keys.feed(), from], end: [...keys.feed(), to] };
  const options = { limit, reverse, batchSize: Math.min(limit, LIST_BATCH_MAX) };
  const entries: FeedEntry[] = [];
  for await (const { key, value } of store.reader.list<FeedValue>(selector, options)) {
    entries.push({ versionstamp: String(key.at(-1)), events: value.events });
  }
  return entries;
}

/** What a reader of single events finds behind its place. */
export interface EventsRead {
  readonly events: readonly { readonly cursor: string; readonly event: FeedEvent }[];
  /** Up to where it was read. */
  readonly end: string;
  /** Nothing was behind it at that moment. */
  readonly isAll: boolean;
}

/** The events behind a cursor, in commit order, of at most `limit` commits. */
export async function readEvents(
  store: Store,
  after: string,
  limit: number,
): Promise<EventsRead> {
  const [versionstamp = "", index = ""] = after.split("-");
  // The cursor's own commit may have more events behind it.
  const start = [...keys.feed(), versionstamp];
  const found = store.reader.list<FeedValue>(
    { start, end: [...keys.feed(), FEED_END] },
    { limit, batchSize: Math.min(limit, LIST_BATCH_MAX) },
  );
  const events: { cursor: string; event: FeedEvent }[] = [];
  let [end, commits] = [after, 0];
  for await (const { key, value } of found) {
    const stamp = String(key.at(-1));
    for (const [at, event] of value.events.entries()) {
      if (stamp === versionstamp && at <= Number(index)) continue;
      end = eventCursor(stamp, at);
      events.push({ cursor: end, event });
    }
    commits += 1;
  }
  return { events, end, isAll: commits < limit };
}

/** The cursor of an entry's last event: what comes after it comes after the entry. */
export function lastCursor({ versionstamp, events }: FeedEntry): string {
  return eventCursor(versionstamp, events.length - 1);
}

/** The cursor before every event. */
export const CURSOR_START = eventCursor("0".repeat(20), 0);

/**
 * The cursor of one event: its commit's versionstamp and its place among the commit's events.
 * Cursors sort as text.
 */
export function eventCursor(versionstamp: string, index: number): string {
  return `${versionstamp}-${String(index).padStart(INDEX_DIGITS, "0")}`;
}

export function isCursor(text: string): boolean {
  return /^[0-9a-f]{20}-\d{4}$/.test(text);
}
