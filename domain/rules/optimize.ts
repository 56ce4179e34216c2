import type { Agent } from "./agent.ts";
import { type Demand, isEligible, type Relaxation, skillSurplus } from "./assignment.ts";
import { demandText } from "./demand.ts";
import { leastCost } from "./least_cost.ts";
import type { Priority } from "./ticket.ts";
import { HOUR_MS, type Instant } from "./time.ts";

/** More waiting tickets than this, from the head of the queue, are not looked at together. */
export const OPTIMISED_MAX = 500;

/** A waiting ticket as the queue has it. */
export interface Waiting {
  readonly id: string;
  readonly demand: Demand;
  readonly lane: 0 | 1;
  readonly priority: Priority;
  /** Of the clock that runs. */
  readonly dueAt: Instant;
}

/** Who gets what at the least cost; costs are in levels of skill. */
export interface AssignmentPlan {
  readonly assignments: readonly PlannedAssignment[];
  /** What nobody has a slot for. */
  readonly waiting: readonly { readonly ticketId: string; readonly cost: number }[];
  /** Of all assignments and of all that is left waiting. */
  readonly totalCost: number;
  /** The same where each ticket in its turn goes to the best agent for it. */
  readonly greedyCost: number;
}

export interface PlannedAssignment {
  readonly ticketId: string;
  readonly agentId: string;
  readonly cost: number;
}

/** Costs are whole thousandths of a level while they are counted: sums of these are exact. */
const LEVEL = 1_000;
/** More than `OPTIMISED_MAX` assignments cost altogether: a slot that fits is never left empty. */
const WAITING_COST = 100_000 * LEVEL;
const LATE_HOURS_MIN = -24;
const LATE_HOURS_MAX = 30 * 24;
/** What an hour costs: of what is at the head of the queue, and of each priority. */
const HEAD_WEIGHT = 4;
const PRIORITY_WEIGHTS: Readonly<Record<Priority, number>> = { 1: 3, 2: 2, 3: 1 };

/**
 * The assignment of waiting tickets, in the queue's order, to the free slots of agents whose cost is
 * the least (Munkres' algorithm). The unit is a level of skill:
 * - A ticket given costs the agent's skill surplus, in levels, and its utilisation before it gets the
 *   ticket, from 0 to 1: fuller agents cost more with each slot, and no level is worth a slot.
 * - A ticket left waiting costs 100 000 and its lateness: the hours since its deadline and 24 more,
 *   none for what is due in over a day and no more than for 30 days, times 4 at the head of the
 *   queue, else times 3, 2 or 1 by its priority.
 * So as many tickets as possible are given, then the latest, then each to whom it fits. An agent who
 * is not eligible for a ticket does not get it at any cost. Greedy is never cheaper.
 */
export function planAssignments(
  waiting: readonly Waiting[],
  agents: readonly Agent[],
  relaxation: Relaxation,
  at: Instant,
): AssignmentPlan {
  const tickets = waiting.slice(0, OPTIMISED_MAX).map((ticket) => ({
    ...ticket,
    row: demandText(ticket.demand, relaxation, at),
    costOfWaiting: costOfWaiting(ticket, at),
  }));
  const fits = new Map<string, readonly number[]>();
  for (const { row, demand } of tickets) {
    if (!fits.has(row)) fits.set(row, surplusOfEach(demand, agents, relaxation, at));
  }
  const places = { tickets, agents, fits };
  const chosen = cheapest(places);
  const assignments: PlannedAssignment[] = [];
  const left: { ticketId: string; cost: number }[] = [];
  for (const [index, ticket] of tickets.entries()) {
    const slot = chosen.get(index);
    const agent = slot === undefined ? undefined : agents[slot.agent];
    if (slot === undefined || agent === undefined) {
      left.push({ ticketId: ticket.id, cost: ticket.costOfWaiting / LEVEL });
    } else {
      const cost = costOf(places, ticket, slot) / LEVEL;
      assignments.push({ ticketId: ticket.id, agentId: agent.id, cost });
    }
  }
  const totalCost = sumOfCosts(places, chosen) / LEVEL;
  const greedyCost = sumOfCosts(places, greedy(places)) / LEVEL;
  return { assignments, waiting: left, totalCost, greedyCost };
}

function costOfWaiting({ lane, priority, dueAt }: Waiting, at: Instant): number {
  const late = Math.min(Math.max((at - dueAt) / HOUR_MS, LATE_HOURS_MIN), LATE_HOURS_MAX);
  const weight = lane === 0 ? HEAD_WEIGHT : PRIORITY_WEIGHTS[priority];
  return WAITING_COST + weight * Math.round(LEVEL * (late - LATE_HOURS_MIN));
}

/** The surplus of each agent for a demand; infinite for who may not get it. */
function surplusOfEach(
  demand: Demand,
  agents: readonly Agent[],
  relaxation: Relaxation,
  at: Instant,
): number[] {
  return agents.map((agent) =>
    isEligible(agent, demand, relaxation, at) ? LEVEL * skillSurplus(agent, demand) : Infinity
  );
}

interface Ticket extends Waiting {
  /** Tickets of the same row fit the same agents. */
  readonly row: string;
  readonly costOfWaiting: number;
}

interface Places {
  readonly tickets: readonly Ticket[];
  readonly agents: readonly Agent[];
  /** By row, the surplus of each agent. */
  readonly fits: ReadonlyMap<string, readonly number[]>;
}

/** A free place of an agent, by its index; what it costs by how many are taken before it. */
interface Slot {
  readonly agent: number;
  readonly utilisation: number;
}

function slotOf({ activeTickets, maxTickets }: Agent, agent: number, taken: number): Slot {
  return {
    agent,
    utilisation: Math.floor(LEVEL * (activeTickets.length + taken) / maxTickets),
  };
}

function costOf({ fits }: Places, { row }: Ticket, { agent, utilisation }: Slot): number {
  return (fits.get(row)?.[agent] ?? Infinity) + utilisation;
}

function sumOfCosts(places: Places, chosen: ReadonlyMap<number, Slot>): number {
  return places.tickets.reduce((sum, ticket, index) => {
    const slot = chosen.get(index);
    return sum + (slot === undefined ? ticket.costOfWaiting : costOf(places, ticket, slot));
  }, 0);
}

/** The slots of least cost altogether, by the indexes of the tickets. */
function cheapest(places: Places): Map<number, Slot> {
  const { tickets, fits } = places;
  const slots = usefulSlots(places);
  const rows = new Map([...fits].map(([row, surplus]) => {
    const costs = ({ agent, utilisation }: Slot): number => (surplus[agent] ?? 0) + utilisation;
    return [row, slots.map(costs)];
  }));
  const columns = leastCost(
    tickets.map(({ row }) => rows.get(row) ?? []),
    tickets.map(({ costOfWaiting }) => costOfWaiting),
  );
  return new Map(columns.flatMap((column, index) => {
    const slot = column === null ? undefined : slots[column];
    return slot === undefined ? [] : [[index, slot]];
  }));
}

/**
 * The slots among which those of an optimal assignment are: of each row's the cheapest, as many as
 * there are tickets, since the others can take no more than all but one of them.
 */
function usefulSlots(places: Places): Slot[] {
  const { tickets, agents, fits } = places;
  const slots = agents.flatMap((agent, index) => {
    const free = Math.max(0, agent.maxTickets - agent.activeTickets.length);
    const count = Math.min(free, tickets.length);
    return Array.from({ length: count }, (_, taken) => slotOf(agent, index, taken));
  });
  const useful = new Set<Slot>();
  for (const surplus of fits.values()) {
    const costs = ({ agent, utilisation }: Slot): number => (surplus[agent] ?? 0) + utilisation;
    const fitting = slots.filter(({ agent }) => surplus[agent] !== Infinity);
    if (fitting.length > tickets.length) fitting.sort((a, b) => costs(a) - costs(b));
    for (const slot of fitting.slice(0, tickets.length)) useful.add(slot);
  }
  return slots.filter((slot) => useful.has(slot));
}

/** What the queue does by itself: each ticket in its turn to the best agent, as `bestAgent` says. */
function greedy({ tickets, agents, fits }: Places): Map<number, Slot> {
  const crew = agents.map((agent, index) => ({
    ...agent,
    index,
    open: agent.activeTickets.length,
    lastAt: agent.lastAssignedAt ?? 0,
  }));
  const chosen = new Map<number, Slot>();
  for (const [ticket, { row }] of tickets.entries()) {
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
    if (best === null) continue;
    chosen.set(ticket, slotOf(best, best.index, best.open - best.activeTickets.length));
    best.open += 1;
    best.lastAt = Number.MAX_SAFE_INTEGER;
  }
  return chosen;
}
