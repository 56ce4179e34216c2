import { type Actor, isStaff, supervises } from "./actor.ts";
import { type Agent, finishTicket, holdTicket, OPEN_TICKETS_MAX, releaseTicket } from "./agent.ts";
import { assign, atCapacity, claim } from "./assignment.ts";
import type { TicketFact } from "./event.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { cancelClock, fulfilClock, pauseClock, resumeClock, type SlaClocks } from "./sla.ts";
import { type Decision, isOpen, isWaiting, type Status, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

type Move =
  | "assign"
  | "requeue"
  | "work"
  | "settle_escalation"
  | "wait"
  | "escalate"
  | "resolve"
  | "close"
  | "cancel"
  | "reopen"
  | "reopen_closed";

/** From each status, where a person may take a ticket, and by which move. */
const MOVES: Readonly<Record<Status, Readonly<Partial<Record<Status, Move>>>>> = {
  queued: { assigned: "assign", escalated: "escalate", closed: "cancel" },
  assigned: {
    queued: "requeue",
    assigned: "assign",
    "in-progress": "work",
    pending: "wait",
    escalated: "escalate",
    resolved: "resolve",
  },
  "in-progress": {
    queued: "requeue",
    assigned: "assign",
    pending: "wait",
    escalated: "escalate",
    resolved: "resolve",
  },
  pending: {
    queued: "requeue",
    assigned: "assign",
    "in-progress": "work",
    escalated: "escalate",
    resolved: "resolve",
  },
  escalated: {
    queued: "requeue",
    assigned: "assign",
    "in-progress": "settle_escalation",
    pending: "wait",
    escalated: "escalate",
    resolved: "resolve",
  },
  resolved: { queued: "reopen", assigned: "reopen", "in-progress": "reopen", closed: "close" },
  closed: { queued: "reopen_closed", assigned: "reopen_closed" },
};

export interface StatusChange {
  readonly to: Status;
  /** The agent named in the request. */
  readonly agent: Agent | null;
  /** The record of the agent the ticket is assigned to. */
  readonly holder: Agent | null;
}

/** Where a ticket may go from here. */
export function allowedStatuses(ticket: Ticket, holder: Agent | null): Status[] {
  const targets = Object.keys(MOVES[ticket.status]) as Status[]; // keys of a Partial<Record<Status>>
  return targets.filter((to) => isPossible(ticket, { to, agent: null, holder }));
}

/** Decides a change of status that a person asks for; the person is known to see the ticket. */
export function changeStatus(
  ticket: Ticket,
  change: StatusChange,
  actor: Actor,
  at: Instant,
): Decision | Refusal {
  const move = MOVES[ticket.status][change.to];
  if (move === undefined || !isPossible(ticket, change)) return invalid(ticket, change);
  if (!mayMove(actor, move, ticket, change)) {
    return refuse("forbidden", `You may not set ticket ${ticket.number} to ${change.to}.`);
  }
  switch (move) {
    case "assign":
      return assignTo(ticket, change, actor, at);
    case "requeue":
      return requeue(ticket, change.holder, at);
    case "reopen":
    case "reopen_closed":
      return reopenWith(ticket, change, at);
    default:
      return settle(moved(ticket, move, change.to, actor, at), ticket, move, change.holder, at);
  }
}

/** What the table leaves to the records: an assignee where one is needed, none where not. */
function isPossible(ticket: Ticket, { to, agent, holder }: StatusChange): boolean {
  if (ticket.status === "resolved" && to === "queued") return holder === null;
  if (to === "in-progress") return holder !== null;
  if (to !== "assigned" || isWaiting(ticket)) return true;
  // Being given to whom it is with already is a move only for a ticket that got on since.
  const target = agent ?? holder;
  return target !== null && (ticket.status !== "assigned" || target.id !== holder?.id);
}

function mayMove(actor: Actor, move: Move, ticket: Ticket, change: StatusChange): boolean {
  const own = actor.agent !== null && ticket.assignee?.agentId === actor.agent.id;
  const requester = ticket.createdBy === actor.userId;
  switch (move) {
    case "assign":
    case "reopen":
      return supervises(actor) ||
        (isStaff(actor) && (change.agent === null || change.agent.id === actor.agent?.id));
    case "requeue":
      return supervises(actor) || own;
    case "settle_escalation":
      return supervises(actor);
    case "cancel":
      return supervises(actor) || requester;
    case "close":
      return isStaff(actor) || requester;
    case "reopen_closed":
      return actor.role === "admin";
    default:
      return isStaff(actor);
  }
}

function assignTo(
  ticket: Ticket,
  { agent, holder }: StatusChange,
  actor: Actor,
  at: Instant,
): Decision | Refusal {
  const to = agent ?? holder;
  if (to === null) {
    return refuse("conflict", `Ticket ${ticket.number} has no assignee: name one by agentId.`);
  }
  if (!supervises(actor) && to.id !== holder?.id) return claim(ticket, to, holder, false, at);
  const settled = { ...ticket, sla: resumed(ticket, at) };
  return assign(settled, { to, from: holder, by: "person" }, at);
}

/** The ticket goes back to the queue; one that waits there escalated is settled by it. */
function requeue(ticket: Ticket, holder: Agent | null, at: Instant): Decision {
  const queued: Ticket = {
    ...ticket,
    status: "queued",
    assignee: null,
    waitingSince: at,
    sla: resumed(ticket, at),
    updatedAt: at,
  };
  if (ticket.assignee === null) {
    const fact = statusFact(ticket, "queued", "escalation_resolved");
    const settled = { ...queued, escalationLevel: 0, waitingSince: ticket.waitingSince };
    return { ticket: settled, agents: [], facts: [fact], warnings: [] };
  }
  const fact: TicketFact = {
    event: "ticket.requeued",
    action: "requeued",
    details: { from: ticket.status, to: "queued", agent: ticket.assignee.agentId },
    formerAssignee: ticket.assignee.userId,
  };
  const agents = holder === null ? [] : [releaseTicket(holder, ticket.id, at)];
  return { ticket: queued, agents, facts: [fact], warnings: [] };
}

function reopenWith(ticket: Ticket, change: StatusChange, at: Instant): Decision | Refusal {
  const { to, agent, holder } = change;
  const taker = to === "queued" ? null : agent ?? holder;
  if (taker !== null && taker.activeTickets.length >= OPEN_TICKETS_MAX) {
    return atCapacity(taker, OPEN_TICKETS_MAX);
  }
  return reopen(ticket, to, taker, at);
}

/** The ticket goes on, with `holder` or, without one, in the queue. */
export function reopen(
  ticket: Ticket,
  to: Status,
  holder: Agent | null,
  at: Instant,
): Decision {
  const assignee = holder === null ? null : { agentId: holder.id, userId: holder.userId };
  const { response, resolution } = ticket.sla;
  const reopened: Ticket = {
    ...ticket,
    status: to,
    assignee,
    waitingSince: to === "queued" ? at : null,
    resolvedAt: null,
    closedAt: null,
    sla: {
      ...ticket.sla,
      response: response.state === "cancelled" ? resumeClock(response, at) : response,
      resolution: resumeClock(resolution, at),
    },
    updatedAt: at,
  };
  const agents = holder === null || isOpen(ticket) ? [] : [holdTicket(holder, reopened, at)];
  return { ticket: reopened, agents, facts: [statusFact(ticket, to, "reopened")], warnings: [] };
}

/** The ticket after a move that leaves it with whom it is. */
function moved(ticket: Ticket, move: Move, to: Status, actor: Actor, at: Instant): Ticket {
  const next: Ticket = { ...ticket, status: to, sla: resumed(ticket, at), updatedAt: at };
  switch (move) {
    case "work":
    case "settle_escalation": {
      const level = move === "settle_escalation" ? 0 : ticket.escalationLevel;
      const working = { ...next, escalationLevel: level };
      return ticket.sla.replyOnly ? working : firstResponse(working, actor, at);
    }
    case "wait":
      return { ...next, sla: paused(next.sla, at), waitingSince: null };
    case "escalate":
      return escalated(next, at);
    case "resolve":
      return resolved(next, actor, at);
    case "cancel":
      return {
        ...next,
        closedAt: at,
        waitingSince: null,
        sla: {
          ...next.sla,
          response: cancelClock(next.sla.response, at),
          resolution: cancelClock(next.sla.resolution, at),
        },
      };
    default:
      return { ...next, closedAt: at };
  }
}

function escalated(ticket: Ticket, at: Instant): Ticket {
  const escalationLevel = ticket.escalationLevel + 1;
  const waitingSince = ticket.assignee === null ? ticket.waitingSince ?? at : null;
  return { ...ticket, escalationLevel, waitingSince };
}

function resolved(ticket: Ticket, actor: Actor, at: Instant): Ticket {
  const answered = ticket.sla.replyOnly ? ticket : firstResponse(ticket, actor, at);
  const { response, resolution } = answered.sla;
  return {
    ...answered,
    resolvedAt: at,
    waitingSince: null,
    sla: {
      ...answered.sla,
      response: ticket.sla.replyOnly ? cancelClock(response, at) : fulfilClock(response, at),
      resolution: fulfilClock(resolution, at),
    },
  };
}

/** Staff answered somebody else's ticket for the first time; any later answer changes nothing. */
export function firstResponse(ticket: Ticket, actor: Actor, at: Instant): Ticket {
  const answers = isStaff(actor) && ticket.createdBy !== actor.userId;
  if (!answers || ticket.firstResponseAt !== null) return ticket;
  const response = fulfilClock(ticket.sla.response, at);
  return { ...ticket, firstResponseAt: at, sla: { ...ticket.sla, response } };
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
  const agents = holder === null ? [] : agentsAfter(next, before, holder, at);
  return { ticket: next, agents, facts, warnings: [] };
}

function agentsAfter(next: Ticket, before: Ticket, holder: Agent, at: Instant): Agent[] {
  if (next.status === "resolved") return [finishTicket(holder, next, at)];
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

function statusFact(
  before: Ticket,
  to: Status,
  action: TicketFact["action"],
  more: TicketFact["details"] = {},
): TicketFact {
  const event = action === "escalated"
    ? "ticket.escalated"
    : action === "resolved"
    ? "ticket.resolved"
    : action === "closed"
    ? "ticket.closed"
    : "ticket.updated";
  return { event, action, details: { from: before.status, to, ...more } };
}

/** The clocks once the ticket no longer waits for the customer. */
function resumed(ticket: Ticket, at: Instant): SlaClocks {
  if (ticket.status !== "pending") return ticket.sla;
  return { ...ticket.sla, resolution: resumeClock(ticket.sla.resolution, at) };
}

function paused(sla: SlaClocks, at: Instant): SlaClocks {
  return sla.pauseOnPending ? { ...sla, resolution: pauseClock(sla.resolution, at) } : sla;
}

function invalid(ticket: Ticket, { to, holder }: StatusChange): Refusal {
  const allowed = allowedStatuses(ticket, holder);
  return refuse(
    "invalid_transition",
    `Ticket ${ticket.number} is ${ticket.status} and cannot become ${to}.`,
    { currentStatus: ticket.status, allowed },
  );
}
