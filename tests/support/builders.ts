import { type Actor, type Role, ROLES } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import type { Clock } from "../../domain/rules/clock.ts";
import type { SlaClocks, Terms } from "../../domain/rules/sla.ts";
import { EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import { termsFor } from "../../domain/rules/sla_course.ts";
import type { Decision, Status, Ticket } from "../../domain/rules/ticket.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";

/** When the tickets of these builders were opened. */
export const OPENED: Instant = Date.UTC(2026, 0, 5, 9);

export const RESPONSE_MINUTES = 60;
export const RESOLUTION_MINUTES = 480;

export const CUSTOMER_ID = "user-customer";

/** The instant so many minutes after the ticket was opened. */
export function minute(minutes: number): Instant {
  return OPENED + minutes * MINUTE_MS;
}

/** The tickets of these builders count every hour. */
export const HOURS = DEFAULT_CALENDAR;

const WARNING_PERCENT = 80;

/** The figures of a clock of which nothing is used up. */
function figures(targetMinutes: number): Omit<Extract<Clock, { state: "paused" }>, "state"> {
  return {
    targetMinutes,
    startedAt: OPENED,
    consumedMs: 0,
    dueAt: minute(targetMinutes),
    warnAfterMs: targetMinutes * MINUTE_MS * WARNING_PERCENT / 100,
    warnAt: minute(targetMinutes * WARNING_PERCENT / 100),
    warnedAt: null,
    breachedAt: null,
    isCounted: false,
  };
}

/** An active clock that began when the ticket was opened. */
export function aClock(targetMinutes: number): Extract<Clock, { state: "active" }> {
  return {
    ...figures(targetMinutes),
    state: "active",
    activeSince: OPENED,
  };
}

export function someClocks(changes: Partial<SlaClocks> = {}): SlaClocks {
  return {
    response: aClock(RESPONSE_MINUTES),
    nextReply: null,
    resolution: aClock(RESOLUTION_MINUTES),
    pauseOnPending: true,
    replyOnly: false,
    responseTime: RESPONSE_MINUTES,
    resolutionTime: RESOLUTION_MINUTES,
    nextReplyTime: null,
    warningPercent: WARNING_PERCENT,
    escalationRules: [],
    firedLevels: [],
    configurationVersion: 0,
    configuredCalendarId: HOURS.id,
    calendar: { id: HOURS.id, version: HOURS.version },
    changed: { at: OPENED, reason: null },
    ...changes,
  };
}

/** What holds for such a ticket on a desk where nothing is configured. */
export function termsOf(ticket: Pick<Ticket, "priority" | "category" | "department">): Terms {
  return termsFor(EMPTY_BOOK, ticket);
}

/** A customer's ticket that waits in the queue, unless the changes say otherwise. */
export function aTicket(changes: Partial<Ticket> = {}): Ticket {
  return {
    schema: 2,
    id: "ticket-1",
    number: 1042,
    title: "The printer is on fire",
    description: "It has been for an hour.",
    status: "queued",
    priority: 2,
    category: "general",
    department: "general",
    requiredSkills: [],
    tags: [],
    dueDate: null,
    estimatedHours: 1,
    createdBy: CUSTOMER_ID,
    assignee: null,
    escalationLevel: 0,
    sla: someClocks(),
    publicCommentCount: 0,
    internalCommentCount: 0,
    releasedBy: null,
    waitingSince: OPENED,
    firstResponseAt: null,
    resolvedAt: null,
    firstResolvedAt: null,
    resolvedMs: 0,
    closedAt: null,
    closesAt: null,
    nextAt: null,
    createdAt: OPENED,
    updatedAt: OPENED,
    ...changes,
  };
}

/**
 * A ticket as it is after reaching this status ten minutes after it was opened: with its clocks,
 * its holder and its instants as they then must be.
 */
export function aTicketIn(
  status: Status,
  holder: Agent | null,
  changes: Partial<Ticket> = {},
): Ticket {
  const at = minute(10);
  const waits = status === "queued" || (status === "escalated" && holder === null);
  const used = { consumedMs: at - OPENED };
  const kept = {
    ...used,
    isCounted: true,
    state: "fulfilled",
    fulfilledAt: at,
    met: true,
  } as const;
  const response: Clock = { ...figures(RESPONSE_MINUTES), ...kept };
  const resolution: Clock = { ...figures(RESOLUTION_MINUTES), ...kept };
  const paused: Clock = { ...figures(RESOLUTION_MINUTES), ...used, state: "paused" };
  const done = status === "resolved" || status === "closed";
  return aTicket({
    status,
    assignee: holder === null ? null : { agentId: holder.id, userId: holder.userId },
    escalationLevel: status === "escalated" ? 1 : 0,
    waitingSince: waits ? OPENED : null,
    firstResponseAt: done ? at : null,
    resolvedAt: done ? at : null,
    firstResolvedAt: done ? at : null,
    closedAt: status === "closed" ? at : null,
    sla: done
      ? someClocks({ response, resolution })
      : status === "pending"
      ? someClocks({ resolution: paused })
      : someClocks(),
    updatedAt: at,
    ...changes,
  });
}

/** An agent who is online with room for five tickets and knows nothing in particular. */
export function anAgent(name: string, changes: Partial<Agent> = {}): Agent {
  const key = name.toLowerCase();
  return {
    schema: 1,
    id: `agent-${key}`,
    userId: `user-${key}`,
    name,
    email: `${key}@example.com`,
    status: "online",
    onBreak: false,
    department: "Support",
    teams: [],
    skills: [],
    specializations: [],
    maxTickets: 5,
    activeTickets: [],
    currentTicketId: null,
    lastAssignedAt: null,
    resolutions: { count: 0, minutes: 0, met: 0 },
    createdAt: OPENED,
    updatedAt: OPENED,
    ...changes,
  };
}

/** So many open tickets that nothing is known of. */
export function someHeld(count: number): Agent["activeTickets"] {
  return Array.from({ length: count }, (_, index) => ({ id: `held-${index}`, estimatedHours: 1 }));
}

/** The agent with this ticket among its open ones. */
export function holding(agent: Agent, ticketId = "ticket-1", current = false): Agent {
  return {
    ...agent,
    activeTickets: [...agent.activeTickets, { id: ticketId, estimatedHours: 1 }],
    currentTicketId: current ? ticketId : agent.currentTicketId,
  };
}

export function anActor(role: Role, changes: Partial<Actor> = {}): Actor {
  return {
    userId: `user-${role}`,
    name: `The ${role}`,
    role,
    sessionId: "session-1",
    agent: null,
    ...changes,
  };
}

/** The requester of the tickets of these builders. */
export function theCustomer(): Actor {
  return anActor("user", { userId: CUSTOMER_ID });
}

export function actorFor({ id, userId, name, department, teams }: Agent): Actor {
  return anActor("agent", { userId, name, agent: { id, department, teams } });
}

/** One actor of each role. */
export function everyRole(): Actor[] {
  return ROLES.map((role) => anActor(role));
}

/** The decision of a rule that must not have refused. */
export function decided(outcome: Decision | Refusal): Decision {
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.refused}: ${outcome.detail}`);
  return outcome;
}

/** The agent's record after a decision; fails when the decision did not change it. */
export function recordOf(decision: Decision, agent: Agent): Agent {
  const record = decision.agents.find(({ id }) => id === agent.id);
  if (record === undefined) throw new Error(`${agent.name} was not changed`);
  return record;
}
