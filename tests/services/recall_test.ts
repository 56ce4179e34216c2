import assert from "node:assert/strict";
import { makeRecall } from "../../domain/services/recall.ts";
import { fakeClock } from "../support/time.ts";

Deno.test("what was read before something was forgotten is not remembered after", () => {
  const clock = fakeClock();
  const recall = makeRecall<string>(10, 1_000, clock.now);
  const before = recall.forgotten();
  recall.forget("a");
  recall.set("a", "stale", before);
  assert.equal(recall.get("a"), undefined);
  recall.set("a", "fresh", recall.forgotten());
  assert.equal(recall.get("a"), "fresh");
});

Deno.test("nothing is remembered longer than its lifetime, or beyond the number that fits", () => {
  const clock = fakeClock();
  const recall = makeRecall<number>(2, 1_000, clock.now);
  for (const [index, key] of ["a", "b", "c"].entries()) {
    recall.set(key, index, recall.forgotten());
  }
  assert.deepEqual(["a", "b", "c"].map((key) => recall.get(key)), [undefined, 1, 2]);
  clock.advance(1_000);
  assert.deepEqual(["b", "c"].map((key) => recall.get(key)), [undefined, undefined]);
});

Deno.test("all that a change makes stale is forgotten at once", () => {
  const recall = makeRecall<number>(10, 1_000, fakeClock().now);
  for (const [key, value] of [["a", 1], ["b", 2], ["c", 1]] as const) {
    recall.set(key, value, recall.forgotten());
  }
  recall.forgetWhere((value) => value === 1);
  assert.deepEqual(["a", "b", "c"].map((key) => recall.get(key)), [undefined, 2, undefined]);
});
