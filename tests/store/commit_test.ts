import assert from "node:assert/strict";
import fc from "fast-check";
import { makeMeters } from "../../domain/meters.ts";
import { type FeedEntry, makeCommitter } from "../../domain/store/commit.ts";
import type { Draft, Mutation } from "../../domain/store/draft.ts";
import { FEED_START, readFeed } from "../../domain/store/feed.ts";
import { keys } from "../../domain/store/keys.ts";
import type { Connections } from "../../domain/store/open.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { openStoreFile, temporaryStorePath } from "../support/server.ts";
import { entriesOf, memoryStore, numbered } from "./samples.ts";
import { NOTHING, set, together } from "./together.ts";

Deno.test("drafts that wait at the same moment share one commit", async () => {
  using memory = await memoryStore();
  const drafts = [1, 2, 3].map((n) => ({ ...NOTHING, mutations: [set(["secret", n], n)] }));
  const outcomes = await together(memory.store.committer, drafts);
  assert.equal(new Set(outcomes).size, 1);
  assert.notEqual(outcomes[0], null);
});

for (
  const mutation of [
    set(["secret", "shared"], 2),
    { kind: "delete", key: ["secret", "shared"] },
    { kind: "sum", key: ["secret", "shared"], by: 1n },
  ] satisfies Mutation[]
) {
  Deno.test(`a draft never commits on a check of what one before it did a ${mutation.kind} to`, async () => {
    using memory = await memoryStore();
    const { store, kv } = memory;
    await kv.set(["secret", "shared"], new Deno.KvU64(1n));
    const { versionstamp } = await kv.get(["secret", "shared"]);
    const checks = [{ key: ["secret", "shared"], versionstamp }];
    const [writer, checker] = await together(store.committer, [
      { checks, mutations: [mutation], events: [] },
      { checks, mutations: [set(["secret", "stale"], true)], events: [] },
    ]);
    assert.equal(typeof writer, "string");
    assert.equal(checker, null);
    assert.equal((await kv.get(["secret", "stale"])).value, null);
  });
}

Deno.test("a member's failed check is its own: the others commit, and it writes nothing", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  const bad = { key: ["secret", "absent"], versionstamp: "00000000000000000001" };
  const outcomes = await together(store.committer, [
    { ...NOTHING, mutations: [set(["secret", 1], 1)] },
    { checks: [bad], mutations: [set(["secret", 2], 2)], events: [numbered(2)] },
    { ...NOTHING, mutations: [set(["secret", 3], 3)], events: [numbered(3)] },
  ]);
  assert.deepEqual(outcomes.map((outcome) => outcome === null), [false, true, false]);
  const written = (await entriesOf(kv)).filter(({ key }) => typeof key[1] === "number");
  assert.deepEqual(written.map(({ value }) => value), [1, 3]);
  const [entry, ...more] = await readFeed(store, FEED_START, 10);
  assert.deepEqual([entry?.events, more], [[numbered(3)], []]);
});

Deno.test("a member that the platform cannot write is told so, and the others commit", async () => {
  using memory = await memoryStore();
  const { committer } = memory.store;
  const first = committer.submit({ ...NOTHING, mutations: [set(["secret", "under way"], 0)] });
  const good = committer.submit({ ...NOTHING, mutations: [set(["secret", 1], 1)] });
  const bad = committer.submit({ ...NOTHING, mutations: [set(["x".repeat(3_000)], 2)] });
  await assert.rejects(bad, TypeError);
  assert.equal(typeof await good, "string");
  await first;
});

Deno.test("the events of a group are one entry of the feed, in the order of its members", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const heard: FeedEntry[] = [];
  const forget = store.committer.onCommit((entry) => heard.push(entry));
  const drafts = [[1, 2], [], [3], [4, 5]].map((numbers, index) => ({
    checks: [],
    mutations: [set(["secret", index], index)],
    events: numbers.map(numbered),
  }));
  const [versionstamp] = await together(store.committer, drafts);
  const entry = { versionstamp, events: [1, 2, 3, 4, 5].map(numbered) };
  assert.deepEqual(await readFeed(store, FEED_START, 10), [entry]);
  assert.deepEqual(heard, [entry], "who listens hears the same");
  assert.equal((await store.reader.get(keys.bell())).value, 5);
  forget();
  await together(store.committer, drafts);
  assert.equal(heard.length, 1, "who has unsubscribed hears no more");
});

Deno.test("a group holds no more checks and no more bytes of events than one commit may", async () => {
  using memory = await memoryStore();
  const { writer, reader } = { writer: memory.kv, reader: memory.kv };
  const committer = makeCommitter(
    { writer, reader, losesAnswers: false, checksMax: 10 },
    makeMeters(),
    Date.now,
  );
  const checking = [1, 2, 3].map((draft) => ({
    ...NOTHING,
    checks: Array.from(
      { length: 6 },
      (_, n) => ({ key: ["secret", draft, n], versionstamp: null }),
    ),
    mutations: [set(["stamp", draft], draft)],
  }));
  assert.equal(new Set(await together(committer, checking)).size, 3);
  const long = { type: "intent.made", name: "x".repeat(25_000), id: "1" } as const;
  const telling = [1, 2, 3].map(() => ({ ...NOTHING, events: [long] }));
  const stamps = await together(committer, telling);
  assert.equal(new Set(stamps).size, 2);
  assert.equal(stamps[0], stamps[1]);
});

/** Drafts over a few keys, each checking some as they were at the start or as absent. */
const anyDraft = fc.record({
  checks: fc.array(fc.record({ key: fc.nat(3), isFresh: fc.boolean() }), { maxLength: 2 }),
  writes: fc.array(fc.record({ key: fc.nat(3), isSet: fc.boolean() }), { maxLength: 3 }),
});

Deno.test("a group is as if its drafts had been committed one after the other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyDraft, { maxLength: 8 }), async (shapes) => {
      const run = async (submitAll: typeof together): Promise<unknown> => {
        using memory = await memoryStore();
        const { kv, store } = memory;
        const { versionstamp } = await kv.atomic().set(["key", 0], 0).set(["key", 1], 1)
          .commit() as {
            versionstamp: string; // nothing was checked, so it has committed
          };
        const drafts = shapes.map(({ checks, writes }, index): Draft => ({
          checks: checks.map(({ key, isFresh }) => ({
            key: ["key", key],
            versionstamp: (key < 2) === isFresh ? versionstamp : null,
          })),
          mutations: writes.map(({ key, isSet }) =>
            isSet ? set(["key", key], `by ${index}`) : { kind: "delete", key: ["key", key] }
          ),
          events: [numbered(index)],
        }));
        const outcomes = await submitAll(store.committer, drafts);
        const feed = await readFeed(store, FEED_START, 100);
        return {
          committed: outcomes.map((outcome) => outcome !== null),
          values: (await entriesOf(kv)).filter(({ key }) => key[0] === "key"),
          events: feed.flatMap(({ events }) => events),
        };
      };
      const oneByOne: typeof together = async (committer, drafts) => {
        const outcomes: (string | null)[] = [];
        for (const draft of drafts) outcomes.push(await committer.submit(draft));
        return outcomes;
      };
      assert.deepEqual(await run(together), await run(oneByOne));
    }),
    { numRuns: 150 },
  );
});

/** Connections whose writer is found locked at its first commits. */
function lockedAtFirst(kv: Deno.Kv, times: number): Connections {
  let left = times;
  const writer = new Proxy(kv, {
    get(target, name) {
      if (name === "atomic" && left-- > 0) {
        return () => {
          const atomic = target.atomic();
          atomic.commit = () => Promise.reject(new TypeError("database is locked"));
          return atomic;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { writer, reader: kv, losesAnswers: false, checksMax: 100 };
}

Deno.test("a store that another process has locked is a conflict, for each of a group", async () => {
  using memory = await memoryStore();
  const committer = makeCommitter(lockedAtFirst(memory.kv, 3), makeMeters(), Date.now);
  const draft = { ...NOTHING, mutations: [set(["secret", "name"], 1)] };
  const outcomes = await together(committer, [draft, draft, draft]);
  // The first commit, the group of three, and its first member were each refused.
  assert.deepEqual(outcomes.map((outcome) => outcome === null), [true, false, false]);
});

Deno.test("transactions go through while somebody else writes to the same file", async () => {
  await using place = await temporaryStorePath();
  using store = await openStoreFile(place.path);
  const other = await Deno.openKv(place.path);
  let locked = 0;
  let isDone = false;
  const noise = (async () => {
    // Goes on until the others are done, with a breath between, so that each gets its turns.
    for (let round = 0; !isDone; round++) {
      try {
        const check = { key: ["probe", "absent"], versionstamp: null };
        await other.atomic().check(check).set(["probe", "noise"], round).commit();
      } catch (error) {
        assert.match(String(error), /database is locked/);
        locked += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, round % 3));
    }
  })();
  const outcomes = [];
  for (let round = 0; round < 200; round++) {
    outcomes.push(
      await transact(store, async (tx) => {
        const count = await tx.getValue<number>(["secret", "count"]) ?? 0;
        tx.set(["secret", "count"], count + 1);
      }),
    );
  }
  isDone = true;
  await noise;
  other.close();
  for (const outcome of outcomes) granted(outcome);
  assert.equal((await store.reader.get(["secret", "count"])).value, 200, `${locked} locked`);
});
