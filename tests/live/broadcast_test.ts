import assert from "node:assert/strict";
import { TOLD_AT_ONCE } from "../../domain/live/broadcast.ts";
import { actor, briefOf, type Client, startHub, updated } from "./peers.ts";

const BOSS = actor("boss", "supervisor");
const TOPICS = ["ticket:t", "department:billing"];

Deno.test("while many are told others have their turn, and whatever they do each hears it once", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t"));
  const clients: Client[] = [];
  for (let n = 0; n < 2 * TOLD_AT_ONCE + 10; n++) clients.push(await test.join(BOSS));
  const [first, moving, leaving, ...others] = clients;
  const last = clients.at(-1);
  assert(first && moving && leaving && last);
  const newcomer = await test.join(BOSS);
  for (const client of clients) await client.say({ type: "subscribe", topics: TOPICS });
  const after = test.cursor();

  const meanwhile = Promise.withResolvers<void>();
  const { send } = first.peer;
  first.peer.send = (text) => {
    send(text);
    if (!text.startsWith('{"type":"event"')) return;
    // Runs before the rest is told.
    setImmediate(() => {
      assert.equal(last.heard("event").length, 0, "the last ones are told in a later turn");
      leaving.leave();
      Promise.all([
        // Told already, it comes to the end of those who listen.
        moving.say({ type: "unsubscribe", topics: TOPICS })
          .then(() => moving.say({ type: "subscribe", topics: TOPICS })),
        last.say({ type: "resume", after }),
        newcomer.say({ type: "subscribe", topics: TOPICS }),
      ]).then(() => meanwhile.resolve(), meanwhile.reject);
    });
  };
  test.post(updated(briefOf("t")));
  await meanwhile.promise;
  await test.settle();
  const counts = [first, moving, ...others].map((client) => client.heard("event").length);
  assert.deepEqual(counts, counts.map(() => 1));
  assert(newcomer.heard("event").length <= 1);
});
