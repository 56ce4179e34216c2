import assert from "node:assert/strict";
import {
  type Departure,
  departureAfter,
  departureAgain,
  isStarted,
  type Move,
} from "../../domain/rules/departure.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { anAgent, aTicketIn, holding, minute } from "../support/builders.ts";

const AWAY = holding(holding(anAgent("Ada", { status: "offline" }), "ticket-1"), "ticket-2");
const THERE = holding(anAgent("Ada"), "ticket-1");
const NOWHERE: readonly Move[] = [];

function went(at: number): Move {
  return { kind: "went", at: minute(at) };
}

function came(at: number): Move {
  return { kind: "came", at: minute(at) };
}

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
  assert.deepEqual(departureAfter(null, AWAY, [went(20)], 10), LEFT);
  assert.equal(departureAfter(null, anAgent("Ada", { status: "offline" }), [went(20)], 10), null);
});

Deno.test("who is back before the grace is over leaves no more, who comes then or later has left", () => {
  const back = (at: number): Departure | null => departureAfter(LEFT, THERE, [came(at)], 10);
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

Deno.test("who comes back in time and goes leaves anew", () => {
  const again = [came(25), went(50)];
  const anew = { ...LEFT, leftAt: minute(50), dueAt: minute(60) };
  assert.deepEqual(departureAfter(LEFT, AWAY, again, 10), anew);
  const empty = anAgent("Ada", { status: "offline" });
  assert.equal(departureAfter(LEFT, empty, again, 10), null);
});

Deno.test("who comes back too late and goes again leaves anew once what was due has gone", () => {
  const begun = { ...LEFT, requeued: ["ticket-0"] };
  const late = { ...begun, backAt: minute(35), againAt: minute(50) };
  assert.deepEqual(departureAfter(begun, AWAY, [came(35), went(50)], 10), late);
  const anew = { ...LEFT, leftAt: minute(50), dueAt: minute(60) };
  assert.deepEqual(departureAgain(late, AWAY, 10), anew);
  assert.equal(departureAgain(late, anAgent("Ada", { status: "offline" }), 10), null);
  assert.equal(departureAgain(begun, AWAY, 10), null);
});

Deno.test("what was due is not saved by another absence, whether or not that is too long as well", () => {
  const there = holding(holding(THERE, "ticket-2"), "ticket-3");
  const late = { ...LEFT, backAt: minute(35), againAt: minute(50) };
  const { againAt: _, ...due } = late;
  assert.deepEqual(departureAfter(late, there, [came(59)], 10), { ...due, backAt: minute(59) });
  const both = { ...due, backAt: minute(60), left: [...LEFT.left, "ticket-3"] };
  assert.deepEqual(departureAfter(late, there, [came(60)], 10), both);
});

Deno.test("who went and came in one change is too late or not, as it would be in two", () => {
  const left = { ...LEFT, left: ["ticket-1"] };
  assert.equal(departureAfter(null, THERE, [went(20), came(29)], 10), null);
  const late = { ...left, backAt: minute(30) };
  assert.deepEqual(departureAfter(null, THERE, [went(20), came(30)], 10), late);
});

Deno.test("who is deactivated has no departure", () => {
  const gone = { ...AWAY, deactivatedAt: minute(25) };
  assert.equal(departureAfter(LEFT, gone, NOWHERE, 10), null);
  assert.equal(departureAfter(null, gone, [went(25)], 10), null);
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
