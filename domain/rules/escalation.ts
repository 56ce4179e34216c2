import { type Actor, may } from "./actor.ts";
import { type Agent, ifActive } from "./agent.ts";
import type { Hours } from "./calendar.ts";
import { statusFact } from "./event.ts";
import { isRefusal, type Refusal, refuse } from "./refusal.ts";
import { shortened } from "./text.ts";
import type { Decision, Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";
import { changeStatus } from "./transition.ts";

const REASON_SHOWN_MAX = 200;

/** Decides the move to `escalated` of a person who says why; history keeps the reason in short. */
export function escalate(
  ticket: Ticket,
  { reason, holder }: { readonly reason: string; readonly holder: Agent | null },
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const decision = changeStatus(ticket, { to: "escalated", agent: null, holder }, actor, at, hours);
  if (isRefusal(decision)) return decision;
  const facts = decision.facts.map((fact) => ({
    ...fact,
    details: { ...fact.details, reason: shortened(reason, REASON_SHOWN_MAX) },
  }));
  return { ...decision, facts };
}

/**
 * Decides the end of an escalation: the level becomes 0, and an `escalated` ticket goes on with its
 * active assignee or, without one, in the queue. Refuses with `not_escalated` where there is none to end.
 */
export function resolveEscalation(
  ticket: Ticket,
  holder: Agent | null,
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const { number, status, escalationLevel } = ticket;
  if (!may(actor, "resolve_escalation")) {
    return refuse("forbidden", "Only a supervisor resolves escalations.");
  }
  if (status === "escalated") {
    const to = ifActive(holder) === null ? "queued" : "in-progress";
    return changeStatus(ticket, { to, agent: null, holder }, actor, at, hours);
  }
  if (escalationLevel === 0) {
    return refuse("not_escalated", `Ticket ${number} is ${status} and not escalated.`, {
      currentStatus: status,
    });
  }
  const settled: Ticket = { ...ticket, escalationLevel: 0, updatedAt: at };
  const facts = [statusFact(ticket, status, "escalation_resolved")];
  return { ticket: settled, agents: [], facts, warnings: [] };
}
