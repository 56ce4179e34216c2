import { type Actor, supervises } from "./actor.ts";
import { type Agent, creditFor, finishTicket, releaseTicket } from "./agent.ts";
import { assign, claim } from "./assignment.ts";
import { statusFact, type TicketFact } from "./event.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { reopenWith, requeue } from "./reopen.ts";
import type { Hours } from "./calendar.ts";
import { cancelClocks, pauseClocks, resolveClocks, unpauseClocks } from "./sla.ts";
import {
  allowedStatuses,
  isPossible,
  mayMove,
  type Move,
  moveTo,
  type StatusChange,
} from "./status_table.ts";
import { type Decision, firstResponse, isOpen, type Status, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

/** Decides a change of status that a person asks for; the person is known to see the ticket. */
export function changeStatus(
  ticket: Ticket,
  change: StatusChange,
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const move = moveTo(ticket, change.to);
  // What somebody may never ask for is forbidden, whether or not it is possible now.
  if (!mayMove(actor, move, ticket, change)) {
    return refuse("forbidden", `You may not set ticket ${ticket.number} to ${change.to}.`);
  }
  if (move === undefined || !isPossible(ticket, change)) return invalid(ticket, change, actor);
  const assigns = move === "assign" || move === "reopen" || move === "reopen_closed";
  if (!assigns && change.agent !== null && change.agent.id !== change.holder?.id) {
    return refuse("conflict", "To give a ticket to an agent, set its status to assigned.");
  }
  switch (move) {
    case "assign":
      return assignTo(ticket, change, actor, at, hours);
    case "requeue":
      return requeue(ticket, change.holder, at, hours);
    case "reopen":
    case "reopen_closed":
      return reopenWith(ticket, change, actor, at, hours);
    default: {
      const next = moved(ticket, { move, to: change.to }, actor, at, hours);
      return settle(next, ticket, move, change.holder, at);
    }
  }
}

function assignTo(
  ticket: Ticket,
  { agent, holder }: StatusChange,
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const to = agent ?? holder;
  if (to === null) {
    return refuse("conflict", `Ticket ${ticket.number} has no assignee: name one by agentId.`);
  }
  if (!supervises(actor) && to.id !== holder?.id) return claim(ticket, to, holder, false, at);
  const settled = { ...ticket, sla: unpauseClocks(ticket.sla, at, hours) };
  return assign(settled, { to, from: holder, by: "person" }, at);
}

/** The ticket after a move that leaves it with whom it is. */
function moved(
  ticket: Ticket,
  { move, to }: { readonly move: Move; readonly to: Status },
  actor: Actor,
  at: Instant,
  hours: Hours,
): Ticket {
  const sla = unpauseClocks(ticket.sla, at, hours);
  const next: Ticket = { ...ticket, status: to, sla, updatedAt: at };
  switch (move) {
    case "work":
    case "settle_escalation": {
      const level = move === "settle_escalation" ? 0 : ticket.escalationLevel;
      const working = { ...next, escalationLevel: level };
      return ticket.sla.replyOnly ? working : firstResponse(working, actor, at, hours);
    }
    case "wait":
      return { ...next, sla: pauseClocks(next.sla, at, hours), waitingSince: null };
    case "escalate":
      return escalated(next, at);
    case "resolve":
      return resolved(next, actor, at, hours);
    case "cancel":
      return { ...next, closedAt: at, waitingSince: null, sla: cancelClocks(next.sla, at, hours) };
    default:
      return { ...next, closedAt: at };
  }
}

function escalated(ticket: Ticket, at: Instant): Ticket {
  const escalationLevel = ticket.escalationLevel + 1;
  const waitingSince = ticket.assignee === null ? ticket.waitingSince ?? at : null;
  return { ...ticket, escalationLevel, waitingSince };
}

function resolved(ticket: Ticket, actor: Actor, at: Instant, hours: Hours): Ticket {
  const answered = ticket.sla.replyOnly ? ticket : firstResponse(ticket, actor, at, hours);
  return {
    ...answered,
    resolvedAt: at,
    firstResolvedAt: ticket.firstResolvedAt ?? at,
    waitingSince: null,
    sla: resolveClocks(answered.sla, at, hours),
  };
}

/** The decision around the moved ticket: its holder's record and the fact. */
function settle(
  next: Ticket,
  before: Ticket,
  move: Move,
  holder: Agent | null,
  at: Instant,
): Decision {
  const facts = [factOf(next, before, move)];
  if (holder === null) return { ticket: next, agents: [], facts, warnings: [] };
  if (next.status !== "resolved") {
    return { ticket: next, agents: agentsAfter(next, before, holder, at), facts, warnings: [] };
  }
  const credit = creditFor(next, holder);
  const agents = [finishTicket(holder, next.id, credit, at)];
  return { ticket: { ...next, credit }, agents, facts, warnings: [] };
}

function agentsAfter(next: Ticket, before: Ticket, holder: Agent, at: Instant): Agent[] {
  if (next.status === "in-progress") {
    return [{ ...holder, currentTicketId: next.id, updatedAt: at }];
  }
  if (!isOpen(next) && isOpen(before)) return [releaseTicket(holder, next.id, at)];
  return holder.currentTicketId === next.id
    ? [{ ...holder, currentTicketId: null, updatedAt: at }]
    : [];
}

function factOf(next: Ticket, before: Ticket, move: Move): TicketFact {
  switch (move) {
    case "escalate":
      return statusFact(before, next.status, "escalated", { level: next.escalationLevel });
    case "settle_escalation":
      return statusFact(before, next.status, "escalation_resolved");
    case "resolve":
      return statusFact(before, next.status, "resolved");
    case "close":
    case "cancel":
      return statusFact(before, next.status, "closed");
    default:
      return statusFact(before, next.status, "status_updated");
  }
}

function invalid(ticket: Ticket, { to, holder }: StatusChange, actor: Actor): Refusal {
  const allowed = allowedStatuses(ticket, holder, actor);
  return refuse(
    "invalid_transition",
    `Ticket ${ticket.number} is ${ticket.status} and cannot become ${to}.`,
    { currentStatus: ticket.status, allowed },
  );
}
