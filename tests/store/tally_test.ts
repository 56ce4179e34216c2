import assert from "node:assert/strict";
import { refuse } from "../../domain/rules/refusal.ts";
import { ATTEMPTS_MAX, transact } from "../../domain/store/transact.ts";
import { refusalOf } from "../support/desk.ts";
import { figuresOf } from "../support/figures.ts";
import { memoryStore } from "./samples.ts";

const KEY = ["secret", "count"];

function outcome(name: string): string {
  return `desk_transactions_total{outcome="${name}"}`;
}

Deno.test("every attempt of a transaction is counted, and those that lost", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const writers = 8;
  await Promise.all(Array.from({ length: writers }, () =>
    transact(store, async (tx) => {
      tx.set(KEY, (await tx.getValue<number>(KEY) ?? 0) + 1);
    })));
  const figure = await figuresOf(store.meters);
  assert.equal(figure(outcome("committed")), writers);
  const conflicts = figure("desk_transaction_conflicts_total");
  // All of them read before the first one wrote.
  assert.ok(conflicts >= writers - 1, String(conflicts));
  assert.equal(figure("desk_transaction_attempts_total"), writers + conflicts);
});

Deno.test("a transaction is counted by how it ended", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  await transact(store, (tx) => Promise.resolve(tx.set(KEY, 1)));
  await transact(store, (tx) => tx.getValue(KEY));
  await transact(store, () => Promise.resolve(refuse("conflict", "No.")));
  await assert.rejects(transact(store, () => Promise.reject(new Error("A defect."))));
  const lost = await transact(store, async (tx) => {
    tx.set(KEY, await tx.getValue(KEY));
    await kv.set(KEY, crypto.randomUUID());
  });
  assert.equal(refusalOf(lost), "unavailable");
  const figure = await figuresOf(store.meters);
  for (const name of ["committed", "unchanged", "refused", "failed", "exhausted"]) {
    assert.equal(figure(outcome(name)), 1, name);
  }
  assert.ok(figure("desk_transaction_conflicts_total") <= ATTEMPTS_MAX);
});

Deno.test("a commit is counted once, with the transactions that share it", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const transactions = 10;
  await Promise.all(
    Array.from(
      { length: transactions },
      (_, n) => transact(store, (tx) => Promise.resolve(tx.set([...KEY, n], n))),
    ),
  );
  const figure = await figuresOf(store.meters);
  // The first goes alone, the others wait for it together.
  assert.equal(figure("desk_commit_transactions_count"), 2);
  assert.equal(figure("desk_commit_transactions_sum"), transactions);
});
