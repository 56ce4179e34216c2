import assert from "node:assert/strict";
import fc from "fast-check";
import { BUFFERED_BYTES_MAX } from "../../domain/live/connection.ts";
import { CURSOR_START, eventCursor } from "../../domain/store/feed.ts";
import { actor, briefOf, type Client, notificationTo, startHub, until, updated } from "./peers.ts";

const ADA = actor("ada", "user");
const BOSS = actor("boss", "supervisor");
const TICKET = "ticket:t";

function cursors(client: Client): string[] {
  return client.peer.frames.flatMap(({ cursor, type }) => type === "ready" ? [] : cursor ?? []);
}

function messages(client: Client): string[] {
  return client.heard("notification").map(({ data }) => data.message);
}

Deno.test("who was away is told everything that it missed, in order, and then goes on live", async () => {
  await using test = startHub();
  test.post(notificationTo("ada", "before"));
  await test.settle();
  const after = test.cursor();
  const missed = ["one", "two", "three"];
  for (const message of missed) {
    test.post(notificationTo("bob", "no"), notificationTo("ada", message));
  }
  await test.settle();
  const client = await test.join(ADA);
  await client.say({ type: "resume", after });
  assert.deepEqual(client.heard("resumed"), [{ type: "resumed", after }]);
  test.post(notificationTo("ada", "live"));
  await test.settle();
  assert.deepEqual(messages(client), [...missed, "live"]);
  assert.deepEqual(cursors(client), [...cursors(client)].sort(), "in the order of the commits");
});

Deno.test("a commit of which only the first events were heard is told from the next one on", async () => {
  await using test = startHub();
  const events = ["a", "b", "c"].map((message) => notificationTo("ada", message));
  test.post(...events);
  const [stamp = ""] = test.cursor().split("-");
  await test.settle();
  const client = await test.join(ADA);
  await client.say({ type: "resume", after: eventCursor(stamp, 0) });
  assert.deepEqual(messages(client), ["b", "c"]);
});

Deno.test("what is told again is what somebody may see, of the topics that it listens to", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t", { createdBy: "ada" }));
  const after = test.cursor();
  test.post(updated(briefOf("t", { createdBy: "ada" })), updated(briefOf("t"), true));
  test.post(updated(briefOf("u")), notificationTo("boss", "no"));
  await test.settle();
  const [customer, boss] = [await test.join(ADA), await test.join(BOSS)];
  for (const each of [customer, boss]) {
    await each.say({ type: "subscribe", topics: [TICKET, "department:billing"] });
    await each.say({ type: "resume", after });
  }
  const heard = (client: Client): unknown[] =>
    client.heard("event").map(({ topic, data }) => [topic, data.ticketId]);
  assert.deepEqual(heard(customer), [[TICKET, "t"]]);
  assert.deepEqual(heard(boss), [[TICKET, "t"], [TICKET, "t"], ["department:billing", "u"]]);
});

Deno.test("of what comes while somebody is told what it missed, nothing is lost and nothing doubled", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ events: fc.integer({ min: 1, max: 4 }), waits: fc.boolean() }), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.nat(29),
      fc.constantFrom(0, 3, 250),
      async (commits, resumesAt, older) => {
        await using first = startHub();
        const expected = Array.from({ length: older }, (_, n) => `old ${n}`);
        for (const message of expected) first.post(notificationTo("ada", message));
        // This one has not heard the old ones itself.
        await using test = startHub(first.world);
        const client = await test.join(ADA);
        let resuming: Promise<void> | null = null;
        for (const [index, { events, waits }] of commits.entries()) {
          if (index === resumesAt) resuming = client.say({ type: "resume", after: CURSOR_START });
          const made = Array.from({ length: events }, (_, n) => `${index} ${n}`);
          expected.push(...made);
          test.post(...made.map((message) => notificationTo("ada", message)));
          if (waits) await new Promise((resolve) => setTimeout(resolve, 0));
        }
        await (resuming ?? client.say({ type: "resume", after: CURSOR_START }));
        await test.settle();
        const from = client.peer.frames.findIndex(({ type }) => type === "resumed");
        const told = client.peer.frames.slice(from).flatMap(({ type, data }) =>
          type === "notification" ? [data.message] : []
        );
        assert.deepEqual(told, expected);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("who missed what is not kept any more is told so, and then the rest", async () => {
  await using first = startHub();
  const after = CURSOR_START;
  first.post(notificationTo("ada", "gone"));
  const to = first.world.pruned = first.cursor();
  first.post(notificationTo("ada", "kept"));
  await using test = startHub(first.world);
  const client = await test.join(ADA);
  await client.say({ type: "resume", after });
  assert.deepEqual(client.heard("gap"), [{ type: "gap", from: after, to }]);
  assert.deepEqual(messages(client), ["kept"]);
});

Deno.test("who comes second is told as well of what is not kept any more", async () => {
  await using first = startHub();
  first.post(notificationTo("ada", "gone"));
  const to = first.world.pruned = first.cursor();
  first.post(notificationTo("ada", "kept"));
  await using test = startHub(first.world);
  const [early, late] = [await test.join(ADA), await test.join(ADA)];
  // For this one the feed is read back to its start.
  await early.say({ type: "resume", after: to });
  await late.say({ type: "resume", after: CURSOR_START });
  assert.deepEqual(early.heard("gap"), []);
  assert.deepEqual(late.heard("gap"), [{ type: "gap", from: CURSOR_START, to }]);
});

Deno.test("what goes while somebody is told what it missed is a gap too", async () => {
  await using first = startHub();
  first.post(notificationTo("ada", "gone"));
  const to = first.cursor();
  first.post(notificationTo("ada", "kept"));
  const { store } = first.world;
  const { readBack } = store;
  store.readBack = (...asked) => {
    first.world.pruned = to;
    return readBack(...asked);
  };
  await using test = startHub(first.world);
  const client = await test.join(ADA);
  await client.say({ type: "resume", after: CURSOR_START });
  assert.deepEqual(client.heard("gap"), [{ type: "gap", from: CURSOR_START, to }]);
  assert.deepEqual(messages(client), ["kept"]);
});

Deno.test("who cannot be told what it missed hears nothing of what comes behind it", async () => {
  await using first = startHub();
  first.post(notificationTo("ada", "missed"));
  const read = Promise.withResolvers<never>();
  first.world.store.readBack = () => read.promise;
  await using test = startHub(first.world);
  const client = await test.join(ADA);
  await test.join(BOSS);
  const { deps } = test.world;
  // The reading fails in the middle of a commit's events.
  const reload: typeof deps.reload = (actor) => {
    read.reject(new Error("The store is away"));
    return deps.reload(actor);
  };
  test.world.deps = { ...deps, reload };
  const resumed = client.say({ type: "resume", after: CURSOR_START });
  const later = Array.from({ length: 30 }, (_, n) => notificationTo("ada", String(n)));
  test.post({ type: "user.changed", userId: "boss", role: "supervisor" }, ...later);
  await resumed;
  assert.deepEqual(messages(client), []);
  assert.equal(client.peer.closedWith, 1011);
});

Deno.test("a cursor of another store, which nobody has come to, is answered with a gap", async () => {
  await using test = startHub();
  test.post(notificationTo("ada", "x"));
  await test.settle();
  const client = await test.join(ADA);
  const after = eventCursor("f".repeat(20), 0);
  const to = test.cursor();
  await client.say({ type: "resume", after });
  assert.deepEqual(client.heard("gap"), [{ type: "gap", from: after, to }]);
  test.post(notificationTo("ada", "live"));
  await test.settle();
  assert.deepEqual(messages(client), ["live"]);
});

Deno.test("who heard more in another process than this one knows yet does not hear it again", async () => {
  await using test = startHub();
  const client = await test.join(ADA);
  // It is in the store; the relay of this process has not brought it yet.
  const release = test.hold();
  test.post(notificationTo("ada", "heard elsewhere"));
  await client.say({ type: "resume", after: test.cursor() });
  release();
  test.post(notificationTo("ada", "new"));
  await test.settle();
  assert.deepEqual(client.heard("gap"), []);
  assert.deepEqual(messages(client), ["new"]);
});

Deno.test("what is no cursor is answered with an error, and the connection goes on", async () => {
  await using test = startHub();
  const client = await test.join(ADA);
  for (const after of ["", "7", "0".repeat(20), `${"0".repeat(20)}-x`]) {
    await client.say({ type: "resume", after });
  }
  assert.deepEqual(client.heard("error").map(({ code }) => code), Array(4).fill("invalid_input"));
  assert.equal(client.peer.closedWith, null);
});

Deno.test("who reads slowly is told what it missed as fast as it reads, and is not cut off", async () => {
  await using test = startHub();
  for (let n = 0; n < 250; n++) test.post(notificationTo("ada", String(n)));
  await test.settle();
  const client = await test.join(ADA);
  client.peer.buffered = BUFFERED_BYTES_MAX / 2;
  const resumed = client.say({ type: "resume", after: CURSOR_START });
  await until(() => messages(client).length > 0, "the first of it");
  const sent = messages(client).length;
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(messages(client).length, sent, "nothing more while the client does not read");
  client.peer.buffered = 0;
  await resumed;
  assert.equal(messages(client).length, 250);
  assert.equal(client.peer.closedWith, null);
});

Deno.test("who reads is not cut off, though more was missed than may wait for a client", async () => {
  await using test = startHub();
  const text = "x".repeat(BUFFERED_BYTES_MAX / 50);
  for (let n = 0; n < 90; n++) test.post(notificationTo("ada", text));
  await test.settle();
  const client = await test.join(ADA);
  const { peer } = client;
  const { send } = peer;
  peer.send = (frame) => {
    send(frame);
    peer.buffered += frame.length;
    // The network has its turn when the server has ended its own.
    setTimeout(() => peer.buffered -= frame.length, 0);
  };
  await client.say({ type: "resume", after: CURSOR_START });
  assert.equal(peer.closedWith, null);
  assert.equal(messages(client).length, 90);
});
