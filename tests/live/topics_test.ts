import assert from "node:assert/strict";
import { actor, briefOf, startHub, updated } from "./peers.ts";

const CUSTOMER = actor("customer", "user");
const NEAR = actor("near", "agent", "Billing");
const FAR = actor("far", "agent", "Shipping");
const BOSS = actor("boss", "supervisor");
const EVERYBODY = [CUSTOMER, NEAR, FAR, BOSS];

const TICKET = "ticket:t";

Deno.test("staff who listen to agents hear of their shifts, breaks and statuses, customers never", async () => {
  await using test = startHub();
  const clients = await Promise.all(EVERYBODY.map((person) => test.join(person)));
  for (const each of clients) await each.say({ type: "subscribe", topics: ["agents"] });
  const silent = await test.join(BOSS);
  const shared = { at: 0, agentId: "agent-near", userId: NEAR.userId };
  const ofShift = { ...shared, shiftId: "s" };
  test.post({ type: "shift.started", ...ofShift, details: { overtime: false } });
  test.post({ type: "break.started", ...ofShift, details: { breakId: "b", breakType: "lunch" } });
  test.post({ type: "agent.changed", ...shared, status: "busy", onBreak: true });
  await test.settle();
  const names = ["shift.started", "break.started", "agent.status"];
  for (const [index, person] of EVERYBODY.entries()) {
    const heard = clients[index]?.heard("event").map((each) => [each["event"], each["topic"]]);
    const isStaff = person.role !== "user";
    assert.deepEqual(heard, isStaff ? names.map((name) => [name, "agents"]) : [], person.userId);
    const errors = clients[index]?.heard("error").map(({ code }) => code);
    assert.deepEqual(errors, isStaff ? [] : ["forbidden"], person.userId);
  }
  assert.deepEqual(silent.heard("event"), [], "who does not listen hears nothing");
});

Deno.test("each topic that is refused is named, by the name that the client used", async () => {
  await using test = startHub();
  const client = await test.join(NEAR);
  const topics = ["queue", "department:Shipping", "ticket:17", "weather"];
  await client.say({ type: "subscribe", topics });
  const refused = client.heard("error").map(({ topic, code }) => [topic, code]);
  assert.deepEqual(refused, [
    ["department:Shipping", "forbidden"],
    ["ticket:17", "not_found"],
    ["weather", "invalid_input"],
  ]);
  assert.deepEqual(client.heard("subscribed").map((frame) => frame["topics"]), [["queue"]]);
});

Deno.test("an agent hears of its own workload, who supervises of everybody's, customers of none", async () => {
  await using test = startHub();
  const clients = await Promise.all(EVERYBODY.map((person) => test.join(person)));
  for (const each of clients) await each.say({ type: "subscribe", topics: ["workload"] });
  const figures = { activeTickets: 3, maxTickets: 5, currentLoad: 7.5 };
  const state = { status: "online", onBreak: false } as const;
  const who = { agentId: "agent near", userId: NEAR.userId };
  test.post({ type: "workload.changed", at: 0, ...who, ...state, ...figures });
  await test.settle();
  for (const [index, person] of EVERYBODY.entries()) {
    const heard = clients[index]?.heard("event") ?? [];
    const expected = person === NEAR || person === BOSS ? 1 : 0;
    assert.equal(heard.length, expected, person.userId);
    if (heard[0] === undefined) continue;
    assert.deepEqual(heard[0]["data"], {
      agentId: "agent near",
      ...state,
      ...figures,
      at: new Date(0).toISOString(),
    });
  }
});

Deno.test("a topic is confirmed by the name that stands in its events, however it was spelt", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t", { department: "Shipping" }));
  const client = await test.join(BOSS);
  await client.say({ type: "subscribe", topics: ["department:Billing", TICKET] });
  const named = ["department:billing", TICKET];
  assert.deepEqual(client.heard("subscribed"), [{ type: "subscribed", topics: named }]);
  test.post(updated(briefOf("u")), updated(briefOf("t", { department: "Shipping" })));
  await test.settle();
  assert.deepEqual(client.heard("event").map(({ topic }) => topic), named);
});

Deno.test("a department's listeners hear of its tickets, as far as they see them, each event once", async () => {
  await using test = startHub();
  test.tickets.set("t", briefOf("t"));
  const clients = await Promise.all(EVERYBODY.map((person) => test.join(person)));
  const topics = ["department:BILLING", TICKET];
  for (const each of clients) await each.say({ type: "subscribe", topics: topics.slice(0, 1) });
  const both = await test.join(BOSS);
  await both.say({ type: "subscribe", topics });
  test.post(updated(briefOf("t")), updated(briefOf("u", { department: "Shipping" })));
  await test.settle();
  for (const [index, person] of EVERYBODY.entries()) {
    const heard = clients[index]?.heard("event").map(({ topic }) => topic);
    const sees = person === NEAR || person === BOSS;
    assert.deepEqual(heard, sees ? ["department:billing"] : [], person.userId);
    const errors = clients[index]?.heard("error").map(({ code }) => code);
    assert.deepEqual(errors, sees ? [] : ["forbidden"], person.userId);
  }
  assert.deepEqual(both.heard("event").map(({ topic }) => topic), [TICKET]);
});
