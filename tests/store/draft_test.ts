import assert from "node:assert/strict";
import { makeMeters } from "../../domain/meters.ts";
import { makeCommitter } from "../../domain/store/commit.ts";
import type { Draft } from "../../domain/store/draft.ts";
import { memoryStore } from "./samples.ts";
import { NOTHING, set, together } from "./together.ts";

Deno.test("what many drafts of a group check alike counts as one check", async () => {
  using memory = await memoryStore();
  const { kv } = memory;
  const committer = makeCommitter(
    { writer: kv, reader: kv, losesAnswers: false, checksMax: 10 },
    makeMeters(),
    Date.now,
  );
  const shared = { key: ["guard", "shared"], versionstamp: null };
  const drafts = Array.from({ length: 12 }, (_, n) => ({
    ...NOTHING,
    checks: [shared, { key: ["secret", n], versionstamp: null }],
    mutations: [set(["stamp", n], n)],
  }));
  const stamps = await together(committer, drafts);
  // The shared one, and one of each draft: nine drafts fill a commit.
  const commits = [...new Set(stamps)];
  const sizes = commits.map((commit) => stamps.filter((stamp) => stamp === commit).length);
  assert.deepEqual(sizes, [9, 3]);
});

Deno.test("a check that many share still fails when it must, and for whoever it must", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  await kv.set(["guard", "shared"], 1);
  const { versionstamp } = await kv.get(["guard", "shared"]);
  const checking = (version: string | null, n: number): Draft => ({
    ...NOTHING,
    checks: [{ key: ["guard", "shared"], versionstamp: version }],
    mutations: [set(["stamp", n], n)],
  });
  const stamps = await together(store.committer, [
    checking(null, 1),
    checking(versionstamp, 2),
    checking(null, 3),
    checking(versionstamp, 4),
  ]);
  assert.deepEqual(stamps.map((stamp) => stamp !== null), [false, true, false, true]);
});
