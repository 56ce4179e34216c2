import assert from "node:assert/strict";
import { startClocks } from "../../domain/rules/sla.ts";
import {
  isOpen,
  isWaiting,
  laneOf,
  nextDueAt,
  openTicket,
  resolutionMinutes,
  STATUSES,
  type TicketInput,
} from "../../domain/rules/ticket.ts";
import {
  aClock,
  anAgent,
  aTicket,
  aTicketIn,
  CUSTOMER_ID,
  minute,
  OPENED,
  someClocks,
  termsOf,
  theCustomer,
} from "../support/builders.ts";

const ADA = anAgent("Ada");

const INPUT: TicketInput = {
  title: "  The printer is on fire ",
  description: "It has been for an hour.",
  priority: 1,
  category: "technical",
  department: "Support",
  requiredSkills: [{ name: "printers", level: 2 }],
  tags: ["fire"],
  dueDate: minute(500),
  estimatedHours: 2,
};

Deno.test("an opened ticket waits in the queue with its clocks running and nobody on it", () => {
  const promise = { ...termsOf(INPUT), warningPercent: 80 };
  const identity = { id: "ticket-7", number: 7 };
  const decision = openTicket(INPUT, identity, promise, theCustomer(), OPENED);
  assert.deepEqual(decision.ticket, {
    ...INPUT,
    ...identity,
    schema: 2,
    status: "queued",
    createdBy: CUSTOMER_ID,
    assignee: null,
    escalationLevel: 0,
    sla: startClocks(promise, 80, OPENED),
    publicCommentCount: 0,
    internalCommentCount: 0,
    waitingSince: OPENED,
    releasedBy: null,
    firstResponseAt: null,
    resolvedAt: null,
    firstResolvedAt: null,
    resolvedMs: 0,
    closedAt: null,
    closesAt: null,
    nextAt: null,
    createdAt: OPENED,
    updatedAt: OPENED,
  });
  assert.deepEqual(decision.agents, []);
  assert.deepEqual(decision.warnings, []);
  const details = {
    status: "queued",
    priority: 1,
    category: "technical",
    department: "Support",
  };
  const fact = { event: "ticket.created", action: "created", details };
  assert.deepEqual(decision.facts, [fact]);
});

Deno.test("a ticket is open unless it is resolved or closed", () => {
  const open = STATUSES.filter((status) => isOpen({ status }));
  assert.deepEqual(open, ["queued", "assigned", "in-progress", "pending", "escalated"]);
});

Deno.test("a ticket waits when it is queued, or escalated without an assignee", () => {
  const waiting = (holder: typeof ADA | null): string[] =>
    STATUSES.filter((status) => isWaiting(aTicketIn(status, holder)));
  assert.deepEqual(waiting(null), ["queued", "escalated"]);
  assert.deepEqual(waiting(ADA).filter((status) => status !== "queued"), []);
});

Deno.test("escalated tickets wait at the head, and stay there when they are requeued", () => {
  assert.equal(laneOf(aTicket()), 1);
  assert.equal(laneOf(aTicketIn("escalated", null)), 0);
  assert.equal(laneOf(aTicketIn("escalated", null, { escalationLevel: 0 })), 0);
  assert.equal(laneOf(aTicket({ escalationLevel: 1 })), 0);
});

Deno.test("the deadline that runs orders the queue: of the response, then of the resolution", () => {
  const response = aClock(60);
  const answered = { ...response, state: "fulfilled", fulfilledAt: minute(5), met: true } as const;
  assert.equal(nextDueAt(aTicket()), minute(60));
  assert.equal(nextDueAt(aTicket({ sla: someClocks({ response: answered }) })), minute(480));
});

Deno.test("a resolution takes whole minutes on the wall clock, and none while unresolved", () => {
  assert.equal(resolutionMinutes(aTicket()), null);
  const after = (milliseconds: number): number | null =>
    resolutionMinutes(aTicket({ resolvedAt: OPENED + milliseconds }));
  assert.equal(after(0), 0);
  assert.equal(after(59_999), 0);
  assert.equal(after(60_000), 1);
  assert.equal(after(7_259_999), 120);
});
