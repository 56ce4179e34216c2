import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { createApp } from "../../routes/app.ts";
import { type Answer, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { move, open, openFor, ticketOf, type View } from "../support/work.ts";

// A process dies over a plan that it carries out, after any of its commits. Whoever sends the request
// again, with its key, gets the answer that was lost, and nothing is done twice.

const OPTIMIZE = "/api/workload/optimize";
const REBALANCE = "/api/workload/rebalance";
const PROCESS_QUEUE = "/api/tickets/process-queue";
/** Longer than a request is waited for whose process died. */
const LEASE_MS = MINUTE_MS;

interface Office {
  readonly boss: Person;
  readonly tickets: readonly View[];
}

function send(desk: TestDesk, boss: Person, path: string): Promise<Answer> {
  return callRaw(desk, boss, path, { body: "{}", headers: { "Idempotency-Key": "a plan" } });
}

/** Sends the request to a process that dies after so many commits of it: it is waited for at first. */
async function cutOff(desk: TestDesk, boss: Person, path: string, commits: number): Promise<void> {
  const dying = dyingAfter(desk.desk, commits);
  const headers = {
    "Authorization": `Bearer ${boss.token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": "a plan",
  };
  const app = createApp({ desk: dying, hub: desk.live.hub });
  const answer = await app.request(path, { method: "POST", headers, body: "{}" });
  assert.equal(answer.status, 500, `${commits} commits are not all of them`);
  assertProblem(await send(desk, boss, path), 409, "request_in_progress");
}

/** What became of a request that was cut off, once it was sent again. */
async function resume(desk: TestDesk, boss: Person, path: string): Promise<View> {
  desk.clock.advance(LEASE_MS);
  const { status, json } = await send(desk, boss, path);
  assert.equal(status, 200, JSON.stringify(json));
  const again = await send(desk, boss, path);
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.deepEqual(again.json, json);
  return json.data;
}

/** How often each ticket's history says that it was given to an agent. */
async function timesGiven(desk: TestDesk, { boss, tickets }: Office): Promise<number[]> {
  const seen = await Promise.all(tickets.map((ticket) => ticketOf(desk, boss, ticket)));
  return seen.map(({ history }) =>
    history.filter(({ action }: View) => action === "assigned" || action === "reassigned").length
  );
}

function byTicket(views: readonly View[]): View[] {
  return views.toSorted((a, b) => a.ticketId < b.ticketId ? -1 : 1);
}

/** Five tickets wait for two agents who can take them, and one for nobody. */
async function waiting(desk: TestDesk): Promise<Office> {
  await desk.background.stop();
  const [customer, boss] = [await desk.join("user"), await desk.join("supervisor")];
  const skills = (level: number) => [{ name: "tax", level }];
  await desk.join("agent", { agent: { maxTickets: 3, skills: skills(2) } });
  await desk.join("agent", { agent: { maxTickets: 4, skills: skills(4) } });
  const tickets: View[] = [];
  for (const skill of ["tax", "tax:4", "tax:2", "tax:3", "tax", "law"]) {
    tickets.push(await open(desk, customer, { requiredSkills: [skill] }));
  }
  return { boss, tickets };
}

const GIVEN = 5;

Deno.test("optimising that dies anywhere goes on where it was, gives each ticket once, and costs the same", async () => {
  await using whole = await openDesk();
  const { boss } = await waiting(whole);
  const expected = (await send(whole, boss, OPTIMIZE)).json.data;
  assert.equal(expected.assignments.length, GIVEN);
  // One commit begins the request, one is each ticket's, one ends it.
  for (let commits = 1; commits <= GIVEN + 1; commits++) {
    await using desk = await openDesk();
    const office = await waiting(desk);
    await cutOff(desk, office.boss, OPTIMIZE, commits);
    const given = await timesGiven(desk, office);
    assert.equal(given.reduce((sum, times) => sum + times, 0), commits - 1);
    const done = await resume(desk, office.boss, OPTIMIZE);
    assert.deepEqual(
      byTicket(done.assignments).map(({ ticketId }) => ticketId),
      byTicket(expected.assignments).map(({ ticketId }) => ticketId),
    );
    const costs = [done, expected].map(({ assignments }) =>
      assignments.reduce((sum: number, { cost }: View) => sum + Math.round(1_000 * cost), 0)
    );
    assert.equal(costs[0], costs[1], `${commits} commits`);
    assert.deepEqual(done.changed, []);
    assert.deepEqual(done.waiting.map(({ ticketId }: View) => ticketId), [office.tickets[5].id]);
    assert.deepEqual(await timesGiven(desk, office), [1, 1, 1, 1, 1, 0]);
    await desk.assertSound();
  }
});

/** Eight tickets that nobody has begun are with one agent, and another has none. */
async function uneven(desk: TestDesk): Promise<Office> {
  await desk.background.stop();
  const [customer, boss] = [await desk.join("user"), await desk.join("supervisor")];
  const full = await desk.join("agent", { agent: { maxTickets: 10 } });
  const tickets: View[] = [];
  for (let index = 0; index < 8; index++) {
    tickets.push(await openFor(desk, customer, full, boss, { requiredSkills: [] }));
  }
  await desk.join("agent", { agent: { maxTickets: 10 } });
  return { boss, tickets };
}

const MOVED = 4;

Deno.test("rebalancing that dies anywhere goes on where it was, moves each ticket once, and tells it all", async () => {
  await using whole = await openDesk();
  const { boss } = await uneven(whole);
  const expected = (await send(whole, boss, REBALANCE)).json.data;
  assert.equal(expected.moved.length, MOVED);
  for (let commits = 1; commits <= MOVED + 1; commits++) {
    await using desk = await openDesk();
    const office = await uneven(desk);
    await cutOff(desk, office.boss, REBALANCE, commits);
    const done = await resume(desk, office.boss, REBALANCE);
    assert.deepEqual(
      { ...done, moved: byTicket(done.moved) },
      { ...expected, moved: byTicket(expected.moved) },
      `${commits} commits`,
    );
    const given = await timesGiven(desk, office);
    assert.deepEqual(given.toSorted(), [1, 1, 1, 1, 2, 2, 2, 2]);
    await desk.assertSound();
  }
});

for (const path of [OPTIMIZE, PROCESS_QUEUE]) {
  Deno.test(`what ${path} has given it does not give again, whatever became of it meanwhile`, async () => {
    await using desk = await openDesk();
    const office = await waiting(desk);
    await cutOff(desk, office.boss, path, 2);
    const first = (await timesGiven(desk, office)).indexOf(1);
    await move(desk, office.boss, office.tickets[first], "queued");
    const done = await resume(desk, office.boss, path);
    assert.equal((done.assignments ?? done.assigned).length, GIVEN);
    assert.deepEqual(await timesGiven(desk, office), [1, 1, 1, 1, 1, 0]);
    assert.equal((await ticketOf(desk, office.boss, office.tickets[first])).status, "queued");
    await desk.assertSound();
  });
}

Deno.test("what a request has moved it does not move again, whatever became of it meanwhile", async () => {
  await using other = await openDesk();
  const { boss, tickets } = await uneven(other);
  await cutOff(other, boss, REBALANCE, 2);
  const moved = tickets[(await timesGiven(other, { boss, tickets })).indexOf(2)];
  const { assignedTo } = await ticketOf(other, boss, moved);
  // All the others go the same way: now there is as much to move back, once half an hour is over.
  for (const ticket of tickets) {
    if (ticket !== moved) await move(other, boss, ticket, "assigned", { agentId: assignedTo.id });
  }
  other.clock.advance(30 * MINUTE_MS);
  const done = await resume(other, boss, REBALANCE);
  const ids = done.moved.map(({ ticketId }: View) => ticketId);
  assert.deepEqual([ids.length, new Set(ids).size], [1 + MOVED, 1 + MOVED]);
  assert.equal((await ticketOf(other, boss, moved)).assignedTo.id, assignedTo.id);
  await other.assertSound();
});
