import { type Actor, may } from "../rules/actor.ts";
import type { Agent } from "../rules/agent.ts";
import { withComment } from "../rules/comment.ts";
import { editTicket as decideEdit, type TicketChanges } from "../rules/edit.ts";
import {
  escalate as decideEscalation,
  resolveEscalation as decideEnd,
} from "../rules/escalation.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { calendarFor } from "../rules/sla_configuration.ts";
import { termsFor } from "../rules/sla_course.ts";
import { type Decision, reply, type Status } from "../rules/ticket.ts";
import { changeStatus as decideStatus } from "../rules/transition.ts";
import { agents, comments } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { newComment } from "./comments.ts";
import { type Changed, commitChange, getVisible, type Held } from "./decision.ts";
import type { Desk } from "./desk.ts";

/**
 * Sets what is named and keeps the rest: 3 checks, about 15 writes and two a tag. An edit that
 * changes nothing writes nothing. Refuses as the rule of the same name.
 */
export function editTicket(
  desk: Desk,
  actor: Actor,
  id: string,
  changes: TicketChanges,
): Promise<Changed | Refusal> {
  return change(desk, actor, id, (_tx, held) => editOf(held, changes, actor));
}

/** What an edit does to a ticket, under the promises that will hold for it. */
export function editOf(
  { ticket, holder, book, hours, at }: Held,
  changes: TicketChanges,
  actor: Actor,
): Decision | Refusal {
  const { priority = ticket.priority, category = ticket.category } = changes;
  const { department = ticket.department } = changes;
  const terms = termsFor(book, { priority, category, department });
  const calendar = calendarFor(book, department, ticket.sla.configuredCalendarId);
  return decideEdit(ticket, { changes, terms, calendar, holder }, actor, at, hours);
}

export interface StatusRequest {
  readonly status: Status;
  readonly agentId?: string | undefined;
  /** Public, as a comment of its own would be. */
  readonly comment?: string | undefined;
}

/** Changes the status by the table of `rules/status_table.ts`: up to 4 checks and 30 writes. */
export function changeStatus(
  desk: Desk,
  actor: Actor,
  id: string,
  request: StatusRequest,
): Promise<Changed | Refusal> {
  const { comment } = request;
  return change(desk, actor, id, async (tx, held) => {
    const { ticket, at, hours } = held;
    // Said first: it may be the reply that was waited for.
    const answered = comment === undefined ? ticket : reply(ticket, actor, at, hours);
    const decision = await moveOf(tx, { ...held, ticket: answered }, request, actor);
    return saying(desk, tx, decision, actor, comment, "public");
  });
}

/** What a change of status does to a ticket; the agent it names is read with a check. */
export async function moveOf(
  tx: Transaction,
  { ticket, holder, at, hours }: Held,
  { status: to, agentId }: Pick<StatusRequest, "status" | "agentId">,
  actor: Actor,
): Promise<Decision | Refusal> {
  if (agentId !== undefined && !may(actor, "assign_others") && agentId !== actor.agent?.id) {
    return refuse("forbidden", "Only a supervisor can assign a ticket to somebody else.");
  }
  const agent = agentId === undefined ? null : await tx.get(agents, keys.agent(agentId));
  if (agentId !== undefined && agent === null) return notFound("agent");
  // An agent who names nobody means itself.
  const named = agent ?? await self(tx, actor, to, holder);
  return decideStatus(ticket, { to, agent: named, holder }, actor, at, hours);
}

function self(
  tx: Transaction,
  actor: Actor,
  to: Status,
  holder: Agent | null,
): Promise<Agent | null> {
  const means = to === "assigned" && holder === null && actor.role === "agent";
  return means && actor.agent !== null
    ? tx.get(agents, keys.agent(actor.agent.id))
    : Promise.resolve(null);
}

/** Escalates a ticket as the status of that name does, and keeps the reason in its history. */
export function escalateTicket(
  desk: Desk,
  actor: Actor,
  id: string,
  { reason }: { readonly reason: string },
): Promise<Changed | Refusal> {
  return change(
    desk,
    actor,
    id,
    (_tx, { ticket, holder, at, hours }) =>
      decideEscalation(ticket, { reason, holder }, actor, at, hours),
  );
}

/** Ends an escalation: 3 checks, about 20 writes. The note becomes an internal comment. */
export function resolveEscalation(
  desk: Desk,
  actor: Actor,
  id: string,
  { note }: { readonly note?: string | undefined },
): Promise<Changed | Refusal> {
  return change(desk, actor, id, (tx, { ticket, holder, at, hours }) => {
    const decision = decideEnd(ticket, holder, actor, at, hours);
    return saying(desk, tx, decision, actor, note, "internal");
  });
}

/** One transaction that reads a ticket with its holder, decides about it and writes the decision. */
function change(
  desk: Desk,
  actor: Actor,
  id: string,
  decide: (
    tx: Transaction,
    held: Held,
  ) => Decision | Refusal | Promise<Decision | Refusal>,
): Promise<Changed | Refusal> {
  return transact(desk.store, async (tx) => {
    const held = await getVisible(desk, tx, actor, id);
    if (isRefusal(held)) return held;
    const decision = await decide(tx, held);
    if (isRefusal(decision)) return decision;
    return commitChange(desk, tx, held, decision, actor);
  });
}

/** The decision with a comment that belongs to it, where there is one. */
function saying(
  desk: Desk,
  tx: Transaction,
  decision: Decision | Refusal,
  actor: Actor,
  body: string | undefined,
  visibility: "public" | "internal",
): Decision | Refusal {
  if (isRefusal(decision) || body === undefined) return decision;
  const { id, updatedAt } = decision.ticket;
  const comment = newComment(desk, actor, id, updatedAt, { body, visibility });
  const commented = withComment(decision, comment);
  if (!isRefusal(commented)) tx.add(comments, comment);
  return commented;
}
