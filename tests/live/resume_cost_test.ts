import assert from "node:assert/strict";
import { READ_BACK_AT_ONCE } from "../../domain/live/backlog.ts";
import { CURSOR_START } from "../../domain/store/feed.ts";
import { actor, type Client, notificationTo, startHub } from "./peers.ts";

const ADA = actor("ada", "user");

function messages(client: Client): string[] {
  return client.heard("notification").map(({ data }) => data.message);
}

Deno.test("many who come back at once cost one reading of the feed", async () => {
  await using first = startHub();
  for (let n = 0; n < 50; n++) first.post(notificationTo("ada", String(n)));
  await using test = startHub(first.world);
  const clients = await Promise.all(Array.from({ length: 40 }, () => test.join(ADA)));
  const before = first.world.reads;
  await Promise.all(clients.map((each) => each.say({ type: "resume", after: CURSOR_START })));
  for (const each of clients) assert.equal(messages(each).length, 50);
  assert.equal(first.world.reads - before, 1);
});

Deno.test("of many who come back from before what is held for all, one is read for at a time", async () => {
  await using first = startHub();
  first.post(notificationTo("ada", "long ago"));
  // More than is held for all, in more commits than are read back at once.
  const others = Array.from({ length: 60 }, () => notificationTo("bob", "no"));
  for (let n = 0; n < READ_BACK_AT_ONCE + 10; n++) first.post(...others);
  const { store } = first.world;
  const { readEvents } = store;
  let [reading, most] = [0, 0];
  store.readEvents = async (...asked) => {
    most = Math.max(most, ++reading);
    await new Promise((resolve) => setTimeout(resolve, 0));
    reading -= 1;
    return await readEvents(...asked);
  };
  await using test = startHub(first.world);
  const clients = await Promise.all(Array.from({ length: 20 }, () => test.join(ADA)));
  await Promise.all(clients.map((each) => each.say({ type: "resume", after: CURSOR_START })));
  for (const each of clients) assert.deepEqual(messages(each), ["long ago"]);
  assert.equal(most, 1);
});
