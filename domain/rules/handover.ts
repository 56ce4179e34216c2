import type { Agent } from "./agent.ts";
import { assign } from "./assignment.ts";
import type { Hours } from "./calendar.ts";
import type { TicketFact } from "./event.ts";
import type { Message } from "./notification.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import { requeue } from "./reopen.ts";
import { unpauseClocks } from "./sla.ts";
import type { Decision, Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

/** Why a ticket is taken from the agent who has it. */
export type Leaving = "deactivated" | "handover" | "left";

/** An open ticket goes from one agent to another, who begins anew with it. */
export function handOver(
  ticket: Ticket,
  change: { readonly from: Agent; readonly to: Agent },
  at: Instant,
  hours: Hours,
): Decision | Refusal {
  const { from, to } = change;
  const running = { ...ticket, sla: unpauseClocks(ticket.sla, at, hours) };
  const decision = assign(running, { from, to, by: "person" }, at);
  if (isRefusal(decision)) return decision;
  const fact: TicketFact = {
    event: "ticket.assigned",
    action: "handover",
    details: { from: from.id, to: to.id, status: ticket.status },
    formerAssignee: from.userId,
  };
  return { ...decision, facts: [fact] };
}

/** An open ticket goes from its agent back to the head of the queue, whatever it was at. */
export function handBack(
  ticket: Ticket,
  change: { readonly holder: Agent; readonly by: Leaving },
  at: Instant,
  hours: Hours,
): Decision {
  const { holder, by } = change;
  const { ticket: queued, agents, facts, warnings } = requeue(ticket, holder, at, hours);
  return {
    ticket: { ...queued, handedOver: true },
    agents,
    facts: facts.map((fact) => because(fact, by)),
    warnings,
  };
}

/** Whoever was deactivated is not told of each ticket that it no longer has. */
function because(fact: TicketFact, by: Leaving): TicketFact {
  const { formerAssignee, ...rest } = fact;
  const told = by === "deactivated" || formerAssignee === undefined ? {} : { formerAssignee };
  return { ...rest, details: { ...fact.details, by }, ...told };
}

/** More tickets than this are counted in a message, and not listed. */
export const TICKETS_LISTED_MAX = 100;

/** What supervisors are told once, of all that an agent left. */
export function handoverMessage(
  agent: Pick<Agent, "id" | "name">,
  left: {
    readonly movedIds: readonly string[];
    readonly requeuedIds: readonly string[];
    /** What it has begun and keeps, where it is not known when it comes back. */
    readonly keptIds?: readonly string[];
  },
): Message {
  const { movedIds, requeuedIds, keptIds } = left;
  const [moved, requeued, kept = 0] = [movedIds.length, requeuedIds.length, keptIds?.length];
  const count = moved + requeued + kept;
  const ticketIds = [...movedIds, ...requeuedIds].slice(0, TICKETS_LISTED_MAX);
  const stays = keptIds === undefined ? "" : `, ${kept} that were begun stay with it`;
  const keeps = keptIds === undefined
    ? {}
    : { kept, keptIds: keptIds.slice(0, TICKETS_LISTED_MAX) };
  return {
    type: "handover",
    message: `${agent.name} leaves ${count} ${count === 1 ? "ticket" : "tickets"}: ` +
      `${moved} go to others, ${requeued} back to the queue${stays}`,
    ticketId: null,
    metadata: { agentId: agent.id, moved, requeued, ticketIds, ...keeps },
  };
}
