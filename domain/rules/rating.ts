import type { Actor } from "./actor.ts";
import { type Agent, rateAgent } from "./agent.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { type Decision, isOpen, type Rating, type Score, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

/** What a requester says of a resolution. */
export interface RatingInput {
  readonly score: Score;
  readonly comment?: string | undefined;
}

/**
 * A requester says once what it thinks of how its ticket was resolved; `resolver` is the agent for
 * whom the resolution counts, and must be somebody else: who works no more may have resolved its own
 * tickets. A rating is of the resolution that it was given to: it stays when the ticket is reopened,
 * and no other one follows it.
 */
export function rate(
  ticket: Ticket,
  { score, comment }: RatingInput,
  resolver: Agent | null,
  actor: Actor,
  at: Instant,
): Decision | Refusal {
  const { number, status } = ticket;
  if (ticket.createdBy !== actor.userId) {
    return refuse("forbidden", `Only who opened ticket ${number} rates it.`);
  }
  if (resolver?.userId === actor.userId) {
    return refuse("forbidden", `You resolved ticket ${number} yourself: you do not rate it.`);
  }
  if (ticket.rating !== undefined) {
    return refuse("already_rated", `Ticket ${number} has been rated.`, { currentStatus: status });
  }
  if (isOpen(ticket) || ticket.resolvedAt === null) {
    const detail =
      `Ticket ${number} is ${status}: it is rated while it is resolved, or closed after that.`;
    return refuse("not_resolved", detail, { currentStatus: status });
  }
  const rating: Rating = {
    score,
    ...(comment === undefined ? {} : { comment }),
    agentId: resolver?.id ?? null,
    at,
  };
  return {
    ticket: { ...ticket, rating, updatedAt: at },
    agents: resolver === null ? [] : [rateAgent(resolver, score, at)],
    facts: [{ event: "ticket.updated", action: "rated", details: { score } }],
    warnings: [],
  };
}
