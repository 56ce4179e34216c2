import assert from "node:assert/strict";
import { TICKET_NUMBER_FIRST } from "../../domain/store/numbers.ts";
import type { Store } from "../../domain/store/store.ts";
import { granted } from "../support/desk.ts";
import { openStoreFile, temporaryStorePath } from "../support/server.ts";
import { memoryStore } from "./samples.ts";

function take(store: Store, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => takeOne(store)));
}

async function takeOne(store: Store): Promise<number> {
  return granted(await store.nextTicketNumber());
}

function assertUnique(numbers: readonly number[]): void {
  assert.equal(new Set(numbers).size, numbers.length);
  assert(numbers.every((number) => Number.isInteger(number) && number >= TICKET_NUMBER_FIRST));
}

Deno.test("two hundred callers at once get two hundred numbers", async () => {
  using memory = await memoryStore();
  assertUnique(await take(memory.store, 200));
});

Deno.test("one who asks alone gets the numbers in their order, from the first on", async () => {
  using memory = await memoryStore();
  const numbers: number[] = [];
  for (let turn = 0; turn < 120; turn++) numbers.push(await takeOne(memory.store));
  assert.deepEqual(numbers, numbers.map((_, turn) => TICKET_NUMBER_FIRST + turn));
});

Deno.test("two stores on one file never give the same number", async () => {
  await using place = await temporaryStorePath();
  using one = await openStoreFile(place.path);
  using other = await openStoreFile(place.path);
  const numbers = await Promise.all([take(one, 200), take(other, 200)]);
  assertUnique(numbers.flat());
});

Deno.test("a store that is opened again gives no number a second time", async () => {
  await using place = await temporaryStorePath();
  const numbers: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    using store = await openStoreFile(place.path);
    numbers.push(...await take(store, 60));
  }
  assertUnique(numbers);
});
