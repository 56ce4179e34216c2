import assert from "node:assert/strict";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { putCalendar } from "../../domain/services/calendars.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { finishApplying } from "../../domain/services/sla_apply.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { keys, keyText } from "../../domain/store/keys.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { read } from "../../domain/store/store.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { move, open, openFor, ticketOf, type View } from "../support/work.ts";

const GENERAL = { priority: 2, category: "general" } as const;
const BEFORE = 240;
const AFTER = 90;

/** A ticket in every status, some of them open. */
interface Floor {
  readonly boss: Person;
  readonly agent: Person;
  readonly customer: Person;
  readonly open: readonly View[];
  readonly done: readonly View[];
}

/** Tickets on a desk that does nothing by itself. */
async function setFloor(desk: TestDesk): Promise<Floor> {
  await desk.background.stop();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 100 } });
  const waiting = await open(desk, customer);
  const long = await open(desk, customer, { description: "ж".repeat(4_500) });
  const held = [];
  for (const status of ["assigned", "in-progress", "pending", "escalated"] as const) {
    const ticket = await openFor(desk, customer, agent, boss);
    held.push(status === "assigned" ? ticket : await move(desk, agent, ticket, status));
  }
  const resolved = await move(desk, agent, await openFor(desk, customer, agent, boss), "resolved");
  const closing = await move(desk, agent, await openFor(desk, customer, agent, boss), "resolved");
  const closed = await move(desk, boss, closing, "closed");
  return { boss, agent, customer, open: [waiting, long, ...held], done: [resolved, closed] };
}

/** Sets another response time, for open tickets too; nothing has reached them yet. */
async function edit({ desk }: TestDesk): Promise<string> {
  const changes = { responseTime: AFTER, applyToOpen: true };
  const { configuration } = granted(await putSlaConfiguration(desk, GENERAL, changes));
  return String(configuration.version);
}

async function recordOf({ desk }: TestDesk, { id }: View): Promise<Ticket> {
  const ticket = await read(desk.store, tickets, keys.ticket(id));
  assert(ticket !== null);
  return ticket;
}

async function targetsOf(desk: TestDesk, all: readonly View[]): Promise<number[]> {
  const records = await Promise.all(all.map((ticket) => recordOf(desk, ticket)));
  return records.map(({ sla }) => sla.response.targetMinutes);
}

/** The edit has reached every open ticket, no other one, and another edit may come. */
async function assertApplied(desk: TestDesk, floor: Floor): Promise<void> {
  const targets = await targetsOf(desk, floor.open);
  for (const [index, { status }] of floor.open.entries()) {
    // Whoever was answered keeps what was promised then.
    const answered = ["in-progress", "pending", "escalated"].includes(status) &&
      (await recordOf(desk, floor.open[index])).sla.response.state === "fulfilled";
    assert.equal(targets[index], answered ? BEFORE : AFTER, status);
    const { configurationVersion } = (await recordOf(desk, floor.open[index])).sla;
    assert.equal(configurationVersion, 1, status);
  }
  assert.deepEqual(await targetsOf(desk, floor.done), [BEFORE, BEFORE]);
  assert.equal((await desk.desk.book.latest()).applying, false);
  assert.deepEqual(await openIntents(desk.desk, "apply_sla"), []);
  await desk.assertSound();
}

Deno.test("an edit that is to be applied reaches every open ticket, and those alone", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  const id = await edit(desk);
  assert.deepEqual(await targetsOf(desk, floor.open), floor.open.map(() => BEFORE));
  await desk.assertSound();
  assert.equal(await finishApplying(desk.desk, id), floor.open.length);
  await assertApplied(desk, floor);
  assert.equal(await finishApplying(desk.desk, id), 0, "it is done");
});

Deno.test("an edit for new tickets alone reaches none that is open", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  granted(await putSlaConfiguration(desk.desk, GENERAL, { responseTime: AFTER }));
  assert.deepEqual(await openIntents(desk.desk, "apply_sla"), []);
  assert.deepEqual(await targetsOf(desk, floor.open), floor.open.map(() => BEFORE));
  const young = await open(desk, floor.customer);
  assert.deepEqual(await targetsOf(desk, [young]), [AFTER]);
  await desk.assertSound();
});

Deno.test("an edit cut off after any commit is resumed, and takes effect when it was made", async () => {
  let cutOff = true;
  for (let commits = 0; cutOff; commits++) {
    assert(commits < 50, "it never ends");
    await using desk = await openDesk();
    const floor = await setFloor(desk);
    // Longer than is promised from now on.
    desk.clock.advance((AFTER + 10) * MINUTE_MS);
    const editedAt = desk.clock.now();
    const id = await edit(desk);
    desk.clock.advance(MINUTE_MS);
    cutOff = await finishApplying(dyingAfter(desk.desk, commits), id).then(() => false, () => true);
    await desk.assertSound();
    desk.clock.advance(MINUTE_MS);
    assert.equal((await resumeIntents(desk.desk)).applied, cutOff ? 1 : 0);
    await assertApplied(desk, floor);
    for (const ticket of floor.open.slice(0, 3)) {
      const { response } = (await recordOf(desk, ticket)).sla;
      assert.equal(response.breachedAt, editedAt, "broken by the edit, not by who carried it");
      const { history } = await ticketOf(desk, floor.boss, ticket);
      const breaches = history.filter(({ action }: View) => action === "sla_breach");
      assert.deepEqual(breaches.map(({ details }: View) => details.reason), ["target_change"]);
    }
    if (!cutOff) assert(commits > floor.open.length, "each ticket is a commit at least");
  }
});

Deno.test("an edit that two carry at once reaches every ticket once", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  const id = await edit(desk);
  await Promise.all([1, 2, 3].map(() => finishApplying(desk.desk, id)));
  await assertApplied(desk, floor);
});

Deno.test("a ticket that moves to where the edit has been already has it all the same", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  const id = await edit(desk);
  // One round is one status: those that wait come first.
  let rounds = 0;
  await finishApplying(desk.desk, id, () => rounds++ < 1);
  const [waiting, _long, assigned] = floor.open;
  assert.deepEqual(await targetsOf(desk, [waiting, assigned]), [AFTER, BEFORE]);
  await desk.assertSound();
  await move(desk, floor.boss, assigned, "queued");
  await finishApplying(desk.desk, id);
  await assertApplied(desk, floor);
});

Deno.test("what changes a ticket while the edit is on its way brings the edit with it", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  const id = await edit(desk);
  const [waiting] = floor.open;
  const changed = await desk.call(floor.boss, "PATCH", `/api/tickets/${waiting.id}`, {
    title: "Another title",
  });
  assert.equal(changed.status, 200);
  const young = await open(desk, floor.customer);
  assert.deepEqual(await targetsOf(desk, [waiting, young]), [AFTER, AFTER]);
  await finishApplying(desk.desk, id);
  await assertApplied(desk, floor);
});

Deno.test("who asks over HTTP need do no more: the process carries the edit by itself", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const ticket = await open(desk, admin);
  const body = { responseTime: AFTER, applyToOpen: true };
  const path = "/api/sla/config/2/general";
  assert.equal((await desk.call(admin, "PUT", path, body)).status, 200);
  await desk.background.idle();
  assert.deepEqual(await targetsOf(desk, [ticket]), [AFTER]);
  assert.equal((await desk.desk.book.latest()).applying, false);
  await desk.assertSound();
});

Deno.test("other hours reach the tickets that count by them, and no others", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const customer = await desk.join("user");
  const [cards, rest] = [
    await open(desk, customer, { department: "Cards" }),
    await open(desk, customer),
  ];
  const weekly = { mon: [["09:00", "17:00"]] } as const;
  const office = { name: "Office", timezone: "UTC", weekly, departments: ["cards"] };
  const { calendar } = granted(await putCalendar(desk.desk, "office", office));
  await resumeIntents(desk.desk);
  const byOffice = (await recordOf(desk, cards)).sla.calendar;
  assert.deepEqual(byOffice, { id: "office", version: calendar.version });
  assert.equal((await recordOf(desk, rest)).sla.calendar.id, "default");
  await desk.assertSound();
});

Deno.test("a ticket that breaks it is tried again, and in the end keeps no other edit from being made", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  const id = await edit(desk);
  const { reader } = desk.desk.store;
  const [, , broken] = floor.open;
  const key = keys.ticket(broken.id);
  const { value } = await reader.get<object>(key);
  // Of a version of the program that is yet to come.
  await reader.set(key, { ...value, schema: 99 });
  for (let turn = 1; turn < 5; turn++) {
    await assert.rejects(finishApplying(desk.desk, id), /Cannot apply promises to 1 tickets/);
    assert.equal((await desk.desk.book.latest()).applying, true);
  }
  await finishApplying(desk.desk, id);
  assert.equal((await desk.desk.book.latest()).applying, false);
  await reader.set(key, value);
  assert.deepEqual(await targetsOf(desk, [broken]), [BEFORE]);
  // It has it with the next thing that anybody does to it.
  await move(desk, floor.boss, broken, "queued");
  await assertApplied(desk, floor);
});

/** The same desk, on which somebody else always wins the race for this ticket. */
function contested(desk: Desk, { id }: View): Desk {
  const { committer } = desk.store;
  const contestedKey = keyText(keys.ticket(id));
  const submit: typeof committer.submit = (draft) =>
    draft.checks.some(({ key }) => keyText(key) === contestedKey)
      ? Promise.resolve(null)
      : committer.submit(draft);
  return { ...desk, store: { ...desk.store, committer: { ...committer, submit } } };
}

Deno.test("where a ticket is fought over the edit waits, and goes on from there", async () => {
  await using desk = await openDesk();
  const floor = await setFloor(desk);
  const id = await edit(desk);
  const [, , assigned] = floor.open;
  await finishApplying(contested(desk.desk, assigned), id);
  assert.deepEqual(await openIntents(desk.desk, "apply_sla"), [id]);
  await desk.assertSound();
  await finishApplying(desk.desk, id);
  await assertApplied(desk, floor);
});
