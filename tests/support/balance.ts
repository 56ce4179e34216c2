import type { Agent } from "../../domain/rules/agent.ts";
import type { Relaxation } from "../../domain/rules/assignment.ts";
import type { Waiting } from "../../domain/rules/optimize.ts";
import type { Skill } from "../../domain/rules/skill.ts";
import { PRIORITIES, type Ticket } from "../../domain/rules/ticket.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import type { Chance } from "../simulation/chance.ts";
import { anAgent, aTicketIn, OPENED, someHeld } from "./builders.ts";

export const RELAXATION: Relaxation = { anyLevelAfterMinutes: 15, anyDepartmentAfterMinutes: 30 };

const SKILLS = ["billing", "cards", "law", "tax"];
const DEPARTMENTS = ["Cards", "Loans", "Support"];

/** An agent with so many places, some of them free. */
export function someAgent(chance: Chance, name: string, maxTickets: number, free: number): Agent {
  return anAgent(name, {
    status: chance.percent(8) ? "busy" : "online",
    department: chance.pick(DEPARTMENTS),
    teams: chance.percent(25) ? ["Cards"] : [],
    skills: someSkills(chance, 3, 5),
    maxTickets,
    activeTickets: someHeld(maxTickets - free),
    lastAssignedAt: chance.percent(30) ? null : OPENED - chance.between(0, 9) * MINUTE_MS,
  });
}

/** A ticket that waits, for longer or shorter, and is due before long or since long. */
export function someWaiting(chance: Chance, id: string): Waiting {
  const waitingSince = OPENED - chance.between(0, 40) * MINUTE_MS;
  return {
    id,
    demand: { ...someDemand(chance), waitingSince, releasedBy: null },
    lane: chance.percent(15) ? 0 : 1,
    priority: chance.pick(PRIORITIES),
    dueAt: OPENED + chance.between(-50, 50) * HOUR_MS,
  };
}

function someDemand(chance: Chance): Pick<Ticket, "department" | "requiredSkills"> {
  return {
    department: chance.percent(40) ? "general" : chance.pick(DEPARTMENTS),
    requiredSkills: chance.percent(50) ? [] : someSkills(chance, 1, 4),
  };
}

function someSkills(chance: Chance, countMax: number, levelMax: number): Skill[] {
  const count = chance.between(0, countMax);
  const names = new Set(Array.from({ length: count }, () => chance.pick(SKILLS)));
  return [...names].map((name) => ({ name, level: chance.between(1, levelMax) }));
}

/** Agents with the tickets that they have, of which they have begun with some. */
export interface Loaded {
  readonly agents: readonly Agent[];
  readonly tickets: readonly Ticket[];
}

export function someLoaded(
  chance: Chance,
  size: { readonly agents: number; readonly tickets: number; readonly capacity: number },
): Loaded {
  const empty = Array.from({ length: size.agents }, (_, index) => {
    const maxTickets = chance.between(1, size.capacity);
    return someAgent(chance, `A${index}`, maxTickets, maxTickets);
  });
  const tickets = Array.from({ length: size.tickets }, (_, index) => {
    // Some have most: else there would be little to balance.
    const holder = chance.pick(empty.slice(0, chance.between(1, empty.length)));
    const status = chance.weigh(
      [[6, "assigned"], [1, "escalated"], [1, "in-progress"], [1, "pending"]] as const,
    );
    return aTicketIn(status, holder, {
      ...someDemand(chance),
      id: `ticket-${index}`,
      priority: chance.pick(PRIORITIES),
      ...(chance.percent(10) ? { firstResponseAt: OPENED } : {}),
      ...(chance.percent(15) ? { rebalancedAt: OPENED - chance.between(0, 60) * MINUTE_MS } : {}),
    });
  });
  const agents = empty.map((agent) => ({
    ...agent,
    activeTickets: tickets.filter(({ assignee }) => assignee?.agentId === agent.id)
      .map(({ id, estimatedHours }) => ({ id, estimatedHours })),
  }));
  return { agents, tickets };
}
