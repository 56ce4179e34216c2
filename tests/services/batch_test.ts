import assert from "node:assert/strict";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { type BatchRequest, batchUpdate, type ItemResult } from "../../domain/services/batch.ts";
import { putCalendar } from "../../domain/services/calendars.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { keys } from "../../domain/store/keys.ts";
import { tickets } from "../../domain/store/kinds.ts";
import { read } from "../../domain/store/store.ts";
import { beginRun, type Progress } from "../../domain/services/progress.ts";
import { granted, openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { stored } from "../support/problem.ts";
import { agentId, look, move, open, openFor, ticketOf, type View } from "../support/work.ts";

const AWAY = { status: "busy", maxTickets: 100 } as const;
/** Longer than a request is waited for whose process died. */
const LEASE_MS = MINUTE_MS;
const UNKNOWN = "01900000-0000-7000-8000-00000000dead";

async function update(
  desk: TestDesk,
  person: Person,
  tickets: readonly View[],
  changes: Omit<BatchRequest, "ids">,
): Promise<readonly string[]> {
  const ids = tickets.map(({ id }) => id);
  const batch = await batchUpdate(desk.desk, person.actor, { ids, ...changes });
  assert.deepEqual(batch.results.map(({ id }) => id), ids);
  const done = batch.results.filter(({ ok }) => ok).map(({ id }) => id);
  assert.deepEqual(batch.tickets.map(({ id }) => id), done);
  return batch.results.map((result) => result.ok ? "ok" : result.error.code);
}

async function recordOf({ desk: { store } }: TestDesk, { id }: View): Promise<Ticket> {
  const ticket = await read(store, tickets, keys.ticket(id));
  assert(ticket !== null);
  return ticket;
}

Deno.test("each ticket gets all changes or none, and the refused ones say why", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const held = await openFor(desk, customer, agent, boss);
  const queued = await open(desk, customer, { requiredSkills: ["nobody has it"] });
  const closed = await open(desk, customer, { requiredSkills: ["nobody has it"] });
  await move(desk, customer, closed, "closed");
  const before = await ticketOf(desk, boss, queued);
  const changes = { status: "resolved", priority: 1, tags: ["done"] } as const;
  const all = [queued, held, { id: UNKNOWN }, closed];
  assert.deepEqual(await update(desk, boss, all, changes), [
    "invalid_transition",
    "ok",
    "not_found",
    "conflict",
  ]);
  assert.deepEqual(await ticketOf(desk, boss, queued), before);
  const read = await ticketOf(desk, boss, held);
  assert.deepEqual([read.status, read.priority, read.tags], ["resolved", 1, ["done"]]);
  assert.deepEqual(
    read.history.slice(0, 2).map(({ action }: View) => action).sort(),
    ["resolved", "updated"],
  );
  await desk.assertSound();
});

Deno.test("everybody may in a batch what they may one by one, and nothing more", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const stranger = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { ...AWAY, department: "Here" } });
  const rival = await desk.join("agent", { agent: AWAY });
  const needs = { requiredSkills: ["nobody has it"] };
  const own = await open(desk, customer, { ...needs, department: "Here" });
  const far = await open(desk, customer, { ...needs, department: "There" });
  const both = [own, far];
  assert.deepEqual(await update(desk, customer, both, { tags: ["x"] }), ["forbidden", "forbidden"]);
  assert.deepEqual(await update(desk, stranger, both, { tags: ["x"] }), ["not_found", "not_found"]);
  assert.deepEqual(await update(desk, agent, both, { tags: ["x"] }), ["ok", "not_found"]);
  assert.deepEqual(await update(desk, agent, [own], { agentId: agentId(rival) }), ["forbidden"]);
  assert.deepEqual(await update(desk, boss, both, { agentId: agentId(rival) }), ["ok", "ok"]);
  assert.deepEqual(await update(desk, agent, both, { status: "queued" }), [
    "forbidden",
    "not_found",
  ]);
  assert.deepEqual(await update(desk, boss, both, { status: "queued" }), ["ok", "ok"]);
  assert.deepEqual(await update(desk, customer, both, { status: "closed" }), ["ok", "ok"]);
  await desk.assertSound();
});

Deno.test("an agent without a status gets the tickets it does not have, and its own stay as they are", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const rival = await desk.join("agent", { agent: AWAY });
  const held = await openFor(desk, customer, agent, boss);
  await move(desk, agent, held, "in-progress");
  const lost = await openFor(desk, customer, rival, boss);
  const waiting = await open(desk, customer);
  const tickets = [held, lost, waiting];
  assert.deepEqual(await update(desk, boss, tickets, { agentId: agentId(agent) }), [
    "ok",
    "ok",
    "ok",
  ]);
  for (const [ticket, status] of [[held, "in-progress"], [lost, "assigned"]] as const) {
    const read = await ticketOf(desk, boss, ticket);
    assert.deepEqual([read.status, read.assignedTo.id], [status, agentId(agent)]);
  }
  const { activeTickets } = await look(desk, boss, `/api/agents/${agentId(agent)}`);
  assert.equal(activeTickets.length, 3);
  await desk.assertSound();
});

Deno.test("who gets a ticket in a batch hears that it is theirs, not that it was changed", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const ticket = await open(desk, customer);
  await update(desk, boss, [ticket], { agentId: agentId(agent), priority: 1 });
  const told = await look(desk, agent, "/api/notifications/unread");
  assert.deepEqual(told.map(({ type }: View) => type), ["ticket_assigned"]);
  await desk.assertSound();
});

Deno.test("an overload is warned of once, however many tickets make it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { ...AWAY, maxTickets: 1 } });
  const ids = [];
  for (let index = 0; index < 4; index++) ids.push((await open(desk, customer)).id);
  const request = { ids, agentId: agentId(agent) };
  const { warnings } = await batchUpdate(desk.desk, boss.actor, request);
  assert.equal(warnings.length, 1, JSON.stringify(warnings));
  await desk.assertSound();
});

Deno.test("clocks that go on in a batch go on by the calendar of what the ticket becomes", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const weekly = { tue: [["09:00", "17:00"]] } as const;
  granted(await putCalendar(desk.desk, "tuesdays", { name: "Tuesdays", timezone: "UTC", weekly }));
  await desk.background.idle();
  const pair = { priority: 1, category: "general" } as const;
  granted(await putSlaConfiguration(desk.desk, pair, { calendar: "tuesdays" }));
  // On a Monday at nine.
  const ticket = await openFor(desk, customer, agent, boss);
  await move(desk, agent, ticket, "pending");
  await update(desk, boss, [ticket], { priority: 1, status: "in-progress" });
  const { resolution } = (await recordOf(desk, ticket)).sla;
  assert.equal(resolution.dueAt, desk.clock.now() + DAY_MS + resolution.targetMinutes * MINUTE_MS);
  await desk.assertSound();
});

Deno.test("a batch that changes nothing writes nothing", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer, { priority: 1 });
  await desk.background.idle();
  const before = await stored(desk.desk.store);
  assert.deepEqual(await update(desk, boss, [ticket], { priority: 1 }), ["ok"]);
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("a batch that dies anywhere goes on where it was, and does nothing twice", async () => {
  for (let commits = 0; commits <= 4; commits++) {
    await using desk = await openDesk();
    const customer = await desk.join("user");
    const boss = await desk.join("supervisor");
    const agent = await desk.join("agent", { agent: AWAY });
    const ids: string[] = [];
    for (let index = 0; index < 4; index++) {
      ids.push((await openFor(desk, customer, agent, boss)).id);
    }
    await desk.background.stop();
    const keyed = { userId: boss.actor.userId, key: "a batch", fingerprint: "the same" };
    const begin = async (): Promise<Progress<ItemResult>> =>
      granted(await beginRun<ItemResult>(desk.desk, keyed));
    // Done twice it would escalate a ticket by two levels.
    const request = { ids: [...ids, UNKNOWN], status: "escalated", tags: ["loud"] } as const;
    const dying = dyingAfter(desk.desk, commits);
    const cutOff = batchUpdate(dying, boss.actor, request, await begin());
    if (commits < 4) await assert.rejects(cutOff, /died/);
    else await cutOff;
    desk.clock.advance(LEASE_MS);
    const batch = await batchUpdate(desk.desk, boss.actor, request, await begin());
    assert.deepEqual(batch.results.map(({ ok }) => ok), [true, true, true, true, false]);
    assert.deepEqual(batch.tickets.map(({ id }) => id), ids);
    const levels = batch.tickets.map(({ escalationLevel }) => escalationLevel);
    assert.deepEqual(levels, [1, 1, 1, 1], `${commits} commits`);
    await desk.assertSound();
  }
});
