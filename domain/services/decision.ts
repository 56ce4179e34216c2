import { type Actor, maySeeTicket } from "../rules/actor.ts";
import type { Agent } from "../rules/agent.ts";
import { briefOf, historyEntry, ticketFeedEvent } from "../rules/event.ts";
import { type Addressed, messagesFor } from "../rules/notification.ts";
import { notFound, type Refusal } from "../rules/refusal.ts";
import { type Decision, isWaiting, type Ticket } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { agents, history, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { announceToSupervisors } from "./fan_out.ts";
import { addNotification } from "./notifications.ts";

/**
 * Writes what a rule decided about a ticket: the records, its history, the feed's events and the
 * notifications, all in this transaction. `before` is null for a new ticket; it and the agents of
 * the decision must have been read by the transaction. Reads, without a check, the users to be told
 * whom this process does not remember; none for a new ticket.
 */
export async function commitDecision(
  desk: Desk,
  tx: Transaction,
  before: Ticket | null,
  decision: Decision,
  performedBy: string | null,
  at: Instant,
): Promise<Ticket> {
  const { ticket, facts } = decision;
  if (before === null) tx.add(tickets, ticket);
  else tx.put(tickets, ticket);
  for (const agent of decision.agents) tx.put(agents, agent);
  for (const fact of facts) {
    const identity = { id: desk.store.newId(), ticketId: ticket.id };
    tx.add(history, historyEntry(fact, identity, performedBy, at));
    tx.emit(ticketFeedEvent(fact, ticket, performedBy, at));
  }
  tellQueue(tx, before, ticket, at);
  await tell(desk, tx, messagesFor(facts, ticket, performedBy), performedBy, at);
  return ticket;
}

/** A changed ticket, and what whoever changed it should know. */
export interface Changed {
  readonly ticket: Ticket;
  readonly warnings: readonly string[];
}

/** A ticket with the agent who has it. */
export interface Held {
  readonly ticket: Ticket;
  readonly holder: Agent | null;
}

/** The ticket and the agent who has it, read with checks. */
export async function getVisible(
  tx: Transaction,
  actor: Actor,
  id: string,
): Promise<Held | Refusal> {
  const ticket = await tx.get(tickets, keys.ticket(id));
  if (ticket === null || !maySeeTicket(actor, ticket)) return notFound("ticket");
  const holder = ticket.assignee === null
    ? null
    : await tx.get(agents, keys.agent(ticket.assignee.agentId));
  return { ticket, holder };
}

/** Commits a change to a ticket; a decision that has no fact to tell changes and writes nothing. */
export async function commitChange(
  desk: Desk,
  tx: Transaction,
  before: Ticket,
  decision: Decision,
  actor: Actor,
  at: Instant,
): Promise<Changed> {
  const { facts, warnings } = decision;
  if (facts.length === 0) return { ticket: before, warnings };
  const ticket = await commitDecision(desk, tx, before, decision, actor.userId, at);
  return { ticket, warnings };
}

function tellQueue(tx: Transaction, before: Ticket | null, after: Ticket, at: Instant): void {
  const waited = before !== null && isWaiting(before);
  const waits = isWaiting(after);
  if (waited === waits) return;
  const change = waits ? "entered" : "left";
  tx.emit({ type: "queue.changed", at, ticket: briefOf(after), change });
}

async function tell(
  desk: Desk,
  tx: Transaction,
  messages: readonly Addressed[],
  performedBy: string | null,
  at: Instant,
): Promise<void> {
  const userIds = messages.flatMap(({ to }) => to === "supervisors" ? [] : to.userId);
  const recipients = await desk.people.users(userIds);
  for (const { to, message } of messages) {
    const from = { id: desk.store.newId(), message, createdAt: at };
    if (to === "supervisors") announceToSupervisors(tx, { ...from, except: performedBy });
    else addNotification(tx, recipients.get(to.userId), from);
  }
}
