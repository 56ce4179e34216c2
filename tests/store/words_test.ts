import assert from "node:assert/strict";
import fc from "fast-check";
import { tickets } from "../../domain/store/kinds.ts";
import {
  type Bitmap,
  countBits,
  intersect,
  numbersBelow,
  PREFIX_GROUPS_READ_MAX,
  readPrefix,
  readWord,
  withNumbers,
  wordBit,
} from "../../domain/store/words.ts";
import { add, memoryStore, sampleTicket } from "./samples.ts";

const NOTHING: Bitmap = new Map();

const anyNumbers = fc.uniqueArray(fc.oneof(fc.nat(300), fc.nat(2 ** 40)), { maxLength: 40 });

function descending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => b - a);
}

function numbersIn(bitmap: Bitmap): number[] {
  return [...numbersBelow(bitmap, Number.MAX_SAFE_INTEGER)];
}

Deno.test("a bitmap is the set of its numbers, the greatest first", () => {
  fc.assert(
    fc.property(anyNumbers, anyNumbers, fc.nat(300), (some, others, below) => {
      const [a, b] = [withNumbers(NOTHING, some), withNumbers(NOTHING, others)];
      assert.deepEqual(numbersIn(a), descending(some));
      assert.equal(countBits(a), some.length);
      assert.deepEqual(
        [...numbersBelow(a, below)],
        descending(some.filter((number) => number < below)),
      );
      const shared = some.filter((number) => others.includes(number));
      assert.deepEqual(numbersIn(intersect(a, b)), descending(shared));
      assert.equal(countBits(intersect(a, b)), shared.length);
      assert.deepEqual(
        numbersIn(withNumbers(a, others)),
        descending(new Set([...some, ...others])),
      );
    }),
  );
});

Deno.test("sixty-four tickets share a counter, each by a bit of its own", () => {
  const bits = Array.from({ length: 64 }, (_, index) => wordBit("card", 6_400 + index));
  assert.deepEqual(bits[0], { key: ["word", "card", 100], by: 1n });
  assert.equal(bits.reduce((sum, { by }) => sum + by, 0n), 2n ** 64n - 1n);
  assert.deepEqual(new Set(bits.map(({ key }) => key.join())).size, 1);
  assert.deepEqual(wordBit("card", 6_464), { key: ["word", "card", 101], by: 1n });
});

Deno.test("a prefix finds the word itself and every longer one, and nothing beside", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const titles = ["car", "card", "cards", "cara\u{10ffff}b", "cas", "ca", "carte", "c ard"];
  for (const [index, title] of titles.entries()) {
    await add(store, tickets, sampleTicket(store, { number: index, title, description: "" }));
  }
  const found = async (prefix: string): Promise<string[]> =>
    numbersIn(await readPrefix(store, prefix) ?? NOTHING).reverse().map((index) =>
      titles[index] ?? ""
    );
  assert.deepEqual(await found("card"), ["card", "cards"]);
  assert.deepEqual(await found("car"), ["car", "card", "cards", "cara\u{10ffff}b", "carte"]);
  assert.deepEqual(await found("ard"), ["c ard"]);
  assert.deepEqual(await found("x"), []);
  assert.deepEqual(numbersIn(await readWord(store, "car")), [0]);
});

Deno.test("a prefix of too many words is not looked up", async () => {
  using memory = await memoryStore();
  const { store, kv } = memory;
  for (let from = 0; from <= PREFIX_GROUPS_READ_MAX; from += 500) {
    const atomic = kv.atomic();
    for (let index = from; index < Math.min(from + 500, PREFIX_GROUPS_READ_MAX + 1); index++) {
      atomic.sum(wordBit(`w${index}`, index).key, 1n);
    }
    await atomic.commit();
  }
  assert.equal(await readPrefix(store, "w"), null);
  await kv.delete(wordBit("w7", 7).key);
  assert.equal(
    countBits(await readPrefix(store, "w") ?? NOTHING),
    Math.ceil(PREFIX_GROUPS_READ_MAX / 64),
  );
});
