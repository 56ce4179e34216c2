import assert from "node:assert/strict";
import {
  BUFFERED_BYTES_MAX,
  type Connection,
  FRAMES_PER_SECOND_MAX,
  makeConnection,
} from "../../domain/live/connection.ts";
import { refuse } from "../../domain/rules/refusal.ts";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { actor, type FakePeer, fakePeer } from "./peers.ts";

function connect(): { connection: Connection; peer: FakePeer } {
  const peer = fakePeer();
  return { connection: makeConnection("id", peer, 0, () => {}), peer };
}

Deno.test("a client that does not read is closed with 1013 and sent nothing more", () => {
  const { connection, peer } = connect();
  peer.buffered = BUFFERED_BYTES_MAX;
  connection.send({ type: "pong" });
  assert.equal(peer.frames.length, 1, "at the cap it is sent to");
  peer.buffered += 1;
  connection.send({ type: "pong" });
  connection.send({ type: "pong" });
  assert.deepEqual([peer.closedWith, peer.frames.length], [1013, 1]);
});

Deno.test("a refusal is told before the close", () => {
  const { connection, peer } = connect();
  connection.refuse(refuse("too_large", "Too long."), 1009);
  const told = { type: "error", code: "too_large", message: "Too long." };
  assert.deepEqual([peer.frames, peer.closedWith], [[told], 1009]);
});

Deno.test("a closed connection is nobody's, hears nothing, never ends again, and closes once", () => {
  const { connection, peer } = connect();
  connection.actor = actor("somebody", "admin");
  connection.topics.add("queue");
  connection.close(4403, "Over.");
  connection.close(1012, "Again.");
  connection.send({ type: "pong" });
  assert.deepEqual([peer.closedWith, peer.frames], [4403, []]);
  assert.deepEqual([connection.actor, connection.topics.size], [null, 0]);
  assert.equal(connection.endsAt, Infinity);
});

Deno.test("a second holds so many frames, and the next one counts anew", () => {
  const { connection } = connect();
  const start = 10 * SECOND_MS;
  const busy = (count: number, at: number): boolean[] =>
    Array.from({ length: count }, () => connection.isTooBusy(at));
  assert(busy(FRAMES_PER_SECOND_MAX, start).every((isTooBusy) => !isTooBusy));
  assert(connection.isTooBusy(start + SECOND_MS - 1));
  assert(busy(FRAMES_PER_SECOND_MAX, start + SECOND_MS).every((isTooBusy) => !isTooBusy));
  assert(connection.isTooBusy(start + SECOND_MS));
});

Deno.test("work is done in turn, what fails holds nothing up, and a close ends it", async () => {
  const { connection } = connect();
  const done: number[] = [];
  const first = Promise.withResolvers<void>();
  const turns = [
    connection.inTurn(() => first.promise.then(() => void done.push(1))),
    connection.inTurn(() => Promise.reject(new Error("no luck"))),
    connection.inTurn(() => Promise.resolve(void done.push(3))),
    connection.inTurn(() => Promise.resolve(connection.close(1012, ""))),
    connection.inTurn(() => Promise.resolve(void done.push(5))),
  ];
  first.resolve();
  const outcomes = await Promise.allSettled(turns);
  assert.deepEqual(done, [1, 3]);
  const failed = outcomes.map(({ status }) => status === "rejected");
  assert.deepEqual(failed, [false, true, false, false, false]);
});
