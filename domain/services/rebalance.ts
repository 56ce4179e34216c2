import type { Agent } from "../rules/agent.ts";
import {
  agentsToBalance,
  type Balance,
  balanceOf,
  moveTicket,
  planRebalance,
  type TicketMove,
} from "../rules/rebalance.ts";
import { isRefusal, notFound, type Refusal, type RefusalCode, refuse } from "../rules/refusal.ts";
import { fold } from "../rules/skill.ts";
import type { Ticket } from "../rules/ticket.ts";
import { agents, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { readMany, whyFallen } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import { presentAgents } from "./agents.ts";
import { commitDecision, readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { noProgress, type Progress } from "./progress.ts";

export const MOVES_DEFAULT = 20;
export const MOVES_MAX = 100;

/** More tickets than these, of those who have most to do, are not thought of at once. */
const TICKETS_READ_MAX = 2_000;

export interface RebalanceOptions {
  /** Agents of this department alone. */
  readonly department?: string | undefined;
  readonly maxMoves: number;
  readonly dryRun: boolean;
  /** The user who asks; null for the desk itself. */
  readonly performedBy: string | null;
}

/** What was not done as planned, because it was not as before any more. */
export interface Changed {
  readonly code: RefusalCode;
  readonly message: string;
}

/** A move that was made, and what the balance was before the first one of its request. */
export interface MoveMade extends TicketMove {
  readonly before: Balance;
}

export interface Rebalanced {
  readonly moved: readonly TicketMove[];
  readonly changed: readonly (TicketMove & Changed)[];
  readonly before: Balance;
  readonly after: Balance;
  readonly dryRun: boolean;
}

/**
 * Moves tickets that nobody has begun from agents who have much to do to others, as `planRebalance`
 * says: among those who are not offline. Reads these agents and their open tickets. Each move is a
 * transaction of up to 5 checks and 25 writes, in which all of it is looked at again; what is not any
 * more as it was planned is left and told. What a run that died has moved belongs to the report, and
 * to the limit, of the run that goes on, which does not move it again.
 */
export async function rebalance(
  desk: Desk,
  options: RebalanceOptions,
  progress: Progress<MoveMade> = noProgress(),
): Promise<Rebalanced> {
  const { maxMoves, dryRun, performedBy } = options;
  const made = [...progress.noted.values()];
  const moved = made.map(({ ticketId, from, to }): TicketMove => ({ ticketId, from, to }));
  const crew = await crewOf(desk, options);
  const held = await ticketsOf(desk, crew);
  const { moves, takerMax, after, ...plan } = planRebalance(
    crew,
    held.filter(({ id }) => !progress.noted.has(id)),
    desk.config.routing,
    Math.max(0, maxMoves - made.length),
    desk.store.now(),
  );
  const before = made[0]?.before ?? plan.before;
  if (dryRun) return { moved: [...moved, ...moves], changed: [], before, after, dryRun };
  const changed: (TicketMove & Changed)[] = [];
  for (const planned of moves) {
    // The rest would all be refused.
    if (whyFallen(desk.store) !== null) break;
    const change = { ...planned, before, utilisationMax: takerMax, performedBy };
    const outcome = await move(desk, change, progress);
    if (!isRefusal(outcome)) moved.push(planned);
    else changed.push({ ...planned, code: outcome.refused, message: outcome.detail });
  }
  return { moved, changed, before, after: balanceOf(await readAgain(desk, crew)), dryRun };
}

function move(
  desk: Desk,
  planned: MoveMade & { readonly utilisationMax: number; readonly performedBy: string | null },
  progress: Progress<MoveMade>,
): Promise<Ticket | Refusal> {
  const { utilisationMax, performedBy, ...made } = planned;
  return transact(desk.store, async (tx) => {
    const held = await readHeld(desk, tx, made.ticketId);
    if (held === null) return notFound("ticket");
    const { ticket, holder, at } = held;
    if (holder === null || holder.id !== made.from) {
      return refuse("conflict", `Ticket ${ticket.number} is not with the same agent any more.`);
    }
    const to = await tx.get(agents, keys.agent(made.to));
    if (to === null) return notFound("agent");
    const change = { from: holder, to, utilisationMax };
    const decision = moveTicket(ticket, change, desk.config.routing, at);
    if (isRefusal(decision)) return decision;
    const inTheWay = await progress.note(tx, made.ticketId, made);
    return inTheWay ?? await commitDecision(desk, tx, ticket, decision, performedBy, at);
  });
}

/** Who has most to do comes first. */
async function crewOf(desk: Desk, { department }: RebalanceOptions): Promise<Agent[]> {
  const present = await presentAgents(desk);
  return agentsToBalance(
    present.filter((agent) =>
      department === undefined || fold(agent.department) === fold(department)
    ),
  );
}

async function ticketsOf({ store }: Desk, crew: readonly Agent[]): Promise<Ticket[]> {
  const held = crew.flatMap(({ activeTickets }) => activeTickets.map(({ id }) => keys.ticket(id)));
  const found = await readMany(store, tickets, held.slice(0, TICKETS_READ_MAX));
  return found.filter((ticket) => ticket !== null);
}

async function readAgain({ store }: Desk, crew: readonly Agent[]): Promise<Agent[]> {
  const found = await readMany(store, agents, crew.map(({ id }) => keys.agent(id)));
  return found.filter((agent) => agent !== null);
}
