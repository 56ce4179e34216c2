import assert from "node:assert/strict";
import { startRelay } from "../../domain/live/relay.ts";
import type { FeedEntry } from "../../domain/store/commit.ts";
import { eventCursor, FEED_START, feedEnd, lastCursor, readFeed } from "../../domain/store/feed.ts";
import { makeStore, type Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { openStoreFile, temporaryStorePath } from "../support/server.ts";
import { memoryStore, numbered } from "../store/samples.ts";
import { channelsGone, until } from "./peers.ts";

/** A relay of a store, and who listens to it. */
interface Listening extends AsyncDisposable {
  readonly heard: FeedEntry[];
  readonly faults: unknown[];
  cursor(): string;
}

async function listen(store: Store): Promise<Listening> {
  const channelName = `test ${crypto.randomUUID()}`;
  const channel = new BroadcastChannel(channelName);
  const heard: FeedEntry[] = [];
  const faults: unknown[] = [];
  channel.onmessage = ({ data }) => heard.push(data);
  const relay = await startRelay(store, channelName, (error) => faults.push(error));
  return {
    heard,
    faults,
    cursor: relay.cursor,
    async [Symbol.asyncDispose]() {
      await relay.stop();
      channel.close();
      await channelsGone();
    },
  };
}

async function tell(store: Store, number: number): Promise<void> {
  granted(await transact(store, (tx) => Promise.resolve(tx.emit(numbered(number)))));
}

async function tellMany(store: Store, from: number, count: number): Promise<void> {
  for (let number = from; number < from + count; number++) await tell(store, number);
}

Deno.test("every entry is handed on once and in commit order, though more come while it reads", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  await tellMany(store, 0, 5);
  const begin = await feedEnd(store);
  await using relay = await listen(store);
  assert.equal(relay.cursor(), eventCursor(begin, 0), "what was before is not told again");
  await Promise.all([100, 1_000, 2_000].map((from) => tellMany(store, from, 150)));
  // The first in line is read by itself; these wait together, more than one look takes.
  await Promise.all(Array.from({ length: 200 }, (_, n) => tell(store, 5_000 + n)));
  const expected = await readFeed(store, begin, 10_000);
  await until(() => relay.heard.length >= expected.length, "all entries");
  const last = expected.at(-1);
  assert(last !== undefined);
  await until(() => relay.cursor() === lastCursor(last), "the cursor at the end");
  assert.deepEqual(relay.heard, expected);
  assert.equal(expected.flatMap(({ events }) => events).length, 650);
});

/** As if the look of every second never came. */
function withoutTimers(): Disposable {
  const { setInterval } = globalThis;
  globalThis.setInterval = (() => 0) as unknown as typeof setInterval; // nobody looks at the id
  return { [Symbol.dispose]: () => void (globalThis.setInterval = setInterval) };
}

Deno.test("one commit of its own process is enough to hand on all that there is", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  // Commits of a store of its own wake nobody here: they are as those of another process.
  const other = makeStore({ writer: kv, reader: kv, losesAnswers: false, checksMax: 10 }, store);
  using _ = withoutTimers();
  await using relay = await listen(store);
  for (let round = 1; round <= 3; round++) {
    await tellMany(other, 0, 250);
    await tell(store, round);
    const expected = await readFeed(store, FEED_START, 10_000);
    await until(() => relay.heard.length >= expected.length, "all entries");
    assert.deepEqual(relay.heard, expected);
  }
});

Deno.test("a commit that comes when the relay has just read to the end is not left lying", async () => {
  using memory = await memoryStore();
  const atEnd = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let isHeld = false;
  const reader = new Proxy(memory.kv, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "list" || !isHeld) return member.bind(target);
      return (...options: Parameters<Deno.Kv["list"]>) => {
        const entries = target.list(...options);
        const next = entries.next.bind(entries);
        entries.next = async () => {
          const result = await next();
          if (result.done === true) {
            atEnd.resolve();
            await goOn.promise;
          }
          return result;
        };
        return entries;
      };
    },
  });
  const store = makeStore(
    { writer: memory.kv, reader, losesAnswers: false, checksMax: 10 },
    memory.store,
  );
  using _ = withoutTimers();
  await using relay = await listen(store);
  isHeld = true;
  await tell(store, 1);
  await atEnd.promise;
  await tell(store, 2);
  goOn.resolve();
  await until(() => relay.heard.length === 2, "both entries");
});

Deno.test("a commit without events is no entry", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  await using relay = await listen(store);
  granted(await transact(store, (tx) => Promise.resolve(tx.set(["secret", "name"], 1))));
  await tell(store, 1);
  await until(() => relay.heard.length > 0, "the entry");
  assert.deepEqual(relay.heard.map(({ events }) => events), [[numbered(1)]]);
});

Deno.test("commits of another store on the same file are noticed, in one order with its own", async () => {
  await using place = await temporaryStorePath();
  using store = await openStoreFile(place.path);
  using other = await openStoreFile(place.path);
  await using relay = await listen(store);
  await tell(other, 1);
  await until(() => relay.heard.length === 1, "the other's entry");
  for (let turn = 0; turn < 20; turn++) await tell(turn % 2 === 0 ? other : store, turn);
  const expected = await readFeed(store, FEED_START, 100);
  await until(() => relay.heard.length >= expected.length, "all entries");
  assert.deepEqual(relay.heard, expected);
  assert.equal(expected.length, 21);
});

Deno.test("after a read that failed it goes on from the same place", async () => {
  using memory = await memoryStore();
  let failures = 0;
  const reader = new Proxy(memory.kv, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name !== "list" || failures === 0) return member.bind(target);
      return () => {
        failures -= 1;
        throw new Error("The line is dead");
      };
    },
  });
  const store = makeStore(
    { writer: memory.kv, reader, losesAnswers: false, checksMax: 10 },
    memory.store,
  );
  await using relay = await listen(store);
  await tell(store, 1);
  await until(() => relay.heard.length === 1, "the first");
  failures = 1;
  await tell(store, 2);
  await until(() => relay.faults.length === 1, "the fault");
  await tell(store, 3);
  await until(() => relay.heard.length === 3, "the rest");
  const numbers = relay.heard.flatMap(({ events }) => events);
  assert.deepEqual(numbers, [numbered(1), numbered(2), numbered(3)]);
});

Deno.test("a relay that was stopped hands nothing on", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const relay = await listen(store);
  await tell(store, 1);
  await until(() => relay.heard.length === 1, "the first");
  await relay[Symbol.asyncDispose]();
  const place = relay.cursor();
  await tell(store, 2);
  assert.equal(relay.cursor(), place);
});
