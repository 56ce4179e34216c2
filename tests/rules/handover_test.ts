import assert from "node:assert/strict";
import { deactivateAgent } from "../../domain/rules/agent.ts";
import { claim, route } from "../../domain/rules/assignment.ts";
import { addComment } from "../../domain/rules/comment.ts";
import {
  handBack,
  handOver,
  handoverMessage,
  TICKETS_LISTED_MAX,
} from "../../domain/rules/handover.ts";
import { messagesFor } from "../../domain/rules/notification.ts";
import { isOpen, laneOf, STATUSES } from "../../domain/rules/ticket.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import { refusalOf } from "../support/desk.ts";
import {
  anActor,
  anAgent,
  aTicketIn,
  decided,
  holding,
  HOURS,
  minute,
  recordOf,
  someHeld,
  theCustomer,
} from "../support/builders.ts";

const AT = minute(20);
const ADA = holding(anAgent("Ada"), "ticket-1", true);
const BEN = anAgent("Ben");
const BOSS = anActor("supervisor");
const RELAXATION = { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 };
/** What an agent can have: queued tickets are nobody's. */
const HELD = STATUSES.filter((status) => isOpen({ status }) && status !== "queued");

Deno.test("whatever it was at, a ticket handed back waits at the head of the queue", () => {
  for (const status of HELD) {
    const decision = handBack(
      aTicketIn(status, ADA),
      { holder: ADA, by: "deactivated" },
      AT,
      HOURS,
    );
    const { ticket } = decision;
    assert.deepEqual([ticket.status, ticket.assignee], ["queued", null], status);
    assert.deepEqual([ticket.waitingSince, ticket.releasedBy], [AT, ADA.id], status);
    assert.equal(laneOf(ticket), 0, status);
    assert.equal(ticket.sla.resolution.state, "active", status);
    const left = recordOf(decision, ADA);
    assert.deepEqual([left.activeTickets, left.currentTicketId], [[], null], status);
    const [fact] = decision.facts;
    assert.equal(fact?.action, "requeued");
    const details = { from: status, to: "queued", agent: ADA.id, by: "deactivated" };
    assert.deepEqual(fact?.details, details);
  }
});

Deno.test("whatever it was at, a ticket handed over is assigned, with the whole of its past", () => {
  for (const status of HELD) {
    const decision = decided(handOver(aTicketIn(status, ADA), { from: ADA, to: BEN }, AT, HOURS));
    const { ticket, facts } = decision;
    assert.deepEqual([ticket.status, ticket.assignee?.agentId], ["assigned", BEN.id], status);
    assert.equal(ticket.escalationLevel, status === "escalated" ? 1 : 0);
    assert.deepEqual(recordOf(decision, ADA).activeTickets, []);
    assert.deepEqual(recordOf(decision, BEN).activeTickets.map(({ id }) => id), ["ticket-1"]);
    assert.deepEqual(facts.map(({ action, details }) => [action, details]), [
      ["handover", { from: ADA.id, to: BEN.id, status }],
    ]);
  }
});

Deno.test("a handover tells who gets the ticket and who had it, never who did it, nor the customer", () => {
  const { ticket, facts } = decided(
    handOver(aTicketIn("assigned", ADA), { from: ADA, to: BEN }, AT, HOURS),
  );
  const told = (performedBy: string) =>
    messagesFor(facts, ticket, performedBy).map(({ to, message }) => [to, message.type]);
  const forBen = [{ userId: BEN.userId }, "handover"];
  assert.deepEqual(told("boss"), [forBen, [{ userId: ADA.userId }, "ticket_updated"]]);
  assert.deepEqual(told(ADA.userId), [forBen]);
  assert.deepEqual(told(BEN.userId), [[{ userId: ADA.userId }, "ticket_updated"]]);
});

Deno.test("who was deactivated is not told of each ticket, who hands over is not told what it did", () => {
  const tellBack = (by: "deactivated" | "handover", performedBy: string): number => {
    const { ticket, facts } = handBack(aTicketIn("assigned", ADA), { holder: ADA, by }, AT, HOURS);
    return messagesFor(facts, ticket, performedBy).length;
  };
  assert.equal(tellBack("deactivated", "boss"), 0);
  assert.equal(tellBack("handover", "boss"), 1);
  assert.equal(tellBack("handover", ADA.userId), 0);
});

Deno.test("the head of the queue is left by whoever is given the ticket, in whatever way", () => {
  const { ticket } = handBack(
    aTicketIn("assigned", ADA),
    { holder: ADA, by: "handover" },
    AT,
    HOURS,
  );
  const change = { to: "assigned", agent: BEN, holder: null } as const;
  for (
    const outcome of [
      claim(ticket, BEN, null, false, AT),
      route(ticket, BEN, RELAXATION, AT),
      changeStatus(ticket, change, BOSS, AT, HOURS),
    ]
  ) assert.equal("handedOver" in decided(outcome).ticket, false);
  const closed = { ...ticket, ...aTicketIn("closed", null), handedOver: true } as const;
  const again = { to: "queued", agent: null, holder: null } as const;
  const reopened = decided(changeStatus(closed, again, anActor("admin"), AT, HOURS)).ticket;
  assert.deepEqual(["handedOver" in reopened, laneOf(reopened)], [false, 1]);
});

Deno.test("nobody gives a ticket to who was deactivated, by no way and with no rank", () => {
  const gone = deactivateAgent(BEN, AT);
  const waiting = aTicketIn("queued", null);
  const to = { to: "assigned", agent: gone, holder: null } as const;
  const outcomes = [
    claim(waiting, gone, null, false, AT),
    claim(waiting, gone, null, true, AT),
    route(waiting, gone, RELAXATION, AT),
    changeStatus(waiting, to, BOSS, AT, HOURS),
    changeStatus(waiting, to, anActor("admin"), AT, HOURS),
    changeStatus(aTicketIn("assigned", ADA), { ...to, holder: ADA }, BOSS, AT, HOURS),
    changeStatus(aTicketIn("resolved", ADA), { ...to, holder: ADA }, BOSS, AT, HOURS),
    handOver(aTicketIn("assigned", ADA), { from: ADA, to: gone }, AT, HOURS),
  ];
  assert.deepEqual(outcomes.map(refusalOf), outcomes.map(() => "agent_unavailable"));
});

Deno.test("a resolved ticket of who was deactivated is reopened into the queue, by word or by status", () => {
  const holder = deactivateAgent(anAgent("Ada"), AT);
  const resolved = aTicketIn("resolved", holder);
  const change = { to: "queued", agent: null, holder } as const;
  const comment = { id: "comment", visibility: "public" } as const;
  for (
    const outcome of [
      changeStatus(resolved, change, BOSS, AT, HOURS),
      addComment(resolved, comment, holder, theCustomer(), AT, HOURS),
    ]
  ) {
    const { ticket, agents } = decided(outcome);
    assert.deepEqual([ticket.status, ticket.assignee, agents], ["queued", null, []]);
  }
  for (const to of ["in-progress", "assigned"] as const) {
    const outcome = changeStatus(resolved, { ...change, to }, BOSS, AT, HOURS);
    assert.equal(refusalOf(outcome), "invalid_transition", to);
  }
});

Deno.test("what is pending with who was deactivated stays on its list until it is taken from it", () => {
  const holder = deactivateAgent(ADA, AT);
  const comment = { id: "comment", visibility: "public" } as const;
  const outcome = addComment(
    aTicketIn("pending", holder),
    comment,
    holder,
    theCustomer(),
    AT,
    HOURS,
  );
  const { ticket, agents } = decided(outcome);
  assert.deepEqual([ticket.assignee?.agentId, agents], [holder.id, []]);
});

Deno.test("the word to supervisors counts every ticket and lists a bounded number of them", () => {
  const [movedIds, requeuedIds] = [80, 90].map((count) => someHeld(count).map(({ id }) => id));
  assert(movedIds !== undefined && requeuedIds !== undefined);
  const { message, metadata } = handoverMessage(ADA, { movedIds, requeuedIds });
  assert.match(message, /Ada leaves 170 tickets: 80 .* 90 /);
  assert.deepEqual([metadata["moved"], metadata["requeued"]], [80, 90]);
  assert.equal((metadata["ticketIds"] as string[]).length, TICKETS_LISTED_MAX);
});

Deno.test("the word to supervisors of one ticket speaks of one", () => {
  const { message } = handoverMessage(ADA, { movedIds: [], requeuedIds: ["ticket-1"] });
  assert.match(message, /^Ada leaves 1 ticket: /);
});

Deno.test("of who may come back it is told too what stays with it", () => {
  const keptIds = Array.from({ length: 120 }, (_, index) => `kept-${index}`);
  const left = { movedIds: [], requeuedIds: ["ticket-1"], keptIds };
  const { message, metadata } = handoverMessage(ADA, left);
  assert.match(message, /Ada leaves 121 tickets: .* 1 back to the queue, 120 .* stay with it/);
  assert.deepEqual([metadata["requeued"], metadata["kept"]], [1, 120]);
  assert.deepEqual(metadata["ticketIds"], ["ticket-1"]);
  assert.equal((metadata["keptIds"] as string[]).length, TICKETS_LISTED_MAX);
});
