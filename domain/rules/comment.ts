import type { Actor } from "./actor.ts";
import { type Agent, ifActive, OPEN_TICKETS_MAX } from "./agent.ts";
import type { TicketFact } from "./event.ts";
import { isRefusal, type Refusal, refuse } from "./refusal.ts";
import { type Decision, firstResponse, isOpen, type Ticket } from "./ticket.ts";
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
): Decision | Refusal {
  const fromRequester = ticket.createdBy === actor.userId;
  if (ticket.status === "closed" && fromRequester) {
    return refuse("conflict", `Ticket ${ticket.number} is closed: open a new one.`);
  }
  // Customers know nothing of an internal note: not even that something changed.
  const updatedAt = comment.visibility === "internal" ? ticket.updatedAt : at;
  const before: Ticket = { ...ticket, updatedAt };
  const undecided: Decision = { ticket: before, agents: [], facts: [], warnings: [] };
  const commented = withComment(undecided, comment, actor);
  if (isRefusal(commented)) return commented;
  const waitsForCustomer = ticket.status === "pending" || ticket.status === "resolved";
  if (comment.visibility === "internal" || !fromRequester || !waitsForCustomer) return commented;
  // A pending ticket counts among its holder's already, even of one who leaves until it is taken
  // from it; a resolved one needs a place again.
  const active = ifActive(holder);
  const hasPlace = (active?.activeTickets.length ?? 0) < OPEN_TICKETS_MAX;
  const taker = isOpen(ticket) ? holder : hasPlace ? active : null;
  const to = taker === null ? "queued" : "in-progress";
  const reopened = reopen(commented.ticket, { to, taker, holder }, at);
  return { ...reopened, facts: [...commented.facts, ...reopened.facts] };
}

/** A decision with a comment that was made together with it. */
export function withComment(
  decision: Decision,
  comment: Pick<Comment, "id" | "visibility">,
  actor: Actor,
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
  return {
    ...decision,
    ticket: internal ? counted : firstResponse(counted, actor, ticket.updatedAt),
    facts: [...facts, fact],
  };
}
