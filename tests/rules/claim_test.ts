import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import { assign, claim, route } from "../../domain/rules/assignment.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import type { Decision, Ticket } from "../../domain/rules/ticket.ts";
import {
  anAgent,
  aTicket,
  aTicketIn,
  decided,
  holding,
  minute,
  recordOf,
  someHeld,
} from "../support/builders.ts";

const AT = minute(20);
const RELAXATION = { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 };
const ADA = anAgent("Ada");
const DEMANDING = aTicket({ requiredSkills: [{ name: "billing", level: 4 }] });

function codeOf(outcome: Decision | Refusal): string {
  return isRefusal(outcome) ? outcome.refused : "done";
}

function claimed(ticket: Ticket, agent: Agent, force = false): string {
  return codeOf(claim(ticket, agent, null, force, AT));
}

Deno.test("an agent claims what waits, and nothing else", () => {
  for (const status of ["queued", "escalated"] as const) {
    assert.equal(claimed(aTicketIn(status, null), ADA), "done", status);
  }
  const others = ["assigned", "in-progress", "pending", "escalated", "resolved", "closed"] as const;
  for (const status of others) {
    const ticket = aTicketIn(status, anAgent("Ben"));
    assert.equal(claimed(ticket, ADA), "already_claimed", status);
    assert.equal(claimed(ticket, ADA, true), "already_claimed", `${status} by force`);
  }
  assert.equal(claimed(aTicketIn("closed", null), ADA), "already_claimed");
});

Deno.test("whoever comes too late is told who has the ticket", () => {
  const ben = anAgent("Ben");
  const refusal = claim(aTicketIn("in-progress", ben), ADA, ben, false, AT);
  assert.ok(isRefusal(refusal));
  assert.equal(refusal.detail, "Ticket 1042 is assigned to Ben.");
  assert.deepEqual(refusal.facts, { currentStatus: "in-progress" });
});

Deno.test("a claim is refused for the first of: taken, away, without the skill, at capacity", () => {
  const fit = { skills: [{ name: "billing", level: 4 }] };
  const full = { activeTickets: someHeld(5) };
  const { requiredSkills } = DEMANDING;
  const taken = aTicketIn("assigned", anAgent("Ben"), { requiredSkills });
  const cases: [string, Ticket, Partial<Agent>][] = [
    ["already_claimed", taken, { ...full, status: "offline" }],
    ["agent_unavailable", DEMANDING, { ...full, status: "offline" }],
    ["agent_unavailable", DEMANDING, { ...full, status: "busy", onBreak: true }],
    ["missing_skill", DEMANDING, full],
    ["at_capacity", DEMANDING, { ...full, ...fit }],
    ["done", DEMANDING, fit],
    ["done", DEMANDING, { ...fit, status: "busy" }],
  ];
  for (const [code, ticket, changes] of cases) {
    assert.equal(claimed(ticket, anAgent("Ada", changes)), code);
  }
});

Deno.test("neither department nor waiting time decides a claim, only the skill asked for", () => {
  const elsewhere = aTicket({ department: "Sales", waitingSince: minute(-1_000) });
  assert.equal(claimed(elsewhere, ADA), "done");
  const beginner = anAgent("Ada", { skills: [{ name: "billing", level: 3 }] });
  assert.equal(claimed({ ...DEMANDING, waitingSince: minute(-1_000) }, beginner), "missing_skill");
});

Deno.test("a missing skill is named with the level that is missing", () => {
  const requiredSkills = [{ name: "billing", level: 4 }, { name: "sap", level: 1 }];
  const refusal = claim(aTicket({ requiredSkills }), ADA, null, false, AT);
  assert.ok(isRefusal(refusal));
  assert.deepEqual(refusal.facts, { missing: ["billing:4", "sap"] });
});

Deno.test("an agent at capacity is told how many tickets it has of how many", () => {
  const full = anAgent("Ada", { activeTickets: someHeld(3), maxTickets: 3 });
  const refusal = claim(aTicket(), full, null, false, AT);
  assert.ok(isRefusal(refusal));
  assert.deepEqual(refusal.facts, { openTickets: 3, maxTickets: 3 });
});

Deno.test("force goes over capacity and skills with a warning of each, but not over absence", () => {
  const full = anAgent("Ada", { activeTickets: someHeld(5) });
  const { warnings } = decided(claim(DEMANDING, full, null, true, AT));
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? "", /over capacity \(5\)/);
  assert.match(warnings[1] ?? "", /lacks billing:4/);
  assert.equal(
    claimed(DEMANDING, anAgent("Ada", { status: "offline" }), true),
    "agent_unavailable",
  );
  assert.equal(claimed(DEMANDING, anAgent("Ada", { onBreak: true }), true), "agent_unavailable");
  const laden = anAgent("Ada", { activeTickets: someHeld(500) });
  assert.equal(claimed(aTicket(), laden, true), "at_capacity");
});

Deno.test("a claimed ticket is assigned, waits no longer and is among the agent's open ones", () => {
  const decision = decided(claim(aTicket({ estimatedHours: 2.5 }), ADA, null, false, AT));
  const { status, assignee, waitingSince, updatedAt, firstResponseAt } = decision.ticket;
  assert.equal(status, "assigned");
  assert.deepEqual(assignee, { agentId: ADA.id, userId: ADA.userId });
  assert.deepEqual([waitingSince, updatedAt, firstResponseAt], [null, AT, null]);
  const record = recordOf(decision, ADA);
  assert.deepEqual(record.activeTickets, [{ id: "ticket-1", estimatedHours: 2.5 }]);
  assert.equal(record.lastAssignedAt, AT);
  assert.deepEqual(decision.warnings, []);
  assert.deepEqual(decision.facts, [{
    event: "ticket.assigned",
    action: "assigned",
    details: { from: null, to: ADA.id, status: "queued", by: "claim" },
  }]);
});

Deno.test("the router gives only what waits, to whom it fits at that moment", () => {
  const routed = (ticket: Ticket, agent: Agent): string =>
    codeOf(route(ticket, agent, RELAXATION, AT));
  assert.equal(routed(aTicket(), ADA), "done");
  assert.equal(routed(aTicketIn("escalated", null), ADA), "done");
  assert.equal(routed(aTicketIn("assigned", anAgent("Ben")), ADA), "already_claimed");
  assert.equal(routed(aTicketIn("closed", null), ADA), "already_claimed");
  const unfit: Partial<Agent>[] = [
    { status: "offline" },
    { status: "busy" },
    { onBreak: true },
    { activeTickets: someHeld(5) },
  ];
  for (const changes of unfit) {
    assert.equal(routed(aTicket(), anAgent("Ada", changes)), "agent_unavailable");
  }
  assert.equal(routed(DEMANDING, ADA), "agent_unavailable");
  assert.equal(routed(aTicket({ department: "Sales" }), ADA), "agent_unavailable");
  const beginner = anAgent("Ada", { skills: [{ name: "billing", level: 1 }] });
  assert.equal(routed(DEMANDING, beginner), "done", "any level after fifteen minutes");
});

Deno.test("the router's work is told as its own and carries no warnings", () => {
  const { facts, warnings } = decided(route(aTicket(), ADA, RELAXATION, AT));
  assert.equal(facts[0]?.details.by, "router");
  assert.deepEqual(warnings, []);
});

Deno.test("a person's assignment goes through with a warning for each limit it goes over", () => {
  const cases: [Partial<Agent>, RegExp[]][] = [
    [{ skills: [{ name: "billing", level: 4 }] }, []],
    [{}, [/lacks billing:4/]],
    [{ activeTickets: someHeld(5) }, [/over capacity/, /lacks billing:4/]],
    [
      { activeTickets: someHeld(5), status: "offline" },
      [/over capacity/, /lacks billing:4/, /offline/],
    ],
  ];
  for (const [changes, expected] of cases) {
    const change = { to: anAgent("Ada", changes), from: null, by: "person" } as const;
    const { ticket, warnings } = decided(assign(DEMANDING, change, AT));
    assert.equal(ticket.status, "assigned");
    assert.equal(warnings.length, expected.length);
    for (const [index, pattern] of expected.entries()) assert.match(warnings[index] ?? "", pattern);
  }
});

Deno.test("a reassignment takes the ticket from the one and gives it to the other", () => {
  const ben = holding(anAgent("Ben"), "ticket-1", true);
  const change = { to: ADA, from: ben, by: "person" } as const;
  const decision = decided(assign(aTicketIn("in-progress", ben), change, AT));
  assert.deepEqual(recordOf(decision, ben).activeTickets, []);
  assert.equal(recordOf(decision, ben).currentTicketId, null);
  assert.equal(recordOf(decision, ben).lastAssignedAt, null);
  assert.equal(recordOf(decision, ADA).activeTickets.length, 1);
  assert.equal(decision.facts[0]?.action, "reassigned");
  assert.equal(decision.facts[0]?.formerAssignee, ben.userId);
});

Deno.test("a full agent who keeps its own ticket goes over nothing", () => {
  const full = holding(anAgent("Ada", { activeTickets: someHeld(4) }));
  const change = { to: full, from: full, by: "person" } as const;
  const decision = decided(assign(aTicketIn("in-progress", full), change, AT));
  assert.deepEqual(decision.warnings, []);
  assert.equal(recordOf(decision, full).activeTickets.length, 5);
  assert.equal(decision.facts[0]?.formerAssignee, undefined);
});
