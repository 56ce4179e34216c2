import assert from "node:assert/strict";
import type { HistoryAction, TicketEventName, TicketFact } from "../../domain/rules/event.ts";
import { messagesFor, presentNotification } from "../../domain/rules/notification.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { anAgent, aTicket, aTicketIn, CUSTOMER_ID, OPENED } from "../support/builders.ts";

const HOLDER = anAgent("Ada");
const FORMER = "user-former";
const HELD = aTicketIn("assigned", HOLDER);
const UNHELD = aTicket();

function aFact(action: HistoryAction, more: Partial<TicketFact> = {}): TicketFact {
  const events: Partial<Record<HistoryAction, TicketEventName>> = {
    created: "ticket.created",
    assigned: "ticket.assigned",
    reassigned: "ticket.assigned",
    requeued: "ticket.requeued",
    commented: "ticket.commented",
    escalated: "ticket.escalated",
    resolved: "ticket.resolved",
    closed: "ticket.closed",
  };
  return { event: events[action] ?? "ticket.updated", action, details: {}, ...more };
}

/** Who is told, and by which type of message: `name: type`, in alphabetical order. */
function told(
  facts: readonly TicketFact[],
  ticket: Ticket,
  performedBy: string | null = null,
): string[] {
  const names: Record<string, string> = {
    [CUSTOMER_ID]: "requester",
    [HOLDER.userId]: "assignee",
    [FORMER]: "former assignee",
  };
  return messagesFor(facts, ticket, performedBy).map(({ to, message }) => {
    const roles = "roles" in to ? to.roles.join(" and ") : "";
    const who = "roles" in to
      ? roles === "supervisor and admin" ? "supervisors" : roles
      : names[to.userId] ?? to.userId;
    return `${who}: ${message.type}`;
  }).sort();
}

const BOTH_UPDATED = ["assignee: ticket_updated", "requester: ticket_updated"];

/** Each thing that happens to a ticket with an assignee, and who hears of it. */
const HEARD: [HistoryAction, readonly string[]][] = [
  ["created", []],
  ["updated", ["assignee: ticket_updated"]],
  ["assigned", ["assignee: ticket_assigned"]],
  ["reassigned", ["assignee: ticket_assigned"]],
  ["status_updated", BOTH_UPDATED],
  ["commented", ["assignee: comment_added", "requester: comment_added"]],
  ["escalated", [...BOTH_UPDATED, "supervisors: escalation"]],
  ["escalation_resolved", BOTH_UPDATED],
  ["resolved", BOTH_UPDATED],
  ["reopened", BOTH_UPDATED],
  ["closed", BOTH_UPDATED],
  ["rated", ["assignee: ticket_updated"]],
];

Deno.test("assignee, requester and supervisors are told of what concerns them", () => {
  for (const [action, expected] of HEARD) {
    assert.deepEqual(told([aFact(action)], HELD), expected, action);
  }
});

Deno.test("without an assignee the others are told all the same", () => {
  for (const [action, expected] of HEARD) {
    const others = expected.filter((line) => !line.startsWith("assignee"));
    assert.deepEqual(told([aFact(action)], UNHELD), others, action);
  }
});

Deno.test("nobody is told of what they did themselves", () => {
  for (const [action, expected] of HEARD) {
    for (const [name, userId] of [["assignee", HOLDER.userId], ["requester", CUSTOMER_ID]]) {
      const others = expected.filter((line) => !line.startsWith(`${name}:`));
      assert.deepEqual(told([aFact(action)], HELD, userId), others, `${action} by the ${name}`);
    }
  }
});

Deno.test("who loses a ticket is told, whether somebody else has it now or nobody", () => {
  const lost = { formerAssignee: FORMER };
  assert.deepEqual(told([aFact("reassigned", lost)], HELD), [
    "assignee: ticket_assigned",
    "former assignee: ticket_updated",
  ]);
  assert.deepEqual(told([aFact("requeued", lost)], UNHELD), ["former assignee: ticket_updated"]);
  assert.deepEqual(told([aFact("requeued", lost)], UNHELD, FORMER), []);
});

Deno.test("a customer hears nothing of an internal note", () => {
  const note = aFact("commented", { internal: true });
  assert.deepEqual(told([note], HELD), ["assignee: comment_added"]);
  assert.deepEqual(told([note], UNHELD), []);
  assert.deepEqual(told([note], HELD, HOLDER.userId), []);
});

Deno.test("a requester hears nothing of an escalation whose end leaves the status as it was", () => {
  const ended = aFact("escalation_resolved", { details: { from: "assigned", to: "assigned" } });
  assert.deepEqual(told([ended], HELD), ["assignee: ticket_updated"]);
});

Deno.test("everybody gets one message of a change, of the first thing that concerns them", () => {
  const reopened = [aFact("commented"), aFact("reopened")];
  assert.deepEqual(told(reopened, HELD, CUSTOMER_ID), ["assignee: comment_added"]);
  const resolved = [aFact("resolved"), aFact("commented")];
  assert.deepEqual(told(resolved, HELD, HOLDER.userId), ["requester: ticket_updated"]);
  const noted = [aFact("commented", { internal: true }), aFact("escalated")];
  assert.deepEqual(told(noted, HELD), [
    "assignee: comment_added",
    "requester: ticket_updated",
    "supervisors: escalation",
  ]);
});

Deno.test("whoever is assignee and requester at once gets one message", () => {
  const own = { ...HELD, createdBy: HOLDER.userId };
  for (const [action, expected] of HEARD) {
    const lines = told([aFact(action)], own).filter((line) => line.startsWith("assignee"));
    assert.equal(lines.length, expected.length === 0 ? 0 : 1, action);
  }
});

Deno.test("a message names the ticket, what happened and what it is now", () => {
  const cases: [TicketFact, Ticket, string][] = [
    [aFact("assigned"), HELD, "Ticket 1042 was assigned to you: The printer is on fire"],
    [aFact("commented"), HELD, "Ticket 1042 has a new comment: The printer is on fire"],
    [aFact("updated"), HELD, "Ticket 1042 was changed: The printer is on fire"],
    [
      aFact("resolved"),
      aTicketIn("resolved", HOLDER),
      "Ticket 1042 is now resolved: The printer is on fire",
    ],
  ];
  for (const [fact, ticket, text] of cases) {
    const message = messagesFor([fact], ticket, CUSTOMER_ID)[0]?.message;
    assert.equal(message?.message, text);
    assert.equal(message?.ticketId, ticket.id);
    const { status } = ticket;
    assert.deepEqual(message?.metadata, { number: 1042, action: fact.action, status });
  }
});

Deno.test("a long title is cut short in a message without tearing a character", () => {
  const title = (length: number): string => {
    const ticket = { ...HELD, title: "🔥".repeat(length) };
    const text = messagesFor([aFact("assigned")], ticket, null)[0]?.message.message ?? "";
    return text.slice(text.indexOf(": ") + 2);
  };
  assert.equal(title(80), "🔥".repeat(80));
  assert.equal(title(81), `${"🔥".repeat(79)}…`);
});

Deno.test("a notification repeats its id for older clients and leaves out a ticket it has not", () => {
  const notification = {
    schema: 1,
    id: "notification-1",
    type: "escalation",
    message: "Ticket 1042 was escalated",
    recipient: "user-1",
    read: false,
    ticketId: "ticket-1",
    metadata: { number: 1042 },
    createdAt: OPENED,
  } as const;
  const presented = {
    id: "notification-1",
    _id: "notification-1",
    type: "escalation",
    message: "Ticket 1042 was escalated",
    recipient: "user-1",
    read: false,
    ticketId: "ticket-1",
    metadata: { number: 1042 },
    createdAt: "2026-01-05T09:00:00.000Z",
  };
  assert.deepEqual(presentNotification(notification), presented);
  const { ticketId: _, ...without } = presented;
  assert.deepEqual(presentNotification({ ...notification, ticketId: null }), without);
});
