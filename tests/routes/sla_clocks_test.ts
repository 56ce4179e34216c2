import assert from "node:assert/strict";
import { openPromised, type PromisedDesk } from "../support/promises.ts";
import { look, move, say, type View } from "../support/work.ts";

/** An answer within an hour, the next ones within half of one. */
const REPLIES = { nextReplyTime: 30, escalationRules: [] };

/** The clocks as the requester sees them, by name. */
async function clocksOf(scene: PromisedDesk, ticket: View): Promise<Record<string, View>> {
  const { clocks } = await look(scene.desk, scene.customer, `/api/sla/check/${ticket.id}`);
  return Object.fromEntries(clocks.map((clock: View) => [clock.name, clock]));
}

function after(ticket: View, minutes: number): string {
  return new Date(Date.parse(ticket.createdAt) + minutes * 60_000).toISOString();
}

Deno.test("a customer's comment starts a clock where one is promised, and a reply ends it", async () => {
  await using scene = await openPromised();
  await scene.promise(REPLIES);
  const ticket = await scene.hold();
  assert.deepEqual(Object.keys(await clocksOf(scene, ticket)), ["response", "resolution"]);
  await say(scene.desk, scene.agent, ticket, "I am looking into it.");
  scene.pass(10);
  await say(scene.desk, scene.customer, ticket, "Any news?");
  scene.pass(10);
  await say(scene.desk, scene.customer, ticket, "Hello?");
  const waiting = (await clocksOf(scene, ticket))["nextReply"];
  assert.deepEqual([waiting?.state, waiting?.deadline], ["active", after(ticket, 40)]);
  await say(scene.desk, scene.agent, ticket, "Between us.", "internal");
  assert.equal((await clocksOf(scene, ticket))["nextReply"]?.state, "active");
  await say(scene.desk, scene.agent, ticket, "Yes: it is done.");
  const { state, fulfilledAt } = (await clocksOf(scene, ticket))["nextReply"] ?? {};
  assert.deepEqual([state, fulfilledAt], ["fulfilled", after(ticket, 20)]);
});

Deno.test("a next reply that comes too late is broken, and stays so when the next one is in time", async () => {
  await using scene = await openPromised();
  await scene.promise(REPLIES);
  const ticket = await scene.hold();
  await say(scene.desk, scene.agent, ticket, "I am looking into it.");
  await say(scene.desk, scene.customer, ticket, "Any news?");
  scene.pass(35);
  await say(scene.desk, scene.agent, ticket, "Now there are.");
  await say(scene.desk, scene.customer, ticket, "Thank you. And now?");
  await say(scene.desk, scene.agent, ticket, "Nothing more.");
  const { state, isBreached, breachedAt } = (await clocksOf(scene, ticket))["nextReply"] ?? {};
  assert.deepEqual([state, isBreached, breachedAt], ["fulfilled", true, after(ticket, 30)]);
  assert.deepEqual((await scene.history(ticket)).filter((line) => /sla/.test(line)), [
    "24 sla_warning nextReply",
    "30 sla_breach nextReply",
  ]);
  const [message] = (await look(scene.desk, scene.boss, "/api/notifications/unread"))
    .filter(({ type }: View) => type === "sla_breach");
  assert.equal(
    message.message,
    `Ticket ${ticket.number} has missed its next reply: ${ticket.title}`,
  );
  assert.equal((await look(scene.desk, scene.boss, "/api/tickets?breached=true")).length, 1);
});

Deno.test("the desk says at which share of a promise it warns", async () => {
  for (const [percent, minutes] of [["50", 30], ["75", 45]] as const) {
    await using scene = await openPromised({ SLA_WARNING_PERCENT: percent });
    await scene.promise({ ...REPLIES, resolutionTime: 10_000 });
    const ticket = await scene.wait();
    scene.pass(70);
    await scene.sweep();
    assert.deepEqual((await scene.history(ticket)).filter((line) => /sla/.test(line)), [
      `${minutes} sla_warning response`,
      "60 sla_breach response",
    ]);
  }
});

Deno.test("where only replies count, a ticket that is resolved without one has no response to show", async () => {
  await using scene = await openPromised();
  await scene.promise({ ...REPLIES, replyOnly: true });
  const ticket = await scene.hold();
  await move(scene.desk, scene.agent, ticket, "in-progress");
  assert.equal((await clocksOf(scene, ticket))["response"]?.state, "active");
  const resolved = await move(scene.desk, scene.agent, ticket, "resolved");
  assert.deepEqual([resolved.firstResponseTime, resolved.sla.responseTimeMet], [null, false]);
  const { response, resolution } = await clocksOf(scene, ticket);
  assert.deepEqual([response?.state, response?.isBreached], ["cancelled", false]);
  assert.equal(resolution?.state, "fulfilled");
});

Deno.test("by an office's hours a promise of Friday afternoon is kept on Monday morning", async () => {
  await using scene = await openPromised();
  const { desk, admin, agent, customer } = scene;
  const windows = [["09:00", "17:00"]];
  const weekly = { mon: windows, tue: windows, wed: windows, thu: windows, fri: windows };
  const office = { name: "Office", timezone: "UTC", weekly };
  await desk.call(admin, "PUT", "/api/sla/calendars/office", office);
  await desk.background.idle();
  await scene.promise({ ...REPLIES, calendar: "office" });
  // From Monday at nine to Friday at half past four.
  scene.pass(4 * 24 * 60 + 450);
  const ticket = await scene.hold();
  assert.equal(ticket.sla.responseDeadline, "2026-01-12T09:30:00.000Z");
  scene.pass(64 * 60 + 60);
  assert.equal(desk.clock.now(), Date.parse("2026-01-12T09:30:00.000Z"));
  await say(desk, agent, ticket, "Good morning.");
  const read = await look(desk, customer, `/api/tickets/${ticket.id}`);
  assert.deepEqual([read.sla.responseTimeMet, read.sla.isBreached], [true, false]);
});
