import assert from "node:assert/strict";
import { actor, notificationTo, startHub, until } from "./peers.ts";

const ADA = actor("ada", "user");

Deno.test("who cannot be looked up again is closed, and everybody else hears what comes", async () => {
  await using test = startHub();
  const [ada, other] = [await test.join(ADA), await test.join(actor("other", "user"))];
  const { reload } = test.world.deps;
  test.world.deps.reload = (actor) =>
    actor.userId === "ada" ? Promise.reject(new Error("The store is away")) : reload(actor);
  test.post({ type: "user.changed", userId: "ada", role: "user" }, notificationTo("other", "x"));
  await test.settle();
  assert.equal(ada.peer.closedWith, 1011);
  assert.equal(other.heard("notification").length, 1);
  assert.equal(test.faults.length, 1);
});

Deno.test("a hub that stops hands out what came before, closes with 1012, and takes nobody", async () => {
  const test = startHub();
  const client = await test.join(ADA);
  test.post(notificationTo("ada", "last"));
  await test.settle();
  await test.hub.stop();
  assert.deepEqual([client.peer.closedWith, client.heard("notification").length], [1012, 1]);
  const late = test.connect("ada");
  assert.equal(late.peer.closedWith, 1012);
  await test[Symbol.asyncDispose]();
  assert.deepEqual(late.peer.frames, []);
});

Deno.test("a hub that stops while the store does not say who somebody is closes with 1012 all the same", async () => {
  await using test = startHub();
  const client = await test.join(ADA);
  const { deps } = test.world;
  const [asked, known] = [Promise.withResolvers<void>(), Promise.withResolvers<null>()];
  const reload: typeof deps.reload = () => {
    asked.resolve();
    return known.promise;
  };
  test.world.deps = { ...deps, reload };
  test.post({ type: "user.changed", userId: "ada", role: "user" });
  await asked.promise;
  const stopped = test.hub.stop();
  try {
    await until(() => client.peer.closedWith !== null, "the close");
  } finally {
    known.resolve(null);
  }
  assert.equal(client.peer.closedWith, 1012);
  await stopped;
});
