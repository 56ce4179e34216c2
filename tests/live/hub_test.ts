import assert from "node:assert/strict";
import { BUFFERED_BYTES_MAX, FRAMES_PER_SECOND_MAX } from "../../domain/live/connection.ts";
import { FRAME_BYTES_MAX } from "../../domain/live/frame.ts";
import type { Actor } from "../../domain/rules/actor.ts";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { eventCursor } from "../../domain/store/feed.ts";
import { actor, notificationTo, startHub, until } from "./peers.ts";
import { TOKEN_LIVES_MS } from "./world.ts";

const ADA = actor("ada", "user");

Deno.test("a token at the upgrade makes the connection ready, with its user and the place", async () => {
  await using test = startHub();
  // Whoever heard the last of what was told knows that the hub has told it.
  await test.settle();
  const client = await test.join(ADA);
  assert.deepEqual(client.peer.frames, [{
    type: "ready",
    connectionId: "connection 2",
    user: { id: "ada", name: "ada", role: "user" },
    cursor: eventCursor("1".padStart(20, "0"), 0),
    heartbeatSeconds: 30,
  }]);
});

Deno.test("the first frame may be auth; before it nothing else is answered but with 4401", async () => {
  await using test = startHub();
  test.actors.set("ada", ADA);
  const client = test.connect(null);
  await client.say({ type: "auth", token: "ada" });
  await client.say({ type: "ping" });
  assert.deepEqual(client.peer.frames.map(({ type }) => type), ["ready", "pong"]);
  for (const type of ["ping", "subscribe", "unsubscribe"]) {
    const early = test.connect(null);
    await early.say({ type, topics: [] });
    assert.equal(early.heard("error")[0]?.["code"], "unauthenticated");
    assert.deepEqual([early.peer.closedWith, early.peer.frames.length], [4401, 1], type);
  }
});

Deno.test("a bad token is answered with 4401, at the upgrade and in a frame", async () => {
  await using test = startHub();
  const upgraded = test.connect("unknown");
  const framed = test.connect(null);
  await framed.say({ type: "auth", token: "unknown" });
  await until(() => upgraded.peer.closedWith !== null, "the close");
  assert.deepEqual([upgraded.peer.closedWith, framed.peer.closedWith], [4401, 4401]);
  assert.equal(upgraded.heard("error")[0]?.["code"], "unauthenticated");
});

Deno.test("who does not authenticate within five seconds is closed with 4401, who did is not", async () => {
  await using test = startHub();
  const silent = test.connect(null);
  const client = await test.join(ADA);
  test.clock.advance(5 * SECOND_MS - 1);
  const later = test.connect(null);
  test.clock.advance(1);
  await until(() => silent.peer.closedWith !== null, "the close");
  assert.equal(silent.peer.closedWith, 4401);
  assert.deepEqual([client.peer.closedWith, later.peer.closedWith], [null, null]);
});

Deno.test("a token that came in time is not too late because the store is slow", async () => {
  await using test = startHub();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const { reload } = test.world.deps;
  test.world.deps.reload = (actor) =>
    actor.userId === "ada" ? answered.then(() => reload(actor)) : reload(actor);
  test.actors.set("ada", ADA);
  const [upgraded, framed, silent] = [test.connect("ada"), test.connect(null), test.connect(null)];
  const said = framed.say({ type: "auth", token: "ada" });
  test.clock.advance(5 * SECOND_MS);
  await until(() => silent.peer.closedWith !== null, "the close of who sent no token")
    .finally(answer);
  await said;
  await until(() => upgraded.heard("ready").length === 1, "ready");
  assert.equal(framed.heard("ready").length, 1);
  test.clock.advance(TOKEN_LIVES_MS);
  await until(() => upgraded.peer.closedWith !== null, "the token's end");
  assert.equal(upgraded.peer.closedWith, 4401);
});

Deno.test("those who come at once are looked up side by side, and one that fails is alone in it", async () => {
  await using test = startHub();
  const { promise: allAsked, resolve: answer } = Promise.withResolvers<void>();
  const { reload } = test.world.deps;
  let asked = 0;
  test.world.deps.reload = async (actor) => {
    asked += 1;
    await allAsked;
    if (actor.userId === "bob") throw new Error("The store is away");
    return await reload(actor);
  };
  test.actors.set("ada", ADA).set("bob", actor("bob", "user"));
  const bob = test.connect("bob");
  const clients = Array.from({ length: 80 }, () => test.connect("ada"));
  await until(() => asked > 1, "more than one lookup before the first is answered")
    .finally(answer);
  // It is told after the turn in which they are let in: whoever is ready then hears it.
  test.post(notificationTo("ada", "in the middle"));
  await until(() => clients.every((each) => each.heard("ready").length === 1), "all ready");
  await until(() => clients.every((each) => each.heard("notification").length === 1), "all told");
  assert.deepEqual([bob.peer.closedWith, test.faults.length], [1011, 1]);
});

Deno.test("the token's end ends the connection with 4401, unless a fresh one came", async () => {
  await using test = startHub();
  const [idle, fresh] = [await test.join(ADA), await test.join(ADA)];
  test.clock.advance(TOKEN_LIVES_MS - 1);
  await fresh.say({ type: "auth", token: "ada" });
  test.clock.advance(1);
  await until(() => idle.peer.closedWith !== null, "the close");
  assert.equal(idle.peer.closedWith, 4401);
  assert.equal(fresh.peer.closedWith, null);
  assert.equal(fresh.heard("ready").length, 1, "it was ready before");
});

Deno.test("a connection cannot be handed to somebody else: 4403", async () => {
  await using test = startHub();
  test.actors.set("bob", actor("bob", "user"));
  const client = await test.join(ADA);
  await client.say({ type: "auth", token: "bob" });
  assert.equal(client.peer.closedWith, 4403);
});

Deno.test("a session that ends is cut off with 4403, and the user's other one is not", async () => {
  await using test = startHub();
  const [one, two] = [actor("ada", "user"), { ...actor("ada", "user"), sessionId: "two" }];
  const sessions = new Map<string, Actor>([["one", one], ["two", two]]);
  const tokenExpiresAt = Infinity;
  test.world.deps.authenticate = (token) =>
    Promise.resolve({ actor: token === "one" ? one : two, tokenExpiresAt });
  test.world.deps.reload = ({ sessionId }) =>
    Promise.resolve(sessions.get(sessionId === "two" ? "two" : "one") ?? null);
  const [first, second] = [test.connect("one"), test.connect("two")];
  await until(() => second.heard("ready").length === 1, "ready");
  sessions.delete("one");
  test.post({ type: "session.ended", userId: "ada", sessionId: one.sessionId });
  await until(() => first.peer.closedWith !== null, "the close");
  assert.deepEqual([first.peer.closedWith, second.peer.closedWith], [4403, null]);
});

Deno.test("who gets another role is cut off with 4403 before the next event", async () => {
  await using test = startHub();
  const client = await test.join(ADA);
  test.actors.set("ada", actor("ada", "supervisor"));
  test.post(
    { type: "user.changed", userId: "ada", role: "supervisor" },
    notificationTo("ada", "x"),
  );
  await until(() => client.peer.closedWith !== null, "the close");
  assert.equal(client.peer.closedWith, 4403);
  await test.settle();
  assert.deepEqual(client.heard("notification"), []);
});

Deno.test("a session that ends while its token is looked at does not get in", async () => {
  await using test = startHub();
  const { promise, resolve } = Promise.withResolvers<void>();
  test.actors.set("ada", ADA);
  const { authenticate } = test.world.deps;
  let asked = false;
  test.world.deps.authenticate = async (token) => {
    const principal = await authenticate(token);
    asked = token === "ada";
    if (asked) await promise;
    return principal;
  };
  const client = test.connect("ada");
  await until(() => asked, "the question");
  test.actors.delete("ada");
  test.post({ type: "session.ended", userId: "ada", sessionId: ADA.sessionId });
  await test.settle();
  resolve();
  await until(() => client.peer.closedWith !== null, "the close");
  assert.deepEqual([client.peer.closedWith, client.peer.frames], [4403, []]);
});

Deno.test("junk is answered with 1008 and a frame too long with 1009, after an error", async () => {
  await using test = startHub();
  const cases = [["nonsense", 1008], ["x".repeat(FRAME_BYTES_MAX + 1), 1009]] as const;
  for (const [data, code] of cases) {
    const client = await test.join(ADA);
    await client.sayRaw(data);
    await client.say({ type: "ping" });
    assert.equal(client.peer.closedWith, code);
    assert.deepEqual(client.peer.frames.map(({ type }) => type), ["ready", "error"]);
  }
});

Deno.test("a client that sends too many frames in a second is closed with 1008", async () => {
  await using test = startHub();
  const client = await test.join(ADA);
  for (let round = 0; round < 3; round++) {
    for (let frame = 0; frame < FRAMES_PER_SECOND_MAX; frame++) await client.say({ type: "ping" });
    test.clock.advance(SECOND_MS);
  }
  assert.equal(client.peer.closedWith, null, "at the limit, second for second");
  for (let frame = 0; frame <= FRAMES_PER_SECOND_MAX; frame++) await client.say({ type: "ping" });
  assert.equal(client.peer.closedWith, 1008);
});

Deno.test("a client that does not read is closed with 1013, and the others hear all", async () => {
  await using test = startHub();
  const [slow, quick] = [await test.join(ADA), await test.join(ADA)];
  slow.peer.buffered = BUFFERED_BYTES_MAX + 1;
  for (let n = 0; n < 10; n++) test.post(notificationTo("ada", String(n)));
  await test.settle();
  assert.deepEqual([slow.peer.closedWith, slow.heard("notification").length], [1013, 0]);
  assert.equal(quick.heard("notification").length, 10);
});

Deno.test("a desk that fails closes the connection that asked with 1011, and no other", async () => {
  await using test = startHub();
  const other = await test.join(actor("other", "user"));
  const { authenticate } = test.world.deps;
  test.world.deps.authenticate = () => Promise.reject(new Error("The store is away"));
  const [upgraded, framed] = [test.connect("ada"), test.connect(null)];
  await framed.say({ type: "auth", token: "ada" });
  await until(() => upgraded.peer.closedWith !== null, "the close");
  assert.deepEqual([upgraded.peer.closedWith, framed.peer.closedWith], [1011, 1011]);
  assert.equal(test.faults.length, 2);
  test.world.deps.authenticate = authenticate;
  await test.settle();
  assert.equal(other.peer.closedWith, null);
});
