import { type Agent, currentLoad } from "./agent.ts";
import type { WorkloadFeedEvent } from "./event.ts";
import { iso } from "./time.ts";

/** That an agent has more or less to do, or takes more or less, than before; null where not. */
export function workloadChange(
  before: Agent | null,
  after: Agent | null,
): WorkloadFeedEvent | null {
  if (after === null) return null;
  const event = workloadOf(after);
  if (before === null) return event;
  const former = workloadOf(before);
  const hasChanged = FIGURES.some((figure) => event[figure] !== former[figure]);
  return hasChanged ? event : null;
}

const FIGURES = ["status", "onBreak", "activeTickets", "maxTickets", "currentLoad"] as const;

function workloadOf(agent: Agent): WorkloadFeedEvent {
  const { id: agentId, userId, status, onBreak, activeTickets, maxTickets, updatedAt } = agent;
  return {
    type: "workload.changed",
    at: updatedAt,
    agentId,
    userId,
    status,
    onBreak,
    activeTickets: activeTickets.length,
    maxTickets,
    currentLoad: currentLoad(agent),
  };
}

/** The wire form of an event of an agent's workload. */
export function presentWorkload(event: WorkloadFeedEvent): Record<string, unknown> {
  const { type: _type, at, userId: _userId, ...figures } = event;
  return { ...figures, at: iso(at) };
}
