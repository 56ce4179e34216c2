import assert from "node:assert/strict";
import { departureOf, isStarted } from "../../domain/rules/departure.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { anAgent, aTicketIn, holding, minute } from "../support/builders.ts";

Deno.test("who leaves open tickets may be away for the grace, and who leaves none is not waited for", () => {
  const laden = holding(holding(anAgent("Ada"), "ticket-1"), "ticket-2");
  assert.deepEqual(departureOf(laden, minute(20), 10), {
    schema: 1,
    agentId: "agent-ada",
    leftAt: minute(20),
    dueAt: minute(30),
    left: ["ticket-1", "ticket-2"],
    requeued: [],
    kept: [],
  });
  assert.equal(departureOf(anAgent("Ada"), minute(20), 10), null);
});

Deno.test("a ticket is begun once somebody answered it or took it up", () => {
  const ada = holding(anAgent("Ada"));
  for (const status of STATUSES) {
    const expected = status !== "assigned" && status !== "escalated";
    const ticket = aTicketIn(status, ada, { firstResponseAt: null });
    assert.equal(isStarted(ticket), expected, status);
    assert.equal(isStarted({ ...ticket, firstResponseAt: minute(5) }), true, status);
  }
});
