import assert from "node:assert/strict";
import fc from "fast-check";
import { HANDED_BYTES_MAX, HANDED_FRAMES_MAX, Outboxes } from "../../domain/live/outbox.ts";
import { type FakePeer, fakePeer, until } from "./peers.ts";

/** A peer whose client takes nothing until it is told to. */
function deafPeer(): FakePeer & { take(): void } {
  const peer = fakePeer();
  const send = peer.send;
  return Object.assign(peer, {
    send(text: string): void {
      send(text);
      peer.buffered += new TextEncoder().encode(text).length;
    },
    take(): void {
      peer.buffered = 0;
    },
  });
}

const numbersOf = ({ frames }: FakePeer): unknown[] => frames.map(({ n }) => n);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const text = (n: number, filling = ""): string => JSON.stringify({ n, filling });

Deno.test("who takes nothing costs the platform a few frames, and everything is counted", () => {
  const peer = deafPeer();
  const outbox = new Outboxes().around(peer);
  let bytes = 0;
  for (const n of upTo(1_000)) {
    outbox.send(text(n, "é"));
    bytes += text(n, "é").length + 1; // in UTF-8
  }
  assert.deepEqual(numbersOf(peer), upTo(HANDED_FRAMES_MAX));
  assert.equal(outbox.bufferedBytes(), bytes);
  outbox.close(1013, "Reads too slowly.");
  assert.deepEqual([peer.closedWith, peer.frames.length], [1013, HANDED_FRAMES_MAX]);
});

Deno.test("of long frames the platform has one more than it may have at most", () => {
  const peer = deafPeer();
  const outbox = new Outboxes().around(peer);
  for (const n of upTo(10)) outbox.send(text(n, "x".repeat(HANDED_BYTES_MAX - 100)));
  assert.deepEqual(numbersOf(peer), [0, 1]);
  outbox.close(1013, "Reads too slowly.");
});

Deno.test("who is closed for another reason has what waited for it before", () => {
  const peer = deafPeer();
  const outbox = new Outboxes().around(peer);
  for (const n of upTo(500)) outbox.send(text(n));
  outbox.close(1012, "Restarting.");
  assert.deepEqual([peer.closedWith, numbersOf(peer)], [1012, upTo(500)]);
});

Deno.test("whoever takes what it is sent has it all, once and in order, whenever it does", async () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constant("take" as const)));
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const peer = deafPeer();
      const outbox = new Outboxes().around(peer);
      let sent = 0;
      for (const step of steps) {
        if (step === "take") peer.take();
        else for (let n = 0; n < step; n++) outbox.send(text(sent++));
      }
      await until(() => {
        peer.take();
        return peer.frames.length === sent;
      }, "all of it");
      assert.deepEqual(numbersOf(peer), upTo(sent));
      assert.equal(outbox.bufferedBytes(), peer.buffered);
    }),
    { numRuns: 50 },
  );
});
