import { z } from "zod";
import { WAIT_REASONS } from "../../domain/rules/assignment.ts";
import type { Balance } from "../../domain/rules/rebalance.ts";
import type { Priority } from "../../domain/rules/ticket.ts";
import { iso } from "../../domain/rules/time.ts";
import { type AgentWorkload, LOAD_HOURS_MAX } from "../../domain/rules/workload_figures.ts";
import type { Optimized } from "../../domain/services/optimize.ts";
import type { Rebalanced } from "../../domain/services/rebalance.ts";
import { TASKS_LISTED_MAX } from "../../domain/services/workload.ts";
import { id, instant } from "../http/answers.ts";
import { CODES } from "../http/problem.ts";

const count = z.number().int().min(0);
const hours = z.number().min(0);

export const workloadShape = z.object({
  totalAgents: count,
  activeAgents: count.meta({
    description: "At work: not offline, not on a break, and on shift if they have shifts.",
  }),
  averageLoad: hours.meta({ description: "Hours that open tickets were estimated to take." }),
  maxLoad: hours.meta({
    description: "The hours of whoever has the most. It is no limit, as each agent's is.",
  }),
  overloadedAgents: count,
  availableAgents: count.meta({ description: "Who are given work, and have room for it." }),
  workloadDistribution: z.object({
    low: count.meta({ description: "Below 3 hours." }),
    moderate: count.meta({ description: "From 3 hours." }),
    high: count.meta({ description: "From 6 hours." }),
    overloaded: count.meta({ description: `From ${LOAD_HOURS_MAX} hours.` }),
  }).meta({ description: "How many agents have such a load." }),
}).meta({ id: "Workload" });

const PRIORITY_NAMES: Readonly<Record<Priority, "high" | "medium" | "low">> = {
  1: "high",
  2: "medium",
  3: "low",
};

export const agentWorkloadShape = z.object({
  agentId: id,
  agentName: z.string(),
  currentLoad: hours.meta({ description: "Hours that its open tickets were estimated to take." }),
  maxLoad: hours.meta({
    description: "Hours from which it has too much, the same for all; how many tickets it may " +
      "have is the agent's `maxTickets`.",
  }),
  activeTickets: count.meta({
    description: "How many open tickets it has; the agent itself tells their ids by this name.",
  }),
  queuedTickets: count.meta({ description: "Those of them that it has not begun." }),
  nextAvailableSlot: instant.meta({
    description: "When it has a place free if each ticket takes as long as estimated: from now " +
      "on, or from when it is known to be back.",
  }),
  upcomingTasks: z.array(z.object({
    taskId: id.meta({ description: "The ticket." }),
    title: z.string(),
    startTime: instant,
    estimatedHours: hours,
    priority: z.enum(["high", "medium", "low"]),
  })).meta({
    description: `Tickets that it has not begun, ${TASKS_LISTED_MAX} at most, each after those ` +
      "that came before it.",
  }),
}).meta({ id: "AgentWorkload" });

export function agentWorkloadView(workload: AgentWorkload): z.infer<typeof agentWorkloadShape> {
  const { nextAvailableSlot, upcomingTasks, ...figures } = workload;
  return {
    ...figures,
    nextAvailableSlot: iso(nextAvailableSlot),
    upcomingTasks: upcomingTasks.map(({ ticketId, startTime, priority, ...task }) => ({
      taskId: ticketId,
      ...task,
      startTime: iso(startTime),
      priority: PRIORITY_NAMES[priority],
    })),
  };
}

export const teamShape = z.object({
  teamId: z.string().meta({ description: "The department's name as names are compared." }),
  teamName: z.string(),
  totalAgents: count.meta({ description: "Each agent is in its own department alone." }),
  activeAgents: count,
  currentCapacity: count.meta({ description: "Tickets that who is available could take now." }),
  maxCapacity: count.meta({ description: "Open tickets that all of them can have at once." }),
  skills: z.array(z.string()),
  skillDistribution: z.record(z.string(), count).meta({
    description: "How many agents have each skill.",
  }),
}).meta({ id: "Team" });

const utilisation = z.number().min(0).meta({
  description: "Open tickets as a share of capacity, 1 for all of it; to the thousandth.",
});
const balanceShape = z.object({
  highestUtilisation: utilisation,
  averageUtilisation: utilisation,
});

function balanceView({ highestUtilisation, averageUtilisation }: Balance): Balance {
  return {
    highestUtilisation: thousandths(highestUtilisation),
    averageUtilisation: thousandths(averageUtilisation),
  };
}

const move = { ticketId: id, from: id, to: id };
const why = { code: z.enum(CODES), message: z.string() };

export const rebalancedShape = z.object({
  moved: z.array(z.object(move)).meta({ description: "In a dry run: what would be moved." }),
  changed: z.array(z.object({ ...move, ...why })).meta({
    description: "What was not moved, because something had changed meanwhile.",
  }),
  before: balanceShape,
  after: balanceShape.meta({
    description: "Of the same agents when all was done; in a dry run as it would be.",
  }),
  dryRun: z.boolean(),
}).meta({ id: "Rebalanced" });

export function rebalancedView(
  { moved, changed, before, after, dryRun }: Rebalanced,
): z.infer<typeof rebalancedShape> {
  return {
    moved: [...moved],
    changed: [...changed],
    before: balanceView(before),
    after: balanceView(after),
    dryRun,
  };
}

const cost = z.number().min(0).meta({ description: "In levels of skill." });
const assignment = { ticketId: id, agentId: id, cost };

export const optimizedShape = z.object({
  assignments: z.array(z.object(assignment)).meta({
    description: "In a dry run: what would be given to whom. Each costs the levels of skill that " +
      "the agent has beyond what is asked, and its utilisation before it, from 0 to 1.",
  }),
  waiting: z.array(z.object({ ticketId: id, cost, reason: z.enum(WAIT_REASONS) })).meta({
    description:
      "What nobody has a place for, and why: each costs 100 000 and, for each hour since a day " +
      "before its deadline, up to 30 days after it, 4 at the head of the queue, else 3, 2 or 1 by " +
      "its priority.",
  }),
  hasMore: z.boolean().meta({
    description: "Whether more tickets wait behind those that were looked at.",
  }),
  changed: z.array(z.object({ ...assignment, ...why })).meta({
    description: "What was not given, because something had changed meanwhile.",
  }),
  totalCost: cost.meta({ description: "Of all that was planned and all that waits." }),
  greedyCost: cost.meta({
    description: "The same where the queue gives each ticket in its turn to the best agent.",
  }),
  dryRun: z.boolean(),
}).meta({ id: "Optimized" });

export function optimizedView(optimized: Optimized): z.infer<typeof optimizedShape> {
  const { assignments, waiting, hasMore, changed, totalCost, greedyCost, dryRun } = optimized;
  return {
    assignments: [...assignments],
    waiting: [...waiting],
    hasMore,
    changed: [...changed],
    totalCost: thousandths(totalCost),
    greedyCost: thousandths(greedyCost),
    dryRun,
  };
}

function thousandths(value: number): number {
  return Math.round(1_000 * value) / 1_000;
}
