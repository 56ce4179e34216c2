import {
  type Agent,
  currentLoad,
  hasCapacity,
  type HeldTicket,
  isAtWork,
  isAvailable,
} from "./agent.ts";
import { fold } from "./skill.ts";
import type { Priority, Ticket } from "./ticket.ts";
import { HOUR_MS, type Instant } from "./time.ts";

/** Hours of estimated work from which a load is called moderate, high, and too much. */
const LOAD_HOURS = { moderate: 3, high: 6, overloaded: 8 } as const;
export const LOAD_HOURS_MAX = LOAD_HOURS.overloaded;

export type LoadLevel = "low" | keyof typeof LOAD_HOURS;

/** Loads are hours: what open tickets were estimated to take. */
export interface WorkloadMetrics {
  readonly totalAgents: number;
  /** At work: neither offline nor on a break, and on shift when they have shifts. */
  readonly activeAgents: number;
  readonly averageLoad: number;
  /** Of whoever has the most. */
  readonly maxLoad: number;
  readonly overloadedAgents: number;
  /** Who are given work by themselves, and have room for it. */
  readonly availableAgents: number;
  /** How many agents have such a load. */
  readonly workloadDistribution: Readonly<Record<LoadLevel, number>>;
}

export function workloadMetrics(agents: readonly Agent[], at: Instant): WorkloadMetrics {
  const loads = agents.map(currentLoad);
  const sum = loads.reduce((all, load) => all + load, 0);
  const distribution = { low: 0, moderate: 0, high: 0, overloaded: 0 };
  for (const load of loads) distribution[levelOfLoad(load)] += 1;
  return {
    totalAgents: agents.length,
    activeAgents: agents.filter((agent) => isAtWork(agent, at)).length,
    averageLoad: agents.length === 0 ? 0 : hundredths(sum / agents.length),
    maxLoad: loads.reduce((most, load) => Math.max(most, load), 0),
    overloadedAgents: distribution.overloaded,
    availableAgents: agents.filter((agent) => isAvailable(agent, at)).length,
    workloadDistribution: distribution,
  };
}

export function levelOfLoad(hours: number): LoadLevel {
  if (hours < LOAD_HOURS.moderate) return "low";
  if (hours < LOAD_HOURS.high) return "moderate";
  return hours < LOAD_HOURS.overloaded ? "high" : "overloaded";
}

/** A department and who works in it; each agent is counted in its own department alone. */
export interface TeamFigures {
  /** The name in its folded form. */
  readonly teamId: string;
  readonly teamName: string;
  readonly totalAgents: number;
  readonly activeAgents: number;
  /** Tickets that who is available could take now. */
  readonly currentCapacity: number;
  /** Open tickets that all its agents can have at once. */
  readonly maxCapacity: number;
  readonly skills: readonly string[];
  /** How many agents have each skill. */
  readonly skillDistribution: Readonly<Record<string, number>>;
}

/** The teams by their names; names of teams and skills as the agent made first spells them. */
export function teamFigures(agents: readonly Agent[], at: Instant): TeamFigures[] {
  const teams = Map.groupBy(agents, ({ department }) => fold(department));
  return [...teams].toSorted(([a], [b]) => a < b ? -1 : 1).map(([teamId, members]) => {
    const names = new Map<string, string>();
    const counts = new Map<string, number>();
    for (const { skills } of members) {
      for (const { name } of skills) if (!names.has(fold(name))) names.set(fold(name), name);
      // Once, however often its record names it.
      for (const name of new Set(skills.map(({ name }) => fold(name)))) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
    const skills = [...names].toSorted(([a], [b]) => a < b ? -1 : 1);
    return {
      teamId,
      teamName: members[0]?.department ?? teamId,
      totalAgents: members.length,
      activeAgents: members.filter((agent) => isAtWork(agent, at)).length,
      currentCapacity: sumOf(members.filter((agent) => isAvailable(agent, at)), freeSlots),
      maxCapacity: sumOf(members, ({ maxTickets }) => maxTickets),
      skills: skills.map(([, name]) => name),
      skillDistribution: Object.fromEntries(
        skills.map(([folded, name]) => [name, counts.get(folded) ?? 0]),
      ),
    };
  });
}

function freeSlots({ maxTickets, activeTickets }: Agent): number {
  return Math.max(0, maxTickets - activeTickets.length);
}

/** What an agent has to do, and when it comes to it if each ticket takes as long as estimated. */
export interface AgentWorkload {
  readonly agentId: string;
  readonly agentName: string;
  /** Hours. */
  readonly currentLoad: number;
  /** Hours from which it has too much. */
  readonly maxLoad: number;
  readonly activeTickets: number;
  /** Those of them that it has not begun. */
  readonly queuedTickets: number;
  readonly nextAvailableSlot: Instant;
  readonly upcomingTasks: readonly UpcomingTask[];
}

export interface UpcomingTask {
  readonly ticketId: string;
  readonly title: string;
  readonly startTime: Instant;
  readonly estimatedHours: number;
  readonly priority: Priority;
}

/**
 * The agent does one ticket after another, first the one in progress and then as they came to it, by
 * the clock on the wall: from now on, or from when it is known to be back. `begins` are tickets that
 * it has not begun.
 */
export function agentWorkload(
  agent: Agent,
  queuedTickets: number,
  begins: readonly Ticket[],
  at: Instant,
): AgentWorkload {
  const from = backAt(agent, at);
  const tickets = new Map(begins.map((ticket) => [ticket.id, ticket]));
  const upcomingTasks: UpcomingTask[] = [];
  let startTime = from;
  let nextAvailableSlot = from;
  let left = agent.activeTickets.length;
  for (const { id, estimatedHours } of inTurn(agent)) {
    const ticket = tickets.get(id);
    if (ticket !== undefined) {
      const { title, priority } = ticket;
      upcomingTasks.push({ ticketId: id, title, startTime, estimatedHours, priority });
    }
    startTime += estimatedHours * HOUR_MS;
    if (left >= agent.maxTickets) nextAvailableSlot = startTime;
    left -= 1;
  }
  return {
    agentId: agent.id,
    agentName: agent.name,
    currentLoad: currentLoad(agent),
    maxLoad: LOAD_HOURS_MAX,
    activeTickets: agent.activeTickets.length,
    queuedTickets,
    nextAvailableSlot: hasCapacity(agent) ? from : nextAvailableSlot,
    upcomingTasks,
  };
}

function inTurn({ activeTickets, currentTicketId }: Agent): readonly HeldTicket[] {
  const current = activeTickets.filter(({ id }) => id === currentTicketId);
  return [...current, ...activeTickets.filter(({ id }) => id !== currentTicketId)];
}

/** When it is at work again as far as shifts and breaks tell; now for whoever nobody knows it of. */
function backAt(agent: Agent, at: Instant): Instant {
  const shift = agent.shifts?.shown ?? null;
  if (isAtWork(agent, at) || shift === null) return at;
  const pause = shift.breaks.find(({ status }) => status === "in-progress");
  if (agent.onBreak && pause !== undefined) return Math.max(at, pause.end);
  return Math.max(at, shift.start);
}

function sumOf<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}

function hundredths(value: number): number {
  return Math.round(100 * value) / 100;
}
