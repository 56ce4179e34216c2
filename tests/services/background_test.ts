import assert from "node:assert/strict";
import { processWaiting } from "../../jobs/process_queue.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { agentId, dataOf, look, move, open, ticketOf, type View } from "../support/work.ts";

interface Scene {
  readonly desk: TestDesk;
  readonly boss: Person;
  /** Full with the held ticket; the other one is busy. */
  readonly agent: Person;
  readonly other: Person;
  readonly held: View;
}

const ONE_PLACE = { status: "online", maxTickets: 1 } as const;

Deno.test("an agent who becomes free gets the first ticket in the queue that it can take", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const skills = [{ name: "tax", level: 3 }];
  const agent = await desk.join("agent", { agent: { ...ONE_PLACE, skills } });
  const held = await open(desk, customer);
  await desk.background.idle();
  // In the queue's order: one it lacks the skill for, one elsewhere, the right one, a later one.
  await open(desk, customer, { priority: 1, requiredSkills: ["law"] });
  await open(desk, customer, { priority: 1, department: "There" });
  const right = await open(desk, customer, { priority: 1, requiredSkills: ["tax:3"] });
  const later = await open(desk, customer, { priority: 2 });
  await desk.background.idle();
  await move(desk, agent, held, "resolved");
  assert.equal((await ticketOf(desk, boss, right)).assignedTo?.id, agentId(agent));
  assert.equal((await ticketOf(desk, boss, later)).status, "queued");
  await desk.assertSound();
});

Deno.test("every way to a free place fills it, whoever makes it", async () => {
  const ways: Record<string, (scene: Scene) => Promise<unknown>> = {
    resolved: ({ desk, agent, held }) => move(desk, agent, held, "resolved"),
    requeued: ({ desk, boss, held }) => move(desk, boss, held, "queued"),
    reassigned: ({ desk, boss, other, held }) =>
      move(desk, boss, held, "assigned", { agentId: agentId(other) }),
    "more room": ({ desk, boss, agent }) =>
      desk.call(boss, "PUT", `/api/agents/${agentId(agent)}`, { maxTickets: 2 }),
    "another arrives": ({ desk, boss, other }) =>
      desk.call(boss, "PUT", `/api/agents/${agentId(other)}/status`, { status: "online" }),
    "a new skill": ({ desk, boss, agent }) =>
      desk.call(boss, "PUT", `/api/agents/${agentId(agent)}`, { maxTickets: 2, skills: ["law"] }),
  };
  for (const [name, way] of Object.entries(ways)) {
    await using desk = await openDesk();
    const customer = await desk.join("user");
    const boss = await desk.join("supervisor");
    const agent = await desk.join("agent", { agent: ONE_PLACE });
    const other = await desk.join("agent", { agent: { status: "busy" } });
    const held = await open(desk, customer, { priority: 3 });
    await desk.background.idle();
    const waiting = await open(desk, customer, { priority: 1 });
    await desk.background.idle();
    assert.equal((await ticketOf(desk, boss, waiting)).status, "queued", name);
    await way({ desk, boss, agent, other, held });
    assert.equal((await ticketOf(desk, boss, waiting)).status, "assigned", name);
    await desk.assertSound();
  }
});

Deno.test("tickets opened at once are routed by the time the background rests, none twice", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  for (let index = 0; index < 5; index++) {
    await desk.join("agent", { agent: { status: "online", maxTickets: 5 } });
  }
  await Promise.all(Array.from({ length: 30 }, () => open(desk, customer)));
  await desk.background.idle();
  const assigned = await look(desk, boss, "/api/tickets?status=assigned&limit=100");
  assert.equal(assigned.length, 25);
  assert.equal((await look(desk, boss, "/api/tickets/queue")).length, 5);
  const agents = await look(desk, boss, "/api/agents");
  assert.ok(agents.every(({ activeTickets }: View) => activeTickets.length === 5));
  await desk.assertSound();
});

Deno.test("who is busy, offline or full is given nothing", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  await desk.join("agent", { agent: { status: "busy" } });
  await desk.join("agent", { agent: { status: "offline" } });
  const full = await desk.join("agent", { agent: ONE_PLACE });
  await open(desk, customer);
  const waiting = await open(desk, customer);
  assert.equal((await ticketOf(desk, boss, waiting)).status, "queued");
  const { activeTickets } = await look(desk, boss, `/api/agents/${agentId(full)}`);
  assert.equal(activeTickets.length, 1);
  await desk.assertSound();
});

Deno.test("an escalated ticket without an agent is routed like one that is queued, and before it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 1 } });
  await open(desk, customer, { priority: 1 });
  const escalated = await open(desk, customer, { priority: 3 });
  await move(desk, boss, escalated, "escalated");
  await desk.background.idle();
  const path = `/api/agents/${agentId(agent)}/status`;
  dataOf(await desk.call(agent, "PUT", path, { status: "online" }), 200);
  const read = await ticketOf(desk, boss, escalated);
  assert.equal(read.status, "assigned");
  assert.equal(read.assignedTo.id, agentId(agent));
  await desk.assertSound();
});

Deno.test("what a process that died left unrouted the minute's job routes", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  await desk.join("agent");
  await desk.background.stop();
  const ticket = await open(desk, customer);
  assert.equal((await ticketOf(desk, boss, ticket)).status, "queued");
  assert.deepEqual(await processWaiting(desk.desk), { assigned: 1, waiting: 0 });
  assert.equal((await ticketOf(desk, boss, ticket)).status, "assigned");
  await desk.assertSound();
});

Deno.test("whoever gives a ticket back does not get it again at once, but may claim it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent");
  const ticket = await open(desk, customer);
  await desk.background.idle();
  await move(desk, agent, ticket, "queued");
  assert.equal((await ticketOf(desk, boss, ticket)).status, "queued");
  const [waiting] = await look(desk, boss, "/api/tickets/queue");
  assert.equal(waiting.reason, "no_capacity");
  const claim = `/api/agents/${agentId(agent)}/claim/${ticket.id}`;
  dataOf(await desk.call(agent, "POST", claim), 200);
  await move(desk, agent, ticket, "queued");
  // Nobody else came: after half an hour it is better with them than with nobody.
  desk.clock.advance(30 * 60_000);
  await processWaiting(desk.desk);
  assert.equal((await ticketOf(desk, boss, ticket)).assignedTo?.id, agentId(agent));
  // With somebody else there it goes to them.
  const other = await desk.join("agent");
  await move(desk, agent, ticket, "queued");
  assert.equal((await ticketOf(desk, boss, ticket)).assignedTo?.id, agentId(other));
  await desk.assertSound();
});
