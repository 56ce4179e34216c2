import assert from "node:assert/strict";
import { TYPING_FOR_MS } from "../../domain/live/presence.ts";
import { SECOND_MS } from "../../domain/rules/time.ts";
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

async function startDesk(): Promise<TestHub> {
  const test = startHub();
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
  test.clock.advance(20 * SECOND_MS);
  await sees(ada, ["ada", false]);
});
