import assert from "node:assert/strict";
import {
  briefOf,
  historyEntry,
  presentEvent,
  type TicketFact,
  ticketFeedEvent,
} from "../../domain/rules/event.ts";
import { anAgent, aTicketIn, minute } from "../support/builders.ts";

const AT = minute(20);
const TICKET = aTicketIn("assigned", anAgent("Ada"));
const FACT: TicketFact = {
  event: "ticket.updated",
  action: "status_updated",
  details: { from: "assigned", to: "pending" },
  formerAssignee: "user-ben",
};

Deno.test("a line of the history says what, who, when and from what to what", () => {
  const identity = { id: "entry-1", ticketId: TICKET.id };
  assert.deepEqual(historyEntry(FACT, identity, "user-ada", AT), {
    schema: 1,
    id: "entry-1",
    ticketId: "ticket-1",
    action: "status_updated",
    performedBy: "user-ada",
    at: AT,
    details: { from: "assigned", to: "pending" },
    internal: false,
  });
  const note = { ...FACT, internal: true };
  assert.equal(historyEntry(note, identity, null, AT).internal, true);
});

Deno.test("an event carries what decides who may see it, and none of the ticket's texts", () => {
  const brief = {
    id: "ticket-1",
    number: 1042,
    status: "assigned",
    priority: 2,
    department: "general",
    createdBy: "user-customer",
    assignee: { agentId: "agent-ada", userId: "user-ada" },
  };
  assert.deepEqual(briefOf(TICKET), brief);
  assert.deepEqual(ticketFeedEvent(FACT, TICKET, "user-ada", AT), {
    type: "ticket.updated",
    at: AT,
    performedBy: "user-ada",
    ticket: brief,
    action: "status_updated",
    details: { from: "assigned", to: "pending" },
    internal: false,
  });
  assert.equal(ticketFeedEvent({ ...FACT, internal: true }, TICKET, null, AT).internal, true);
});

Deno.test("a client is sent an event of a ticket without the people who opened or lost it", () => {
  assert.deepEqual(presentEvent(ticketFeedEvent(FACT, TICKET, "user-ada", AT)), {
    ticketId: "ticket-1",
    number: 1042,
    status: "assigned",
    priority: 2,
    department: "general",
    assignedTo: "agent-ada",
    at: "2026-01-05T09:20:00.000Z",
    action: "status_updated",
    performedBy: "user-ada",
    details: { from: "assigned", to: "pending" },
  });
});

Deno.test("a client is sent a change of the queue with the ticket that entered or left it", () => {
  for (const change of ["entered", "left"] as const) {
    const ticket = briefOf(aTicketIn("queued", null));
    assert.deepEqual(presentEvent({ type: "queue.changed", at: AT, ticket, change }), {
      ticketId: "ticket-1",
      number: 1042,
      status: "queued",
      priority: 2,
      department: "general",
      assignedTo: null,
      at: "2026-01-05T09:20:00.000Z",
      change,
    });
  }
});
