import type { Actor } from "./actor.ts";
import { type Agent, ifActive, OPEN_TICKETS_MAX } from "./agent.ts";
import type { Hours } from "./calendar.ts";
import type { TicketFact } from "./event.ts";
import { isRefusal, type Refusal, refuse } from "./refusal.ts";
import { awaitReply } from "./sla.ts";
import { type Decision, isOpen, reply, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";
import { reopen } from "./reopen.ts";

export const VISIBILITIES = ["public", "internal"] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export interface Comment {
  readonly schema: 1;
  readonly id: string;
  readonly ticketId: string;
  readonly authorId: string;
  readonly body: string;
  readonly visibility: Visibility;
  readonly createdAt: Instant;
}

/** A conversation longer than this goes on in a new ticket. */
export const COMMENTS_MAX = 5_000;

/**
 * What a comment does to its ticket: a reply of staff is the first response if there was none, the
 * requester's word on a pending or resolved ticket reopens it, an internal note does nothing else.
 */
export function addComment(
  ticket: Ticket,
  comment: Pick<Comment, "id" | "visibility">,
  holder: Agent | null,
  actor: Actor,
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const fromRequester = ticket.createdBy === actor.userId;
  if (ticket.status === "closed" && fromRequester) {
    return refuse("conflict", `Ticket ${ticket.number} is closed: open a new one.`);
  }
  // Customers know nothing of an internal note: not even that something changed.
  const isPublic = comment.visibility === "public";
  const before: Ticket = isPublic ? { ...reply(ticket, actor, at, hours), updatedAt: at } : ticket;
  const undecided: Decision = { ticket: before, agents: [], facts: [], warnings: [] };
  const commented = withComment(undecided, comment);
  if (isRefusal(commented) || !isPublic || !fromRequester) return commented;
  const waitsForCustomer = ticket.status === "pending" || ticket.status === "resolved";
  const heard = waitsForCustomer ? goOn(commented, holder, at, hours) : commented;
  return { ...heard, ticket: { ...heard.ticket, sla: awaitReply(heard.ticket.sla, at, hours) } };
}

/** The customer has spoken: a ticket that waited for that, or was resolved, is worked on again. */
function goOn(commented: Decision, holder: Agent | null, at: Instant, hours: Hours): Decision {
  const { ticket, facts } = commented;
  // A pending ticket counts among its holder's already, even of one who leaves until it is taken
  // from it; a resolved one needs a place again.
  const active = ifActive(holder);
  const hasPlace = (active?.activeTickets.length ?? 0) < OPEN_TICKETS_MAX;
  const taker = isOpen(ticket) ? holder : hasPlace ? active : null;
  const to = taker === null ? "queued" : "in-progress";
  const reopened = reopen(ticket, { to, taker, holder }, at, hours);
  return { ...reopened, facts: [...facts, ...reopened.facts] };
}

/** A decision with a comment that was made together with it. */
export function withComment(
  decision: Decision,
  comment: Pick<Comment, "id" | "visibility">,
): Decision | Refusal {
  const { ticket, facts } = decision;
  if (ticket.publicCommentCount + ticket.internalCommentCount >= COMMENTS_MAX) {
    return refuse(
      "conflict",
      `Ticket ${ticket.number} has ${COMMENTS_MAX} comments: open a new one.`,
    );
  }
  const internal = comment.visibility === "internal";
  const counted: Ticket = internal
    ? { ...ticket, internalCommentCount: ticket.internalCommentCount + 1 }
    : { ...ticket, publicCommentCount: ticket.publicCommentCount + 1 };
  const fact: TicketFact = {
    event: "ticket.commented",
    action: "commented",
    details: { commentId: comment.id, visibility: comment.visibility },
    internal,
  };
  return { ...decision, ticket: counted, facts: [...facts, fact] };
}
