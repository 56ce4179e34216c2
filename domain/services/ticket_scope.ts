import { type Actor, departmentsOf, isStaff, maySeeTicket, supervises } from "../rules/actor.ts";
import { fold } from "../rules/skill.ts";
import { hasBreach, type Priority, type Status, STATUSES, type Ticket } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { hasWords, ticketWords, type WordQuery } from "../rules/words.ts";
import type { KvKey } from "../store/open.ts";
import type { TicketWalk } from "../store/paging.ts";

export interface TicketFilter {
  readonly status?: readonly Status[] | undefined;
  readonly priority?: Priority | undefined;
  readonly category?: string | undefined;
  readonly department?: string | undefined;
  /** An agent's id, or null for tickets that nobody has. */
  readonly assignedTo?: string | null | undefined;
  readonly createdBy?: string | undefined;
  readonly tag?: string | undefined;
  readonly escalated?: boolean | undefined;
  readonly breached?: boolean | undefined;
  readonly createdAfter?: Instant | undefined;
  readonly createdBefore?: Instant | undefined;
  /** Words of title and description. */
  readonly words?: WordQuery | undefined;
}

/** Where all tickets stand that a question asks for, and which of those it means. */
export type ListScope = Pick<TicketWalk, "prefixes" | "matches" | "from" | "before">;

export function scopeOf(actor: Actor, filter: TicketFilter, now: Instant): ListScope {
  const { createdAfter, createdBefore } = filter;
  return {
    prefixes: prefixesFor(actor, filter),
    matches: predicateFor(actor, filter, now),
    from: createdAfter === undefined ? null : idAt(createdAfter - ID_SKEW_MS),
    before: createdBefore === undefined ? null : idAt(createdBefore + ID_SKEW_MS),
  };
}

/** Whether a scope is all tickets there are: no index entry narrows it. */
export function isEverything({ prefixes }: ListScope): boolean {
  return prefixes.some((prefix) => prefix.length === 1);
}

/** The narrowest index entries under which every ticket stands that is asked for. */
function prefixesFor(actor: Actor, filter: TicketFilter): KvKey[] {
  const statuses = filter.status ?? STATUSES;
  const { assignedTo, createdBy, tag, department } = filter;
  if (typeof assignedTo === "string") {
    return statuses.map((status) => ["ticket_by_assignee", assignedTo, status]);
  }
  const requester = isStaff(actor) ? createdBy : actor.userId;
  if (requester !== undefined) return [["ticket_by_requester", requester]];
  if (tag !== undefined) return [["ticket_by_tag", fold(tag)]];
  if (department !== undefined) return byDepartment([department], statuses);
  if (supervises(actor) || actor.agent === null) {
    if (filter.status === undefined) return [["ticket"]];
    return statuses.map((status) => ["ticket_by_status", status]);
  }
  return [
    ...byDepartment(departmentsOf(actor.agent), statuses),
    ...statuses.map((status) => ["ticket_by_assignee", actor.agent?.id ?? "", status]),
    ["ticket_by_requester", actor.userId],
  ];
}

function byDepartment(departments: readonly string[], statuses: readonly Status[]): KvKey[] {
  return departments.flatMap((department) =>
    statuses.map((status) => ["ticket_by_department", fold(department), status])
  );
}

function predicateFor(
  actor: Actor,
  filter: TicketFilter,
  now: Instant,
): (ticket: Ticket) => boolean {
  const { status, priority, category, department, assignedTo, createdBy, tag } = filter;
  const { escalated, breached, createdAfter, createdBefore, words } = filter;
  const tests: ((ticket: Ticket) => boolean)[] = [(ticket) => maySeeTicket(actor, ticket)];
  const only = <T>(asked: T | undefined, fits: (ticket: Ticket, asked: T) => boolean): void => {
    if (asked !== undefined) tests.push((ticket) => fits(ticket, asked));
  };
  only(status, (ticket, asked) => asked.includes(ticket.status));
  only(priority, (ticket, asked) => ticket.priority === asked);
  only(category, (ticket, asked) => ticket.category === asked);
  only(department, (ticket, asked) => fold(ticket.department) === fold(asked));
  only(assignedTo, (ticket, asked) => (ticket.assignee?.agentId ?? null) === asked);
  only(createdBy, (ticket, asked) => ticket.createdBy === asked);
  only(tag, (ticket, asked) => ticket.tags.some((each) => fold(each) === fold(asked)));
  only(escalated, (ticket, asked) => isEscalated(ticket) === asked);
  only(breached, (ticket, asked) => hasBreach(ticket, now) === asked);
  only(createdAfter, (ticket, asked) => ticket.createdAt >= asked);
  only(createdBefore, (ticket, asked) => ticket.createdAt < asked);
  // The dearest test comes last.
  only(words, (ticket, asked) => hasWords(ticketWords(ticket), asked));
  return (ticket) => tests.every((test) => test(ticket));
}

function isEscalated(ticket: Ticket): boolean {
  return ticket.status === "escalated" || ticket.escalationLevel > 0;
}

/** Clocks of processes may differ: an id is made at most this long before its ticket's instant. */
const ID_SKEW_MS = 60_000;
const UUID_TIME_DIGITS = 12;

/** Where ids that are made at an instant begin. */
function idAt(instant: Instant): string {
  const time = Math.max(0, instant).toString(16).padStart(UUID_TIME_DIGITS, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
