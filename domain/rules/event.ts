import type { Role, TicketScope } from "./actor.ts";
import type { AgentStatus } from "./agent.ts";
import type { Notification } from "./notification.ts";
import type { NotifiedRole } from "./sla_configuration.ts";
import { fold } from "./skill.ts";
import type { Priority, Status, Ticket } from "./ticket.ts";
import { type Instant, iso } from "./time.ts";

export type TicketEventName =
  | "ticket.created"
  | "ticket.updated"
  | "ticket.assigned"
  | "ticket.requeued"
  | "ticket.escalated"
  | "ticket.resolved"
  | "ticket.closed"
  | "ticket.commented"
  | "sla.warning"
  | "sla.breach";

export const HISTORY_ACTIONS = [
  "created",
  "updated",
  "assigned",
  "reassigned",
  "requeued",
  "status_updated",
  "commented",
  "escalated",
  "escalation_resolved",
  "sla_warning",
  "sla_breach",
  "handover",
  "resolved",
  "reopened",
  "closed",
  "rated",
] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

/** By what an agent gets a ticket. In earlier versions what was balanced came by the router too. */
export const GIVEN_BY = ["router", "rebalance", "optimize", "claim", "person"] as const;
export type GivenBy = (typeof GIVEN_BY)[number];

/** Small, plain values: ids, names of states, numbers. Never whole texts. */
export type Details = Readonly<Record<string, string | number | boolean | null>>;

/** What a rule says happened to a ticket; the service stamps it with who and when. */
export interface TicketFact {
  readonly event: TicketEventName;
  readonly action: HistoryAction;
  readonly details: Details;
  /** Customers know nothing of it. */
  readonly internal?: boolean;
  /** The user who had the ticket until now, when somebody else or nobody has it. */
  readonly formerAssignee?: string;
  /** The roles to tell, where a rule names them; nobody is told where it names none. */
  readonly tells?: readonly NotifiedRole[];
}

/** One line of a ticket's history. */
export interface HistoryEntry {
  readonly schema: 1;
  readonly id: string;
  readonly ticketId: string;
  readonly action: HistoryAction;
  /** A user id; null when the desk did it by itself. */
  readonly performedBy: string | null;
  readonly at: Instant;
  readonly details: Details;
  readonly internal: boolean;
}

/** What the feed carries: facts of tickets, and what the live side and the caches must know. */
export type FeedEvent =
  | TicketFeedEvent
  | QueueFeedEvent
  | ShiftFeedEvent
  | AgentFeedEvent
  | WorkloadFeedEvent
  | PresenceFeedEvent
  | { readonly type: "notification"; readonly notification: Notification }
  | { readonly type: "user.changed"; readonly userId: string; readonly role: Role }
  | { readonly type: "session.ended"; readonly userId: string; readonly sessionId: string }
  /** The book of SLA configurations and calendars has this version now. */
  | { readonly type: "sla.changed"; readonly version: number }
  /** The classifier says something else from now on, or has forgotten everything. */
  | {
    readonly type: "classifier.changed";
    readonly generation: number;
    readonly isForgotten: boolean;
  }
  | { readonly type: "intent.made"; readonly name: string; readonly id: string };

export interface TicketFeedEvent {
  readonly type: TicketEventName;
  readonly at: Instant;
  readonly performedBy: string | null;
  readonly ticket: TicketBrief;
  readonly action: HistoryAction;
  readonly details: Details;
  readonly internal: boolean;
  /** Whose it was until then, where that decides anew who may see it. */
  readonly formerly?: TicketScope;
}

/** A ticket began or ceased to wait: for whoever sees it, which another department changes too. */
export interface QueueFeedEvent {
  readonly type: "queue.changed";
  readonly at: Instant;
  readonly ticket: TicketBrief;
  readonly change: "entered" | "left";
}

/** A shift or a break in one began or ended. */
export interface ShiftFeedEvent {
  readonly type: "shift.started" | "shift.ended" | "break.started" | "break.ended";
  readonly at: Instant;
  readonly agentId: string;
  readonly userId: string;
  readonly shiftId: string;
  readonly details: Details;
}

/** An agent is another one from now on. */
export interface AgentFeedEvent {
  readonly type: "agent.changed";
  readonly at: Instant;
  readonly agentId: string;
  readonly userId: string;
  readonly status: AgentStatus;
  readonly onBreak: boolean;
}

/** An agent has more or less to do, or takes more or less. */
export interface WorkloadFeedEvent {
  readonly type: "workload.changed";
  readonly at: Instant;
  readonly agentId: string;
  readonly userId: string;
  readonly status: AgentStatus;
  readonly onBreak: boolean;
  readonly activeTickets: number;
  readonly maxTickets: number;
  /** Hours. */
  readonly currentLoad: number;
}

/** Others look at a ticket than before, or write about it; who they are stands in the store. */
export interface PresenceFeedEvent {
  readonly type: "presence.changed";
  readonly ticketId: string;
}

/** A ticket in an event: what decides who may see it, and what a list would redraw. */
export interface TicketBrief extends TicketScope {
  readonly id: string;
  readonly number: number;
  readonly status: Status;
  readonly priority: Priority;
}

export function briefOf(ticket: Ticket): TicketBrief {
  const { id, number, status, priority, department, createdBy, assignee } = ticket;
  return { id, number, status, priority, department, createdBy, assignee };
}

export function historyEntry(
  fact: TicketFact,
  identity: { readonly id: string; readonly ticketId: string },
  performedBy: string | null,
  at: Instant,
): HistoryEntry {
  const { action, details, internal = false } = fact;
  return { schema: 1, ...identity, action, performedBy, at, details, internal };
}

export function ticketFeedEvent(
  fact: TicketFact,
  ticket: Ticket,
  performedBy: string | null,
  at: Instant,
  formerly?: TicketScope,
): TicketFeedEvent {
  const { event, action, details, internal = false } = fact;
  const told = { type: event, at, performedBy, ticket: briefOf(ticket), action, details, internal };
  return formerly === undefined ? told : { ...told, formerly };
}

/** Who may see a ticket as it was, where others may see it as it is; undefined where they are the same. */
export function formerScope(before: TicketScope, after: TicketScope): TicketScope | undefined {
  const { department, createdBy, assignee } = before;
  const isSame = fold(department) === fold(after.department) &&
    assignee?.agentId === after.assignee?.agentId;
  return isSame ? undefined : { department, createdBy, assignee };
}

/** The wire form of an event of an agent. */
export function presentAgentEvent(event: AgentFeedEvent): Record<string, unknown> {
  const { agentId, userId, status, onBreak, at } = event;
  return { agentId, userId, status, onBreak, at: iso(at) };
}

/** The wire form of an event of a ticket or the queue. */
export function presentEvent(event: TicketFeedEvent | QueueFeedEvent): Record<string, unknown> {
  const { id, number, status, priority, department, assignee } = event.ticket;
  const ticket = { ticketId: id, number, status, priority, department };
  const shared = { ...ticket, assignedTo: assignee?.agentId ?? null, at: iso(event.at) };
  if (event.type === "queue.changed") return { ...shared, change: event.change };
  const { action, performedBy, details } = event;
  return { ...shared, action, performedBy, details };
}

/**
 * What is told of an event to whoever could see the ticket until then and may not see it any more:
 * nothing that they did not know, but that it is gone.
 */
export function presentFarewell({ ticket, at }: TicketFeedEvent): Record<string, unknown> {
  return { ticketId: ticket.id, number: ticket.number, at: iso(at) };
}

/** The fact that a ticket went from the status it had to another. */
export function statusFact(
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
