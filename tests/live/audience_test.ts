import assert from "node:assert/strict";
import fc from "fast-check";
import { isStaff, maySeeTicket } from "../../domain/rules/actor.ts";
import { eventCursor } from "../../domain/store/feed.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { actor, briefOf, notificationTo, startHub, updated } from "./peers.ts";

const CUSTOMER = actor("customer", "user");
const STRANGER = actor("stranger", "user");
const NEAR = actor("near", "agent", "Billing");
const FAR = actor("far", "agent", "Shipping");
const BOSS = actor("boss", "supervisor");
const EVERYBODY = [CUSTOMER, STRANGER, NEAR, FAR, BOSS];

const TICKET = "ticket:t";

Deno.test("only who may see a ticket can listen to it; others are told that there is none", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t"));
  for (const person of EVERYBODY) {
    const client = await test.join(person);
    await client.say({ type: "subscribe", topics: [TICKET, "ticket:none"] });
    const sees = maySeeTicket(person, briefOf("t"));
    const joined = client.heard("subscribed").flatMap(({ topics }) => topics);
    assert.deepEqual(joined, sees ? [TICKET] : [], person.userId);
    const codes = client.heard("error").map(({ code }) => code);
    assert.deepEqual(codes, sees ? ["not_found"] : ["not_found", "not_found"]);
    assert.equal(client.peer.closedWith, null);
  }
});

Deno.test("staff listen to the queue, customers are refused, and there are no other topics", async () => {
  await using test = startHub();
  for (const person of EVERYBODY) {
    const client = await test.join(person);
    await client.say({ type: "subscribe", topics: ["queue"] });
    assert.equal(client.heard("subscribed").length, isStaff(person) ? 1 : 0, person.userId);
    assert.equal(client.heard("error")[0]?.["code"], isStaff(person) ? undefined : "forbidden");
    await client.say({ type: "subscribe", topics: ["everything", "ticket:", ""] });
    const codes = client.heard("error").map(({ code }) => code).slice(-3);
    assert.deepEqual(codes, ["invalid_input", "invalid_input", "invalid_input"]);
  }
});

Deno.test("a connection has a bounded number of topics", async () => {
  await using test = startHub();
  const client = await test.join(BOSS);
  for (let from = 0; from < 300; from += 100) {
    const ids = Array.from({ length: 100 }, (_, n) => `t${from + n}`);
    for (const id of ids) test.tickets.set(id, briefOf(id));
    await client.say({ type: "subscribe", topics: ids.map((id) => `ticket:${id}`) });
  }
  const joined = client.heard("subscribed").flatMap(({ topics }) => topics);
  assert.equal(joined.length, 200);
  assert.equal(client.heard("error").length, 100);
  assert(client.heard("error").every(({ code }) => code === "conflict"));
});

Deno.test("an internal event reaches staff alone, however the customer listens", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t"));
  const [customer, agent] = [await test.join(CUSTOMER), await test.join(NEAR)];
  for (const each of [customer, agent]) await each.say({ type: "subscribe", topics: [TICKET] });
  test.post(updated(briefOf("t"), true), updated(briefOf("t")));
  test.post(updated(briefOf("t"), true));
  await test.settle();
  const stamp = (count: number): string => count.toString(16).padStart(20, "0");
  const cursors = (client: typeof agent): string[] =>
    client.heard("event").map((each) => each["cursor"]);
  assert.deepEqual(cursors(customer), [eventCursor(stamp(1), 1)]);
  assert.deepEqual(cursors(agent), [
    eventCursor(stamp(1), 0),
    eventCursor(stamp(1), 1),
    eventCursor(stamp(2), 0),
  ]);
});

Deno.test("a notification reaches every socket of its recipient, and nobody else's", async () => {
  await using test = startHub();
  const own = [await test.join(CUSTOMER), await test.join(CUSTOMER)];
  const others = [await test.join(STRANGER), await test.join(BOSS)];
  for (const each of others) await each.say({ type: "subscribe", topics: ["queue", TICKET] });
  test.post(notificationTo("customer", "yours"));
  await test.settle();
  for (const client of own) {
    assert.deepEqual(client.heard("notification").map(({ data }) => data.message), ["yours"]);
  }
  for (const client of others) assert.deepEqual(client.heard("notification"), []);
});

Deno.test("a notification that is to be silent reaches no socket, in whichever process it was made", async () => {
  await using test = startHub();
  const client = await test.join(CUSTOMER);
  test.post(notificationTo("customer", "silent", false), notificationTo("customer", "loud", true));
  await test.settle();
  assert.deepEqual(client.heard("notification").map(({ data }) => data.message), ["loud"]);
  assert.equal("live" in client.heard("notification")[0]?.["data"], false);
});

Deno.test("that the promises have changed is for processes, and nobody hears of it", async () => {
  await using test = startHub();
  const clients = [];
  for (const person of EVERYBODY) clients.push(await test.join(person));
  for (const each of clients) await each.say({ type: "subscribe", topics: ["queue"] });
  const before = clients.map(({ peer }) => peer.frames.length);
  test.post({ type: "sla.changed", version: 1 });
  await test.settle();
  assert.deepEqual(clients.map(({ peer }) => peer.frames.length), before);
});

Deno.test("who has unsubscribed or left hears no more", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t"));
  const [one, two, three] = [await test.join(BOSS), await test.join(BOSS), await test.join(BOSS)];
  for (const each of [one, two, three]) await each.say({ type: "subscribe", topics: [TICKET] });
  await one.say({ type: "unsubscribe", topics: [TICKET] });
  two.leave();
  test.post(updated(briefOf("t")));
  await test.settle();
  assert.deepEqual(one.heard("unsubscribed"), [{ type: "unsubscribed", topics: [TICKET] }]);
  const counts = [one, two, three].map((client) => client.heard("event").length);
  assert.deepEqual(counts, [0, 0, 1]);
});

Deno.test("an agent whose department changes stops seeing, from that event on", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t"));
  const agent = await test.join(NEAR);
  await agent.say({ type: "subscribe", topics: [TICKET, "queue"] });
  test.post(updated(briefOf("t")));
  await test.settle();
  assert.equal(agent.heard("event").length, 1);
  test.actors.set("near", actor("near", "agent", "Shipping"));
  const moved = { type: "agent.changed", at: 0, agentId: "agent near", userId: "near" } as const;
  // In one commit, so that nothing but the order of its events parts them.
  test.post({ ...moved, status: "online", onBreak: false }, updated(briefOf("t")));
  test.post(updated(briefOf("t")));
  const there = briefOf("t", { department: "shipping" });
  test.post({ type: "queue.changed", at: 0, ticket: there, change: "entered" });
  await test.settle();
  assert.deepEqual(agent.heard("event").map((each) => each["event"]), [
    "ticket.updated",
    "queue.changed",
  ]);
  assert.equal(agent.peer.closedWith, null);
});

const anyEvent = fc.oneof(
  fc.record({
    kind: fc.constantFrom("ticket" as const, "internal" as const, "queue" as const),
    id: fc.constantFrom("t", "u"),
    department: fc.constantFrom("billing", "shipping", "general"),
    createdBy: fc.constantFrom("customer", "stranger", "near"),
    holder: fc.constantFrom(null, "near", "far"),
  }),
  fc.record({
    kind: fc.constant("notification" as const),
    recipient: fc.constantFrom(...EVERYBODY.map(({ userId }) => userId)),
  }),
);

function eventOf(shape: typeof anyEvent extends fc.Arbitrary<infer T> ? T : never): FeedEvent {
  if (shape.kind === "notification") return notificationTo(shape.recipient, "a word");
  const { kind, id, department, createdBy, holder } = shape;
  const assignee = holder === null ? null : { agentId: `agent ${holder}`, userId: holder };
  const ticket = briefOf(id, { department, createdBy, assignee });
  if (kind === "queue") return { type: "queue.changed", at: 0, ticket, change: "left" };
  return updated(ticket, kind === "internal");
}

Deno.test("everybody hears exactly what concerns them, in the order of rising cursors", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyEvent, { maxLength: 4 }), { maxLength: 12 }),
      async (shapes) => {
        await using test = startHub();
        // All may listen; what each of them hears is decided event by event.
        const open = { department: "general", createdBy: "x", assignee: null };
        for (const id of ["t", "u"]) test.tickets.set(id, open);
        const clients = [];
        for (const person of EVERYBODY) {
          for (const id of ["t", "u"]) test.tickets.set(id, { ...open, createdBy: person.userId });
          const client = await test.join(person);
          await client.say({ type: "subscribe", topics: ["ticket:t", "ticket:u", "queue"] });
          clients.push({ person, client });
        }
        const entries = shapes.map((entry) => entry.map(eventOf));
        for (const events of entries) test.post(...events);
        await test.settle();
        for (const { person, client } of clients) {
          const expected = entries.flatMap((events, entry) =>
            events.flatMap((event, index) => {
              const cursor = eventCursor((entry + 1).toString(16).padStart(20, "0"), index);
              return concerns(event, person) ? [cursor] : [];
            })
          );
          const heard = client.peer.frames.flatMap(({ type, cursor }) =>
            type === "event" || type === "notification" ? [cursor] : []
          );
          assert.deepEqual(heard, expected, person.userId);
        }
      },
    ),
    { numRuns: 40 },
  );
});

function concerns(event: FeedEvent, person: typeof CUSTOMER): boolean {
  if (event.type === "notification") return event.notification.recipient === person.userId;
  if (!("ticket" in event) || !maySeeTicket(person, event.ticket)) return false;
  if (event.type === "queue.changed") return isStaff(person);
  return !event.internal || isStaff(person);
}

Deno.test("a connection that we closed takes no place among those that are told", async () => {
  await using test = startHub();
  const client = await test.join(actor("ada", "user"));
  await client.say({ type: "dance" });
  assert.equal(client.peer.closedWith, 1008);
  // A frame that was under way changes nothing any more.
  await client.say({ type: "ping" });
  assert.equal(client.heard("pong").length, 0);
});
