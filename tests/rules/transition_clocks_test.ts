import assert from "node:assert/strict";
import type { Actor } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import type { Clock } from "../../domain/rules/clock.ts";
import type { Status, Ticket } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicket,
  aTicketIn,
  decided,
  holding,
  HOURS,
  minute,
  RESOLUTION_MINUTES,
  RESPONSE_MINUTES,
  someClocks,
} from "../support/builders.ts";

const HOLDER = holding(anAgent("Ada"));
const OTHER = anAgent("Ben");
const ADMIN = anActor("admin");

interface Step {
  readonly to: Status;
  readonly holder?: Agent | null;
  readonly agent?: Agent | null;
  readonly actor?: Actor;
  readonly atMinute?: number;
}

/** The ticket after a move by its holder, twenty minutes after it was opened. */
function after(ticket: Ticket, step: Step): Ticket {
  const { to, holder = HOLDER, agent = null, actor = actorFor(HOLDER), atMinute = 20 } = step;
  return decided(changeStatus(ticket, { to, agent, holder }, actor, minute(atMinute), HOURS))
    .ticket;
}

function dueMinutes(clock: Clock): number {
  return (clock.dueAt - minute(0)) / MINUTE_MS;
}

Deno.test("waiting for the customer pauses the resolution clock and not the response clock", () => {
  for (const from of ["assigned", "in-progress", "escalated"] as const) {
    const { sla, firstResponseAt } = after(aTicketIn(from, HOLDER), { to: "pending" });
    assert.equal(sla.resolution.state, "paused", from);
    assert.equal(sla.resolution.consumedMs, 20 * MINUTE_MS, from);
    assert.equal(sla.response.state, "active", from);
    assert.equal(dueMinutes(sla.response), RESPONSE_MINUTES, from);
    assert.equal(firstResponseAt, null, `${from}: a bare change to pending is no response`);
  }
});

Deno.test("where the configuration does not pause, the clock runs on while a ticket is pending", () => {
  const ticket = aTicketIn("assigned", HOLDER, { sla: someClocks({ pauseOnPending: false }) });
  const pending = after(ticket, { to: "pending" });
  assert.deepEqual(pending.sla.resolution, ticket.sla.resolution);
  const working = after(pending, { to: "in-progress", atMinute: 40 });
  assert.deepEqual(working.sla.resolution, ticket.sla.resolution);
});

Deno.test("every way out of pending lets the resolution clock go on with what it had consumed", () => {
  // Ten minutes were used up when it became pending; at minute 40 thirty of waiting do not count.
  const due = 40 + RESOLUTION_MINUTES - 10;
  for (const to of ["queued", "assigned", "in-progress", "escalated"] as const) {
    const agent = to === "assigned" ? OTHER : null;
    const step = { to, agent, actor: ADMIN, atMinute: 40 };
    const { resolution } = after(aTicketIn("pending", HOLDER), step).sla;
    assert.equal(resolution.state, "active", to);
    assert.equal(resolution.consumedMs, 10 * MINUTE_MS, to);
    assert.equal(dueMinutes(resolution), due, to);
  }
  const resolved = after(aTicketIn("pending", HOLDER), { to: "resolved", atMinute: 40 });
  assert.equal(resolved.sla.resolution.state, "fulfilled");
  assert.equal(resolved.sla.resolution.consumedMs, 10 * MINUTE_MS);
});

Deno.test("a ticket that was pending past its old deadline is still resolved in time", () => {
  const resolved = after(aTicketIn("pending", HOLDER), { to: "resolved", atMinute: 10_000 });
  const { resolution } = resolved.sla;
  assert.ok(resolution.state === "fulfilled" && resolution.met);
  assert.equal(resolution.breachedAt, null);
});

Deno.test("an agent who takes a ticket in hand or resolves it has responded", () => {
  for (const to of ["in-progress", "resolved"] as const) {
    const { sla, firstResponseAt } = after(aTicketIn("assigned", HOLDER), { to });
    assert.equal(sla.response.state, "fulfilled", to);
    assert.equal(firstResponseAt, minute(20), to);
  }
});

Deno.test("no other move is a first response", () => {
  const moves: [Status, Status][] = [
    ["assigned", "queued"],
    ["assigned", "pending"],
    ["assigned", "escalated"],
    ["in-progress", "assigned"],
    ["in-progress", "pending"],
    ["escalated", "assigned"],
    ["escalated", "pending"],
  ];
  for (const [from, to] of moves) {
    const { sla, firstResponseAt } = after(aTicketIn(from, HOLDER), { to });
    assert.equal(firstResponseAt, null, `${from} to ${to}`);
    assert.equal(sla.response.state, "active", `${from} to ${to}`);
  }
});

Deno.test("where only replies count, work is no response and a resolution cancels the clock", () => {
  const ticket = aTicketIn("assigned", HOLDER, { sla: someClocks({ replyOnly: true }) });
  const working = after(ticket, { to: "in-progress" });
  assert.equal(working.sla.response.state, "active");
  assert.equal(working.firstResponseAt, null);
  const resolved = after(working, { to: "resolved", atMinute: 30 });
  assert.equal(resolved.sla.response.state, "cancelled");
  assert.equal(resolved.firstResponseAt, null);
  assert.equal(resolved.sla.resolution.state, "fulfilled");
});

Deno.test("a later answer does not move the first response", () => {
  const working = after(aTicketIn("assigned", HOLDER), { to: "in-progress" });
  const waiting = after(working, { to: "pending", atMinute: 30 });
  const again = after(waiting, { to: "in-progress", atMinute: 50 });
  assert.equal(again.firstResponseAt, minute(20));
  assert.deepEqual(again.sla.response, working.sla.response);
});

Deno.test("who works on a ticket of their own does not respond to themselves", () => {
  const ticket = aTicketIn("assigned", HOLDER, { createdBy: HOLDER.userId });
  const working = after(ticket, { to: "in-progress" });
  assert.equal(working.firstResponseAt, null);
  assert.equal(working.sla.response.state, "active");
  const resolved = after(working, { to: "resolved", atMinute: 30 });
  assert.equal(resolved.sla.response.state, "fulfilled", "a resolution leaves no clock running");
});

Deno.test("a resolution at the deadline is met, and one later is breached at the deadline", () => {
  const ticket = aTicketIn("in-progress", HOLDER);
  const inTime = after(ticket, { to: "resolved", atMinute: RESOLUTION_MINUTES }).sla.resolution;
  assert.ok(inTime.state === "fulfilled" && inTime.met);
  const late = after(ticket, { to: "resolved", atMinute: RESOLUTION_MINUTES + 1 }).sla.resolution;
  assert.ok(late.state === "fulfilled" && !late.met);
  assert.equal(late.breachedAt, minute(RESOLUTION_MINUTES));
});

Deno.test("a ticket that is closed while queued has its clocks cancelled", () => {
  const closed = after(aTicket(), { to: "closed", holder: null, actor: ADMIN });
  assert.equal(closed.sla.response.state, "cancelled");
  assert.equal(closed.sla.resolution.state, "cancelled");
  assert.equal(closed.closedAt, minute(20));
  assert.equal(closed.resolvedAt, null);
});

Deno.test("closing a resolved ticket leaves its clocks and its resolution as they were", () => {
  const ticket = aTicketIn("resolved", HOLDER);
  const closed = after(ticket, { to: "closed" });
  assert.deepEqual(closed.sla, ticket.sla);
  assert.equal(closed.resolvedAt, ticket.resolvedAt);
  assert.equal(closed.closedAt, minute(20));
});

Deno.test("a reopened ticket goes on with what it had consumed, without the time spent resolved", () => {
  for (const from of ["resolved", "closed"] as const) {
    const step = { to: "assigned", actor: ADMIN, atMinute: 1_000 } as const;
    const reopened = after(aTicketIn(from, HOLDER), step);
    const { response, resolution } = reopened.sla;
    assert.equal(resolution.state, "active", from);
    assert.equal(resolution.consumedMs, 10 * MINUTE_MS, from);
    assert.equal(dueMinutes(resolution), 1_000 + RESOLUTION_MINUTES - 10, from);
    assert.equal(response.state, "fulfilled", "who was answered stays answered");
    assert.equal(reopened.resolvedAt, null, from);
    assert.equal(reopened.closedAt, null, from);
  }
});

Deno.test("a cancelled ticket that is reopened waits for its first response again", () => {
  const cancelled = after(aTicket(), { to: "closed", holder: null, actor: ADMIN });
  const step = { to: "queued", holder: null, actor: ADMIN, atMinute: 100 } as const;
  const { response, resolution } = after(cancelled, step).sla;
  assert.equal(response.state, "active");
  assert.equal(dueMinutes(response), 100 + RESPONSE_MINUTES - 20);
  assert.equal(dueMinutes(resolution), 100 + RESOLUTION_MINUTES - 20);
});

Deno.test("a breach outlives the reopening", () => {
  const ticket = aTicketIn("in-progress", HOLDER);
  const late = after(ticket, { to: "resolved", atMinute: RESOLUTION_MINUTES + 5 });
  const reopened = after(late, { to: "in-progress", atMinute: 1_000 });
  assert.equal(reopened.sla.resolution.breachedAt, minute(RESOLUTION_MINUTES));
  const again = after(reopened, { to: "resolved", atMinute: 1_001 }).sla.resolution;
  assert.ok(again.state === "fulfilled" && !again.met);
});
