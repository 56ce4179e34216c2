// The wire forms. Their types are inferred: the typed client reads them off.
// deno-lint-ignore-file explicit-module-boundary-types

import { type Actor, isStaff } from "../domain/rules/actor.ts";
import { type Agent, currentLoad, hasCapacity } from "../domain/rules/agent.ts";
import type { Comment } from "../domain/rules/comment.ts";
import type { HistoryEntry } from "../domain/rules/event.ts";
import { type Clock, isBreached, isMet, type SlaConfiguration } from "../domain/rules/sla.ts";
import type { Skill } from "../domain/rules/skill.ts";
import { hasBreach, resolutionMinutes, type Ticket } from "../domain/rules/ticket.ts";
import { HOUR_MS, type Instant, iso, isoOrNull } from "../domain/rules/time.ts";
import type { User } from "../domain/rules/user.ts";
import type { Desk } from "../domain/services/desk.ts";

export function userView(user: User) {
  const { id, name, email, role, createdAt } = user;
  return { id, _id: id, name, email, role, createdAt: iso(createdAt) };
}

const SHIFT_HOURS_SHOWN = 8;

export function agentView(agent: Agent) {
  const { id, userId, name, email, status, onBreak, department, teams, skills } = agent;
  const { count, minutes, met } = agent.resolutions;
  return {
    id,
    _id: id,
    user: userId,
    name,
    email,
    status,
    onBreak,
    department,
    teams: [...teams],
    skills: skills.map((skill) => skill.name),
    skillLevels: Object.fromEntries(skills.map((skill) => [skill.name, skill.level])),
    specializations: [...agent.specializations],
    maxTickets: agent.maxTickets,
    currentLoad: currentLoad(agent),
    activeTickets: agent.activeTickets.map((held) => held.id),
    currentTicket: agent.currentTicketId,
    isAtCapacity: !hasCapacity(agent),
    // Never null for the predecessor's clients: an agent without shifts has an empty one.
    shift: {
      start: iso(agent.createdAt),
      end: iso(agent.createdAt + SHIFT_HOURS_SHOWN * HOUR_MS),
      timezone: "UTC",
      breaks: [] as never[],
    },
    performance: {
      averageResolutionTime: count === 0 ? null : Math.round(minutes / count),
      ticketsResolved: count,
      customerSatisfaction: null,
      slaComplianceRate: count === 0 ? 100 : Math.round(1_000 * met / count) / 10,
    },
    createdAt: iso(agent.createdAt),
    updatedAt: iso(agent.updatedAt),
  };
}

/** Tickets with their people joined in, the whole list with one look-up. */
export async function ticketViews(desk: Desk, actor: Actor, tickets: readonly Ticket[]) {
  const [users, agents] = await Promise.all([
    desk.people.users(tickets.map((ticket) => ticket.createdBy)),
    desk.people.agents(
      tickets.flatMap(({ assignee }) => assignee === null ? [] : [assignee.agentId]),
    ),
  ]);
  const now = desk.store.now();
  return tickets.map((ticket) => {
    const requester = users.get(ticket.createdBy);
    const agent = ticket.assignee === null ? undefined : agents.get(ticket.assignee.agentId);
    return ticketView(ticket, actor, requester, agent, now);
  });
}

function ticketView(
  ticket: Ticket,
  actor: Actor,
  requester: User | undefined,
  agent: Agent | undefined,
  now: Instant,
) {
  const { id, number, title, description, status, priority, category, department } = ticket;
  const { publicCommentCount, internalCommentCount, sla, dueDate, createdBy } = ticket;
  return {
    id,
    _id: id,
    number,
    title,
    description,
    status,
    priority,
    category,
    department,
    requiredSkills: ticket.requiredSkills.map(skillText),
    tags: [...ticket.tags],
    dueDate: iso(dueDate ?? sla.resolution.dueAt),
    estimatedHours: ticket.estimatedHours,
    assignedTo: agent === undefined ? null : assigneeView(agent),
    createdBy: {
      _id: createdBy,
      id: createdBy,
      name: requester?.name ?? "",
      email: requester?.email ?? "",
    },
    escalationLevel: ticket.escalationLevel,
    sla: slaView(ticket, now),
    commentCount: publicCommentCount + (isStaff(actor) ? internalCommentCount : 0),
    firstResponseTime: isoOrNull(ticket.firstResponseAt),
    resolvedAt: isoOrNull(ticket.resolvedAt),
    resolutionTime: resolutionMinutes(ticket),
    createdAt: iso(ticket.createdAt),
    updatedAt: iso(ticket.updatedAt),
  };
}

function assigneeView({ id, name, email, status, department }: Agent) {
  return { _id: id, id, name, email, status, department };
}

function skillText({ name, level }: Skill): string {
  return level === 1 ? name : `${name}:${level}`;
}

export function slaView(ticket: Ticket, now: Instant) {
  const { response, resolution } = ticket.sla;
  return {
    responseDeadline: iso(response.dueAt),
    responseTimeMet: isMet(response),
    resolutionDeadline: iso(resolution.dueAt),
    resolutionTimeMet: isMet(resolution),
    isBreached: hasBreach(ticket, now),
    paused: resolution.state === "paused",
  };
}

export function clockView(name: "response" | "resolution", clock: Clock, now: Instant) {
  const { state, targetMinutes, dueAt, breachedAt } = clock;
  const open = state === "active" && isBreached(clock, now) ? dueAt : null;
  return {
    name,
    state,
    targetMinutes,
    deadline: iso(dueAt),
    isBreached: isBreached(clock, now),
    breachedAt: isoOrNull(breachedAt ?? open),
    fulfilledAt: clock.state === "fulfilled" ? iso(clock.fulfilledAt) : null,
  };
}

export function slaConfigurationView(configuration: SlaConfiguration) {
  const { priority, category, responseTime, resolutionTime } = configuration;
  const { pauseOnPending, replyOnly } = configuration;
  return { priority, category, responseTime, resolutionTime, pauseOnPending, replyOnly };
}

export function historyView({ action, performedBy, at, details }: HistoryEntry) {
  return { action, performedBy, timestamp: iso(at), details };
}

export async function commentViews(desk: Desk, comments: readonly Comment[]) {
  const users = await desk.people.users(comments.map((comment) => comment.authorId));
  return comments.map((comment) => {
    const { id, ticketId, authorId, body, visibility, createdAt } = comment;
    const author = users.get(authorId);
    return {
      id,
      _id: id,
      ticketId,
      author: { _id: authorId, id: authorId, name: author?.name ?? "", role: author?.role ?? null },
      body,
      visibility,
      createdAt: iso(createdAt),
    };
  });
}
