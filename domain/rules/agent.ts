import { isMet } from "./clock.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Break, Shift } from "./shift.ts";
import type { Skill } from "./skill.ts";
import { type Credit, resolutionMinutes, type Score, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

export const AGENT_STATUSES = ["online", "busy", "offline"] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

const MAX_TICKETS_DEFAULT = 5;
const AGENT_DEPARTMENT_DEFAULT = "Support";

/** Even a supervisor cannot give an agent more open tickets than this. */
export const OPEN_TICKETS_MAX = 500;

export interface Agent {
  readonly schema: 1;
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly status: AgentStatus;
  readonly onBreak: boolean;
  readonly department: string;
  readonly teams: readonly string[];
  readonly skills: readonly Skill[];
  readonly specializations: readonly string[];
  readonly maxTickets: number;
  /** Exactly the open tickets assigned to the agent, with what each was estimated to take. */
  readonly activeTickets: readonly HeldTicket[];
  /** The ticket in progress that was taken up last. */
  readonly currentTicketId: string | null;
  readonly lastAssignedAt: Instant | null;
  readonly resolutions: { readonly count: number; readonly minutes: number; readonly met: number };
  /** How requesters rated what it resolved, the scores added up; absent until the first one did. */
  readonly ratings?: { readonly count: number; readonly scores: number };
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Since when this agent works no tickets; it is offline then. Absent for whoever is active. */
  readonly deactivatedAt?: Instant;
  /** Absent for who never had a shift. */
  readonly shifts?: AgentShifts;
  /** The shift that is in progress. */
  readonly currentShiftId?: string;
  /** It is set online when a shift starts and it is offline. */
  readonly onlineAtShiftStart?: true;
  /** What it comes back to; only while it is on a break. */
  readonly statusBeforeBreak?: AgentStatus;
}

/** What lists and routing must know of an agent's shifts, so that they need not read these. */
export interface AgentShifts {
  /** How many it has, cancelled ones not counted. */
  readonly count: number;
  /** How many of them are scheduled. */
  readonly scheduled: number;
  /** When something next happens to any of them by itself. */
  readonly nextAt: Instant | null;
  /** When that may make another of the agent: until then it is as it stands here. */
  readonly edgeAt: Instant | null;
  /** The current shift, else the next, else the last. */
  readonly shown: ShownShift | null;
}

export type ShownShift =
  & Pick<Shift, "id" | "start" | "end" | "timezone">
  & { readonly breaks: readonly Pick<Break, "id" | "type" | "start" | "end" | "status">[] };

export interface HeldTicket {
  readonly id: string;
  readonly estimatedHours: number;
}

export function newAgent(
  identity: Pick<Agent, "id" | "userId" | "name" | "email">,
  at: Instant,
): Agent {
  return {
    schema: 1,
    ...identity,
    status: "offline",
    onBreak: false,
    department: AGENT_DEPARTMENT_DEFAULT,
    teams: [],
    skills: [],
    specializations: [],
    maxTickets: MAX_TICKETS_DEFAULT,
    activeTickets: [],
    currentTicketId: null,
    lastAssignedAt: null,
    resolutions: { count: 0, minutes: 0, met: 0 },
    createdAt: at,
    updatedAt: at,
  };
}

export function hasCapacity(agent: Agent): boolean {
  return agent.activeTickets.length < agent.maxTickets;
}

/** Is given work by itself, and has room for it. */
export function isAvailable(agent: Agent, at: Instant): boolean {
  return isOnDuty(agent, at) && hasCapacity(agent);
}

/** Is given work by itself: one of who are at work, unless it is busy. */
export function isOnDuty(agent: Agent, at: Instant): boolean {
  return agent.status === "online" && isAtWork(agent, at);
}

/**
 * May take work: neither offline nor on a break, and on shift when it has shifts at all. Of whose
 * shift or break the start or end is overdue nobody knows it: there is no work for it until that has
 * happened.
 */
export function isAtWork(agent: Agent, at: Instant): boolean {
  const isKnown = (agent.shifts?.edgeAt ?? Infinity) > at;
  return agent.status !== "offline" && !agent.onBreak && isKnown && !isOffShift(agent);
}

/** It works by shifts, and none is in progress. */
export function isOffShift(agent: Agent): boolean {
  return hasShifts(agent) && agent.currentShiftId === undefined;
}

function hasShifts({ shifts }: Agent): boolean {
  return (shifts?.count ?? 0) > 0;
}

/** That an agent is not there to take anything, and why. */
export function unavailable(agent: Agent): Refusal {
  return refuse("agent_unavailable", `${agent.name} is ${ABSENCES[absenceOf(agent)]}.`);
}

/** Why an agent is not at work, with the words for it. */
export const ABSENCES = {
  deactivated: "deactivated",
  on_break: "on a break",
  offline: "offline",
  off_shift: "not on shift",
} as const;
export type Absence = keyof typeof ABSENCES;

/** An agent that is not at work. */
export interface Absentee {
  readonly name: string;
  readonly absence: Absence;
  readonly worksByShifts: boolean;
}

/** The agent as an absentee; null where it is at work, or there is none. */
export function ifAbsent(agent: Agent | null, at: Instant): Absentee | null {
  if (agent === null || isAtWork(agent, at)) return null;
  const { name } = agent;
  return { name, absence: absenceOf(agent), worksByShifts: hasShifts(agent) };
}

function absenceOf(agent: Agent): Absence {
  if (!isActiveAgent(agent)) return "deactivated";
  if (agent.onBreak) return "on_break";
  // Whoever is at work by its record is about to begin a break, or to leave.
  return agent.status === "offline" ? "offline" : "off_shift";
}

/** Open tickets as a share of what the agent can hold. */
export function utilisation(agent: Agent): number {
  return agent.maxTickets === 0 ? 1 : agent.activeTickets.length / agent.maxTickets;
}

/** Hours: the sum of what the open tickets were estimated to take. */
export function currentLoad(agent: Agent): number {
  const hours = agent.activeTickets.reduce((sum, ticket) => sum + ticket.estimatedHours, 0);
  return Math.round(hours * 100) / 100;
}

/** The agent with one more open ticket. */
export function holdTicket(agent: Agent, ticket: HeldTicket, at: Instant): Agent {
  const { id, estimatedHours } = ticket;
  const activeTickets = [
    ...agent.activeTickets.filter((held) => held.id !== id),
    { id, estimatedHours },
  ];
  return { ...agent, activeTickets, lastAssignedAt: at, updatedAt: at };
}

/** The agent with another estimate for a ticket that it holds. */
export function reestimateTicket(agent: Agent, ticket: HeldTicket, at: Instant): Agent {
  const { id, estimatedHours } = ticket;
  const activeTickets = agent.activeTickets.map((held) =>
    held.id === id ? { id, estimatedHours } : held
  );
  return { ...agent, activeTickets, updatedAt: at };
}

/** The agent without this ticket. */
export function releaseTicket(agent: Agent, ticketId: string, at: Instant): Agent {
  const activeTickets = agent.activeTickets.filter((held) => held.id !== ticketId);
  const currentTicketId = agent.currentTicketId === ticketId ? null : agent.currentTicketId;
  return { ...agent, activeTickets, currentTicketId, updatedAt: at };
}

/** The agent after resolving a ticket that counts for it: a place is free, the figures know of it. */
export function finishTicket(agent: Agent, ticketId: string, credit: Credit, at: Instant): Agent {
  return { ...releaseTicket(agent, ticketId, at), resolutions: counted(agent, credit, 1) };
}

/** The agent without a resolution that turned out to be none, for the ticket was reopened. */
export function takeBackCredit(agent: Agent, credit: Credit, at: Instant): Agent {
  return { ...agent, resolutions: counted(agent, credit, -1), updatedAt: at };
}

function counted({ resolutions }: Agent, credit: Credit, by: 1 | -1): Agent["resolutions"] {
  const { count, minutes, met } = resolutions;
  return {
    count: count + by,
    minutes: minutes + by * credit.minutes,
    met: met + (credit.met ? by : 0),
  };
}

/** The agent after one of its resolutions was rated. */
export function rateAgent(agent: Agent, score: Score, at: Instant): Agent {
  const { count, scores } = agent.ratings ?? { count: 0, scores: 0 };
  return { ...agent, ratings: { count: count + 1, scores: scores + score }, updatedAt: at };
}

/** What the resolution of this ticket, which must be resolved, counts for the agent who had it. */
export function creditFor(resolved: Ticket, agent: Agent): Credit {
  const minutes = resolutionMinutes(resolved) ?? 0;
  return { agentId: agent.id, minutes, met: isMet(resolved.sla.resolution) };
}

export function isActiveAgent(agent: Pick<Agent, "deactivatedAt">): boolean {
  return agent.deactivatedAt === undefined;
}

/** The agent, if there is one and it still works tickets. */
export function ifActive(agent: Agent | null): Agent | null {
  return agent !== null && isActiveAgent(agent) ? agent : null;
}

/** The agent as it is once it works no more; its open tickets are still to be taken from it. */
export function deactivateAgent(agent: Agent, at: Instant): Agent {
  if (!isActiveAgent(agent)) return agent;
  return { ...agent, status: "offline", onBreak: false, deactivatedAt: at, updatedAt: at };
}

/** The agent as it is when it comes back: offline, until it or a supervisor says otherwise. */
export function reactivateAgent(agent: Agent, at: Instant): Agent {
  const { deactivatedAt, ...rest } = agent;
  return deactivatedAt === undefined ? agent : { ...rest, updatedAt: at };
}
