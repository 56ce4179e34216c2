import assert from "node:assert/strict";
import { FEED_START, readFeed } from "../../domain/store/feed.ts";
import {
  endPresence,
  PRESENCE_FOR_MS,
  readPresence,
  showPresence,
} from "../../domain/store/presence.ts";
import type { Store } from "../../domain/store/store.ts";
import { fakeClock } from "../support/time.ts";
import { memoryStore } from "./samples.ts";

const ADA = { id: "ada", name: "Ada", typing: false };
const BOB = { id: "bob", name: "Bob", typing: false };

async function eventsOf(store: Store): Promise<unknown[]> {
  return (await readFeed(store, FEED_START, 100)).flatMap(({ events }) => events);
}

Deno.test("a person with two windows is one viewer, who types if it types in one of them", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  await showPresence(store, "t", "two", BOB, true);
  await showPresence(store, "t", "one", ADA, true);
  await showPresence(store, "t", "three", { ...ADA, typing: true }, true);
  await showPresence(store, "u", "four", ADA, true);
  assert.deepEqual(await readPresence(store, "t"), [{ ...ADA, typing: true }, BOB]);
  await endPresence(store, "t", "three");
  assert.deepEqual(await readPresence(store, "t"), [ADA, BOB]);
});

Deno.test("who said nothing for long has left, though its process died", async () => {
  const clock = fakeClock();
  using memory = await memoryStore(clock);
  const { store } = memory;
  await showPresence(store, "t", "one", ADA, true);
  await showPresence(store, "t", "two", BOB, true);
  clock.advance(PRESENCE_FOR_MS - 1);
  await showPresence(store, "t", "two", BOB, false);
  clock.advance(1);
  assert.deepEqual(await readPresence(store, "t"), [BOB]);
});

Deno.test("the feed is told of who comes and goes, and not of who stays", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  await showPresence(store, "t", "one", ADA, true);
  await showPresence(store, "t", "one", ADA, false);
  await endPresence(store, "t", "one");
  const changed = { type: "presence.changed", ticketId: "t" };
  assert.deepEqual(await eventsOf(store), [changed, changed]);
});
