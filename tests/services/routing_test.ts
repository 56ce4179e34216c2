import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { processQueue, routeTickets } from "../../domain/services/routing.ts";
import { processWaiting } from "../../jobs/process_queue.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { agentId, dataOf, look, move, open, ticketOf, type View } from "../support/work.ts";

const AWAY = { status: "busy" } as const;

/** A supervisor's word that an agent is there now. */
async function arrive(desk: TestDesk, boss: Person, agent: Person): Promise<void> {
  await desk.background.idle();
  const path = `/api/agents/${agentId(agent)}/status`;
  dataOf(await desk.call(boss, "PUT", path, { status: "online" }), 200);
}

Deno.test("the queue has escalated tickets first, then priority, deadline and age", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const low = await open(desk, customer, { priority: 3 });
  const general = await open(desk, customer, { priority: 2 });
  const high = await open(desk, customer, { priority: 1 });
  const urgent = await open(desk, customer, { priority: 2, category: "urgent" });
  const escalated = await open(desk, customer, { priority: 3 });
  await move(desk, boss, escalated, "escalated");
  desk.clock.advance(MINUTE_MS);
  const later = await open(desk, customer, { priority: 2 });
  const sameTime = await open(desk, customer, { priority: 2 });
  const ordered = [escalated, high, urgent, general, later, sameTime, low];
  const queue = await look(desk, boss, "/api/tickets/queue");
  assert.deepEqual(queue.map(({ id }: View) => id), ordered.map(({ id }) => id));
  assert.deepEqual(queue.map(({ position }: View) => position), [1, 2, 3, 4, 5, 6, 7]);
  assert.ok(queue.every(({ reason }: View) => reason === "no_agent_online"));
  // What comes back waits since then, yet keeps its deadline and so its place.
  await move(desk, boss, escalated, "queued");
  const settled = await look(desk, boss, "/api/tickets/queue");
  assert.equal(settled.at(-1).id, escalated.id);
  await desk.assertSound();
});

Deno.test("an agent sees of the queue what it may see, at the places it has in the whole", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { ...AWAY, department: "Here" } });
  await open(desk, customer, { department: "There", priority: 1 });
  const own = await open(desk, customer, { department: "here" });
  const general = await open(desk, customer, { priority: 3 });
  const queue = await look(desk, agent, "/api/tickets/queue");
  assert.deepEqual(queue.map(({ id }: View) => id), [own.id, general.id]);
  assert.deepEqual(queue.map(({ position }: View) => position), [2, 3]);
  await desk.assertSound();
});

Deno.test("what waits says why: nobody there, without the skill, elsewhere, or full", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const skills = [{ name: "tax", level: 2 }];
  const placed = { department: "Here", maxTickets: 1, skills };
  const agent = await desk.join("agent", { agent: { ...AWAY, ...placed } });
  const skilled = await open(desk, customer, { requiredSkills: ["tax:3"] });
  const elsewhere = await open(desk, customer, { department: "There" });
  const [first, second] = [await open(desk, customer), await open(desk, customer)];
  const reasons = async (): Promise<Record<string, string>> => {
    const queue = await look(desk, boss, "/api/tickets/queue");
    return Object.fromEntries(queue.map(({ id, reason }: View) => [id, reason]));
  };
  assert.deepEqual(new Set(Object.values(await reasons())), new Set(["no_agent_online"]));
  await arrive(desk, boss, agent);
  await desk.background.idle();
  assert.equal((await ticketOf(desk, boss, first)).assignedTo.id, agentId(agent));
  const expected = {
    [skilled.id]: "no_skill",
    [elsewhere.id]: "no_department",
    [second.id]: "no_capacity",
  };
  assert.deepEqual(await reasons(), expected);
  const report = dataOf(await desk.call(boss, "POST", "/api/tickets/process-queue", {}), 200);
  assert.equal(report.processed, 3);
  assert.deepEqual(report.assigned, []);
  const told = report.unassigned.map(({ ticketId, reason }: View) => [ticketId, reason]);
  assert.deepEqual(Object.fromEntries(told), expected);
  await desk.assertSound();
});

Deno.test("a dry run tells what a run would do, and does none of it", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  for (const maxTickets of [1, 2, 3]) {
    const skills = [{ name: "tax", level: maxTickets }];
    await desk.join("agent", { agent: { status: "online", maxTickets, skills } });
  }
  for (let index = 0; index < 10; index++) {
    const requiredSkills = index % 3 === 0 ? ["tax:2"] : index === 5 ? ["law"] : [];
    await open(desk, customer, { requiredSkills, priority: 1 + index % 3 });
  }
  const before = await stored(desk.desk.store);
  const path = "/api/tickets/process-queue";
  const planned = dataOf(await desk.call(boss, "POST", path, { dryRun: true }), 200);
  assert.deepEqual(await stored(desk.desk.store), before);
  const done = dataOf(await desk.call(boss, "POST", path, {}), 200);
  assert.deepEqual(planned, done);
  assert.equal(done.assigned.length, 6);
  assert.equal(done.unassigned.length, 4);
  for (const { ticketId, agentId } of done.assigned) {
    const ticket = dataOf(await desk.call(boss, "GET", `/api/tickets/${ticketId}`), 200);
    assert.equal(ticket.assignedTo.id, agentId);
  }
  await desk.assertSound();
});

Deno.test("a limited run takes the head of the queue alone", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  await desk.join("agent");
  await open(desk, customer, { priority: 3 });
  const urgent = await open(desk, customer, { priority: 1 });
  const path = "/api/tickets/process-queue";
  const { assigned, processed } = dataOf(await desk.call(boss, "POST", path, { limit: 1 }), 200);
  assert.equal(processed, 1);
  assert.deepEqual(assigned.map(({ ticketId }: View) => ticketId), [urgent.id]);
  await desk.assertSound();
});

Deno.test("the best agent has the least skill to spare, then the lowest use, then the longest rest", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const online = { status: "online", maxTickets: 4 } as const;
  const plain = [
    await desk.join("agent", { agent: online }),
    await desk.join("agent", { agent: online }),
  ];
  const expert = await desk.join("agent", {
    agent: { ...online, skills: [{ name: "tax", level: 5 }] },
  });
  const given: View[] = [];
  for (let index = 0; index < 6; index++) {
    desk.clock.advance(MINUTE_MS);
    const ticket = await open(desk, customer);
    given.push((await ticketOf(desk, boss, ticket)).assignedTo.id);
  }
  const [one, two] = plain.map(agentId);
  assert.deepEqual(given, [one, two, one, two, one, two]);
  const hard = await open(desk, customer, { requiredSkills: ["tax:2"] });
  assert.equal((await ticketOf(desk, boss, hard)).assignedTo.id, agentId(expert));
  await desk.assertSound();
});

Deno.test("after 15 minutes any level will do, after 30 any department, the skill itself always", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const skills = [{ name: "tax", level: 1 }];
  await desk.join("agent", { agent: { status: "online", department: "Here", skills } });
  const level = await open(desk, customer, { requiredSkills: ["tax:5"] });
  const place = await open(desk, customer, { department: "There", requiredSkills: ["tax:5"] });
  const skill = await open(desk, customer, { requiredSkills: ["law"] });
  const waiting = async (): Promise<string[]> =>
    (await look(desk, boss, "/api/tickets/queue")).map(({ id }: View) => id);
  const after = async (milliseconds: number): Promise<string[]> => {
    desk.clock.advance(milliseconds);
    await processWaiting(desk.desk);
    return await waiting();
  };
  assert.deepEqual(await after(15 * MINUTE_MS - 1), [level.id, place.id, skill.id]);
  assert.deepEqual(await after(1), [place.id, skill.id]);
  assert.deepEqual(await after(15 * MINUTE_MS - 1), [place.id, skill.id]);
  assert.deepEqual(await after(1), [skill.id]);
  assert.deepEqual(await after(10 * 60 * MINUTE_MS), [skill.id]);
  await desk.assertSound();
});

Deno.test("of tickets that begin to wait together the most urgent is placed first", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  await desk.join("agent", { agent: { status: "online", maxTickets: 2 } });
  const low = await open(desk, customer, { priority: 3 });
  const high = await open(desk, customer, { priority: 1 });
  const escalated = await open(desk, customer, { priority: 3 });
  await move(desk, boss, escalated, "escalated");
  await routeTickets(desk.desk, [low.id, high.id, escalated.id], () => false);
  const queue = await look(desk, boss, "/api/tickets/queue");
  assert.deepEqual(queue.map(({ id }: View) => id), [low.id]);
  await desk.assertSound();
});

Deno.test("any number of runs at once give no ticket twice and no agent too much", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  for (let index = 0; index < 4; index++) {
    await desk.join("agent", { agent: { status: "online", maxTickets: 4 } });
  }
  for (let index = 0; index < 20; index++) await open(desk, customer);
  const options = { limit: 100, dryRun: false };
  const reports = await Promise.all(
    Array.from({ length: 5 }, () => processQueue(desk.desk, options)),
  );
  const assigned = reports.flatMap((report) => report.assigned.map(({ ticketId }) => ticketId));
  assert.equal(assigned.length, 16);
  assert.equal(new Set(assigned).size, 16);
  assert.equal((await look(desk, boss, "/api/tickets/queue")).length, 4);
  await desk.assertSound();
});
