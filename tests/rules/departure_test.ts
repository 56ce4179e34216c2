import assert from "node:assert/strict";
import {
  type Departure,
  departureAfter,
  isStarted,
  type Moves,
} from "../../domain/rules/departure.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { anAgent, aTicketIn, holding, minute } from "../support/builders.ts";

const AWAY = holding(holding(anAgent("Ada", { status: "offline" }), "ticket-1"), "ticket-2");
const THERE = holding(anAgent("Ada"), "ticket-1");
const NOWHERE: Moves = { wentAt: null, cameAt: null };

/** Ada left at minute 20 with ten minutes of grace. */
const LEFT: Departure = {
  schema: 1,
  agentId: "agent-ada",
  leftAt: minute(20),
  dueAt: minute(30),
  left: ["ticket-1", "ticket-2"],
  requeued: [],
  kept: [],
};

Deno.test("who leaves open tickets may be away for the grace, and who leaves none is not waited for", () => {
  const went = { wentAt: minute(20), cameAt: null };
  assert.deepEqual(departureAfter(null, AWAY, went, 10), LEFT);
  assert.equal(departureAfter(null, anAgent("Ada", { status: "offline" }), went, 10), null);
});

Deno.test("who is back before the grace is over leaves no more, who comes then or later has left", () => {
  const back = (at: number): Departure | null =>
    departureAfter(LEFT, THERE, { wentAt: null, cameAt: minute(at) }, 10);
  assert.equal(back(29), null);
  assert.deepEqual(back(30), { ...LEFT, backAt: minute(30) });
  assert.deepEqual(back(45), { ...LEFT, backAt: minute(45) });
});

Deno.test("a departure stays while its agent stays where it is", () => {
  assert.equal(departureAfter(LEFT, AWAY, NOWHERE, 10), LEFT);
  const late = { ...LEFT, backAt: minute(40) };
  assert.equal(departureAfter(late, THERE, NOWHERE, 10), late);
  assert.equal(departureAfter(null, THERE, NOWHERE, 10), null);
});

Deno.test("who comes and goes leaves anew, and what went already is told with it", () => {
  const again = { wentAt: minute(50), cameAt: minute(25) };
  const anew = { ...LEFT, leftAt: minute(50), dueAt: minute(60) };
  assert.deepEqual(departureAfter(LEFT, AWAY, again, 10), anew);
  const begun = { ...LEFT, requeued: ["ticket-0"] };
  const late = { wentAt: minute(50), cameAt: minute(35) };
  assert.deepEqual(departureAfter(begun, AWAY, late, 10), { ...anew, requeued: ["ticket-0"] });
  const empty = anAgent("Ada", { status: "offline" });
  assert.deepEqual(departureAfter(begun, empty, late, 10), { ...begun, backAt: minute(35) });
  assert.equal(departureAfter(LEFT, empty, again, 10), null);
});

Deno.test("who is deactivated has no departure", () => {
  const gone = { ...AWAY, deactivatedAt: minute(25) };
  assert.equal(departureAfter(LEFT, gone, NOWHERE, 10), null);
  assert.equal(departureAfter(null, gone, { wentAt: minute(25), cameAt: null }, 10), null);
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
