import assert from "node:assert/strict";
import { HOUR_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { classifierState, forgetLearned } from "../../domain/services/classifier_state.ts";
import { makeClassification } from "../../domain/services/classification.ts";
import { learnFromTickets } from "../../domain/services/learning.ts";
import type { Store } from "../../domain/store/store.ts";
import { readList } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, openDesk, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { resolveOne, staffed, teach } from "../support/lessons.ts";

async function blocksIn({ desk }: TestDesk): Promise<number> {
  return (await readList(desk.store, ["classifier_block"], { limit: 1_000 })).length;
}

/** Has one block read like this from then on; null takes it away. */
async function spoil({ desk: { store } }: TestDesk, bytes: Uint8Array | null): Promise<void> {
  const [block] = await readList(store, ["classifier_block"], { limit: 1 });
  assert.ok(block !== undefined);
  await transact(store, (tx) => {
    if (bytes === null) tx.delete(block.key);
    else tx.set(block.key, bytes);
    return Promise.resolve();
  });
}

/** The same store, with how often several keys were read at once, and a fault where that is asked for. */
function watched(store: Store, faulty: () => boolean): { store: Store; reads: () => number } {
  let reads = 0;
  const reader = new Proxy(store.reader, {
    get(target, name) {
      const own = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      return (...args: unknown[]) => {
        if (name === "getMany") reads += 1;
        if (faulty()) return Promise.reject(new Error("The store is away"));
        return Reflect.apply(own, target, args);
      };
    },
  });
  return { store: { ...store, reader }, reads: () => reads };
}

for (
  const [how, bytes] of [
    ["is not there", null],
    ["cannot be read", Uint8Array.of(1, 255)],
    ["is of an earlier schema", Uint8Array.of(0, 1, 1, 0)],
  ] as const
) {
  Deno.test(`where a block ${how} the classifier learns anew what it may know`, async () => {
    await using desk = await openDesk();
    const staff = await staffed(desk);
    await teach(desk, staff);
    await learnFromTickets(desk.desk);
    granted(await forgetLearned(desk.desk, { relearn: false }));
    desk.clock.advance(HOUR_MS);
    const taught = await teach(desk, staff);
    await learnFromTickets(desk.desk);
    await spoil(desk, bytes);
    // With nothing to learn nobody notices.
    assert.equal(await learnFromTickets(desk.desk), 0);
    await resolveOne(desk, staff, { title: "My card", category: "technical" });
    desk.clock.advance(HOUR_MS);
    // What was forgotten before stays so.
    assert.equal(await learnFromTickets(desk.desk), taught + 1);
    assert.equal((await classifierState(desk.desk)).tickets, taught + 1);
    const { blocks } = await classifierState(desk.desk);
    assert.equal(await blocksIn(desk), blocks.filter((name) => name !== null).length);
    await desk.assertSound();
  });
}

Deno.test("what a later version of the program wrote is left to it", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const taught = await teach(desk, staff);
  await learnFromTickets(desk.desk);
  await spoil(desk, Uint8Array.of(2, 7));
  await resolveOne(desk, staff, { title: "My card", category: "technical" });
  desk.clock.advance(HOUR_MS);
  await assert.rejects(learnFromTickets(desk.desk), /later schema/);
  assert.equal((await classifierState(desk.desk)).tickets, taught);
  granted(await forgetLearned(desk.desk, { relearn: false }));
  await desk.assertSound();
});

Deno.test("a classifier that is broken is read once, and again when there is another", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  await teach(desk, staff);
  await learnFromTickets(desk.desk);
  await spoil(desk, null);
  const { store, reads } = watched(desk.desk.store, () => false);
  const classification = makeClassification(store);
  assert.equal((await classification.now()).labels.length, 0);
  const first = reads();
  for (let look = 0; look < 5; look++) {
    desk.clock.advance(3 * SECOND_MS);
    assert.equal((await classification.now()).labels.length, 0);
    await classification.idle();
  }
  assert.equal(reads(), first);
  granted(await forgetLearned(desk.desk, { relearn: true }));
  await learnFromTickets(desk.desk);
  desk.clock.advance(3 * SECOND_MS);
  await classification.now();
  await classification.idle();
  assert.equal((await classification.now()).labels.length, 4);
  await desk.assertSound();
});

for (const setBy of [2 * SECOND_MS, -HOUR_MS]) {
  Deno.test(`while the store is away nobody waits for the classifier, and it is there ${setBy / SECOND_MS} s later`, async () => {
    await using desk = await openDesk();
    await teach(desk, await staffed(desk));
    await learnFromTickets(desk.desk);
    let asked = 0;
    let isAway = true;
    const { store } = watched(desk.desk.store, () => {
      asked += 1;
      return isAway;
    });
    const classification = makeClassification(store);
    for (let look = 0; look < 5; look++) {
      assert.equal((await classification.now()).labels.length, 0);
    }
    assert.equal(asked, 1);
    isAway = false;
    // However the clock was put meanwhile.
    desk.clock.advance(setBy);
    assert.equal((await classification.now()).labels.length, 4);
    await desk.assertSound();
  });
}

Deno.test("to forget takes away what runs left that were cut off", async () => {
  await using desk = await openDesk();
  await teach(desk, await staffed(desk));
  await assert.rejects(learnFromTickets(dyingAfter(desk.desk, 6)), /died/);
  assert.ok(await blocksIn(desk) > 0);
  granted(await forgetLearned(desk.desk, { relearn: false }));
  assert.equal(await blocksIn(desk), 0);
  await desk.assertSound();
});

Deno.test("a run in the midst of which everything is forgotten leaves nothing", async () => {
  await using desk = await openDesk();
  await teach(desk, await staffed(desk));
  const { committer } = desk.desk.store;
  let commits = 0;
  const submit: typeof committer.submit = async (draft) => {
    commits += 1;
    if (commits === 3) granted(await forgetLearned(desk.desk, { relearn: false }));
    return await committer.submit(draft);
  };
  const slow = { ...desk.desk.store, committer: { ...committer, submit } };
  assert.equal(await learnFromTickets({ store: slow }), 0);
  assert.ok(commits > 3);
  assert.deepEqual([(await classifierState(desk.desk)).tickets, await blocksIn(desk)], [0, 0]);
  await desk.assertSound();
});
