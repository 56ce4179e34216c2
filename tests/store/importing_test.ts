import assert from "node:assert/strict";
import { exportLines, importLines } from "../../domain/store/backup.ts";
import { examine } from "../../domain/store/doctor.ts";
import { users } from "../../domain/store/kinds.ts";
import { holdsPart } from "../../domain/store/importing.ts";
import type { Store } from "../../domain/store/store.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { add, entriesOf, memoryStore, sampleUser } from "./samples.ts";

const COMMITS = 5;

/** A store of which a backup takes some commits, and the lines of that. */
async function backedUp(): Promise<{ lines: string[]; entries: unknown[] }> {
  using from = await memoryStore();
  for (let turn = 0; turn < 80; turn++) await add(from.store, users, sampleUser(from.store));
  const lines = await Array.fromAsync(exportLines(from.store));
  return { lines, entries: await entriesOf(from.kv) };
}

/** The store of a process that is killed after so many commits. */
function killedAfter(store: Store, commits: number): Store {
  let made = 0;
  const submit: Store["committer"]["submit"] = (draft) => {
    made += 1;
    if (made > commits) throw new Error("Killed");
    return store.committer.submit(draft);
  };
  return { ...store, committer: { ...store.committer, submit } };
}

Deno.test("a store whose import was killed says so until another import has ended, which begins anew", async () => {
  const { lines, entries } = await backedUp();
  for (let commits = 1; commits < COMMITS; commits++) {
    using memory = await memoryStore();
    const killed = killedAfter(memory.store, commits);
    await assert.rejects(importLines(killed, ReadableStream.from(lines)), /Killed/);
    assert.equal(await holdsPart(memory.store), true, `${commits} commits`);
    const exported = (await Array.fromAsync(exportLines(memory.store))).join("");
    assert.doesNotMatch(exported, /restoring/);
    // Killed a second time, while it clears away or later.
    const again = killedAfter(memory.store, commits);
    await assert.rejects(importLines(again, ReadableStream.from(lines)), /Killed/);
    assert.equal(await holdsPart(memory.store), true, `${commits} commits, again`);
    // What the first one left is no part of another backup.
    granted(await importLines(memory.store, ReadableStream.from(lines)));
    assert.equal(await holdsPart(memory.store), false);
    assert.deepEqual(await entriesOf(memory.kv), entries);
    assert.deepEqual(await Array.fromAsync(examine(memory.store)), []);
  }
  using memory = await memoryStore();
  granted(await importLines(killedAfter(memory.store, COMMITS), ReadableStream.from(lines)));
  assert.equal(await holdsPart(memory.store), false);
});

Deno.test("an import that was killed before it began leaves a store that is empty and whole", async () => {
  const { lines } = await backedUp();
  using memory = await memoryStore();
  const killed = killedAfter(memory.store, 0);
  await assert.rejects(importLines(killed, ReadableStream.from(lines)), /Killed/);
  assert.deepEqual(await entriesOf(memory.kv), []);
  assert.equal(await holdsPart(memory.store), false);
});

Deno.test("of two imports into one store the later one is made, and the earlier one refused", async () => {
  const { lines, entries } = await backedUp();
  using memory = await memoryStore();
  let hasReadAll = false;
  async function* interrupted(): AsyncGenerator<string> {
    yield* lines.slice(0, 150);
    granted(await importLines(memory.store, ReadableStream.from(lines)));
    yield* lines.slice(150);
    hasReadAll = true;
  }
  const outcome = await importLines(memory.store, interrupted());
  assert.equal(refusalOf(outcome), "conflict");
  assert.deepEqual(await entriesOf(memory.kv), entries);
  assert.equal(hasReadAll, false, "it is told as soon as it goes on");
});
