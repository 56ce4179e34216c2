import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import { EDITABLE_FIELDS, editTicket, type TicketChanges } from "../../domain/rules/edit.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { type Clock, startClock, targetOf } from "../../domain/rules/clock.ts";
import { advance } from "../../domain/rules/sla_advance.ts";
import { type Decision, type Status, STATUSES, type Ticket } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicket,
  aTicketIn,
  decided,
  holding,
  HOURS,
  minute,
  recordOf,
  termsOf,
  theCustomer,
} from "../support/builders.ts";

const AT = minute(20);
const HOLDER = holding(anAgent("Ada"));

/** A new value for every field, and what history then says besides the field's name. */
const EDITS: Required<{ [Field in keyof TicketChanges]: [TicketChanges[Field], object] }> = {
  title: ["The printer burns", {}],
  description: ["Still.", {}],
  priority: [1, { priorityFrom: 2, priorityTo: 1 }],
  category: ["billing", { categoryFrom: "general", categoryTo: "billing" }],
  department: ["Fire", { departmentFrom: "general", departmentTo: "Fire" }],
  requiredSkills: [
    [{ name: "fire", level: 4 }, { name: "ink", level: 1 }],
    { requiredSkillsFrom: "", requiredSkillsTo: "fire:4, ink" },
  ],
  tags: [["hot", "paper"], { tagsFrom: "", tagsTo: "hot, paper" }],
  dueDate: [minute(60), { dueDateFrom: null, dueDateTo: "2026-01-05T10:00:00.000Z" }],
  estimatedHours: [2.5, { estimatedHoursFrom: 1, estimatedHoursTo: 2.5 }],
};

function edit(
  ticket: Ticket,
  changes: TicketChanges,
  actor: Actor = anActor("supervisor"),
  holder: Agent | null = null,
): Decision | Refusal {
  const { priority = ticket.priority, category = ticket.category } = changes;
  const terms = termsOf({ ...ticket, priority, category });
  return editTicket(ticket, { changes, terms, calendar: HOURS, holder }, actor, AT, HOURS);
}

/**
 * Who may edit in which status: `+` every field, `t` the texts alone and of the rest none ever,
 * `c` nothing because of the status; of the rest none ever for a customer here too.
 */
const RIGHTS: Readonly<Record<Status, readonly [customer: string, staff: string]>> = {
  queued: ["t", "+"],
  assigned: ["c", "+"],
  "in-progress": ["c", "+"],
  pending: ["c", "+"],
  escalated: ["c", "+"],
  resolved: ["c", "+"],
  closed: ["c", "c"],
};

Deno.test("every role edits in every status exactly the fields that the specification gives it", () => {
  const askers: [Actor, 0 | 1][] = [
    [theCustomer(), 0],
    [actorFor(HOLDER), 1],
    [anActor("supervisor"), 1],
    [anActor("admin"), 1],
  ];
  for (const [actor, column] of askers) {
    for (const status of STATUSES) {
      const holder = status === "queued" ? null : HOLDER;
      for (const field of EDITABLE_FIELDS) {
        const right = RIGHTS[status][column];
        const isText = field === "title" || field === "description";
        const byStatus = right === "c" ? "conflict" : "done";
        const expected = column === 0 && !isText ? "forbidden" : byStatus;
        const outcome = edit(aTicketIn(status, holder), valueOf(field), actor, holder);
        const verdict = isRefusal(outcome) ? outcome.refused : "done";
        assert.equal(verdict, expected, `${field} of a ticket ${status} by ${actor.role}`);
      }
    }
  }
});

function valueOf(field: keyof TicketChanges): TicketChanges {
  return { [field]: EDITS[field][0] };
}

Deno.test("an edit sets the field it names, keeps all others, and history says from what to what", () => {
  const before = aTicket();
  for (const field of EDITABLE_FIELDS) {
    const { ticket, facts, agents } = decided(edit(before, valueOf(field)));
    const [value, told] = EDITS[field];
    // Another priority or category also moves the deadlines.
    const expected = { ...before, [field]: value, sla: ticket.sla, updatedAt: AT };
    assert.deepEqual(ticket, expected, field);
    assert.deepEqual(agents, [], field);
    assert.deepEqual(facts, [{
      event: "ticket.updated",
      action: "updated",
      details: { fields: field, ...told },
    }]);
    if (field !== "priority" && field !== "category") assert.equal(ticket.sla, before.sla, field);
  }
});

Deno.test("an edit of several fields is one line of history, which names those that changed", () => {
  const changes = { title: "New", priority: 2, tags: ["a"], dueDate: null } as const;
  const { facts } = decided(edit(aTicket(), changes));
  assert.equal(facts.length, 1);
  assert.deepEqual(facts[0]?.details, { fields: "title, tags", tagsFrom: "", tagsTo: "a" });
});

Deno.test("an edit to what the ticket says already is no change: it tells nothing", () => {
  const { title, description, priority, category, department, requiredSkills } = aTicket();
  const same = { title, description, priority, category, department, requiredSkills };
  const ticket = aTicket({ tags: ["a"], dueDate: minute(60), estimatedHours: 2 });
  const all = { ...same, tags: ["a"], dueDate: minute(60), estimatedHours: 2 };
  for (const changes of [all, {}]) {
    const decision = decided(edit(ticket, changes, anActor("admin"), HOLDER));
    assert.deepEqual(decision, { ticket, agents: [], facts: [], warnings: [] });
  }
});

Deno.test("history shortens long lists and never has a text of the requester", () => {
  const tags = Array.from({ length: 20 }, (_, index) => `${index}-${"🔥".repeat(20)}`);
  const changes = { title: "A secret", description: "More of it.", tags };
  const details = decided(edit(aTicket(), changes)).facts[0]?.details ?? {};
  assert.equal(/secret|More/.test(JSON.stringify(details)), false);
  const shown = String(details["tagsTo"]);
  assert.equal([...shown].length, 200);
  assert.ok(shown.isWellFormed());
});

Deno.test("a due date that is taken away is not one that is not named", () => {
  const ticket = aTicket({ dueDate: minute(60) });
  assert.equal(decided(edit(ticket, { dueDate: null })).ticket.dueDate, null);
  assert.equal(
    decided(edit(ticket, { title: "New", dueDate: undefined })).ticket.dueDate,
    minute(60),
  );
});

Deno.test("another estimate is the holder's too, as long as it holds the ticket", () => {
  for (const status of STATUSES) {
    if (status === "queued" || status === "closed") continue;
    const holder = status === "resolved" ? anAgent("Ada") : HOLDER;
    const decision = decided(
      edit(aTicketIn(status, holder), { estimatedHours: 7 }, anActor("admin"), holder),
    );
    if (status === "resolved") assert.deepEqual(decision.agents, [], status);
    else {
      const { activeTickets } = recordOf(decision, holder);
      assert.deepEqual(activeTickets, [{ id: "ticket-1", estimatedHours: 7 }], status);
    }
  }
});

Deno.test("a department out of the holder's sight leaves the ticket with its holder", () => {
  const ticket = aTicketIn("in-progress", HOLDER);
  const edited = decided(edit(ticket, { department: "Elsewhere" }, anActor("admin"), HOLDER));
  assert.deepEqual(edited.ticket.assignee, ticket.assignee);
  assert.equal(edited.ticket.status, "in-progress");
});

Deno.test("another priority or category swaps both targets and keeps what was consumed", () => {
  for (const changes of [{ priority: 1 }, { category: "urgent" }] as const) {
    const { ticket } = decided(edit(aTicket(), changes));
    const { responseTime, resolutionTime } = termsOf(ticket).configuration;
    const { response, resolution } = ticket.sla;
    assert.deepEqual([response.dueAt, resolution.dueAt], [
      minute(responseTime),
      minute(resolutionTime),
    ]);
    assert.deepEqual([response.breachedAt, resolution.breachedAt], [null, null]);
  }
});

Deno.test("what an edit itself breaks is broken at the edit, once, and history says why", () => {
  const ticket = aTicket({ createdAt: AT - 90 * MINUTE_MS });
  const late = { ...ticket, sla: sinceMinutes(ticket, 90) };
  const { ticket: edited } = decided(edit(late, { priority: 1 }));
  const happened = advance(edited, null, HOURS, AT);
  const breaches = happened.filter(({ kind }) => kind === "breach");
  assert.equal(breaches.length, 1);
  assert.equal(breaches[0]?.at, AT);
  const [fact] = breaches[0]?.decision.facts ?? [];
  assert.equal(fact?.details["clock"], "response");
  assert.equal(fact?.details["reason"], "target_change");
  const broken = happened.at(-1)?.decision.ticket ?? edited;
  assert.equal(broken.sla.response.breachedAt, AT);
  assert.equal(broken.sla.resolution.breachedAt, null);
  // Broken already, it is not broken once more.
  const again = decided(edit(broken, { category: "urgent" }));
  assert.equal(again.ticket.sla.response.breachedAt, AT);
  const more = advance(again.ticket, null, HOURS, AT);
  assert.ok(more.every(({ kind }) => kind !== "breach"));
});

/** The clocks of general tickets of priority 2 that have run for so long. */
function sinceMinutes(ticket: Ticket, minutes: number): Ticket["sla"] {
  const activeSince = AT - minutes * MINUTE_MS;
  const run = (targetMinutes: number): Clock =>
    startClock(targetOf(targetMinutes, 80), activeSince, HOURS);
  return { ...ticket.sla, response: run(240), resolution: run(720) };
}

Deno.test("to name what was only filled in makes it a person's, and moves no deadline", () => {
  const ticket = { ...aTicket(), filledIn: ["category", "priority"] as const };
  const { category } = ticket;
  const { ticket: confirmed, facts } = decided(edit(ticket, { category }));
  assert.deepEqual(confirmed.filledIn, ["priority"]);
  assert.deepEqual(confirmed.sla, ticket.sla);
  const details = { fields: "category", categoryFrom: category, categoryTo: category };
  assert.deepEqual(facts.map((fact) => fact.details), [details]);
  const again = decided(edit(confirmed, { category }));
  assert.deepEqual([again.facts, again.ticket], [[], confirmed]);
});
