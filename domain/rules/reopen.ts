import { type Actor, supervises } from "./actor.ts";
import {
  type Agent,
  holdTicket,
  ifActive,
  isActiveAgent,
  OPEN_TICKETS_MAX,
  releaseTicket,
  takeBackCredit,
  unavailable,
} from "./agent.ts";
import { assignedFact, atCapacity, refusalToTake, warningsFor } from "./assignment.ts";
import type { Hours } from "./calendar.ts";
import { statusFact, type TicketFact } from "./event.ts";
import type { Refusal } from "./refusal.ts";
import { reopenClocks, unpauseClocks } from "./sla.ts";
import type { StatusChange } from "./status_table.ts";
import { type Decision, isOpen, isWaiting, type Status, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

/** The ticket goes back to the queue; one that waits there escalated is settled by it. */
export function requeue(
  ticket: Ticket,
  holder: Agent | null,
  at: Instant,
  hours: Hours,
): Decision {
  const queued: Ticket = {
    ...ticket,
    status: "queued",
    assignee: null,
    waitingSince: at,
    releasedBy: holder?.id ?? null,
    sla: unpauseClocks(ticket.sla, at, hours),
    updatedAt: at,
  };
  if (isWaiting(ticket)) {
    const fact = statusFact(ticket, "queued", "escalation_resolved");
    const { waitingSince, releasedBy } = ticket;
    const settled = { ...queued, escalationLevel: 0, waitingSince, releasedBy };
    return { ticket: settled, agents: [], facts: [fact], warnings: [] };
  }
  const { assignee } = ticket; // A pending ticket may have none.
  const fact: TicketFact = {
    event: "ticket.requeued",
    action: "requeued",
    details: { from: ticket.status, to: "queued", agent: assignee?.agentId ?? null },
    ...(assignee === null ? {} : { formerAssignee: assignee.userId }),
  };
  const agents = holder === null ? [] : [releaseTicket(holder, ticket.id, at)];
  return { ticket: queued, agents, facts: [fact], warnings: [] };
}

/** Decides a change of status by which a resolved or closed ticket is open again. */
export function reopenWith(
  ticket: Ticket,
  change: StatusChange,
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const { to, agent, holder } = change;
  const taker = to === "queued" ? null : agent ?? ifActive(holder);
  if (taker === null) return reopen(ticket, { to, taker, holder }, at, hours);
  if (!isActiveAgent(taker)) return unavailable(taker);
  if (taker.activeTickets.length >= OPEN_TICKETS_MAX) return atCapacity(taker, OPEN_TICKETS_MAX);
  // An agent who takes up what was not its own claims it; the limits of a claim hold.
  const claims = taker.id !== holder?.id && !supervises(actor);
  const refusal = claims ? refusalToTake(ticket, taker, false, at) : null;
  const warnings = warningsFor(ticket, taker, at);
  return refusal ?? { ...reopen(ticket, { to, taker, holder }, at, hours), warnings };
}

/**
 * The ticket goes on, with `taker` or, without one, in the queue. `holder` is the agent who has it
 * until now: what the resolution counted for it is taken back.
 */
export function reopen(
  ticket: Ticket,
  change: { readonly to: Status; readonly taker: Agent | null; readonly holder: Agent | null },
  at: Instant,
  hours: Hours,
): Decision {
  const { to, taker } = change;
  const { credit, handedOver: _head, ...rest } = ticket;
  const reopened: Ticket = {
    ...rest,
    status: to,
    assignee: taker === null ? null : { agentId: taker.id, userId: taker.userId },
    waitingSince: to === "queued" ? at : null,
    resolvedAt: null,
    resolvedMs: ticket.resolvedMs + restedMs(ticket, at),
    closedAt: null,
    // What waited for its customer was open all the time: nothing had been stopped for good.
    sla: (isOpen(ticket) ? unpauseClocks : reopenClocks)(ticket.sla, at, hours),
    updatedAt: at,
  };
  const facts = [statusFact(ticket, to, "reopened")];
  // Somebody else has it from now on, and is told so.
  if (taker !== null && taker.id !== ticket.assignee?.agentId) {
    facts.unshift(assignedFact(ticket, taker, "person"));
  }
  const agents = new Map<string, Agent>();
  if (credit !== undefined && change.holder?.id === credit.agentId) {
    agents.set(credit.agentId, takeBackCredit(change.holder, credit, at));
  }
  if (taker !== null && !isOpen(ticket)) {
    agents.set(taker.id, holdTicket(agents.get(taker.id) ?? taker, reopened, at));
  }
  return { ticket: reopened, agents: [...agents.values()], facts, warnings: [] };
}

/** For how long nobody was to work on a ticket that was resolved or closed. */
function restedMs({ resolvedAt, closedAt }: Ticket, at: Instant): number {
  return Math.max(0, at - (resolvedAt ?? closedAt ?? at));
}
