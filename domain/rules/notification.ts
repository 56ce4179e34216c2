import { ABSENCES, type Absentee } from "./agent.ts";
import type { TicketFact } from "./event.ts";
import type { NotifiedRole } from "./sla_configuration.ts";
import { shortened } from "./text.ts";
import { SCORES, type Ticket } from "./ticket.ts";
import { type Instant, iso } from "./time.ts";

export const NOTIFICATION_TYPES = [
  "ticket_assigned",
  "ticket_updated",
  "comment_added",
  "sla_warning",
  "sla_breach",
  "escalation",
  "shift_starting",
  "shift_ending",
  "handover",
  "break_reminder",
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** A message for one user, kept until read. */
export interface Notification {
  readonly schema: 1;
  readonly id: string;
  readonly type: NotificationType;
  readonly message: string;
  readonly recipient: string;
  readonly read: boolean;
  readonly ticketId: string | null;
  readonly metadata: Readonly<Record<string, string | number | readonly string[]>>;
  readonly createdAt: Instant;
  /** Whether sockets are told; decided when it is made, absent means yes. */
  readonly live?: boolean;
}

/** A message that is yet to be addressed. */
export type Message = Pick<Notification, "type" | "message" | "ticketId" | "metadata">;

/**
 * Who is to hear a message: one user, or everybody of some roles who may see the ticket, besides
 * whoever hears it already.
 */
export type Audience =
  | { readonly userId: string }
  | { readonly roles: readonly NotifiedRole[]; readonly besides?: string };

/** Everybody who supervises. */
export const SUPERVISORS = ["supervisor", "admin"] as const satisfies readonly NotifiedRole[];

export interface Addressed {
  readonly to: Audience;
  readonly message: Message;
}

/**
 * Who is told of what happened to a ticket at once, and what: never the one who did it, and
 * everybody one message at most, of the first fact that concerns them. `away` is whoever has the
 * ticket, where that is not at work: supervisors are told so of promises and escalations.
 */
export function messagesFor(
  facts: readonly TicketFact[],
  ticket: Ticket,
  performedBy: string | null,
  away: Absentee | null = null,
): Addressed[] {
  const told = facts.flatMap((fact) => messagesOf(fact, ticket, away));
  const heard = new Set<string | null>([performedBy]);
  return told.filter(({ to }) => {
    const who = "roles" in to ? to.roles.join(" ") : to.userId;
    const isNew = !heard.has(who);
    heard.add(who);
    return isNew;
  });
}

function messagesOf(fact: TicketFact, ticket: Ticket, away: Absentee | null): Addressed[] {
  switch (fact.event) {
    case "sla.warning": {
      const message = messageOf(
        "sla_warning",
        `will soon miss its ${promiseOf(fact)}`,
        fact,
        ticket,
      );
      const own = forHolder(message, ticket);
      // Whoever works by shifts is known not to be there to hear it.
      const isLost = own.length === 0 || away?.worksByShifts === true;
      return isLost ? [...own, besidesHolder(message, ticket, away)] : own;
    }
    case "sla.breach": {
      const message = messageOf("sla_breach", `has missed its ${promiseOf(fact)}`, fact, ticket);
      return [...forHolder(message, ticket), besidesHolder(message, ticket, away)];
    }
    default:
      return fact.tells === undefined
        ? [
          ...forAssignee(fact, ticket),
          ...forRequester(fact, ticket),
          ...forSupervisors(fact, ticket, away),
        ]
        : fact.tells.length === 0
        ? []
        : [address({ roles: fact.tells }, withAbsence(escalationMessage(fact, ticket), away))];
  }
}

function forHolder(message: Message, { assignee }: Ticket): Addressed[] {
  return assignee === null ? [] : [address({ userId: assignee.userId }, message)];
}

/** For all supervisors; one of them may have the ticket, and hears it already. */
function besidesHolder(message: Message, { assignee }: Ticket, away: Absentee | null): Addressed {
  const besides = assignee === null ? {} : { besides: assignee.userId };
  return address({ roles: SUPERVISORS, ...besides }, withAbsence(message, away));
}

/** That nobody looks at it, though somebody has the ticket. */
function withAbsence(message: Message, away: Absentee | null): Message {
  if (away === null) return message;
  const { name, absence } = away;
  return {
    ...message,
    message: `${message.message} (${name} is ${ABSENCES[absence]})`,
    metadata: { ...message.metadata, assigneeAbsence: absence },
  };
}

function promiseOf({ details }: TicketFact): string {
  const promises: Readonly<Record<string, string>> = {
    response: "first response",
    nextReply: "next reply",
    resolution: "resolution",
  };
  return promises[String(details["clock"])] ?? "deadline";
}

function forSupervisors(fact: TicketFact, ticket: Ticket, away: Absentee | null): Addressed[] {
  if (fact.action !== "escalated") return [];
  const message = withAbsence(escalationMessage(fact, ticket), away);
  return [address({ roles: SUPERVISORS }, message)];
}

function escalationMessage(fact: TicketFact, ticket: Ticket): Message {
  const { level } = fact.details;
  const happening = typeof level === "number" ? `was escalated to level ${level}` : "was escalated";
  return messageOf("escalation", happening, fact, ticket);
}

function forAssignee(fact: TicketFact, ticket: Ticket): Addressed[] {
  const former = fact.formerAssignee;
  const lost = former === undefined ? [] : [
    address({ userId: former }, messageOf("ticket_updated", "is no longer yours", fact, ticket)),
  ];
  if (ticket.assignee === null) return lost;
  const to = { userId: ticket.assignee.userId };
  switch (fact.action) {
    case "handover":
      return [address(to, messageOf("handover", "was handed over to you", fact, ticket)), ...lost];
    case "assigned":
    case "reassigned":
      return [
        address(to, messageOf("ticket_assigned", "was assigned to you", fact, ticket)),
        ...lost,
      ];
    case "commented":
      return [address(to, messageOf("comment_added", "has a new comment", fact, ticket))];
    case "created":
      return [];
    case "updated":
      return [address(to, messageOf("ticket_updated", "was changed", fact, ticket))];
    case "rated": {
      const happening = `was rated ${fact.details["score"]} of ${SCORES.length}`;
      return [address(to, messageOf("ticket_updated", happening, fact, ticket))];
    }
    default:
      return [address(to, statusMessage(fact, ticket)), ...lost];
  }
}

function forRequester(fact: TicketFact, ticket: Ticket): Addressed[] {
  if (fact.internal === true) return [];
  const to = { userId: ticket.createdBy };
  switch (fact.action) {
    case "commented":
      return [address(to, messageOf("comment_added", "has a new comment", fact, ticket))];
    case "created":
    case "updated":
    case "rated":
    case "assigned":
    case "reassigned":
    case "handover":
    case "requeued":
      return [];
    case "escalation_resolved":
      return keepsStatus(fact, ticket) ? [] : [address(to, statusMessage(fact, ticket))];
    default:
      return [address(to, statusMessage(fact, ticket))];
  }
}

function statusMessage(fact: TicketFact, ticket: Ticket): Message {
  const happening = keepsStatus(fact, ticket) ? "was changed" : `is now ${ticket.status}`;
  return messageOf("ticket_updated", happening, fact, ticket);
}

/** An escalation may be resolved of a ticket that has another status by then. */
function keepsStatus({ action, details }: TicketFact, { status }: Ticket): boolean {
  return action === "escalation_resolved" && details["from"] === status;
}

function messageOf(
  type: NotificationType,
  happening: string,
  fact: TicketFact,
  ticket: Ticket,
): Message {
  return {
    type,
    message: `Ticket ${ticket.number} ${happening}: ${shortened(ticket.title, TITLE_SHOWN_MAX)}`,
    ticketId: ticket.id,
    metadata: { number: ticket.number, action: fact.action, status: ticket.status },
  };
}

function address(to: Audience, message: Message): Addressed {
  return { to, message };
}

const TITLE_SHOWN_MAX = 80;

/** A notification as clients get it. */
export interface PresentedNotification
  extends Omit<Notification, "schema" | "ticketId" | "createdAt" | "live"> {
  readonly _id: string;
  readonly ticketId?: string;
  readonly createdAt: string;
}

/** The wire form, the same over HTTP and the socket. */
export function presentNotification(notification: Notification): PresentedNotification {
  const { id, type, message, recipient, read, ticketId, metadata, createdAt } = notification;
  return {
    id,
    _id: id,
    type,
    message,
    recipient,
    read,
    ...(ticketId === null ? {} : { ticketId }),
    metadata,
    createdAt: iso(createdAt),
  };
}
