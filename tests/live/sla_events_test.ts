import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { deliverOnce } from "../../domain/services/webhook_deliverer.ts";
import { createWebhook } from "../../domain/services/webhooks.ts";
import { granted, type Person } from "../support/desk.ts";
import { openPromised } from "../support/promises.ts";
import { makeReceiver } from "../support/webhooks.ts";
import { type Frame, listen, type Listener, until } from "./peers.ts";

/** What a listener heard of promises, in its order. */
function heardBy({ peer }: Listener): Frame[] {
  return peer.frames.filter(({ type, event }) =>
    type === "event" && /^sla\.|escalated|requeued/.test(event)
  );
}

Deno.test("warnings, breaches and levels reach the sockets of whoever may see the ticket", async () => {
  await using scene = await openPromised();
  const { desk, customer, agent, boss } = scene;
  const near = await desk.join("agent", { agent: { status: "busy", department: "Cards" } });
  const far = await desk.join("agent", { agent: { status: "busy", department: "Loans" } });
  const stranger = await desk.join("user");
  const ticket = await scene.wait({ department: "Cards" });
  await desk.background.idle();
  const [seeing, others] = [[customer, near, boss], [agent, far, stranger]];
  const listenAll = (people: readonly Person[]): Promise<Listener[]> =>
    Promise.all(people.map((person) => listen(desk, person, [`ticket:${ticket.id}`])));
  const [informed, ignorant] = [await listenAll(seeing), await listenAll(others)];
  scene.pass(100);
  await scene.sweep();
  const minute = (minutes: number): string =>
    new Date(Date.parse(ticket.createdAt) + minutes * MINUTE_MS).toISOString();
  for (const listener of informed) {
    await until(() => heardBy(listener).length === 3, "everything");
    assert.deepEqual(
      heardBy(listener).map(({ event, data }) => [event, data.at, data.performedBy]),
      [
        ["sla.warning", minute(48), null],
        ["sla.breach", minute(60), null],
        ["ticket.escalated", minute(60), null],
      ],
    );
  }
  // They were told in the same turn as the others, or never.
  for (const listener of ignorant) assert.deepEqual(heardBy(listener), []);
});

Deno.test("a breach's notification reaches the sockets of those whom it tells", async () => {
  await using scene = await openPromised();
  const { desk, customer, agent, boss } = scene;
  await scene.hold();
  await desk.background.idle();
  const listeners = [];
  for (const person of [agent, boss, customer]) listeners.push(await listen(desk, person, []));
  const [holder, chief, requester] = listeners;
  if (!holder || !chief || !requester) throw new Error("They listen");
  scene.pass(61);
  await scene.sweep();
  await desk.background.idle();
  const typesOf = ({ peer }: Listener): string[] =>
    peer.frames.filter(({ type }) => type === "notification").map(({ data }) => data.type);
  await until(() => typesOf(chief).length === 2, "two notifications");
  await until(() => typesOf(holder).includes("sla_breach"), "the breach");
  assert.deepEqual(typesOf(chief).sort(), ["escalation", "sla_breach"]);
  assert.ok(!typesOf(requester).some((type) => /sla|escalation/.test(type)));
});

Deno.test("a webhook can ask for warnings and breaches, and is told as of their instants", async () => {
  await using scene = await openPromised();
  const receiver = makeReceiver();
  const desk = { ...scene.desk.desk, sendWebhook: receiver.send };
  await scene.desk.background.stop();
  const input = {
    url: "https://example.com/hook",
    eventTypes: ["sla.warning", "sla.breach"] as const,
  };
  granted(await createWebhook(desk, scene.admin.actor, input));
  const ticket = await scene.wait();
  scene.pass(100);
  await scene.sweep();
  assert.equal(await deliverOnce(desk), 2);
  const sent = receiver.got.map(({ body }) => JSON.parse(body));
  const { responseDeadline } = ticket.sla;
  assert.deepEqual(sent.map(({ type }) => type), ["sla.warning", "sla.breach"]);
  assert.deepEqual(
    sent.map(({ data }) => [data.ticketId, data.details.clock, data.details.dueAt]),
    [
      [ticket.id, "response", responseDeadline],
      [ticket.id, "response", responseDeadline],
    ],
  );
  assert.equal(sent[1].timestamp, responseDeadline);
  assert.equal(sent[1].data.status, "escalated");
});
