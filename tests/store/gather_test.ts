import assert from "node:assert/strict";
import { makeGatherer } from "../../domain/store/gather.ts";

Deno.test("when it was quiet the work begins at once", async () => {
  let runs = 0;
  const gatherer = makeGatherer(() => Promise.resolve(void (runs += 1)), 60_000);
  gatherer.ring();
  assert.equal(runs, 1);
  await gatherer.idle();
  assert.equal(runs, 1);
});

Deno.test("whoever rings while the work is under way is served by one more run", async () => {
  let runs = 0;
  const first = Promise.withResolvers<void>();
  const gatherer = makeGatherer(() => {
    runs += 1;
    return runs === 1 ? first.promise : Promise.resolve();
  }, 1);
  for (let ring = 0; ring < 10; ring++) gatherer.ring();
  assert.equal(runs, 1);
  first.resolve();
  await gatherer.idle();
  assert.equal(runs, 2);
});

Deno.test("all who ring soon after one run share the next, and none is forgotten", async () => {
  let rung = 0;
  let served = 0;
  let runs = 0;
  const gatherer = makeGatherer(async () => {
    runs += 1;
    served = rung;
    await Promise.resolve();
  }, 5);
  for (let turn = 0; turn < 50; turn++) {
    rung += 1;
    gatherer.ring();
    await Promise.resolve();
  }
  await gatherer.idle();
  assert.equal(served, 50);
  assert.ok(runs < 50, `${runs} runs`);
});
