import { type Agent, holdTicket, isAvailable, utilisation } from "./agent.ts";
import {
  bestAgent,
  type Demand,
  isEligible,
  type Relaxation,
  skillSurplus,
  type WaitReason,
} from "./assignment.ts";
import { demandText } from "./demand.ts";
import { cheapestChoice, costsOf, greedyChoice, LEVEL, sumOf } from "./slots.ts";
import type { Priority } from "./ticket.ts";
import { HOUR_MS, type Instant } from "./time.ts";

/** More waiting tickets than this, from the head of the queue, are not looked at together. */
export const OPTIMISED_MAX = 500;

/** Nor are more agents: of those who have room, the ones that are used least. */
export const OPTIMISED_AGENTS_MAX = 1_000;

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
  readonly waiting: readonly LeftWaiting[];
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

export interface LeftWaiting {
  readonly ticketId: string;
  readonly cost: number;
  /** Why nobody can take it, once all else is given. */
  readonly reason: WaitReason;
}

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
 * So as many tickets as possible are given. Which of them, and to whom, is weighed: an hour of lateness
 * is worth as many levels as its weight says, so that one who fits well may get what is less late. An
 * agent who is not eligible for a ticket does not get it at any cost. Greedy is never cheaper.
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
  const crew = roomiest(agents, at);
  const fits = new Map<string, readonly number[]>();
  for (const { row, demand } of tickets) {
    if (!fits.has(row)) fits.set(row, surplusOfEach(demand, crew, relaxation, at));
  }
  const places = { tickets, agents: crew, fits };
  const greedy = greedyChoice(places);
  const chosen = cheapestChoice(places, greedy);
  const costs = costsOf(places, chosen);
  const assignments: PlannedAssignment[] = [];
  const loaded = new Map(agents.map((agent) => [agent.id, agent]));
  const left: (typeof tickets[number] & { readonly cost: number })[] = [];
  for (const [index, ticket] of tickets.entries()) {
    const cost = (costs[index] ?? 0) / LEVEL;
    const agent = loaded.get(crew[chosen[index] ?? -1]?.id ?? "");
    if (agent === undefined) {
      left.push({ ...ticket, cost });
      continue;
    }
    assignments.push({ ticketId: ticket.id, agentId: agent.id, cost });
    loaded.set(agent.id, holdTicket(agent, { id: ticket.id, estimatedHours: 0 }, at));
  }
  const reasons = new Map<string, WaitReason>();
  const waitingOn = ({ id: ticketId, row, demand, cost }: typeof left[number]): LeftWaiting => {
    const reason = reasons.get(row) ?? whyWaiting(demand, [...loaded.values()], relaxation, at);
    reasons.set(row, reason);
    return { ticketId, cost, reason };
  };
  const totalCost = sumOf(costs) / LEVEL;
  const greedyCost = sumOf(costsOf(places, greedy)) / LEVEL;
  return { assignments, waiting: left.map(waitingOn), totalCost, greedyCost };
}

/** Who could take it still is beyond `OPTIMISED_AGENTS_MAX`: for those looked at there is no room. */
function whyWaiting(
  demand: Demand,
  agents: readonly Agent[],
  relaxation: Relaxation,
  at: Instant,
): WaitReason {
  const found = bestAgent(demand, agents, relaxation, at);
  return typeof found === "string" ? found : "no_capacity";
}

/** Who has room, and of too many the ones that are used least. */
function roomiest(agents: readonly Agent[], at: Instant): readonly Agent[] {
  const available = agents.filter((agent) => isAvailable(agent, at));
  if (available.length <= OPTIMISED_AGENTS_MAX) return available;
  return available
    .toSorted((a, b) => utilisation(a) - utilisation(b))
    .slice(0, OPTIMISED_AGENTS_MAX);
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
