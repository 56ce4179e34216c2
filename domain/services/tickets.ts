import { type Actor, maySeeTicket } from "../rules/actor.ts";
import type { Agent } from "../rules/agent.ts";
import { claim } from "../rules/assignment.ts";
import { isRefusal, notFound, type Refusal } from "../rules/refusal.ts";
import { termsFor } from "../rules/sla_course.ts";
import { isKnownCategory } from "../rules/sla_configuration.ts";
import { fillIn, type NewTicket } from "../rules/suggestion.ts";
import { openTicket as decideOpening } from "../rules/ticket.ts";
import type { Ticket } from "../rules/ticket.ts";
import { agents, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { readVersioned, type Versioned } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { type Changed, commitChange, commitDecision, getVisible } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { catchUpShifts } from "./shift_change.ts";

/**
 * Opens a ticket: one check, of the book, and about 15 writes, one a tag and one a word. A category
 * and a priority that are not named are filled in, and suggested as the classifier knows them.
 */
export async function openTicket(
  desk: Desk,
  actor: Actor,
  input: NewTicket,
): Promise<Ticket | Refusal> {
  const { store } = desk;
  const { slaWarningPercent: warningPercent, classifyApplyAbove: applyAbove } = desk.config;
  const classifier = await desk.classification.now();
  const number = await store.nextTicketNumber();
  if (isRefusal(number)) return number;
  return await transact(store, async (tx) => {
    const identity = { id: store.newId(), number };
    const at = store.now();
    const book = await desk.book.read(tx);
    const isCategory = (name: string): boolean => isKnownCategory(book, name);
    const filled = fillIn(input, { classifier, isCategory, applyAbove });
    const promise = { ...termsFor(book, filled), warningPercent };
    const decision = decideOpening(filled, identity, promise, actor, at);
    return commitDecision(desk, tx, null, decision, actor.userId, at);
  });
}

/** The ticket by id or number, if the actor may see it; else `not_found`, as if it did not exist. */
export async function findTicket(
  desk: Desk,
  actor: Actor,
  idOrNumber: string,
): Promise<Versioned<Ticket> | Refusal> {
  const id = await ticketId(desk, idOrNumber);
  const found = id === null ? null : await readVersioned(desk.store, tickets, keys.ticket(id));
  return found !== null && maySeeTicket(actor, found.record) ? found : notFound("ticket");
}

async function ticketId(desk: Desk, idOrNumber: string): Promise<string | null> {
  if (!/^\d+$/.test(idOrNumber)) return idOrNumber;
  return (await desk.store.reader.get<string>(keys.ticketByNumber(Number(idOrNumber)))).value;
}

/**
 * Gives a waiting ticket to an agent who asks for it. Of any number at once exactly one wins; the
 * others get `already_claimed`. 3 checks, of the ticket, the agent and the book; about 20 writes. Who
 * is not there because something on its shifts is overdue is looked at again once that has happened.
 */
export async function claimTicket(
  desk: Desk,
  actor: Actor,
  request: Claim,
): Promise<Claimed | Refusal> {
  const outcome = await claimOnce(desk, actor, request);
  if (!isRefusal(outcome) || outcome.refused !== "agent_unavailable") return outcome;
  const happened = await catchUpShifts(desk, request.agentId);
  return happened === 0 || isRefusal(happened) ? outcome : await claimOnce(desk, actor, request);
}

interface Claim {
  readonly ticketId: string;
  readonly agentId: string;
  readonly force: boolean;
}

type Claimed = Changed & { readonly agent: Agent };

function claimOnce(desk: Desk, actor: Actor, request: Claim): Promise<Claimed | Refusal> {
  return transact(desk.store, async (tx) => {
    const found = await getVisible(desk, tx, actor, request.ticketId);
    if (isRefusal(found)) return found;
    const agent = await tx.get(agents, keys.agent(request.agentId));
    if (agent === null) return notFound("agent");
    const decision = claim(found.ticket, agent, found.holder, request.force, found.at);
    if (isRefusal(decision)) return decision;
    const changed = await commitChange(desk, tx, found, decision, actor);
    return { ...changed, agent: decision.agents.find(({ id }) => id === agent.id) ?? agent };
  });
}
