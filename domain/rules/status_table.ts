import { type Actor, isStaff, supervises } from "./actor.ts";
import { type Agent, ifActive } from "./agent.ts";
import { isOpen, isWaiting, type Status, type Ticket } from "./ticket.ts";

/** What a change of status means. */
export type Move =
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

/** The move by which the table takes the ticket there; undefined where it does not. */
export function moveTo(ticket: Ticket, to: Status): Move | undefined {
  return MOVES[ticket.status][to];
}

/** Where somebody may take a ticket from here, with the agent it has or another. */
export function allowedStatuses(ticket: Ticket, holder: Agent | null, actor: Actor): Status[] {
  const targets = Object.keys(MOVES[ticket.status]) as Status[]; // keys of a Partial<Record<Status>>
  return targets.filter((to) => {
    const change = { to, agent: null, holder };
    return (to === "assigned" || isPossible(ticket, change)) &&
      mayMove(actor, moveTo(ticket, to), ticket, change);
  });
}

/**
 * What the table leaves to the records: an assignee where one is needed, none where not. One who
 * was deactivated counts for none.
 */
export function isPossible(ticket: Ticket, { to, agent, holder }: StatusChange): boolean {
  const keeper = ifActive(holder);
  if (ticket.status === "resolved" && to === "queued") return keeper === null;
  if (to === "in-progress") return (isOpen(ticket) ? keeper : agent ?? keeper) !== null;
  if (to !== "assigned" || isWaiting(ticket)) return true;
  // Being given to whom it is with already is a move only for a ticket that got on since.
  const target = agent ?? keeper;
  return target !== null && (ticket.status !== "assigned" || target.id !== holder?.id);
}

/** Whether somebody may ask for a move; for none at all, whether any could be theirs. */
export function mayMove(
  actor: Actor,
  move: Move | undefined,
  ticket: Ticket,
  change: StatusChange,
): boolean {
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
    case undefined:
      return isStaff(actor) || (change.to === "closed" && requester);
    default:
      return isStaff(actor);
  }
}
