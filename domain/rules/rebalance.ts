import { type Agent, utilisation } from "./agent.ts";
import { assign, compareFit, isEligible, type Relaxation } from "./assignment.ts";
import { demandText } from "./demand.ts";
import { isStarted } from "./departure.ts";
import type { Movable } from "./fewest_moves.ts";
import { lowestUtilisation } from "./lowest_utilisation.ts";
import { isRefusal, type Refusal, refuse } from "./refusal.ts";
import { type Decision, isOpen, type Ticket } from "./ticket.ts";
import { type Instant, MINUTE_MS } from "./time.ts";

/** A ticket that was moved stays where it is for so long. */
export const MOVED_ONCE_IN_MINUTES = 30;

/** A ticket that goes from one agent to another, by their ids. */
export interface TicketMove {
  readonly ticketId: string;
  readonly from: string;
  readonly to: string;
}

/** How much agents have to do: open tickets as shares of what they can hold, 1 for all of it. */
export interface Balance {
  readonly highestUtilisation: number;
  readonly averageUtilisation: number;
}

export interface RebalancePlan {
  /** In an order in which each can be made, and none takes an agent over `takerMax`. */
  readonly moves: readonly TicketMove[];
  /** The highest utilisation of those who get tickets, afterwards; 0 where nobody does. */
  readonly takerMax: number;
  readonly before: Balance;
  readonly after: Balance;
}

/** More agents than this are not balanced at once. */
export const BALANCED_AGENTS_MAX = 500;

/**
 * Who has most to do comes first. Of too many agents there are one half of so many from whom to take,
 * who have most, and one to whom to give, who have least.
 */
export function agentsToBalance(agents: readonly Agent[]): Agent[] {
  const sorted = agents.toSorted((a, b) =>
    utilisation(b) - utilisation(a) || (a.id < b.id ? -1 : 1)
  );
  const half = BALANCED_AGENTS_MAX / 2;
  return sorted.filter((_, index) => index < half || index >= sorted.length - half);
}

/** Whether a ticket that an agent has may go to another one without anybody's word. */
export function mayMove(ticket: Ticket, at: Instant): boolean {
  const { rebalancedAt = -Infinity } = ticket;
  return isOpen(ticket) && !isStarted(ticket) &&
    at - rebalancedAt >= MOVED_ONCE_IN_MINUTES * MINUTE_MS;
}

/**
 * The moves by which the highest utilisation becomes the lowest that `movesMax` moves can reach, and
 * of these the fewest. Where it cannot become lower, as few as can be keep it, and the same holds for
 * the others: who has begun with all it has keeps nobody from being relieved. Only what `mayMove`
 * moves, each ticket once and to an agent who is eligible for it, who may have had to give something
 * away before. `tickets` are those that the agents have.
 */
export function planRebalance(
  agents: readonly Agent[],
  tickets: readonly Ticket[],
  relaxation: Relaxation,
  movesMax: number,
  at: Instant,
): RebalancePlan {
  const before = balanceOf(agents);
  const movable = movableOf(agents, tickets, relaxation, at);
  const moves = lowestUtilisation(agents, movable, movesMax).flatMap(({ ticket, to }) => {
    const { id: ticketId, from } = movable[ticket] ?? {};
    const taker = agents[to];
    if (ticketId === undefined || from === undefined || taker === undefined) return [];
    return { ticketId, from, to: taker.id };
  });
  const changes = new Map<string, number>();
  for (const { from, to } of moves) {
    changes.set(from, (changes.get(from) ?? 0) - 1);
    changes.set(to, (changes.get(to) ?? 0) + 1);
  }
  const takers = new Set(moves.map(({ to }) => to));
  const taking = agents.filter(({ id }) => takers.has(id));
  return {
    moves: inOrder(moves),
    takerMax: balanceOf(taking, changes).highestUtilisation,
    before,
    after: balanceOf(agents, changes),
  };
}

/**
 * Moves a ticket as planned, if all is still so that it may: its agent has it and has not begun, and
 * the other is eligible, with no higher utilisation afterwards than the plan is for.
 */
export function moveTicket(
  ticket: Ticket,
  change: { readonly from: Agent; readonly to: Agent; readonly utilisationMax: number },
  relaxation: Relaxation,
  at: Instant,
): Decision | Refusal {
  const { from, to, utilisationMax } = change;
  if (ticket.assignee?.agentId !== from.id || !mayMove(ticket, at)) {
    return refuse("conflict", `Ticket ${ticket.number} is not one that may move any more.`);
  }
  const isTooFull = (to.activeTickets.length + 1) / to.maxTickets > utilisationMax;
  if (to.id === from.id || isTooFull || !isEligible(to, ticket, relaxation, at)) {
    return refuse("agent_unavailable", `${to.name} cannot take ticket ${ticket.number} now.`);
  }
  const decision = assign(ticket, { from, to, by: "rebalance" }, at);
  if (isRefusal(decision)) return decision;
  return { ...decision, ticket: { ...decision.ticket, rebalancedAt: at } };
}

/** The balance of agents, whose numbers of open tickets have changed by so many. */
export function balanceOf(
  agents: readonly Agent[],
  changes: ReadonlyMap<string, number> = new Map(),
): Balance {
  const shares = agents.map(({ id, activeTickets, maxTickets }) =>
    (activeTickets.length + (changes.get(id) ?? 0)) / maxTickets
  );
  const sum = shares.reduce((all, share) => all + share, 0);
  return {
    highestUtilisation: shares.reduce((highest, share) => Math.max(highest, share), 0),
    averageUtilisation: agents.length === 0 ? 0 : sum / agents.length,
  };
}

interface MovableTicket extends Movable {
  readonly id: string;
  readonly from: string;
}

/** What matters least moves first, the lowest priority and of it the youngest, to whom it fits. */
function movableOf(
  agents: readonly Agent[],
  tickets: readonly Ticket[],
  relaxation: Relaxation,
  at: Instant,
): MovableTicket[] {
  const indexes = new Map(agents.map(({ id }, index) => [id, index]));
  const known = new Map<string, readonly number[]>();
  return tickets.filter((ticket) => mayMove(ticket, at))
    .toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? 1 : -1))
    .flatMap((ticket) => {
      const from = ticket.assignee?.agentId ?? "";
      const home = indexes.get(from);
      if (home === undefined) return [];
      const text = demandText(ticket, relaxation, at);
      const fitting = known.get(text) ?? takersOf(ticket, agents, relaxation, at);
      known.set(text, fitting);
      return { id: ticket.id, from, home, takers: fitting.filter((taker) => taker !== home) };
    });
}

/** The indexes of who is eligible, once it has given away enough to have room; the best first. */
function takersOf(
  ticket: Ticket,
  agents: readonly Agent[],
  relaxation: Relaxation,
  at: Instant,
): number[] {
  return agents.map((agent, index) => ({ agent, index }))
    .filter(({ agent }) => isEligible({ ...agent, activeTickets: [] }, ticket, relaxation, at))
    .toSorted((a, b) => compareFit(a.agent, b.agent, ticket))
    .map(({ index }) => index);
}

/** The moves so that whoever gives and gets gives first; then it has the room that it needs. */
function inOrder(moves: readonly TicketMove[]): TicketMove[] {
  const ordered: TicketMove[] = [];
  let left = moves;
  while (left.length > 0) {
    const giving = new Set(left.map(({ from }) => from));
    const ready = left.filter(({ to }) => !giving.has(to));
    // Fewest moves go in no circle: whoever is in one could keep what it has.
    if (ready.length === 0) return [...ordered, ...left];
    ordered.push(...ready);
    left = left.filter((move) => !ready.includes(move));
  }
  return ordered;
}
