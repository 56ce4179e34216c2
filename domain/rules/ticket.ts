import { type Actor, isStaff, type TicketScope } from "./actor.ts";
import type { Agent } from "./agent.ts";
import type { Aspect } from "./classifier.ts";
import type { TicketFact } from "./event.ts";
import type { Skill } from "./skill.ts";
import type { Hours } from "./calendar.ts";
import { isBreached } from "./clock.ts";
import { answerClocks, clocksOf, type SlaClocks, startClocks, type Terms } from "./sla.ts";
import type { Suggestion } from "./suggestion.ts";
import { type Instant, MINUTE_MS } from "./time.ts";

export const STATUSES = [
  "queued",
  "assigned",
  "in-progress",
  "pending",
  "escalated",
  "resolved",
  "closed",
] as const;
export type Status = (typeof STATUSES)[number];

/** 1 is high, 3 is low. */
export const PRIORITIES = [1, 2, 3] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface Assignee {
  readonly agentId: string;
  readonly userId: string;
}

/** What a requester says of a ticket. */
export interface TicketInput {
  readonly title: string;
  readonly description: string;
  readonly priority: Priority;
  readonly category: string;
  readonly department: string;
  readonly requiredSkills: readonly Skill[];
  readonly tags: readonly string[];
  /** The date the requester asked for; without one the resolution deadline is shown. */
  readonly dueDate: Instant | null;
  readonly estimatedHours: number;
}

export interface Ticket extends TicketInput, TicketScope {
  readonly schema: 2;
  readonly id: string;
  /** The number people say on the phone; unique, with gaps. */
  readonly number: number;
  readonly status: Status;
  readonly createdBy: string;
  /**
   * What nobody has named of it: it was filled in by default, or as suggested. Absent in tickets of
   * which that is not known.
   */
  readonly filledIn?: readonly Aspect[];
  readonly suggested?: Suggestion;
  readonly assignee: Assignee | null;
  readonly escalationLevel: number;
  readonly sla: SlaClocks;
  readonly publicCommentCount: number;
  readonly internalCommentCount: number;
  /** Since when it waits for an agent; null when it does not. */
  readonly waitingSince: Instant | null;
  /** The agent it was taken from when it began to wait: the router tries others first. */
  readonly releasedBy: string | null;
  /** Its agent left or gave it away, and nobody has it yet: it waits at the head of the queue. */
  readonly handedOver?: true;
  /** When it last went to another agent to balance their work. */
  readonly rebalancedAt?: Instant;
  readonly firstResponseAt: Instant | null;
  readonly resolvedAt: Instant | null;
  /** Of the first resolution, however often it was reopened. */
  readonly firstResolvedAt: Instant | null;
  /** How long it was resolved or closed altogether before it was reopened. */
  readonly resolvedMs: number;
  /** What this resolution counts in its agent's figures, until the ticket is reopened. */
  readonly credit?: Credit;
  /** What its requester thought of the resolution; it stays when the ticket is reopened. */
  readonly rating?: Rating;
  readonly closedAt: Instant | null;
  /** When it closes by itself, as long as it is resolved. */
  readonly closesAt: Instant | null;
  /** When something next happens to it by itself: a warning, a breach, a level, its closing. */
  readonly nextAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A resolution in an agent's figures: how long it took, and whether the promise was kept. */
export interface Credit {
  readonly agentId: string;
  readonly minutes: number;
  readonly met: boolean;
}

/** From 1, the worst, to 5. */
export const SCORES = [1, 2, 3, 4, 5] as const;
export type Score = (typeof SCORES)[number];

export interface Rating {
  readonly score: Score;
  readonly comment?: string;
  /** Whoever had resolved the ticket; null when nobody had it. */
  readonly agentId: string | null;
  readonly at: Instant;
}

/** What a rule decided: the records as they are from now on, and what is to be told. */
export interface Decision {
  readonly ticket: Ticket;
  /** Agents whose records change with the ticket. */
  readonly agents: readonly Agent[];
  readonly facts: readonly TicketFact[];
  readonly warnings: readonly string[];
}

/** Two decisions as one, `second` being about what `first` made of the ticket and its agents. */
export function followedBy(first: Decision, second: Decision): Decision {
  const again = new Set(second.agents.map(({ id }) => id));
  return {
    ticket: second.ticket,
    agents: [...first.agents.filter(({ id }) => !again.has(id)), ...second.agents],
    // Everybody hears of one fact alone, the first that concerns them: what came last weighs more.
    facts: [...second.facts, ...first.facts],
    warnings: [...first.warnings, ...second.warnings],
  };
}

export function openTicket(
  input: TicketInput & Pick<Ticket, "filledIn" | "suggested">,
  identity: { readonly id: string; readonly number: number },
  promise: Terms & { readonly warningPercent: number },
  requester: Actor,
  at: Instant,
): Decision {
  const ticket: Ticket = {
    schema: 2,
    ...identity,
    ...input,
    status: "queued",
    createdBy: requester.userId,
    assignee: null,
    escalationLevel: 0,
    sla: startClocks(promise, promise.warningPercent, at),
    publicCommentCount: 0,
    internalCommentCount: 0,
    waitingSince: at,
    releasedBy: null,
    firstResponseAt: null,
    resolvedAt: null,
    firstResolvedAt: null,
    resolvedMs: 0,
    closedAt: null,
    closesAt: null,
    nextAt: null,
    createdAt: at,
    updatedAt: at,
  };
  const { status, priority, category, department } = ticket;
  // Whoever opened it may know what it was given that they did not name; how sure that is, staff.
  const applied = input.suggested?.applied ?? [];
  const details = {
    status,
    priority,
    category,
    department,
    ...(applied.length === 0 ? {} : { suggested: applied.join(", ") }),
  };
  const facts: TicketFact[] = [{ event: "ticket.created", action: "created", details }];
  return { ticket, agents: [], facts, warnings: [] };
}

/** Neither resolved nor closed. */
export function isOpen(ticket: Pick<Ticket, "status">): boolean {
  return ticket.status !== "resolved" && ticket.status !== "closed";
}

/** Waits in the queue for an agent. */
export function isWaiting(ticket: Pick<Ticket, "status" | "assignee">): boolean {
  return ticket.status === "queued" ||
    (ticket.status === "escalated" && ticket.assignee === null);
}

/** The queue's lanes: what is escalated or was handed over goes before all others. */
export function laneOf(ticket: Ticket): 0 | 1 {
  const { status, escalationLevel, handedOver = false } = ticket;
  return status === "escalated" || escalationLevel > 0 || handedOver ? 0 : 1;
}

/** The deadline that orders the queue: of the first response, then of the resolution. */
export function nextDueAt(ticket: Ticket): Instant {
  const { response, resolution } = ticket.sla;
  return response.state === "active" ? response.dueAt : resolution.dueAt;
}

/** The due date that everybody is shown: the one asked for, else the resolution deadline. */
export function shownDueAt({ dueDate, sla }: Ticket): Instant {
  return dueDate ?? sla.resolution.dueAt;
}

/** Whether one of its promises is broken by now. */
export function hasBreach({ sla }: Ticket, now: Instant): boolean {
  return clocksOf(sla).some(([, clock]) => isBreached(clock, now));
}

/**
 * The agent for whom it counts what becomes of a ticket that is not open: whoever resolved it, by its
 * credit, or had it, where no credit was kept. Null where nobody did.
 */
export function resolverOf({ credit, assignee }: Ticket): string | null {
  return credit?.agentId ?? assignee?.agentId ?? null;
}

/** Whole minutes from creation to resolution on the wall clock; null while unresolved. */
export function resolutionMinutes(ticket: Ticket): number | null {
  if (ticket.resolvedAt === null) return null;
  return Math.floor((ticket.resolvedAt - ticket.createdAt) / MINUTE_MS);
}

/** Staff took up somebody else's ticket, for the first time: any later time changes nothing. */
export function firstResponse(ticket: Ticket, actor: Actor, at: Instant, hours: Hours): Ticket {
  return answer(ticket, actor, { response: true, nextReply: false }, at, hours);
}

/** Staff replied in public to somebody else's ticket: to all that its customer has said so far. */
export function reply(ticket: Ticket, actor: Actor, at: Instant, hours: Hours): Ticket {
  return answer(ticket, actor, { response: true, nextReply: true }, at, hours);
}

function answer(
  ticket: Ticket,
  actor: Actor,
  keeps: { readonly response: true; readonly nextReply: boolean },
  at: Instant,
  hours: Hours,
): Ticket {
  if (!isStaff(actor) || ticket.createdBy === actor.userId) return ticket;
  const kept = { response: ticket.firstResponseAt === null, nextReply: keeps.nextReply };
  const sla = answerClocks(ticket.sla, kept, at, hours);
  return { ...ticket, firstResponseAt: ticket.firstResponseAt ?? at, sla };
}
