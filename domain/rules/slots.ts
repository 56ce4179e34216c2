import type { Agent } from "./agent.ts";
import { leastCost } from "./least_cost.ts";

/** Costs are whole thousandths of a level of skill while they are counted: sums of these are exact. */
export const LEVEL = 1_000;

/** A ticket to be given. */
interface Row {
  /** Tickets of the same row fit the same agents, each of them as well as the others. */
  readonly row: string;
  readonly costOfWaiting: number;
}

/** What is to be given, and to whom. */
export interface Places {
  readonly tickets: readonly Row[];
  readonly agents: readonly Agent[];
  /** By row, what each agent costs beside its utilisation; infinite for who may not get the ticket. */
  readonly fits: ReadonlyMap<string, readonly number[]>;
}

/** The agent of each ticket, both by their indexes; null for what is left waiting. */
type Choice = readonly (number | null)[];

/** What a choice costs ticket by ticket, given in their order: what waits costs its waiting. */
export function costsOf({ tickets, agents, fits }: Places, choice: Choice): number[] {
  const taken = agents.map(() => 0);
  return tickets.map(({ row, costOfWaiting }, index) => {
    const chosen = choice[index] ?? null;
    const agent = chosen === null ? undefined : agents[chosen];
    if (chosen === null || agent === undefined) return costOfWaiting;
    const before = taken[chosen] ?? 0;
    taken[chosen] = before + 1;
    return (fits.get(row)?.[chosen] ?? Infinity) + utilisationAfter(agent, before);
  });
}

/** What the queue does by itself: each ticket in its turn to the best agent, as `bestAgent` says. */
export function greedyChoice({ tickets, agents, fits }: Places): Choice {
  const crew = agents.map((agent, index) => ({
    ...agent,
    index,
    open: agent.activeTickets.length,
    lastAt: agent.lastAssignedAt ?? 0,
  }));
  return tickets.map(({ row }) => {
    const surplus = fits.get(row) ?? [];
    const surplusOf = ({ index }: typeof crew[number]): number => surplus[index] ?? Infinity;
    const best = crew
      .filter((agent) => agent.open < agent.maxTickets && surplusOf(agent) !== Infinity)
      .reduce<typeof crew[number] | null>((best, agent) => {
        if (best === null) return agent;
        const order = surplusOf(agent) - surplusOf(best) ||
          agent.open / agent.maxTickets - best.open / best.maxTickets ||
          agent.lastAt - best.lastAt || (agent.id < best.id ? -1 : 1);
        return order < 0 ? agent : best;
      }, null);
    if (best === null) return null;
    best.open += 1;
    best.lastAt = Number.MAX_SAFE_INTEGER;
    return best.index;
  });
}

/** So many slots of each agent are looked at beyond those that are taken in the queue's order. */
const SPARE_SLOTS = 3;

/** No slots are added beyond these; 500 tickets and 1 000 agents come to no more in the first round. */
const SLOTS_MAX = 3_500;
const ROUNDS_MAX = 8;

/**
 * The choice of the least cost, which is never more than that of `greedy`. The fewer slots are looked
 * at, the sooner it is found: so of each agent those that `greedy` takes and a few more, and of whom
 * all of these would be taken, in another round, all that it has. Where none runs out, the others
 * could not make it cheaper: each slot of an agent costs as much as the one before it or more, so
 * that what is the least nearby is the least there is. Beyond `SLOTS_MAX` and `ROUNDS_MAX`, which
 * hardly any desk comes to, it is the least among those that were looked at.
 */
export function cheapestChoice(places: Places, greedy: Choice): Choice {
  const { tickets, agents } = places;
  const free = agents.map(({ maxTickets, activeTickets }) =>
    Math.min(Math.max(0, maxTickets - activeTickets.length), tickets.length)
  );
  const counts = countsOf(places, greedy);
  let limits = free.map((all, agent) => Math.min(all, (counts[agent] ?? 0) + SPARE_SLOTS));
  let chosen = greedy;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    chosen = cheapestWithin(places, limits);
    const taken = countsOf(places, chosen);
    const wider = limits.map((limit, agent) => taken[agent] === limit ? free[agent] ?? 0 : limit);
    const isWider = wider.some((limit, agent) => limit !== limits[agent]);
    if (!isWider || sumOf(wider) > SLOTS_MAX) break;
    limits = wider;
  }
  return chosen;
}

/** How many tickets each agent gets. */
function countsOf({ agents }: Places, choice: Choice): number[] {
  const counts = agents.map(() => 0);
  for (const agent of choice) if (agent !== null) counts[agent] = (counts[agent] ?? 0) + 1;
  return counts;
}

/** A free place of an agent, by its index, and the agent's utilisation before it is taken. */
interface Slot {
  readonly agent: number;
  readonly utilisation: number;
}

/** The cheapest choice among the first slots of each agent, as many as its limit says. */
function cheapestWithin(places: Places, limits: readonly number[]): Choice {
  const { tickets, fits } = places;
  const slots = usefulSlots(places, limits);
  const rows = new Map([...fits].map(([row, surplus]) => [row, slots.map(costIn(surplus))]));
  const columns = leastCost(
    tickets.map(({ row }) => rows.get(row) ?? []),
    tickets.map(({ costOfWaiting }) => costOfWaiting),
  );
  return columns.map((column) => column === null ? null : slots[column]?.agent ?? null);
}

/**
 * The slots among which those of an optimal choice are: of each row's the cheapest, as many as there
 * are tickets, since the others can take no more than all but one of them.
 */
function usefulSlots({ tickets, agents, fits }: Places, limits: readonly number[]): Slot[] {
  const slots = agents.flatMap((agent, index) =>
    Array.from({ length: limits[index] ?? 0 }, (_, taken) => ({
      agent: index,
      utilisation: utilisationAfter(agent, taken),
    }))
  );
  if (slots.length <= tickets.length) return slots;
  const useful = new Set<Slot>();
  for (const surplus of fits.values()) {
    const cost = costIn(surplus);
    const fitting = slots.filter(({ agent }) => surplus[agent] !== Infinity);
    if (fitting.length > tickets.length) fitting.sort((a, b) => cost(a) - cost(b));
    for (const slot of fitting.slice(0, tickets.length)) useful.add(slot);
  }
  return slots.filter((slot) => useful.has(slot));
}

function costIn(surplus: readonly number[]): (slot: Slot) => number {
  return ({ agent, utilisation }) => (surplus[agent] ?? Infinity) + utilisation;
}

/** The agent's utilisation when it has got so many tickets, in thousandths. */
function utilisationAfter({ activeTickets, maxTickets }: Agent, taken: number): number {
  return Math.floor(LEVEL * (activeTickets.length + taken) / maxTickets);
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
