import assert from "node:assert/strict";
import { CURSOR_START, FEED_START, lastCursor, readFeed } from "../../domain/store/feed.ts";
import { prunedTo, pruneFeed } from "../../domain/store/feed_pruning.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { fakeClock } from "../support/time.ts";
import { memoryStore, numbered } from "./samples.ts";

/** A commit with these many events. */
async function tell(store: Store, count = 1): Promise<void> {
  granted(
    await transact(store, (tx) => {
      for (let each = 0; each < count; each++) tx.emit(numbered(each));
      return Promise.resolve();
    }),
  );
}

Deno.test("what is older than the feed is kept goes, and it is told up to where", async () => {
  const clock = fakeClock();
  using memory = await memoryStore(clock);
  const { store } = memory;
  assert.equal(await prunedTo(store), CURSOR_START, "of a feed that is whole nothing is gone");
  for (let commit = 0; commit < 1_000; commit++) await tell(store, commit % 3 + 1);
  clock.advance(1);
  const before = clock.now();
  const old = await readFeed(store, FEED_START, 2_000);
  for (let commit = 0; commit < 5; commit++) await tell(store);
  assert.equal(await pruneFeed(store, before), 1_000);
  const kept = await readFeed(store, FEED_START, 2_000);
  assert.equal(kept.length, 5);
  const gone = await prunedTo(store);
  const [lastGone, firstKept] = [old.at(-1), kept[0]];
  assert(lastGone !== undefined && firstKept !== undefined);
  assert(lastCursor(lastGone) <= gone && gone < lastCursor(firstKept));
  assert.equal(await pruneFeed(store, before), 0);
  assert.equal(await prunedTo(store), gone);
});

Deno.test("two that prune at once take nothing that is kept, and tell of no less than is gone", async () => {
  const clock = fakeClock();
  using memory = await memoryStore(clock);
  const { store } = memory;
  for (let commit = 0; commit < 900; commit++) {
    await tell(store);
    clock.advance(1);
  }
  const feed = await readFeed(store, FEED_START, 1_000);
  const now = clock.now();
  await Promise.all([
    pruneFeed(store, now - 100),
    pruneFeed(store, now - 450),
    pruneFeed(store, now),
  ]);
  assert.deepEqual(await readFeed(store, FEED_START, 1_000), []);
  const last = feed.at(-1);
  assert(last !== undefined && lastCursor(last) <= await prunedTo(store));
});
