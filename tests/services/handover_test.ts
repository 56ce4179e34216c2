import assert from "node:assert/strict";
import { finishHandover, handOverTickets } from "../../domain/services/handover.ts";
import { noProgress } from "../../domain/services/progress.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk, type Person, refusalOf, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { agentId, look, move, openFor, say, ticketOf, type View } from "../support/work.ts";

const BUSY = { status: "busy", maxTickets: 100 } as const;

interface Shift {
  readonly customer: Person;
  readonly boss: Person;
  readonly giver: Person;
  readonly tickets: readonly View[];
}

/** An agent with open tickets, on a desk that does nothing by itself. */
async function staff(desk: TestDesk, count: number, input: object = {}): Promise<Shift> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const giver = await desk.join("agent", { agent: BUSY });
  const tickets: View[] = [];
  for (let index = 0; index < count; index++) {
    tickets.push(await openFor(desk, customer, giver, boss, { requiredSkills: [], ...input }));
  }
  return { customer, boss, giver, tickets };
}

function give(
  desk: Parameters<typeof handOverTickets>[0],
  by: Person,
  from: Person,
  to: Person | null = null,
) {
  const request = { from: agentId(from), to: to === null ? null : agentId(to) };
  return handOverTickets(desk, by.actor, request, noProgress());
}

async function handovers(desk: TestDesk, person: Person): Promise<View[]> {
  await resumeIntents(desk.desk);
  const unread = await look(desk, person, "/api/notifications/unread");
  return unread.filter(({ type }: View) => type === "handover");
}

Deno.test("all goes to whom it is handed to, each told once, supervisors with one list", async () => {
  await using desk = await openDesk();
  const { boss, giver, tickets } = await staff(desk, 4);
  const other = await desk.join("supervisor");
  const taker = await desk.join("agent", { agent: BUSY });
  await move(desk, giver, tickets[1], "in-progress");
  await move(desk, giver, tickets[2], "pending");
  const { moved, requeued, warnings } = granted(await give(desk.desk, boss, giver, taker));
  const to = agentId(taker);
  assert.deepEqual(moved, tickets.map(({ id }) => ({ ticketId: id, to })));
  assert.deepEqual([requeued, warnings], [[], []]);
  for (const ticket of tickets) {
    const { status, assignedTo, history } = await ticketOf(desk, boss, ticket);
    assert.deepEqual([status, assignedTo.id], ["assigned", to]);
    const { action, details, performedBy } = history[0];
    assert.deepEqual([action, details.from, details.to], ["handover", agentId(giver), to]);
    assert.equal(performedBy, boss.actor.userId);
  }
  assert.equal((await handovers(desk, taker)).length, 4);
  assert.equal((await handovers(desk, giver)).length, 0);
  assert.equal((await handovers(desk, boss)).length, 0);
  const [word, ...more] = await handovers(desk, other);
  assert.deepEqual(more, []);
  assert.deepEqual(word.metadata.ticketIds, tickets.map(({ id }) => id));
  await desk.assertSound();
});

Deno.test("without a name each ticket goes to who serves it best, and what fits nobody to the head of the queue", async () => {
  await using desk = await openDesk();
  const { customer, boss, giver } = await staff(desk, 3);
  const hard = await openFor(desk, customer, giver, boss, { requiredSkills: ["tax"] });
  const odd = await openFor(desk, customer, giver, boss, { requiredSkills: ["law"] });
  const expert = await desk.join("agent", {
    agent: { status: "online", maxTickets: 2, skills: [{ name: "tax", level: 3 }] },
  });
  const helper = await desk.join("agent", { agent: { status: "online", maxTickets: 2 } });
  const { moved, requeued, warnings } = granted(await give(desk.desk, boss, giver));
  const takers = new Map(moved.map(({ ticketId, to }) => [ticketId, to]));
  assert.equal(takers.get(hard.id), agentId(expert));
  assert.deepEqual([moved.length, requeued, warnings], [4, [odd.id], []]);
  for (const person of [expert, helper]) {
    const { activeTickets } = await look(desk, boss, `/api/agents/${agentId(person)}`);
    assert.equal(activeTickets.length, 2);
  }
  const [first] = await look(desk, boss, "/api/tickets/queue");
  assert.equal(first.id, odd.id);
  const { history } = await ticketOf(desk, boss, odd);
  assert.deepEqual([history[0].action, history[0].details.by], ["requeued", "handover"]);
  await desk.assertSound();
});

Deno.test("who is named gets more than it can hold or knows of with a warning, said once", async () => {
  await using desk = await openDesk();
  const { boss, giver } = await staff(desk, 4, { requiredSkills: ["law"] });
  const taker = await desk.join("agent", { agent: { status: "busy", maxTickets: 1 } });
  const { moved, warnings } = granted(await give(desk.desk, boss, giver, taker));
  assert.equal(moved.length, 4);
  assert.equal(warnings.length, 2);
  await desk.assertSound();
});

Deno.test("a handover cut off anywhere is resumed and moves nothing twice", async () => {
  for (const commits of [1, 2, 5, 9]) {
    await using desk = await openDesk();
    const { boss, giver, tickets } = await staff(desk, 8);
    const other = await desk.join("supervisor");
    await desk.join("agent", { agent: { status: "online", maxTickets: 5 } });
    await assert.rejects(give(dyingAfter(desk.desk, commits), boss, giver));
    await desk.assertSound();
    const [id = ""] = await openIntents(desk.desk, "handover");
    const half = await look(desk, boss, `/api/agents/${agentId(giver)}`);
    assert.equal(half.activeTickets.length, 9 - commits);
    assert.equal((await resumeIntents(desk.desk)).handedOver, 1);
    // What became of it is still told to whoever asks again.
    const done = await finishHandover(desk.desk, id);
    assert.deepEqual([done?.moved.length, done?.requeued.length], [5, 3]);
    assert.deepEqual(await openIntents(desk.desk, "handover"), []);
    for (const ticket of tickets) {
      const { history } = await ticketOf(desk, boss, ticket);
      const moves = history.filter(({ action }: View) => action !== "created");
      assert.equal(moves.length, 2);
    }
    assert.equal((await handovers(desk, other)).length, 1);
    await desk.assertSound();
  }
});

Deno.test("runs of a handover at the same time share the work and give the same account", async () => {
  await using desk = await openDesk();
  const { boss, giver } = await staff(desk, 10);
  await desk.join("agent", { agent: { status: "online", maxTickets: 7 } });
  await assert.rejects(give(dyingAfter(desk.desk, 1), boss, giver));
  const [id = ""] = await openIntents(desk.desk, "handover");
  const accounts = await Promise.all([1, 2, 3].map(() => finishHandover(desk.desk, id)));
  for (const account of accounts) assert.deepEqual(account, accounts[0]);
  assert.deepEqual([accounts[0]?.moved.length, accounts[0]?.requeued.length], [7, 3]);
  await desk.assertSound();
});

Deno.test("what is no longer the agent's when its turn comes stays where it is", async () => {
  await using desk = await openDesk();
  const { boss, giver, tickets } = await staff(desk, 3);
  const taker = await desk.join("agent", { agent: BUSY });
  await assert.rejects(give(dyingAfter(desk.desk, 2), boss, giver, taker));
  await move(desk, giver, tickets[1], "resolved");
  await resumeIntents(desk.desk);
  assert.equal((await ticketOf(desk, boss, tickets[1])).assignedTo.id, agentId(giver));
  assert.equal((await ticketOf(desk, boss, tickets[2])).assignedTo.id, agentId(taker));
  await desk.assertSound();
});

Deno.test("nothing is handed over to itself, to who is not there, or by who may not", async () => {
  await using desk = await openDesk();
  const { customer, boss, giver } = await staff(desk, 1);
  const away = await desk.join("agent", { agent: { status: "offline" } });
  const nobody = { ...away, actor: { ...away.actor, agent: { ...giver.actor.agent, id: "none" } } };
  const refusals = [
    await give(desk.desk, giver, giver, giver),
    await give(desk.desk, giver, giver, away),
    await give(desk.desk, giver, giver, nobody as Person),
    await give(desk.desk, away, giver),
    await give(desk.desk, customer, giver),
  ].map(refusalOf);
  assert.deepEqual(refusals, [
    "conflict",
    "agent_unavailable",
    "not_found",
    "forbidden",
    "forbidden",
  ]);
  const { activeTickets } = await look(desk, boss, `/api/agents/${agentId(giver)}`);
  assert.equal(activeTickets.length, 1);
  await desk.assertSound();
});

Deno.test("an agent without tickets hands over nothing, and nobody is told", async () => {
  await using desk = await openDesk();
  const { boss, giver } = await staff(desk, 0);
  const nothing = { moved: [], requeued: [], warnings: [] };
  assert.deepEqual(await give(desk.desk, giver, giver), nothing);
  assert.deepEqual(await handovers(desk, boss), []);
  await desk.assertSound();
});

Deno.test("a resolution that is taken back by a reopening counts no more, the next one counts once", async () => {
  await using desk = await openDesk();
  const { customer, boss, giver, tickets } = await staff(desk, 1);
  const [ticket] = tickets;
  const figures = async (): Promise<View> =>
    (await look(desk, boss, `/api/agents/${agentId(giver)}`)).performance;
  desk.clock.advance(30 * 60_000);
  await move(desk, giver, ticket, "resolved");
  assert.deepEqual([(await figures()).ticketsResolved, (await figures()).averageResolutionTime], [
    1,
    30,
  ]);
  await say(desk, customer, ticket, "It does not work after all.");
  assert.deepEqual([(await figures()).ticketsResolved, (await figures()).averageResolutionTime], [
    0,
    null,
  ]);
  desk.clock.advance(30 * 60_000);
  // Whoever resolves it in the end has resolved it.
  const taker = await desk.join("agent", { agent: BUSY });
  granted(await give(desk.desk, giver, giver, taker));
  await move(desk, taker, ticket, "resolved");
  assert.equal((await figures()).ticketsResolved, 0);
  const { performance } = await look(desk, boss, `/api/agents/${agentId(taker)}`);
  assert.deepEqual([performance.ticketsResolved, performance.averageResolutionTime], [1, 60]);
  await desk.assertSound();
});

Deno.test("however much the taker lacks, each warning is short: the record of the handover holds them all", async () => {
  await using desk = await openDesk();
  const letters = "абвгдежзик";
  const requiredSkills = Array.from({ length: 20 }, (_, n) => `${letters[n % 10]}${n}`.repeat(15));
  const { boss, giver } = await staff(desk, 1, { requiredSkills });
  const taker = await desk.join("agent", { agent: BUSY });
  const { warnings } = granted(await give(desk.desk, boss, giver, taker));
  assert.deepEqual(warnings.map(({ length }) => length), [200]);
  await desk.assertSound();
});
