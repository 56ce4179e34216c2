import assert from "node:assert/strict";
import {
  CURSOR_START,
  eventCursor,
  type EventsRead,
  readEvents,
  readFeed,
} from "../../domain/store/feed.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { memoryStore, numbered } from "./samples.ts";

Deno.test("events are read from any cursor on, each once and in commit order", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  let next = 0;
  // More than ten in one commit: their places do not sort as text.
  for (const count of [1, 12, 3]) {
    granted(
      await transact(store, (tx) => {
        for (let each = 0; each < count; each++) tx.emit(numbered(next++));
        return Promise.resolve();
      }),
    );
  }
  const all = await readEvents(store, CURSOR_START, 100);
  assert.deepEqual(
    all.events.map(({ event }) => event),
    Array.from({ length: 16 }, (_, n) => numbered(n)),
  );
  assert.equal(all.isAll, true);
  for (const [index, { cursor }] of all.events.entries()) {
    const { events, end } = await readEvents(store, cursor, 100);
    assert.deepEqual(events, all.events.slice(index + 1));
    assert.equal(end, all.events.at(-1)?.cursor);
  }
});

Deno.test("a read stops after its commits, and the next goes on from its end", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  for (let number = 0; number < 5; number++) {
    granted(await transact(store, (tx) => Promise.resolve(tx.emit(numbered(number)))));
  }
  const entries = await readFeed(store, "", 100);
  const first = await readEvents(store, CURSOR_START, 2);
  assert.equal(first.isAll, false);
  assert.equal(first.end, eventCursor(entries[1]?.versionstamp ?? "", 0));
  const seen = [...first.events];
  let read: EventsRead = first;
  for (let reads = 0; !read.isAll && reads < 20; reads++) {
    read = await readEvents(store, read.end, 2);
    seen.push(...read.events);
  }
  assert.deepEqual(
    seen.map(({ event }) => event),
    Array.from({ length: 5 }, (_, n) => numbered(n)),
  );
});

Deno.test("a feed without events leaves the reader where it was", async () => {
  using memory = await memoryStore();
  const read = await readEvents(memory.store, CURSOR_START, 10);
  assert.deepEqual(read, { events: [], end: CURSOR_START, isAll: true });
});

Deno.test("cursors sort as text as their events were committed", () => {
  const stamps = ["0".repeat(20), `${"0".repeat(19)}a`, "f".repeat(20)];
  const indexes = [0, 1, 9, 10, 99, 100, 1_023];
  const cursors = stamps.flatMap((stamp) => indexes.map((index) => eventCursor(stamp, index)));
  assert.deepEqual(cursors.toSorted(), cursors);
});
