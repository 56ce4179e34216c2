import assert from "node:assert/strict";
import { makeTurns } from "../../domain/store/turns.ts";

Deno.test("those who want the same key go one after the other, in the order they came", async () => {
  const turns = makeTurns();
  const order: string[] = [];
  const enter = async (name: string, keys: readonly string[]): Promise<void> => {
    const leave = await turns.take(keys);
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
    leave();
  };
  await Promise.all([enter("a", ["k"]), enter("b", ["k"]), enter("c", ["k"])]);
  assert.deepEqual(order, ["a in", "a out", "b in", "b out", "c in", "c out"]);
});

Deno.test("those who want other keys do not wait", async () => {
  const turns = makeTurns();
  const leave = await turns.take(["a"]);
  const other = await turns.take(["b"]);
  other();
  leave();
});

Deno.test("two who want the same keys in another order do not wait for each other", async () => {
  const turns = makeTurns();
  let done = 0;
  await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const leave = await turns.take(index % 2 === 0 ? ["a", "b", "b"] : ["b", "a"]);
      await Promise.resolve();
      done += 1;
      leave();
    }),
  );
  assert.equal(done, 50);
});
