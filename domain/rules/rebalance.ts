import { type Agent, utilisation } from "./agent.ts";
import { assign, compareFit, isEligible, type Relaxation } from "./assignment.ts";
import { demandText } from "./demand.ts";
import { isStarted } from "./departure.ts";
import { fewestMoves, type Holder, type Movable, type Step } from "./fewest_moves.ts";
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
  /** In an order in which each can be made, and none takes an agent over what the plan is for. */
  readonly moves: readonly TicketMove[];
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
 * of these the fewest: so that where nobody can be relieved who has the highest, nothing moves at all,
 * however much there is to balance among the others. Only what `mayMove` moves, each ticket once and to an agent who is eligible
 * for it, who may have had to give something away before. `tickets` are those that the agents have.
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
  const moves = lowest(agents, movable, movesMax).flatMap(({ ticket, to }) => {
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
  const after = balanceOf(agents, changes);
  return { moves: inOrder(moves), before, after };
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
  const decision = assign(ticket, { from, to, by: "router" }, at);
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

/** A utilisation as a fraction, so that bounds by it are exact. */
interface Fraction {
  readonly open: number;
  readonly of: number;
}

/** The fewest moves to the lowest utilisation that so many moves can reach. */
function lowest(
  agents: readonly Agent[],
  movable: readonly Movable[],
  movesMax: number,
): readonly Step[] {
  const fractions = fractionsBelow(agents);
  const within = ({ open, of }: Fraction): boolean => open <= of;
  const movesTo = (fraction: Fraction): Step[] | null =>
    fewestMoves(agents.map((agent) => holderOf(agent, fraction)), movable, movesMax);
  // Who stays over capacity can take nothing: only on either side of it do more moves reach less.
  return firstFound(fractions.filter(within), movesTo) ??
    firstFound(fractions.filter((fraction) => !within(fraction)), movesTo) ?? [];
}

/** Every utilisation that agents can have below the highest they have now, the lowest first. */
function fractionsBelow(agents: readonly Agent[]): Fraction[] {
  const { highestUtilisation } = balanceOf(agents);
  const found = new Map<number, Fraction>();
  for (const of of new Set(agents.map(({ maxTickets }) => maxTickets))) {
    for (let open = 0; open / of < highestUtilisation; open++) found.set(open / of, { open, of });
  }
  return [...found].toSorted(([a], [b]) => a - b).map(([, fraction]) => fraction);
}

function holderOf({ activeTickets, maxTickets }: Agent, { open, of }: Fraction): Holder {
  const bound = Math.floor(open * maxTickets / of);
  const held = activeTickets.length;
  const staysOver = open > of && held > maxTickets;
  return { open: held, bound: staysOver ? bound : Math.min(bound, maxTickets), takes: !staysOver };
}

/** What is found for the first item for which anything is; it is for all that come after. */
function firstFound<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  let [low, high] = [0, items.length];
  let found: R | null = null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const item = items[middle];
    const result = item === undefined ? null : find(item);
    if (result === null) low = middle + 1;
    else [found, high] = [result, middle];
  }
  return found;
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
