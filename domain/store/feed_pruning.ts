import type { Instant } from "../rules/time.ts";
import { isRefusal } from "../rules/refusal.ts";
import type { FeedValue } from "./commit.ts";
import { CURSOR_START, eventCursor, FEED_END, FEED_START } from "./feed.ts";
import { behind, keys } from "./keys.ts";
import type { Store } from "./store.ts";
import { transact } from "./transact.ts";

/** One transaction deletes so many commits' events. */
const PRUNED_AT_ONCE = 400;
/** An entry may have 60 KiB. */
const LIST_BATCH = 100;
/** What is left after so many of them is left to the next time. */
const ROUNDS_MAX = 500;
/** The index of an event is less than this: a cursor with it is behind all events of its commit. */
const BEHIND_ALL = 9_999;

/**
 * Deletes the events of commits made before an instant, and says in the same transaction up to where
 * they are gone: how many commits those were. It may be cut off, repeated and done twice at once.
 */
export async function pruneFeed(store: Store, before: Instant): Promise<number> {
  let pruned = 0;
  let place = FEED_START;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const stamps = await stampsBefore(store, place, before);
    const last = stamps.at(-1);
    if (last === undefined) break;
    const outcome = await transact(store, async (tx) => {
      const known = await tx.getValue<string>(keys.feedPruned()) ?? FEED_START;
      for (const stamp of stamps) tx.delete([...keys.feed(), stamp]);
      if (known < last) tx.set(keys.feedPruned(), last);
    });
    // Where the store is too busy now, the next time goes on.
    if (isRefusal(outcome)) break;
    pruned += stamps.length;
    place = last;
  }
  return pruned;
}

async function stampsBefore(store: Store, place: string, before: Instant): Promise<string[]> {
  const start = [...keys.feed(), place === FEED_START ? "" : behind(place)];
  const options = { limit: PRUNED_AT_ONCE, batchSize: LIST_BATCH };
  const stamps: string[] = [];
  const range = { start, end: [...keys.feed(), FEED_END] };
  for await (const { key, value } of store.reader.list<FeedValue>(range, options)) {
    // Those of an earlier version vanish by themselves.
    if ((value.at ?? before) >= before) break;
    stamps.push(String(key.at(-1)));
  }
  return stamps;
}

/** The cursor up to which events are gone: whoever has heard less has missed some. One read. */
export async function prunedTo(store: Store): Promise<string> {
  const { value } = await store.reader.get<string>(keys.feedPruned());
  return value === null ? CURSOR_START : eventCursor(value, BEHIND_ALL);
}
