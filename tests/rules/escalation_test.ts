import assert from "node:assert/strict";
import { escalate, resolveEscalation } from "../../domain/rules/escalation.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import {
  actorFor,
  anActor,
  anAgent,
  aTicketIn,
  decided,
  everyRole,
  holding,
  HOURS,
  minute,
  recordOf,
  theCustomer,
} from "../support/builders.ts";

const AT = minute(20);
const HOLDER = holding(anAgent("Ada"));

Deno.test("to escalate with a reason is the move to escalated, for everybody and everywhere", () => {
  const actors = [theCustomer(), actorFor(HOLDER), anActor("supervisor"), anActor("admin")];
  for (const status of STATUSES) {
    for (const holder of status === "queued" ? [null] : [null, HOLDER]) {
      for (const actor of actors) {
        const ticket = aTicketIn(status, holder);
        const said = escalate(ticket, { reason: "It burns.", holder }, actor, AT, HOURS);
        const change = { to: "escalated", agent: null, holder } as const;
        const moved = changeStatus(ticket, change, actor, AT, HOURS);
        if (isRefusal(moved)) {
          assert.deepEqual(said, moved, `${status} by ${actor.role}`);
          continue;
        }
        const facts = moved.facts.map((fact) => ({
          ...fact,
          details: { ...fact.details, reason: "It burns." },
        }));
        assert.deepEqual(said, { ...moved, facts }, `${status} by ${actor.role}`);
      }
    }
  }
});

Deno.test("history keeps the first 200 characters of the reason, and no half of one", () => {
  const reason = "🔥".repeat(500);
  const outcome = escalate(
    aTicketIn("queued", null),
    { reason, holder: null },
    anActor("supervisor"),
    AT,
    HOURS,
  );
  const told = String(decided(outcome).facts[0]?.details["reason"]);
  assert.equal([...told].length, 200);
  assert.ok(told.isWellFormed());
  assert.ok(told.startsWith("🔥".repeat(199)));
});

Deno.test("an escalated ticket goes on with its agent, or without one in the queue", () => {
  const held = decided(
    resolveEscalation(aTicketIn("escalated", HOLDER), HOLDER, anActor("supervisor"), AT, HOURS),
  );
  assert.equal(held.ticket.status, "in-progress");
  assert.equal(held.ticket.escalationLevel, 0);
  assert.equal(recordOf(held, HOLDER).currentTicketId, held.ticket.id);
  const waiting = aTicketIn("escalated", null, { escalationLevel: 2 });
  const queued = decided(resolveEscalation(waiting, null, anActor("admin"), AT, HOURS));
  assert.equal(queued.ticket.status, "queued");
  assert.equal(queued.ticket.escalationLevel, 0);
  assert.equal(queued.ticket.waitingSince, waiting.waitingSince, "it waits as long as before");
  for (const { facts } of [held, queued]) {
    assert.deepEqual(facts.map(({ action }) => action), ["escalation_resolved"]);
  }
});

Deno.test("a ticket of another status with a level above 0 loses the level and keeps all else", () => {
  for (const status of STATUSES) {
    if (status === "escalated") continue;
    const holder = status === "queued" ? null : HOLDER;
    const ticket = aTicketIn(status, holder, { escalationLevel: 3 });
    const decision = decided(resolveEscalation(ticket, holder, anActor("supervisor"), AT, HOURS));
    assert.deepEqual(decision.ticket, { ...ticket, escalationLevel: 0, updatedAt: AT }, status);
    assert.deepEqual(decision.agents, [], status);
    assert.deepEqual(decision.facts, [{
      event: "ticket.updated",
      action: "escalation_resolved",
      details: { from: status, to: status },
    }]);
  }
});

Deno.test("where nothing is escalated there is nothing to resolve", () => {
  for (const status of STATUSES) {
    if (status === "escalated") continue;
    const holder = status === "queued" ? null : HOLDER;
    const ticket = aTicketIn(status, holder);
    const outcome = resolveEscalation(ticket, holder, anActor("admin"), AT, HOURS);
    assert.ok(isRefusal(outcome), status);
    assert.equal(outcome.refused, "not_escalated", status);
  }
});

Deno.test("only who supervises resolves an escalation", () => {
  for (const actor of everyRole()) {
    const outcome = resolveEscalation(aTicketIn("escalated", HOLDER), HOLDER, actor, AT, HOURS);
    const isAllowed = actor.role === "supervisor" || actor.role === "admin";
    assert.equal(isRefusal(outcome) ? outcome.refused : "done", isAllowed ? "done" : "forbidden");
  }
});
