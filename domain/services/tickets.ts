import { type Actor, may, maySeeTicket } from "../rules/actor.ts";
import type { Agent } from "../rules/agent.ts";
import { claim } from "../rules/assignment.ts";
import { withComment } from "../rules/comment.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { slaConfigurationFor } from "../rules/sla.ts";
import { openTicket as decideOpening } from "../rules/ticket.ts";
import type { Status, Ticket, TicketInput } from "../rules/ticket.ts";
import { changeStatus as decideStatus } from "../rules/transition.ts";
import { agents, comments, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { readVersioned, type Versioned } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { newComment } from "./comments.ts";
import { type Changed, commitChange, commitDecision, getVisible } from "./decision.ts";
import type { Desk } from "./desk.ts";

/** Opens a ticket: one transaction without a check, of about 12 writes and one a tag. */
export async function openTicket(
  desk: Desk,
  actor: Actor,
  input: TicketInput,
): Promise<Ticket | Refusal> {
  const { store } = desk;
  const configuration = slaConfigurationFor(input.priority, input.category);
  const number = await store.nextTicketNumber();
  if (isRefusal(number)) return number;
  return await transact(store, (tx) => {
    const identity = { id: store.newId(), number };
    const at = store.now();
    const decision = decideOpening(input, identity, configuration, actor, at);
    return Promise.resolve(commitDecision(store, tx, null, decision, actor.userId, at));
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

export interface StatusRequest {
  readonly status: Status;
  readonly agentId?: string | undefined;
  /** Public, as a comment of its own would be. */
  readonly comment?: string | undefined;
}

/** Changes the status by the table of `rules/transition.ts`: up to 3 checks and 30 writes. */
export function changeStatus(
  desk: Desk,
  actor: Actor,
  id: string,
  request: StatusRequest,
): Promise<Changed | Refusal> {
  return transact(desk.store, async (tx) => {
    const found = await getVisible(tx, actor, id);
    if (isRefusal(found)) return found;
    const { ticket, holder } = found;
    const { agentId } = request;
    if (agentId !== undefined && !may(actor, "assign_others") && agentId !== actor.agent?.id) {
      return refuse("forbidden", "Only a supervisor can assign a ticket to somebody else.");
    }
    const agent = agentId === undefined ? null : await tx.get(agents, keys.agent(agentId));
    if (agentId !== undefined && agent === null) return notFound("agent");
    // An agent who names nobody means itself.
    const named = agent ?? await self(tx, actor, request.status, holder);
    const change = { to: request.status, agent: named, holder };
    const at = desk.store.now();
    const decided = decideStatus(ticket, change, actor, at);
    if (isRefusal(decided)) return decided;
    if (request.comment === undefined) return commitChange(desk, tx, ticket, decided, actor, at);
    const said = { body: request.comment, visibility: "public" } as const;
    const comment = newComment(desk, actor, ticket.id, said);
    const commented = withComment(decided, comment, actor);
    if (isRefusal(commented)) return commented;
    tx.add(comments, comment);
    return commitChange(desk, tx, ticket, commented, actor, at);
  });
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

/**
 * Gives a waiting ticket to an agent who asks for it. Of any number at once exactly one wins; the
 * others get `already_claimed`. Checks the ticket and the agent; about 20 writes.
 */
export function claimTicket(
  desk: Desk,
  actor: Actor,
  request: { readonly ticketId: string; readonly agentId: string; readonly force: boolean },
): Promise<(Changed & { readonly agent: Agent }) | Refusal> {
  return transact(desk.store, async (tx) => {
    const [found, agent] = await Promise.all([
      getVisible(tx, actor, request.ticketId),
      tx.get(agents, keys.agent(request.agentId)),
    ]);
    if (isRefusal(found)) return found;
    if (agent === null) return notFound("agent");
    const at = desk.store.now();
    const decision = claim(found.ticket, agent, found.holder, request.force, at);
    if (isRefusal(decision)) return decision;
    const changed = commitChange(desk, tx, found.ticket, decision, actor, at);
    return { ...changed, agent: decision.agents.find(({ id }) => id === agent.id) ?? agent };
  });
}
