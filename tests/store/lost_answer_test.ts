import assert from "node:assert/strict";
import fc from "fast-check";
import { exportLines, importLines } from "../../domain/store/backup.ts";
import { makeMeters } from "../../domain/meters.ts";
import { type Committer, type FeedEntry, makeCommitter } from "../../domain/store/commit.ts";
import type { Draft } from "../../domain/store/draft.ts";
import { examine } from "../../domain/store/doctor.ts";
import { StoreUnavailable } from "../../domain/store/fault.ts";
import { FEED_START, readFeed } from "../../domain/store/feed.ts";
import type { Kv } from "../../domain/store/open.ts";
import { makeStore } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { fakeRemote, type Fate, overriding } from "./fake_remote.ts";
import { memoryStore, numbered } from "./samples.ts";

const NOTHING = { checks: [], mutations: [], events: [] };

function remoteCommitter(writer: Kv): Committer {
  return makeCommitter(
    { writer, reader: writer, losesAnswers: true, checksMax: 9 },
    makeMeters(),
    Date.now,
  );
}

function counting(index: number): Draft {
  return {
    checks: [],
    mutations: [{ kind: "sum", key: ["sum", index], by: 1n }],
    events: [numbered(index)],
  };
}

async function countOf(kv: Deno.Kv, index: number): Promise<number> {
  return Number((await kv.get<Deno.KvU64>(["sum", index])).value?.value ?? 0n);
}

Deno.test("a commit whose answer got lost is told as made, and not made again, for all of its group", async () => {
  using memory = await memoryStore();
  // The first is alone, under way while the others gather.
  const committer = remoteCommitter(fakeRemote(memory.kv, ["answered", "lost"]).kv);
  const draft = { ...NOTHING, mutations: [{ kind: "sum", key: ["sum"], by: 1n } as const] };
  const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => committer.submit(draft)));
  assert.equal(typeof first, "string");
  const { value, versionstamp } = await memory.kv.get<Deno.KvU64>(["sum"]);
  assert.equal(value?.value, 4n);
  assert.deepEqual(others, [versionstamp, versionstamp, versionstamp]);
});

Deno.test("a commit that was sent twice is made once, and told as made", async () => {
  using memory = await memoryStore();
  const committer = remoteCommitter(fakeRemote(memory.kv, ["repeated", "repeated"]).kv);
  const checked = { ...counting(1), checks: [{ key: ["once"], versionstamp: null }] };
  const once = {
    ...checked,
    mutations: [...checked.mutations, { kind: "set", key: ["once"], value: 1 }] as const,
  };
  assert.equal(typeof await committer.submit(once), "string");
  assert.equal(typeof await committer.submit(counting(2)), "string");
  assert.equal(await committer.submit(once), null, "a check that fails is told as such");
  assert.deepEqual([await countOf(memory.kv, 1), await countOf(memory.kv, 2)], [1, 1]);
});

Deno.test("a commit that did not reach the store is a lost race: it may be tried again", async () => {
  using memory = await memoryStore();
  const writer = overriding(memory.kv, {
    atomic: failingOnce(memory.kv, new StoreUnavailable("cut off")),
  });
  const committer = remoteCommitter(writer);
  assert.equal(await committer.submit(counting(1)), null);
  assert.equal(typeof await committer.submit(counting(1)), "string");
  assert.equal(await countOf(memory.kv, 1), 1);
});

Deno.test("a commit that is at fault itself throws, and those of its group are made", async () => {
  using memory = await memoryStore();
  const committer = remoteCommitter(fakeRemote(memory.kv, []).kv);
  const bad: Draft = { ...NOTHING, mutations: [{ kind: "set", key: ["bad"], value: () => {} }] };
  const outcomes = await Promise.allSettled(
    [counting(0), counting(1), bad, counting(2)].map((draft) => committer.submit(draft)),
  );
  assert.deepEqual(outcomes.map(({ status }) => status), [
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assert.deepEqual([await countOf(memory.kv, 1), await countOf(memory.kv, 2)], [1, 1]);
});

Deno.test("a marker shows neither in the doctor's report nor in a backup", async () => {
  using memory = await memoryStore();
  const { kv } = memory;
  const store = makeStore(
    { writer: kv, reader: kv, losesAnswers: true, checksMax: 9 },
    memory.store,
  );
  granted(await transact(store, (tx) => Promise.resolve(tx.set(["secret", "name"], 1))));
  const markers = await Array.fromAsync(kv.list({ prefix: ["commit_marker"] }));
  assert.equal(markers.length, 1);
  assert.deepEqual(await Array.fromAsync(examine(store)), []);
  const lines = await Array.fromAsync(exportLines(store));
  assert.equal(lines.length, 2, "the secret, and the end");
  // A store in which a process has done nothing but fail to restore a backup is as good as empty.
  await kv.delete(["secret", "name"]);
  assert.deepEqual(await importLines(store, ReadableStream.from(lines)), { entries: 1 });
});

const anyFate = fc.constantFrom<Fate>("answered", "unheard", "lost", "repeated", "late");

Deno.test("whatever becomes of commits and answers, what is told as made is made once, all else at most once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyFate, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
      async (fates, sizes) => {
        using memory = await memoryStore();
        const { kv, store } = memory;
        const remote = fakeRemote(kv, fates);
        const committer = remoteCommitter(remote.kv);
        const heard: FeedEntry[] = [];
        committer.onCommit((entry) => heard.push(entry));
        const told: (PromiseSettledResult<string | null>)[] = [];
        for (const size of sizes) {
          const drafts = Array.from({ length: size }, (_, at) => counting(told.length + at));
          told.push(...await Promise.allSettled(drafts.map((draft) => committer.submit(draft))));
          // What was held up comes at any time: here it may be before what comes next.
          if (size === 1) await remote.letThrough();
        }
        await remote.letThrough();
        // Another commit, in a quiet moment, finds out what became of the last one.
        for (let round = 0; round <= fates.length; round++) {
          await committer.submit(counting(told.length)).catch(() => {});
        }
        for (const [index, outcome] of told.entries()) {
          const count = await countOf(kv, index);
          if (outcome.status === "rejected") {
            assert.ok(count <= 1, `${index} was made ${count} times`);
          } else {assert.equal(
              count,
              outcome.value === null ? 0 : 1,
              `${index} told ${outcome.value}`,
            );}
        }
        assert.deepEqual(
          heard,
          await readFeed(store, FEED_START, 100),
          "each is heard of once, in order",
        );
      },
    ),
    { numRuns: 200 },
  );
});

/** Its first commit fails with this error, and nothing is made. */
function failingOnce(kv: Deno.Kv, error: Error): () => Deno.AtomicOperation {
  let isFirst = true;
  return () => {
    const atomic = kv.atomic();
    if (isFirst) atomic.commit = () => Promise.reject(error);
    isFirst = false;
    return atomic;
  };
}
