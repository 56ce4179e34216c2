import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import type { TicketFact } from "../../domain/rules/event.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import type { Decision, Status, Ticket } from "../../domain/rules/ticket.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicketIn,
  decided,
  holding,
  HOURS,
  minute,
  recordOf,
  someHeld,
} from "../support/builders.ts";

const HOLDER = holding(anAgent("Ada"));
const WORKING_HOLDER = holding(anAgent("Ada"), "ticket-1", true);
const OTHER = anAgent("Ben");
const AT = minute(20);

/** What an administrator's move does. */
function move(
  ticket: Ticket,
  to: Status,
  holder: Agent | null,
  agent: Agent | null = null,
): Decision {
  return decided(changeStatus(ticket, { to, agent, holder }, anActor("admin"), AT, HOURS));
}

const updated = (from: Status, to: Status, action: TicketFact["action"]): TicketFact => ({
  event: "ticket.updated",
  action,
  details: { from, to },
});

const given = (from: Status): TicketFact => ({
  event: "ticket.assigned",
  action: "reassigned",
  details: { from: "agent-ada", to: "agent-ben", status: from, by: "person" },
  formerAssignee: "user-ada",
});

const requeued = (from: Status): TicketFact => ({
  event: "ticket.requeued",
  action: "requeued",
  details: { from, to: "queued", agent: "agent-ada" },
  formerAssignee: "user-ada",
});

const escalated = (from: Status, level: number): TicketFact => ({
  event: "ticket.escalated",
  action: "escalated",
  details: { from, to: "escalated", level },
});

const ended = (from: Status, to: "resolved" | "closed"): TicketFact => ({
  event: `ticket.${to}`,
  action: to,
  details: { from, to },
});

/** Every move of a ticket that Ada has, and the fact that it makes. */
const FACTS_HELD: [Status, Status, TicketFact][] = [
  ["assigned", "queued", requeued("assigned")],
  ["assigned", "assigned", given("assigned")],
  ["assigned", "in-progress", updated("assigned", "in-progress", "status_updated")],
  ["assigned", "pending", updated("assigned", "pending", "status_updated")],
  ["assigned", "escalated", escalated("assigned", 1)],
  ["assigned", "resolved", ended("assigned", "resolved")],
  ["in-progress", "queued", requeued("in-progress")],
  ["in-progress", "assigned", given("in-progress")],
  // Back to whom it is with.
  ["in-progress", "assigned", updated("in-progress", "assigned", "status_updated")],
  ["in-progress", "pending", updated("in-progress", "pending", "status_updated")],
  ["in-progress", "escalated", escalated("in-progress", 1)],
  ["in-progress", "resolved", ended("in-progress", "resolved")],
  ["pending", "queued", requeued("pending")],
  ["pending", "assigned", given("pending")],
  ["pending", "in-progress", updated("pending", "in-progress", "status_updated")],
  ["pending", "escalated", escalated("pending", 1)],
  ["pending", "resolved", ended("pending", "resolved")],
  ["escalated", "queued", requeued("escalated")],
  ["escalated", "assigned", given("escalated")],
  ["escalated", "in-progress", updated("escalated", "in-progress", "escalation_resolved")],
  ["escalated", "pending", updated("escalated", "pending", "status_updated")],
  ["escalated", "escalated", escalated("escalated", 2)],
  ["escalated", "resolved", ended("escalated", "resolved")],
  ["resolved", "in-progress", updated("resolved", "in-progress", "reopened")],
  ["resolved", "assigned", updated("resolved", "assigned", "reopened")],
  ["resolved", "closed", ended("resolved", "closed")],
  ["closed", "queued", updated("closed", "queued", "reopened")],
  ["closed", "assigned", updated("closed", "assigned", "reopened")],
];

Deno.test("every move of a held ticket makes exactly its one fact and waits only in the queue", () => {
  for (const [from, to, fact] of FACTS_HELD) {
    const holder = from === "resolved" || from === "closed" ? anAgent("Ada") : HOLDER;
    const agent = to === "assigned" && fact.event === "ticket.assigned" ? OTHER : null;
    const { ticket, facts } = move(aTicketIn(from, holder), to, holder, agent);
    assert.deepEqual(facts, [fact], `${from} to ${to}`);
    assert.equal(ticket.waitingSince, to === "queued" ? AT : null, `${from} to ${to}`);
    assert.equal(ticket.updatedAt, AT, `${from} to ${to}`);
    const kept = to === "queued" ? null : agent ?? holder;
    assert.equal(ticket.assignee?.agentId, kept?.id, `${from} to ${to}`);
  }
});

Deno.test("a waiting ticket that is escalated waits on since when it did", () => {
  const { ticket, facts, agents } = move(aTicketIn("queued", null), "escalated", null);
  assert.equal(ticket.waitingSince, minute(0));
  assert.equal(ticket.escalationLevel, 1);
  assert.deepEqual(facts, [escalated("queued", 1)]);
  assert.deepEqual(agents, []);
});

Deno.test("an escalation that is settled in the queue keeps its place there at level 0", () => {
  const before = aTicketIn("escalated", null, { escalationLevel: 3 });
  const { ticket, facts } = move(before, "queued", null);
  assert.equal(ticket.waitingSince, minute(0));
  assert.equal(ticket.escalationLevel, 0);
  assert.deepEqual(facts, [updated("escalated", "queued", "escalation_resolved")]);
});

Deno.test("a pending ticket that nobody has waits from the moment it is queued", () => {
  const pending = move(aTicketIn("escalated", null), "pending", null).ticket;
  assert.equal(pending.waitingSince, null);
  const { ticket, facts } = move(pending, "queued", null);
  assert.equal(ticket.waitingSince, AT);
  assert.equal(facts[0]?.event, "ticket.requeued");
});

Deno.test("each escalation raises the level, and only its settlement puts it to 0", () => {
  const level = (to: Status, agent: Agent | null = null): number =>
    move(aTicketIn("escalated", HOLDER, { escalationLevel: 2 }), to, HOLDER, agent)
      .ticket.escalationLevel;
  assert.equal(level("escalated"), 3);
  assert.equal(level("in-progress"), 0);
  assert.equal(level("assigned", OTHER), 2);
  assert.equal(level("queued"), 2);
  assert.equal(level("pending"), 2);
  assert.equal(level("resolved"), 2);
});

Deno.test("a ticket taken in hand is its holder's current one, and no longer when it moves on", () => {
  for (const from of ["assigned", "pending", "escalated"] as const) {
    const record = recordOf(move(aTicketIn(from, HOLDER), "in-progress", HOLDER), HOLDER);
    assert.equal(record.currentTicketId, "ticket-1", from);
    assert.deepEqual(record.activeTickets, HOLDER.activeTickets, from);
  }
  const ticket = aTicketIn("in-progress", WORKING_HOLDER);
  for (const to of ["queued", "assigned", "pending", "escalated", "resolved"] as const) {
    const record = recordOf(move(ticket, to, WORKING_HOLDER), HOLDER);
    assert.equal(record.currentTicketId, null, to);
  }
  const record = recordOf(move(ticket, "assigned", WORKING_HOLDER, OTHER), HOLDER);
  assert.equal(record.currentTicketId, null, "assigned to another");
});

Deno.test("another ticket in hand stays the current one whatever becomes of this one", () => {
  const holder = { ...HOLDER, currentTicketId: "ticket-2" };
  for (const to of ["queued", "pending", "escalated", "resolved"] as const) {
    const { agents } = move(aTicketIn("assigned", holder), to, holder);
    for (const agent of agents) assert.equal(agent.currentTicketId, "ticket-2", to);
  }
});

Deno.test("an agent holds a ticket until it is requeued, resolved or given to another", () => {
  for (const from of ["assigned", "in-progress", "pending", "escalated"] as const) {
    const ticket = aTicketIn(from, HOLDER);
    for (const to of ["queued", "resolved"] as const) {
      assert.deepEqual(recordOf(move(ticket, to, HOLDER), HOLDER).activeTickets, [], from);
    }
    const given = move(ticket, "assigned", HOLDER, OTHER);
    assert.deepEqual(recordOf(given, HOLDER).activeTickets, [], from);
    assert.deepEqual(recordOf(given, OTHER).activeTickets, HOLDER.activeTickets, from);
    assert.equal(recordOf(given, OTHER).lastAssignedAt, AT, from);
  }
});

Deno.test("a resolution counts for the agent, with its minutes and whether it was in time", () => {
  const ticket = aTicketIn("assigned", HOLDER);
  const resolved = recordOf(move(ticket, "resolved", HOLDER), HOLDER);
  assert.deepEqual(resolved.resolutions, { count: 1, minutes: 20, met: 1 });
  const change = { to: "resolved", agent: null, holder: resolved } as const;
  const late = decided(changeStatus(ticket, change, anActor("admin"), minute(500), HOURS));
  assert.deepEqual(recordOf(late, HOLDER).resolutions, { count: 2, minutes: 520, met: 1 });
});

Deno.test("closing a resolved ticket changes no agent, and reopening gives it back to its holder", () => {
  const holder = anAgent("Ada");
  assert.deepEqual(move(aTicketIn("resolved", holder), "closed", holder).agents, []);
  for (const to of ["assigned", "in-progress"] as const) {
    const record = recordOf(move(aTicketIn("resolved", holder), to, holder), holder);
    assert.deepEqual(record.activeTickets, [{ id: "ticket-1", estimatedHours: 1 }], to);
  }
});

Deno.test("an agent who takes up a resolved ticket of nobody is bound by skills and capacity", () => {
  const ticket = aTicketIn("resolved", null, {
    requiredSkills: [{ name: "billing", level: 2 }],
  });
  const skills = [{ name: "billing", level: 2 }];
  const outcome = (agent: Agent): string => {
    const change = { to: "assigned", agent, holder: null } as const;
    const answer = changeStatus(ticket, change, actorFor(agent), AT, HOURS);
    return isRefusal(answer) ? answer.refused : "done";
  };
  assert.equal(outcome(anAgent("Ben", { skills })), "done");
  assert.equal(outcome(anAgent("Ben")), "missing_skill");
  assert.equal(outcome(anAgent("Ben", { skills, activeTickets: someHeld(5) })), "at_capacity");
  assert.equal(outcome(anAgent("Ben", { skills, status: "offline" })), "agent_unavailable");
});

Deno.test("a supervisor who reopens over an agent's limits is warned of each", () => {
  const ticket = aTicketIn("resolved", null, { requiredSkills: [{ name: "billing", level: 2 }] });
  const full = anAgent("Ben", { activeTickets: someHeld(5) });
  const { warnings } = move(ticket, "assigned", null, full);
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? "", /capacity/);
  assert.match(warnings[1] ?? "", /billing:2/);
});

Deno.test("nobody is given more open tickets than an agent may ever hold", () => {
  const full = anAgent("Ben", { activeTickets: someHeld(500), maxTickets: 1_000 });
  for (const from of ["queued", "resolved", "closed"] as const) {
    const change = { to: "assigned", agent: full, holder: null } as const;
    const answer = changeStatus(aTicketIn(from, null), change, anActor("admin"), AT, HOURS);
    assert.ok(isRefusal(answer), from);
    assert.equal(answer.refused, "at_capacity", from);
  }
});

Deno.test("a customer who did not open the ticket cannot close it", () => {
  const change = { to: "closed", agent: null, holder: null } as const;
  const answer = changeStatus(aTicketIn("queued", null), change, anActor("user"), AT, HOURS);
  assert.ok(isRefusal(answer));
  assert.equal(answer.refused, "forbidden");
});
