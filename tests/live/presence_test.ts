import assert from "node:assert/strict";
import { TYPING_FOR_MS } from "../../domain/live/presence.ts";
import { SECOND_MS } from "../../domain/rules/time.ts";
import { makeWorld } from "./world.ts";
import { actor, briefOf, type Client, type Frame, startHub, type TestHub, until } from "./peers.ts";

const ADA = actor("ada", "agent", "Billing");
const BOB = actor("bob", "agent", "Billing");
const CUSTOMER = actor("customer", "user");

/** Waits until the last that a client was told of a ticket's viewers is this. */
async function sees(client: Client, ...viewers: [id: string, typing: boolean][]): Promise<void> {
  const expected = JSON.stringify(viewers);
  const told = (): string => {
    const last: Frame | undefined = client.heard("presence").at(-1);
    return JSON.stringify(last?.["viewers"].map(({ id, typing }: Frame) => [id, typing]));
  };
  await until(() => told() === expected, `${expected}, but ${told()}`);
}

async function startDesk(world = makeWorld()): Promise<TestHub> {
  const test = startHub(world);
  for (const id of ["t", "u"]) test.tickets.set(id, briefOf(id));
  await test.settle();
  return test;
}

Deno.test("who looks at the same ticket knows of each other, in every process", async () => {
  await using test = await startDesk();
  await using other = startHub(test.world);
  const [ada, bob] = [await test.join(ADA), await other.join(BOB)];
  await ada.say({ type: "viewing", ticketId: "t" });
  await sees(ada, ["ada", false]);
  await bob.say({ type: "viewing", ticketId: "t" });
  for (const each of [ada, bob]) await sees(each, ["ada", false], ["bob", false]);
  const frame = bob.heard("presence").at(-1);
  assert.deepEqual(frame, {
    type: "presence",
    ticketId: "t",
    viewers: [{ id: "ada", name: "ada", typing: false }, { id: "bob", name: "bob", typing: false }],
  });
  await bob.say({ type: "typing", ticketId: "t" });
  for (const each of [ada, bob]) await sees(each, ["ada", false], ["bob", true]);
  bob.leave();
  await sees(ada, ["ada", false]);
});

Deno.test("a connection looks at one ticket: at another, or at none, it leaves the first", async () => {
  await using test = await startDesk();
  const [ada, bob] = [await test.join(ADA), await test.join(BOB)];
  for (const each of [ada, bob]) await each.say({ type: "viewing", ticketId: "t" });
  await sees(ada, ["ada", false], ["bob", false]);
  await bob.say({ type: "viewing", ticketId: "u" });
  await sees(ada, ["ada", false]);
  await sees(bob, ["bob", false]);
  await bob.say({ type: "viewing", ticketId: "t" });
  await sees(ada, ["ada", false], ["bob", false]);
  await bob.say({ type: "viewing", ticketId: null });
  await sees(ada, ["ada", false]);
});

Deno.test("whoever says no more that it types stops typing, and who goes on does not", async () => {
  await using test = await startDesk();
  const [ada, bob] = [await test.join(ADA), await test.join(BOB)];
  await ada.say({ type: "viewing", ticketId: "t" });
  await bob.say({ type: "typing", ticketId: "t" });
  await sees(ada, ["ada", false], ["bob", true]);
  test.clock.advance(TYPING_FOR_MS - 1);
  await bob.say({ type: "typing", ticketId: "t" });
  test.clock.advance(TYPING_FOR_MS - 1);
  const before = ada.heard("presence").length;
  await new Promise((resolve) => setTimeout(resolve, 1.2 * SECOND_MS));
  assert.equal(ada.heard("presence").length, before, "it typed again in time");
  test.clock.advance(1);
  await sees(ada, ["ada", false], ["bob", false]);
});

Deno.test("customers and who may not see the ticket are told so, and look at nothing", async () => {
  await using test = await startDesk();
  const far = actor("far", "agent", "Shipping");
  const cases = [
    [CUSTOMER, "t", "forbidden"],
    [far, "t", "not_found"],
    [ADA, "none", "not_found"],
  ] as const;
  const witness = await test.join(BOB);
  await witness.say({ type: "viewing", ticketId: "t" });
  for (const [person, ticketId, code] of cases) {
    for (const type of ["viewing", "typing"]) {
      const client = await test.join(person);
      await client.say({ type, ticketId });
      assert.deepEqual(client.heard("error").map((each) => each["code"]), [code]);
      assert.equal(client.peer.closedWith, null);
    }
  }
  await sees(witness, ["bob", false]);
});

Deno.test("who may not see the ticket any more is no viewer of it before long", async () => {
  await using test = await startDesk();
  const [ada, bob] = [await test.join(ADA), await test.join(BOB)];
  for (const each of [ada, bob]) await each.say({ type: "viewing", ticketId: "t" });
  await sees(ada, ["ada", false], ["bob", false]);
  test.actors.set("bob", actor("bob", "agent", "Shipping"));
  const moved = { type: "agent.changed", agentId: "agent bob", userId: "bob" } as const;
  test.post({ ...moved, at: 0, status: "online", onBreak: false });
  await test.settle();
  await sees(ada, ["ada", false]);
});

Deno.test("who leaves on the way from one ticket to another is a viewer of neither", async () => {
  const world = makeWorld();
  const { endPresence } = world.store;
  const ended = Promise.withResolvers<void>();
  world.store.endPresence = async (...presence) => {
    await endPresence(...presence);
    await ended.promise;
  };
  await using test = await startDesk(world);
  const [ada, bob] = [await test.join(ADA), await test.join(BOB)];
  await ada.say({ type: "viewing", ticketId: "u" });
  await bob.say({ type: "viewing", ticketId: "t" });
  await sees(bob, ["bob", false]);
  const moved = bob.say({ type: "viewing", ticketId: "u" });
  await until(() => world.viewers().length === 1, "bob has left the first");
  bob.leave();
  ended.resolve();
  await moved;
  assert.deepEqual(world.viewers(), ["u ada"]);
});

Deno.test("what is found out of the ticket before does not end the look at the next one", async () => {
  const world = makeWorld();
  const { visibleTicketId } = world.store;
  const [asked, found] = [Promise.withResolvers<void>(), Promise.withResolvers<null>()];
  let isLate = false;
  world.store.visibleTicketId = (actor, id) => {
    if (!isLate || id !== "t") return visibleTicketId(actor, id);
    asked.resolve();
    return found.promise;
  };
  await using test = await startDesk(world);
  const ada = await test.join(ADA);
  await ada.say({ type: "viewing", ticketId: "t" });
  isLate = true;
  test.clock.advance(20 * SECOND_MS);
  await asked.promise;
  await ada.say({ type: "viewing", ticketId: "u" });
  found.resolve(null);
  await test.settle();
  assert.deepEqual(world.viewers(), ["u ada"]);
});

Deno.test("of two readings of a ticket's viewers the older one is never told last", async () => {
  const world = makeWorld();
  const { readPresence } = world.store;
  let isSlow = false;
  const slow = Promise.withResolvers<void>();
  world.store.readPresence = async (ticketId) => {
    const viewers = await readPresence(ticketId);
    if (!isSlow) return viewers;
    isSlow = false;
    await slow.promise;
    return viewers;
  };
  await using test = await startDesk(world);
  const [ada, bob] = [await test.join(ADA), await test.join(BOB)];
  await ada.say({ type: "viewing", ticketId: "t" });
  await sees(ada, ["ada", false]);
  isSlow = true;
  await bob.say({ type: "viewing", ticketId: "t" });
  await until(() => !isSlow, "the slow reading has begun");
  await bob.say({ type: "typing", ticketId: "t" });
  await test.settle();
  slow.resolve();
  await test.settle();
  await sees(ada, ["ada", false], ["bob", true]);
});
