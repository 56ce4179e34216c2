import assert from "node:assert/strict";
import type { TicketChanges } from "../../domain/rules/edit.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { listHistory } from "../../domain/services/history.ts";
import {
  changeStatus,
  editTicket,
  escalateTicket,
  resolveEscalation,
} from "../../domain/services/ticket_changes.ts";
import { findTicket } from "../../domain/services/tickets.ts";
import { granted, openDesk, type Person, refusalOf, type TestDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { agentId, look, move, open, openFor, ticketOf, type View } from "../support/work.ts";

const AWAY = { status: "busy" } as const;

async function edit(
  desk: TestDesk,
  person: Person,
  ticket: View,
  changes: TicketChanges,
): Promise<Ticket> {
  return granted(await editTicket(desk.desk, person.actor, ticket.id, changes)).ticket;
}

async function recordOf(desk: TestDesk, person: Person, ticket: View): Promise<Ticket> {
  return granted(await findTicket(desk.desk, person.actor, ticket.id)).record;
}

Deno.test("an edited ticket stands in every list where it belongs, and in no other", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer, { tags: ["old", "kept"], priority: 3 });
  const changes = { tags: ["Kept", "new"], department: "Billing", priority: 1 } as const;
  await edit(desk, boss, ticket, changes);
  const places: [string, boolean][] = [
    ["tag=old", false],
    ["tag=kept", true],
    ["tag=new", true],
    ["department=general", false],
    ["department=billing", true],
    ["priority=3", false],
    ["priority=1", true],
  ];
  for (const [asked, expected] of places) {
    const answer = await desk.call(boss, "GET", `/api/tickets?${asked}`);
    assert.deepEqual([answer.json.count, answer.json.total], expected ? [1, 1] : [0, 0], asked);
  }
  await desk.assertSound();
});

Deno.test("an edit that changes nothing writes nothing", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const named = { tags: ["a"], requiredSkills: ["nobody has it:4"], priority: 2 };
  const ticket = await open(desk, customer, named);
  await desk.background.idle();
  const { title, description, priority, tags, requiredSkills, dueDate } = await recordOf(
    desk,
    boss,
    ticket,
  );
  const before = await stored(desk.desk.store);
  desk.clock.advance(MINUTE_MS);
  await edit(desk, boss, ticket, { title, description, priority, tags, requiredSkills, dueDate });
  await desk.background.idle();
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("the load of who has the ticket follows its estimate", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const ticket = await openFor(desk, customer, agent, boss, { estimatedHours: 2 });
  await openFor(desk, customer, agent, boss, { estimatedHours: 1.5 });
  await edit(desk, agent, ticket, { estimatedHours: 8 });
  const { currentLoad } = await look(desk, boss, `/api/agents/${agentId(agent)}`);
  assert.equal(currentLoad, 9.5);
  await desk.assertSound();
});

Deno.test("of several edits at once each one's fields stand in the end", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const edits: TicketChanges[] = [
    { priority: 1 },
    { category: "billing" },
    { tags: ["a"] },
    { estimatedHours: 3 },
    { title: "Another" },
    { dueDate: desk.clock.now() + HOUR_MS },
  ];
  await Promise.all(edits.map((changes) => edit(desk, boss, ticket, changes)));
  const record = await recordOf(desk, boss, ticket);
  for (const changes of edits) assert.deepEqual({ ...record, ...changes }, record);
  const { items } = await listHistory(desk.desk.store, boss.actor, ticket.id, {
    before: null,
    limit: 100,
  });
  assert.equal(items.filter(({ action }) => action === "updated").length, edits.length);
  assert.equal(record.sla.response.dueAt, record.createdAt + HOUR_MS, "of high billing tickets");
  await desk.assertSound();
});

Deno.test("a ticket that waits is routed at once when it asks for what somebody has", async () => {
  const asked: TicketChanges[] = [{ requiredSkills: [] }, { department: "general" }];
  for (const changes of asked) {
    await using desk = await openDesk();
    const customer = await desk.join("user");
    const boss = await desk.join("supervisor");
    const agent = await desk.join("agent");
    const impossible = "department" in changes
      ? { department: "Nowhere" }
      : { requiredSkills: ["nobody has it"] };
    const ticket = await open(desk, customer, impossible);
    assert.equal((await ticketOf(desk, boss, ticket)).status, "queued");
    await edit(desk, boss, ticket, { title: "This alone makes it no easier." });
    assert.equal((await ticketOf(desk, boss, ticket)).status, "queued");
    await edit(desk, boss, ticket, changes);
    assert.equal((await ticketOf(desk, boss, ticket)).assignedTo?.id, agentId(agent));
    await desk.assertSound();
  }
});

Deno.test("a ticket moved out of its agent's department stays with the agent, who is told", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { ...AWAY, department: "Here" } });
  const ticket = await openFor(desk, customer, agent, boss, { department: "Here" });
  const before = (await look(desk, customer, "/api/notifications/unread")).length;
  await edit(desk, boss, ticket, { department: "There" });
  const read = await ticketOf(desk, agent, ticket);
  assert.equal(read.department, "There");
  assert.equal(read.assignedTo.id, agentId(agent));
  const [told] = await look(desk, agent, "/api/notifications/unread");
  assert.equal(told.type, "ticket_updated");
  assert.equal(told.metadata.action, "updated");
  assert.equal((await look(desk, customer, "/api/notifications/unread")).length, before);
  await desk.assertSound();
});

Deno.test("what is closed while somebody edits it is either edited before or not at all", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  const [edited, closed] = await Promise.all([
    editTicket(desk.desk, boss.actor, ticket.id, { title: "New" }),
    changeStatus(desk.desk, customer.actor, ticket.id, { status: "closed" }),
  ]);
  granted(closed);
  const record = await recordOf(desk, boss, ticket);
  assert.equal(record.status, "closed");
  if (record.title !== "New") assert.equal(refusalOf(edited), "conflict");
  else granted(edited);
  await desk.assertSound();
});

Deno.test("an escalation keeps its reason in history and tells those who supervise", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const ticket = await openFor(desk, customer, agent, boss);
  const reason = "A lawyer wrote to us.";
  granted(await escalateTicket(desk.desk, agent.actor, ticket.id, { reason }));
  const read = await ticketOf(desk, boss, ticket);
  assert.deepEqual([read.status, read.escalationLevel], ["escalated", 1]);
  assert.equal(read.history[0].action, "escalated");
  assert.equal(read.history[0].details.reason, reason);
  const [told] = await look(desk, boss, "/api/notifications/unread");
  assert.equal(told.type, "escalation");
  const { actor } = customer;
  const refusal = await escalateTicket(desk.desk, actor, ticket.id, { reason });
  assert.equal(refusalOf(refusal), "forbidden");
  await desk.assertSound();
});

Deno.test("the note at an escalation's end is an internal comment of the same commit", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: AWAY });
  const ticket = await openFor(desk, customer, agent, boss);
  await move(desk, agent, ticket, "escalated");
  const note = "They were right.";
  granted(await resolveEscalation(desk.desk, boss.actor, ticket.id, { note }));
  const read = await ticketOf(desk, boss, ticket);
  assert.deepEqual([read.status, read.escalationLevel, read.commentCount], ["in-progress", 0, 1]);
  const [comment] = await look(desk, boss, `/api/tickets/${ticket.id}/comments`);
  assert.deepEqual([comment.body, comment.visibility], [note, "internal"]);
  const seen = await ticketOf(desk, customer, ticket);
  assert.equal(seen.commentCount, 0);
  assert.equal(seen.history[0].action, "escalation_resolved");
  const again = await resolveEscalation(desk.desk, boss.actor, ticket.id, { note });
  assert.equal(refusalOf(again), "not_escalated");
  assert.equal((await ticketOf(desk, boss, ticket)).commentCount, 1, "no note of a refused verb");
  await desk.assertSound();
});

Deno.test("of two who resolve one escalation at once one does", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const boss = await desk.join("supervisor");
  const ticket = await open(desk, customer);
  await move(desk, boss, ticket, "escalated");
  const outcomes = await Promise.all(
    [1, 2].map(() => resolveEscalation(desk.desk, boss.actor, ticket.id, { note: "Done." })),
  );
  const refused = outcomes.filter((outcome) => "refused" in outcome).map(refusalOf);
  assert.deepEqual(refused, ["not_escalated"]);
  const read = await ticketOf(desk, boss, ticket);
  assert.deepEqual([read.status, read.commentCount], ["queued", 1]);
  await desk.assertSound();
});
