import { departmentsOf } from "./actor.ts";
import type { Agent } from "./agent.ts";
import {
  AGENTS_SEARCHED_MAX,
  agentsNeeded,
  staffLive,
  staffTickets,
  type TicketStaffing,
} from "./erlang.ts";
import type { HandlingTime } from "./handling_time.ts";

/** What a department is to do in the next seven days. */
export interface DepartmentWork {
  /** Folded. */
  readonly department: string;
  /** Open tickets. */
  readonly backlog: number;
  /** Tickets that come on each of the days. */
  readonly days: readonly number[];
  readonly handling: HandlingTime;
}

export interface DepartmentNeeds {
  readonly department: string;
  /** Hours of work a day for each of its agents, on average and on the heaviest day. */
  readonly avgLoad: number;
  readonly maxLoad: number;
  /** Whole agents that are missing on the heaviest day. */
  readonly additionalAgentsNeeded: number;
}

/** Of the hours of an agent's day so many are left for tickets, beside breaks and meetings. */
export const PRODUCTIVE_HOURS_A_DAY = 6;
const HOURS_A_DAY = 8;
/** The share of these in which it is to be busy at most: with more, tickets wait ever longer. */
export const OCCUPANCY_MAX = 0.85;

/**
 * Loads and needs by department. What has piled up is done evenly over the days. An agent who works
 * for several departments counts for each by the share of their work.
 */
export function capacityNeeds(
  works: readonly DepartmentWork[],
  agents: readonly Pick<Agent, "id" | "department" | "teams">[],
): DepartmentNeeds[] {
  const hours = new Map(works.map((work) => [work.department, hoursByDay(work)]));
  const present = presences(hours, agents);
  return works.map(({ department }) => {
    const days = hours.get(department) ?? [];
    const heaviest = Math.max(0, ...days);
    const share = present.get(department) ?? 0;
    // With nobody there it is the load of the one who would be.
    const perAgent = share === 0 ? 1 : share;
    const needed = agentsNeeded({
      tickets: heaviest,
      handlingHours: 1,
      productiveHours: PRODUCTIVE_HOURS_A_DAY,
      occupancy: OCCUPANCY_MAX,
    });
    return {
      department,
      avgLoad: rounded(sumOf(days) / days.length / perAgent),
      maxLoad: rounded(heaviest / perAgent),
      additionalAgentsNeeded: Math.max(0, Math.ceil(rounded(needed - share))),
    };
  });
}

function hoursByDay({ backlog, days, handling }: DepartmentWork): number[] {
  return days.map((tickets) => (tickets + backlog / days.length) * handling.hours);
}

/** How many agents each department has, as sums of shares. */
function presences(
  hours: ReadonlyMap<string, readonly number[]>,
  agents: readonly Pick<Agent, "id" | "department" | "teams">[],
): Map<string, number> {
  const present = new Map<string, number>();
  for (const agent of agents) {
    const own = departmentsOf(agent).filter((department) => hours.has(department));
    const work = own.map((department) => sumOf(hours.get(department) ?? []));
    const all = sumOf(work);
    for (const [index, department] of own.entries()) {
      const share = all === 0 ? 1 / own.length : (work[index] ?? 0) / all;
      present.set(department, (present.get(department) ?? 0) + share);
    }
  }
  return present;
}

/** Tickets can wait; calls and chats cannot. */
export const KINDS_OF_WORK = ["tickets", "live"] as const;
export type KindOfWork = (typeof KINDS_OF_WORK)[number];

export interface HourStaffing extends TicketStaffing {
  /** Of live work: the share that is taken up in time. */
  readonly serviceLevel?: number;
}

/** What is usual for calls: 80 % within 20 seconds. */
export const LIVE_TARGET = { share: 0.8, withinSeconds: 20 } as const;
const HOUR_SECONDS = 3_600;
/** For so few an hour nobody is kept waiting. */
const HARDLY_ANY = 0.05;

/**
 * Who must be at work in each hour. Tickets that have piled up are done along with those that come,
 * in proportion to them, and of each hour as much is productive as of a day; live work, of which
 * nothing piles up, is taken up as it comes.
 */
export function staffHours(
  expected: readonly number[],
  { backlog, handling }: Pick<DepartmentWork, "backlog" | "handling">,
  kind: KindOfWork,
): HourStaffing[] {
  const total = sumOf(expected);
  return expected.map((tickets) => {
    if (kind === "live") return staffLiveHour(tickets, handling.hours);
    const share = total === 0 ? 1 / expected.length : tickets / total;
    return staffTickets({
      tickets: tickets + backlog * share,
      handlingHours: handling.hours,
      productiveHours: PRODUCTIVE_HOURS_A_DAY / HOURS_A_DAY,
      occupancy: OCCUPANCY_MAX,
    });
  });
}

function staffLiveHour(arrivals: number, handlingHours: number): HourStaffing {
  const handlingSeconds = handlingHours * HOUR_SECONDS;
  const work = { arrivals, periodSeconds: HOUR_SECONDS, handlingSeconds };
  if (arrivals < HARDLY_ANY) return { agents: 0, occupancy: 0, serviceLevel: 1 };
  const staffing = staffLive(work, LIVE_TARGET, 0);
  // More than the search goes to: so many at least, who do not reach it.
  if (staffing === null) return { agents: AGENTS_SEARCHED_MAX, occupancy: 1, serviceLevel: 0 };
  const { agents, occupancy, serviceLevel } = staffing;
  return { agents, occupancy, serviceLevel };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}

/** To the hundredth. */
function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
