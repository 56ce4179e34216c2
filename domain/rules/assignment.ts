import { departmentsOf, GENERAL_DEPARTMENT } from "./actor.ts";
import {
  type Agent,
  hasCapacity,
  holdTicket,
  isActiveAgent,
  isAtWork,
  isAvailable,
  isOnDuty,
  OPEN_TICKETS_MAX,
  releaseTicket,
  unavailable,
  utilisation,
} from "./agent.ts";
import { type GivenBy, statusFact, type TicketFact } from "./event.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { fold, levelOf, skillText } from "./skill.ts";
import { type Decision, isWaiting, type Ticket } from "./ticket.ts";
import { type Instant, MINUTE_MS } from "./time.ts";

/** What a ticket asks of an agent; the queue keeps it, so that routing reads no tickets. */
export type Demand = Pick<
  Ticket,
  "department" | "requiredSkills" | "waitingSince" | "releasedBy"
>;

/** After how many minutes of waiting a demand is relaxed. */
export interface Relaxation {
  readonly anyLevelAfterMinutes: number;
  readonly anyDepartmentAfterMinutes: number;
}

export const WAIT_REASONS = [
  "no_agent_online",
  "no_skill",
  "no_department",
  "no_capacity",
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** The eligible agent that serves the ticket best, or why nobody can take it now. */
export function bestAgent(
  demand: Demand,
  agents: readonly Agent[],
  relaxation: Relaxation,
  at: Instant,
): Agent | WaitReason {
  const working = agents.filter((agent) => isOnDuty(agent, at));
  if (working.length === 0) return "no_agent_online";
  const skilled = working.filter((agent) => hasSkills(agent, demand, relaxation, at));
  if (skilled.length === 0) return "no_skill";
  const near = skilled.filter((agent) => isInDepartment(agent, demand, relaxation, at));
  if (near.length === 0) return "no_department";
  const free = near.filter((agent) =>
    hasCapacity(agent) && isWilling(agent, demand, relaxation, at)
  );
  return free.reduce<Agent | null>(
    (best, agent) => best === null || compareFit(agent, best, demand) < 0 ? agent : best,
    null,
  ) ?? "no_capacity";
}

/** Whether the router may give the ticket to this agent now. */
export function isEligible(
  agent: Agent,
  demand: Demand,
  relaxation: Relaxation,
  at: Instant,
): boolean {
  return isAvailable(agent, at) && hasSkills(agent, demand, relaxation, at) &&
    isInDepartment(agent, demand, relaxation, at) && isWilling(agent, demand, relaxation, at);
}

/** Smallest skill surplus, lowest utilisation, longest without a new ticket, id. */
export function compareFit(a: Agent, b: Agent, demand: Pick<Demand, "requiredSkills">): number {
  return skillSurplus(a, demand) - skillSurplus(b, demand) ||
    utilisation(a) - utilisation(b) ||
    (a.lastAssignedAt ?? 0) - (b.lastAssignedAt ?? 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * Levels the agent has beyond what the ticket asks: generalists are kept for what needs them. What it
 * lacks of a level that has been relaxed is no surplus, nor makes up for one.
 */
export function skillSurplus(agent: Agent, demand: Pick<Demand, "requiredSkills">): number {
  return agent.skills.reduce((sum, { name, level }) => {
    const asked = levelOf(demand.requiredSkills, name);
    return sum + Math.max(0, level - asked);
  }, 0);
}

function hasSkills(agent: Agent, demand: Demand, relaxation: Relaxation, at: Instant): boolean {
  const anyLevel = hasWaited(demand, relaxation.anyLevelAfterMinutes, at);
  return demand.requiredSkills.every(({ name, level }) =>
    levelOf(agent.skills, name) >= (anyLevel ? 1 : level)
  );
}

function isInDepartment(
  agent: Agent,
  demand: Demand,
  relaxation: Relaxation,
  at: Instant,
): boolean {
  const department = fold(demand.department);
  return department === GENERAL_DEPARTMENT || departmentsOf(agent).includes(department) ||
    hasWaited(demand, relaxation.anyDepartmentAfterMinutes, at);
}

/** Whoever gave a ticket back does not get it again at once; it may still claim it. */
function isWilling(agent: Agent, demand: Demand, relaxation: Relaxation, at: Instant): boolean {
  return demand.releasedBy !== agent.id ||
    hasWaited(demand, relaxation.anyDepartmentAfterMinutes, at);
}

export function hasWaited(demand: Demand, minutes: number, at: Instant): boolean {
  return demand.waitingSince !== null && at - demand.waitingSince >= minutes * MINUTE_MS;
}

/** The router gives a waiting ticket to an agent, if both are still as it saw them. */
export function route(
  ticket: Ticket,
  agent: Agent,
  relaxation: Relaxation,
  at: Instant,
  by: "router" | "optimize" = "router",
): Decision | Refusal {
  if (!isWaiting(ticket)) return alreadyClaimed(ticket, null);
  if (!isEligible(agent, ticket, relaxation, at)) {
    return refuse("agent_unavailable", `${agent.name} cannot take ticket ${ticket.number} now.`);
  }
  return assign(ticket, { to: agent, from: null, by }, at);
}

/** An agent takes a waiting ticket; `force` is a supervisor's word over capacity and skills. */
export function claim(
  ticket: Ticket,
  agent: Agent,
  holder: Agent | null,
  force: boolean,
  at: Instant,
): Decision | Refusal {
  if (!isWaiting(ticket)) return alreadyClaimed(ticket, holder);
  return refusalToTake(ticket, agent, force, at) ??
    assign(ticket, { to: agent, from: null, by: "claim" }, at);
}

/** Why an agent may not take a ticket by itself; null when it may. */
export function refusalToTake(
  ticket: Ticket,
  agent: Agent,
  force: boolean,
  at: Instant,
): Refusal | null {
  if (!isAtWork(agent, at)) return unavailable(agent);
  const missing = missingSkills(ticket, agent);
  if (missing.length > 0 && !force) {
    return refuse("missing_skill", `${agent.name} lacks ${missing.join(", ")}.`, { missing });
  }
  return hasCapacity(agent) || force ? null : atCapacity(agent, agent.maxTickets);
}

/** Somebody gives a ticket to an agent. Over its limits only with a warning, never in silence. */
export function assign(
  ticket: Ticket,
  change: { readonly to: Agent; readonly from: Agent | null; readonly by: GivenBy },
  at: Instant,
): Decision | Refusal {
  const { to, from, by } = change;
  if (!isActiveAgent(to)) return unavailable(to);
  if (to.activeTickets.length >= OPEN_TICKETS_MAX && !holds(to, ticket)) {
    return atCapacity(to, OPEN_TICKETS_MAX);
  }
  const { handedOver: _taken, ...rest } = ticket;
  const assigned: Ticket = {
    ...rest,
    status: "assigned",
    assignee: { agentId: to.id, userId: to.userId },
    waitingSince: null,
    releasedBy: null,
    updatedAt: at,
  };
  const moved = from !== null && from.id !== to.id;
  // Released first: what was in progress with the same agent no longer is.
  const agents = [holdTicket(releaseTicket(to, ticket.id, at), assigned, at)];
  if (moved) agents.push(releaseTicket(from, ticket.id, at));
  const fact = assignedFact(ticket, to, by);
  // All others give only to who fits.
  const warnings = by === "claim" || by === "person" ? warningsFor(ticket, to, at) : [];
  return { ticket: assigned, agents, facts: [fact], warnings };
}

/** The fact that an agent got the ticket; who had it before is told too. */
export function assignedFact(
  ticket: Ticket,
  to: Agent,
  by: GivenBy,
): TicketFact {
  const former = ticket.assignee;
  // Back to whom it is with: its status changes, not its agent.
  if (former?.agentId === to.id) return statusFact(ticket, "assigned", "status_updated");
  return {
    event: "ticket.assigned",
    action: former === null ? "assigned" : "reassigned",
    details: { from: former?.agentId ?? null, to: to.id, status: ticket.status, by },
    ...(former === null ? {} : { formerAssignee: former.userId }),
  };
}

/** What whoever gives the ticket to this agent should know. */
export function warningsFor(ticket: Ticket, agent: Agent, at: Instant): string[] {
  const missing = missingSkills(ticket, agent);
  const fits = hasCapacity(agent) || holds(agent, ticket);
  return [
    ...(fits ? [] : [`${agent.name} is over capacity (${agent.maxTickets}).`]),
    ...(missing.length === 0 ? [] : [`${agent.name} lacks ${missing.join(", ")}.`]),
    ...(isAtWork(agent, at) ? [] : [unavailable(agent).detail]),
  ];
}

function holds(agent: Agent, ticket: Ticket): boolean {
  return agent.activeTickets.some(({ id }) => id === ticket.id);
}

function missingSkills(ticket: Ticket, agent: Agent): string[] {
  return ticket.requiredSkills
    .filter(({ name, level }) => levelOf(agent.skills, name) < level)
    .map(skillText);
}

function alreadyClaimed(ticket: Ticket, holder: Agent | null): Refusal {
  const state = ticket.assignee === null
    ? ticket.status
    : `assigned to ${holder?.name ?? "another agent"}`;
  return refuse("already_claimed", `Ticket ${ticket.number} is ${state}.`, {
    currentStatus: ticket.status,
  });
}

export function atCapacity(agent: Agent, limit: number): Refusal {
  const open = agent.activeTickets.length;
  return refuse("at_capacity", `${agent.name} has ${open} open tickets of at most ${limit}.`, {
    openTickets: open,
    maxTickets: limit,
  });
}
