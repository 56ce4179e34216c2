// What the document shows of workload figures and of plans.

import { AGENT, TICKET } from "./example_facts.ts";

const BEN = "019ab3c4-0000-7000-8000-0000000000b9";
const LATER = "019ab3c4-0000-7000-8000-0000000000b7";

const AGENT_WORKLOAD = {
  agentId: AGENT,
  agentName: "Amira",
  currentLoad: 2.5,
  maxLoad: 8,
  activeTickets: 2,
  queuedTickets: 1,
  nextAvailableSlot: "2026-11-22T10:00:00.000Z",
  upcomingTasks: [{
    taskId: TICKET,
    title: "Charged twice",
    startTime: "2026-11-22T12:00:00.000Z",
    estimatedHours: 0.5,
    priority: "high",
  }],
};

const TEAM = {
  teamId: "billing",
  teamName: "Billing",
  totalAgents: 2,
  activeAgents: 2,
  currentCapacity: 6,
  maxCapacity: 10,
  skills: ["invoices", "tax"],
  skillDistribution: { invoices: 2, tax: 1 },
};

export const WORKLOAD_EXAMPLES: Readonly<Record<string, unknown>> = {
  Workload: {
    totalAgents: 2,
    activeAgents: 2,
    averageLoad: 4.25,
    maxLoad: 6,
    overloadedAgents: 0,
    availableAgents: 2,
    workloadDistribution: { low: 1, moderate: 0, high: 1, overloaded: 0 },
  },
  WorkloadFields: { averageLoad: 4.25, overloadedAgents: 0 },
  AgentWorkload: AGENT_WORKLOAD,
  AgentWorkloadFields: { agentId: AGENT, currentLoad: 2.5 },
  Team: TEAM,
  TeamFields: { teamId: "billing", currentCapacity: 6 },
  Rebalanced: {
    moved: [{ ticketId: TICKET, from: AGENT, to: BEN }],
    changed: [{
      ticketId: LATER,
      from: AGENT,
      to: BEN,
      code: "conflict",
      message: "Ticket 1043 is not one that may move any more.",
    }],
    before: { highestUtilisation: 1, averageUtilisation: 0.6 },
    after: { highestUtilisation: 0.8, averageUtilisation: 0.6 },
    dryRun: false,
  },
  Optimized: {
    assignments: [{ ticketId: TICKET, agentId: AGENT, cost: 1.4 }],
    waiting: [{ ticketId: LATER, cost: 100_046, reason: "no_skill" }],
    hasMore: false,
    changed: [],
    totalCost: 100_047.4,
    greedyCost: 100_049.2,
    dryRun: true,
  },
};
