import assert from "node:assert/strict";
import { advance } from "../../domain/rules/sla_advance.ts";
import { scheduled } from "../../domain/rules/sla_course.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { DAY_MS } from "../../domain/rules/time.ts";
import { anAgent, aTicketIn, HOURS, minute } from "../support/builders.ts";

const HOLDER = anAgent("Ada");
const RESOLVED = scheduled(aTicketIn("resolved", HOLDER), HOURS, 7);
const DUE = minute(10) + 7 * DAY_MS;

Deno.test("a ticket closes by itself on the day it is due, and not a moment before", () => {
  assert.deepEqual([RESOLVED.closesAt, RESOLVED.nextAt], [DUE, DUE]);
  assert.deepEqual(advance(RESOLVED, HOLDER, HOURS, DUE - 1), []);
  const fact = {
    event: "ticket.closed",
    action: "closed",
    details: { from: "resolved", to: "closed", by: "age" },
  };
  for (const now of [DUE, DUE + DAY_MS]) {
    assert.deepEqual(advance(RESOLVED, HOLDER, HOURS, now), [{
      kind: "close",
      at: DUE,
      decision: {
        // As of the day that it was due, however late that is noticed.
        ticket: { ...RESOLVED, status: "closed", closedAt: DUE, closesAt: null, updatedAt: now },
        agents: [],
        facts: [fact],
        warnings: [],
      },
    }]);
  }
});

Deno.test("nothing but a resolved ticket closes by its age", () => {
  for (const status of STATUSES) {
    const ticket = scheduled(aTicketIn(status, HOLDER), HOURS, 1);
    const happened = advance(ticket, HOLDER, HOURS, minute(1e9));
    assert.equal(happened.some(({ kind }) => kind === "close"), status === "resolved", status);
  }
});

Deno.test("another number of days is for what is resolved later", () => {
  assert.equal(scheduled(RESOLVED, HOURS, 30).closesAt, DUE);
});
