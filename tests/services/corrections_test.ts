import assert from "node:assert/strict";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { classifierState, forgetLearned } from "../../domain/services/classifier_state.ts";
import { learnFromTickets } from "../../domain/services/learning.ts";
import { readClassifier } from "../../domain/store/classifier.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, openDesk, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { resolveOne, type Staff, staffed } from "../support/lessons.ts";
import { anotherProcess } from "../support/overdue_desk.ts";
import { dataOf, move, say, type View } from "../support/work.ts";

/** A ticket that was learned from as technical, of priority 1. */
async function learnedTicket(desk: TestDesk, staff: Staff): Promise<View> {
  const named = { title: "My card is lost", category: "technical", priority: 1 };
  const ticket = await resolveOne(desk, staff, named);
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  return ticket;
}

async function correct(desk: TestDesk, staff: Staff, ticket: View, input: object): Promise<void> {
  dataOf(await desk.call(staff.agent, "PATCH", `/api/tickets/${ticket.id}`, input), 200);
  desk.clock.advance(HOUR_MS);
}

async function examplesOf({ desk }: TestDesk): Promise<Record<string, number>> {
  const { labels } = await classifierState(desk);
  return Object.fromEntries(labels.map(({ name, examples }) => [name, examples]));
}

Deno.test("a correction of what was learned is learned in its place, once", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await learnedTicket(desk, staff);
  await correct(desk, staff, ticket, { category: "billing" });
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.equal(await learnFromTickets(desk.desk), 0);
  assert.deepEqual(await examplesOf(desk), { technical: 0, "1": 1, billing: 1 });
  const { classifier } = await readClassifier(desk.desk.store);
  const billing = classifier?.labels.findIndex(({ name }) => name === "billing");
  const technical = classifier?.labels.findIndex(({ name }) => name === "technical");
  for (const row of classifier?.rows.values() ?? []) {
    const places = row.filter((_, at) => at % 2 === 0);
    assert.ok(places.includes(billing ?? -1) && !places.includes(technical ?? -1));
  }
  // It is still one ticket.
  assert.equal((await classifierState(desk.desk)).tickets, 1);
  await correct(desk, staff, ticket, { category: "technical", priority: 3 });
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.deepEqual(await examplesOf(desk), { technical: 1, "1": 0, billing: 0, "3": 1 });
  await desk.assertSound();
});

Deno.test("a ticket that is resolved again as another is learned as that", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await learnedTicket(desk, staff);
  await say(desk, staff.customer, ticket, "It is about the bill.");
  await correct(desk, staff, ticket, { category: "billing" });
  assert.equal(await learnFromTickets(desk.desk), 0);
  await move(desk, staff.agent, ticket, "resolved");
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.deepEqual(await examplesOf(desk), { technical: 0, "1": 1, billing: 1 });
  await desk.assertSound();
});

Deno.test("what is confirmed of a ticket later than the rest is learned beside it", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await resolveOne(desk, staff, { title: "My card", category: "technical" });
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  await correct(desk, staff, ticket, { priority: 2 });
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.deepEqual(await examplesOf(desk), { technical: 1, "2": 1 });
  assert.equal((await classifierState(desk.desk)).tickets, 1);
  await desk.assertSound();
});

Deno.test("of a ticket whose text has changed since, what it taught stays", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await learnedTicket(desk, staff);
  await correct(desk, staff, ticket, { title: "An invoice", category: "billing" });
  assert.equal(await learnFromTickets(desk.desk), 0);
  assert.deepEqual(await examplesOf(desk), { technical: 1, "1": 1 });
  await desk.assertSound();
});

Deno.test("a correction is learned once by several processes, and by none that dies at it", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await learnedTicket(desk, staff);
  await correct(desk, staff, ticket, { category: "billing" });
  for (let commits = 0; commits < 3; commits++) {
    await assert.rejects(learnFromTickets(dyingAfter(desk.desk, commits)), /died/);
    assert.deepEqual(await examplesOf(desk), { technical: 1, "1": 1 });
  }
  const desks = [desk.desk, await anotherProcess(desk.desk), await anotherProcess(desk.desk)];
  const learned = await Promise.all(desks.map(learnFromTickets));
  assert.equal(learned.reduce((sum, each) => sum + each, 0), 1);
  assert.deepEqual(await examplesOf(desk), { technical: 0, "1": 1, billing: 1 });
  await desk.assertSound();
});

Deno.test("a correction of what was forgotten since takes nothing back", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await learnedTicket(desk, staff);
  granted(await forgetLearned(desk.desk, { relearn: true }));
  await correct(desk, staff, ticket, { category: "billing" });
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.deepEqual(await examplesOf(desk), { billing: 1, "1": 1 });
  await desk.assertSound();
});

Deno.test("a ticket that an earlier version learned from teaches nothing more", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  const ticket = await learnedTicket(desk, staff);
  const { epoch } = await classifierState(desk.desk);
  await transact(desk.desk.store, (tx) => {
    tx.set(keys.learnedTicket(ticket.id), epoch);
    return Promise.resolve();
  });
  await correct(desk, staff, ticket, { category: "billing" });
  assert.equal(await learnFromTickets(desk.desk), 0);
  assert.deepEqual(await examplesOf(desk), { technical: 1, "1": 1 });
  await desk.assertSound();
});

Deno.test("what a customer taught who was deactivated is gone once all is learned again", async () => {
  await using desk = await openDesk();
  const staff = await staffed(desk);
  await learnedTicket(desk, staff);
  const [admin, stranger] = [await desk.join("admin"), await desk.join("user")];
  const theirs = { title: "My card", category: "urgent", priority: 1 };
  const ticket = await resolveOne(desk, { ...staff, customer: stranger }, theirs);
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  const path = `/api/users/${stranger.actor.userId}`;
  dataOf(await desk.call(admin, "DELETE", path), 200);
  // A correction counts all the same.
  await correct(desk, staff, ticket, { category: "billing" });
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.deepEqual(await examplesOf(desk), { technical: 1, "1": 2, urgent: 0, billing: 1 });
  granted(await forgetLearned(desk.desk, { relearn: true }));
  desk.clock.advance(HOUR_MS);
  assert.equal(await learnFromTickets(desk.desk), 1);
  assert.deepEqual(await examplesOf(desk), { technical: 1, "1": 1 });
  await desk.assertSound();
});
