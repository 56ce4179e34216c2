import assert from "node:assert/strict";
import { rate } from "../../domain/rules/rating.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { STATUSES, type Ticket } from "../../domain/rules/ticket.ts";
import {
  anActor,
  anAgent,
  aTicketIn,
  decided,
  minute,
  recordOf,
  theCustomer,
} from "../support/builders.ts";

const AMIRA = anAgent("Amira");
const AT = minute(90);

function outcome(ticket: Ticket, actor = theCustomer()): string {
  const decision = rate(ticket, { score: 4 }, AMIRA, actor, AT);
  return isRefusal(decision) ? decision.refused : "rated";
}

Deno.test("a ticket is rated while it is resolved, or closed after that", () => {
  for (const status of STATUSES) {
    const expected = status === "resolved" || status === "closed" ? "rated" : "not_resolved";
    assert.equal(outcome(aTicketIn(status, AMIRA)), expected, status);
  }
  assert.equal(outcome(aTicketIn("closed", null, { resolvedAt: null })), "not_resolved");
});

Deno.test("nobody rates but who opened the ticket, and nobody twice", () => {
  const resolved = aTicketIn("resolved", AMIRA);
  for (const role of ["user", "agent", "supervisor", "admin"] as const) {
    assert.equal(outcome(resolved, anActor(role)), "forbidden", role);
  }
  const rating = { score: 1, agentId: null, at: minute(20) } as const;
  for (const status of STATUSES) {
    assert.equal(outcome(aTicketIn(status, AMIRA, { rating })), "already_rated", status);
  }
});

Deno.test("nobody rates what it resolved itself, though it opened the ticket and is no agent now", () => {
  const own = { ...theCustomer(), userId: AMIRA.userId };
  const resolved = { ...aTicketIn("resolved", AMIRA), createdBy: AMIRA.userId };
  assert.equal(outcome(resolved, own), "forbidden");
  assert.ok(!isRefusal(rate(resolved, { score: 4 }, null, own, AT)));
});

Deno.test("a rating counts for who resolved the ticket, with what it counted before", () => {
  const resolved = aTicketIn("resolved", AMIRA);
  const first = decided(
    rate(resolved, { score: 4, comment: "Fine." }, AMIRA, theCustomer(), AT),
  );
  assert.deepEqual(first.ticket, {
    ...resolved,
    rating: { score: 4, comment: "Fine.", agentId: AMIRA.id, at: AT },
    updatedAt: AT,
  });
  const rated = recordOf(first, AMIRA);
  assert.deepEqual(rated, { ...AMIRA, ratings: { count: 1, scores: 4 }, updatedAt: AT });
  const second = decided(rate(resolved, { score: 1 }, rated, theCustomer(), AT));
  assert.deepEqual(recordOf(second, AMIRA).ratings, { count: 2, scores: 5 });
  assert.deepEqual(second.facts, [
    { event: "ticket.updated", action: "rated", details: { score: 1 } },
  ]);
  const nobodys = decided(rate(resolved, { score: 2 }, null, theCustomer(), AT));
  assert.deepEqual([nobodys.agents, nobodys.ticket.rating?.agentId], [[], null]);
});
