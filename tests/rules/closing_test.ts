import assert from "node:assert/strict";
import { closeByAge } from "../../domain/rules/closing.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { DAY_MS } from "../../domain/rules/time.ts";
import { anAgent, aTicketIn, minute } from "../support/builders.ts";

const HOLDER = anAgent("Ada");
const RESOLVED = aTicketIn("resolved", HOLDER);
const RESOLVED_AT = minute(10);

Deno.test("a ticket closes by itself on the day it is due, and not a moment before", () => {
  const due = RESOLVED_AT + 7 * DAY_MS;
  assert.equal(closeByAge(RESOLVED, 7, due - 1), null);
  const decision = closeByAge(RESOLVED, 7, due);
  assert.deepEqual(decision, {
    ticket: { ...RESOLVED, status: "closed", closedAt: due, updatedAt: due },
    agents: [],
    facts: [{
      event: "ticket.closed",
      action: "closed",
      details: { from: "resolved", to: "closed", by: "age" },
    }],
    warnings: [],
  });
});

Deno.test("nothing but a resolved ticket closes by its age", () => {
  for (const status of STATUSES) {
    const closes = closeByAge(aTicketIn(status, HOLDER), 1, minute(1e9)) !== null;
    assert.equal(closes, status === "resolved", status);
  }
});
