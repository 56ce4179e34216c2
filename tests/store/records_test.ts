import assert from "node:assert/strict";
import fc from "fast-check";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { feedEnd, readFeed } from "../../domain/store/feed.ts";
import { keys } from "../../domain/store/keys.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { read } from "../../domain/store/store.ts";
import { faultsOf } from "../support/desk.ts";
import { anyMove, makeWorld, play } from "./histories.ts";
import { memoryStore } from "./samples.ts";

/** Rounds of moves; those of one round come at the same moment. */
const anyHistory = fc.array(fc.array(anyMove, { minLength: 1, maxLength: 6 }), { maxLength: 12 });

Deno.test("after any history every index entry and every counter follows from the records", async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      using memory = await memoryStore();
      const world = await makeWorld(memory.store);
      for (const round of history) {
        await Promise.all(round.map((move) => play(world, move)));
        assert.deepEqual(await faultsOf(memory.store), []);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("the feed tells of every change of a record once, in the order of the commits", async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      using memory = await memoryStore();
      const { store } = memory;
      const world = await makeWorld(store);
      const begin = await feedEnd(store);
      const heard: string[] = [];
      store.committer.onCommit(({ versionstamp }) => heard.push(versionstamp));
      for (const move of history.flat()) {
        if (move.kind !== "change ticket") continue;
        await play(world, { kind: "open ticket", place: move.place });
      }
      await Promise.all(history.flat().map((move) => play(world, move)));
      const feed = await readFeed(store, begin, 1_000);
      const stamps = feed.map(({ versionstamp }) => versionstamp);
      assert.deepEqual(stamps, [...new Set(stamps)].sort(), "versionstamps rise strictly");
      assert.deepEqual(heard, stamps, "who listens hears the same order");
      for (const id of world.ticketIds) {
        const told = feed.flatMap(({ events }) =>
          events.flatMap((event) =>
            event.type === "intent.made" && event.name === id ? [event.id] : []
          )
        );
        const last = await read(store, tickets, keys.ticket(id));
        assert.deepEqual(told, expectedVersions(told, last?.estimatedHours ?? null));
      }
    }),
    { numRuns: 60 },
  );
});

/** Lives of a ticket: versions 1, 2, 3, … until it is removed, and from 1 again; the last is `last`. */
function expectedVersions(told: readonly string[], last: number | null): string[] {
  let version = 0;
  const expected = told.map((what) => {
    version = what === "removed" ? 0 : version + 1;
    return what === "removed" ? what : `version ${version}`;
  });
  assert.equal(last ?? 0, version, "the newest event is of the record as it is");
  return expected;
}

Deno.test("a move that lost to others again and again has left nothing", async () => {
  using memory = await memoryStore();
  const world = await makeWorld(memory.store);
  await play(world, { kind: "open ticket", place: 0 });
  const move = {
    kind: "change ticket",
    place: 0,
    status: "in-progress",
    holder: 0,
    priority: 1,
    department: "billing",
    tags: [],
    isLong: false,
  } as const;
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => play(world, move)));
  const done = outcomes.filter((outcome) => !isRefusal(outcome)).length;
  const [ticketId = ""] = world.ticketIds;
  const ticket = await read(memory.store, tickets, keys.ticket(ticketId));
  assert.equal(ticket?.estimatedHours, 1 + done, "those that took effect, and no others");
  assert.deepEqual(await faultsOf(memory.store), []);
});
