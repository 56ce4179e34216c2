import assert from "node:assert/strict";
import { exportLines, importLines } from "../../domain/store/backup.ts";
import type { KvKey } from "../../domain/store/open.ts";
import type { Mutation } from "../../domain/store/draft.ts";
import { faultsOf, granted, openDesk, refusalOf } from "../support/desk.ts";
import { callRaw } from "../support/raw.ts";
import { openBusyDesk } from "./busy_desk.ts";
import { add, entriesOf, memoryStore, sampleUser } from "./samples.ts";
import { users } from "../../domain/store/kinds.ts";
import { transact } from "../../domain/store/transact.ts";

function isLeftOut(key: KvKey): boolean {
  const leftOut = ["feed", "bell", "probe", "lease", "webhook_progress", "webhook_delivery"];
  return leftOut.includes(String(key[0]));
}

/** The text in pieces that know nothing of lines. */
async function* inPieces(lines: AsyncIterable<string>, size: number): AsyncGenerator<string> {
  const text = (await Array.fromAsync(lines)).join("");
  for (let from = 0; from < text.length; from += size) yield text.slice(from, from + size);
}

async function* textOf(...lines: string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(`${line}\n`);
}

Deno.test("a backup restored into an empty store makes the same store", async () => {
  await using busy = await openBusyDesk();
  await busy.kv.set(["probe", "left out"], 1);
  const expected = await entriesOf(busy.kv, isLeftOut);
  for (const size of [7, 1_000, 1_000_000]) {
    using memory = await memoryStore();
    const lines = exportLines(busy.desk.desk.store);
    const { entries } = granted(await importLines(memory.store, inPieces(lines, size)));
    assert.equal(entries, expected.length);
    assert.deepEqual(await entriesOf(memory.kv), expected);
    assert.deepEqual(await faultsOf(memory.store), []);
  }
});

Deno.test("bytes and counters are restored as what they were", async () => {
  using from = await memoryStore();
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  await from.kv.set(["sla_pack", "bytes"], bytes);
  await from.kv.set(["sla_pack", "none"], new Uint8Array());
  await from.kv.atomic().sum(["count", "many"], 2n ** 60n).commit();
  using memory = await memoryStore();
  granted(await importLines(memory.store, exportLines(from.store)));
  assert.deepEqual(await entriesOf(memory.kv), await entriesOf(from.kv));
  assert.equal((await entriesOf(memory.kv)).length, 3);
});

Deno.test("a large backup is restored whole, in more than one commit", async () => {
  using from = await memoryStore();
  for (let turn = 0; turn < 250; turn++) {
    const name = turn % 50 === 0 ? "ж".repeat(25_000) : "Ада";
    await add(from.store, users, sampleUser(from.store, { name }));
  }
  using memory = await memoryStore();
  granted(await importLines(memory.store, exportLines(from.store)));
  assert.deepEqual(await entriesOf(memory.kv), await entriesOf(from.kv));
});

Deno.test("a store that is not empty refuses a backup and stays as it is", async () => {
  await using busy = await openBusyDesk();
  using memory = await memoryStore();
  await add(memory.store, users, sampleUser(memory.store));
  const before = await entriesOf(memory.kv);
  const outcome = await importLines(memory.store, exportLines(busy.desk.desk.store));
  assert.equal(refusalOf(outcome), "conflict");
  assert.deepEqual(await entriesOf(memory.kv), before);
});

const BAD_LINES = [
  "nonsense",
  "null",
  "[]",
  "{}",
  '{"value":1}',
  '{"key":[],"value":1}',
  '{"key":"user","value":1}',
  '{"key":["user",null],"value":1}',
  '{"key":["user",{}],"value":1}',
  '{"key":["user"]}',
  '{"key":["restoring"],"value":"another"}',
  '{"key":["count"],"counter":"many"}',
  '{"key":["count"],"counter":"-1"}',
  '{"key":["user"],"value":1',
  '{"key":["user"],"value":1,"counter":"1"}',
  '{"key":["sla_pack"],"bytes":"%"}',
  '{"key":["sla_pack"],"bytes":7}',
];

for (const line of BAD_LINES) {
  Deno.test(`a backup with the line ${line} is refused by its number and leaves nothing`, async () => {
    using memory = await memoryStore();
    // More before it than one commit takes, so that something had been restored already.
    const good = Array.from(
      { length: 150 },
      (_, n) => JSON.stringify({ key: ["user", n], value: n }),
    );
    const outcome = await importLines(memory.store, textOf(...good, line, ...good));
    assert.equal(refusalOf(outcome), "invalid_input");
    assert("detail" in outcome);
    assert.match(outcome.detail, /^Line 151 /);
    assert.deepEqual(await entriesOf(memory.kv), []);
  });
}

Deno.test("a backup that the store cannot take, or that breaks off, leaves nothing", async () => {
  const good = Array.from(
    { length: 150 },
    (_, n) => JSON.stringify({ key: ["user", n], value: n }),
  );
  const tooLarge = JSON.stringify({ key: ["user", "large"], value: "x".repeat(70_000) });
  using memory = await memoryStore();
  const end = JSON.stringify({ end: 151 });
  await assert.rejects(importLines(memory.store, textOf(...good, tooLarge, end)), RangeError);
  assert.deepEqual(await entriesOf(memory.kv), []);
  async function* broken(): AsyncGenerator<string> {
    yield* textOf(...good);
    throw new Error("The pipe broke");
  }
  await assert.rejects(importLines(memory.store, broken()), /The pipe broke/);
  assert.deepEqual(await entriesOf(memory.kv), []);
});

Deno.test("a backup that was cut off, or goes on after its end, is refused and leaves nothing", async () => {
  using full = await memoryStore();
  await transact(full.store, (tx) => {
    for (let n = 0; n < 250; n++) tx.set(["user", n], n);
    return Promise.resolve();
  });
  const lines = (await Array.fromAsync(exportLines(full.store))).map((line) => line.trim());
  for (const cut of [[], lines.slice(0, -1), lines.slice(1), [...lines, lines[0] ?? ""]]) {
    using memory = await memoryStore();
    const outcome = await importLines(memory.store, textOf(...cut));
    assert.equal(refusalOf(outcome), "invalid_input");
    assert.deepEqual(await entriesOf(memory.kv), []);
  }
  using memory = await memoryStore();
  assert.deepEqual(await importLines(memory.store, textOf(...lines)), { entries: 250 });
});

Deno.test("what would have vanished by itself does so where it is restored too", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const login = { email: customer.email, password: "not this one" };
  await desk.call(null, "POST", "/api/auth/login", login);
  const headers = { "Idempotency-Key": "k" };
  const body = JSON.stringify({ title: "A", description: '"'.repeat(20_000) });
  await callRaw(desk, customer, "/api/tickets", { body, headers });
  using memory = await memoryStore();
  const { committer } = memory.store;
  const written: Mutation[] = [];
  const submit: typeof committer.submit = (draft) => {
    written.push(...draft.mutations);
    return committer.submit(draft);
  };
  const store = { ...memory.store, committer: { ...committer, submit } };
  granted(await importLines(store, exportLines(desk.desk.store)));
  const vanishing = new Set(["session", "attempt", "idempotency"]);
  for (const mutation of written.filter(({ key }) => key[0] !== "restoring")) {
    assert(mutation.kind === "set");
    const [name] = mutation.key;
    assert.equal(mutation.expireIn !== undefined, vanishing.has(String(name)), String(name));
  }
  const names = new Set(written.map(({ key }) => String(key[0])));
  assert(vanishing.isSubsetOf(names));
});
