import { type Actor, departmentsOf, isStaff, maySeeTicket, supervises } from "../rules/actor.ts";
import { fold } from "../rules/skill.ts";
import { hasBreach, type Priority, type Status, STATUSES, type Ticket } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { type Counted, countTickets } from "../store/counters.ts";
import { type CountScope } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { type TicketPage, type TicketWalk, walkTickets } from "../store/paging.ts";
import type { Desk } from "./desk.ts";

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
}

export interface ListRequest {
  readonly filter: TicketFilter;
  readonly before: string | null;
  /** How many matching tickets to pass over first, for those who ask by page number. */
  readonly skip: number;
  readonly limit: number;
}

export interface TicketListing extends TicketPage {
  readonly total: number;
  /** The total was counted only this far. */
  readonly totalCapped: boolean;
}

/** Tickets are looked at no further than this to count those that match. */
const COUNTED_MAX = 10_000;
const COUNTED_AT_ONCE = 100;

/** One page of the tickets that the actor may see and the filter asks for, newest first. */
export async function listTickets(
  desk: Desk,
  actor: Actor,
  request: ListRequest,
): Promise<TicketListing> {
  const { filter, before, limit, skip } = request;
  const walk = {
    prefixes: prefixesFor(actor, filter),
    matches: predicateFor(actor, filter, desk.store.now()),
    from: filter.createdAfter === undefined ? null : idAt(filter.createdAfter - ID_SKEW_MS),
    before: filter.createdBefore === undefined ? null : idAt(filter.createdBefore + ID_SKEW_MS),
  };
  const [page, total] = await Promise.all([
    walkTickets(desk.store, { ...walk, before: before ?? walk.before, skip, limit }),
    countListed(desk, actor, filter) ?? countByWalking(desk, walk),
  ]);
  return typeof total === "number" ? { ...page, total, totalCapped: false } : { ...page, ...total };
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
  const { escalated, breached, createdAfter, createdBefore } = filter;
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

/** The exact total where counters know it; null where only a look at the tickets can tell. */
function countListed(desk: Desk, actor: Actor, filter: TicketFilter): Promise<number> | null {
  const { category, tag, escalated, breached, createdAfter, createdBefore } = filter;
  const uncounted = [category, tag, escalated, breached, createdAfter, createdBefore];
  if (uncounted.some((asked) => asked !== undefined) || filter.assignedTo === null) return null;
  const department = filter.department === undefined ? undefined : fold(filter.department);
  const wanted = (cell: Counted): boolean =>
    (filter.status?.includes(cell.status) ?? true) &&
    (filter.priority === undefined || cell.priority === filter.priority) &&
    (department === undefined || cell.department === undefined || cell.department === department);
  const count = (scope: CountScope): Promise<number> => countTickets(desk.store, scope, wanted);
  const { assignedTo, createdBy } = filter;
  const everything = supervises(actor);
  if (!isStaff(actor)) {
    const own = createdBy === undefined || createdBy === actor.userId;
    return assignedTo === undefined && own ? count(["requester", actor.userId]) : null;
  }
  if (assignedTo !== undefined && createdBy !== undefined) return null;
  if (assignedTo !== undefined) {
    return everything || assignedTo === actor.agent?.id ? count(["assignee", assignedTo]) : null;
  }
  if (createdBy !== undefined) {
    return everything || createdBy === actor.userId ? count(["requester", createdBy]) : null;
  }
  if (everything) return count(department === undefined ? ["all"] : ["department", department]);
  return actor.agent === null ? null : countVisible(desk, actor, actor.agent, wanted, department);
}

/**
 * What an agent sees: its departments' tickets, and those elsewhere that it holds or opened; one it
 * both holds and opened is not two.
 */
async function countVisible(
  desk: Desk,
  actor: Actor,
  membership: NonNullable<Actor["agent"]>,
  wanted: (cell: Counted) => boolean,
  department: string | undefined,
): Promise<number> {
  const inside = departmentsOf(membership);
  const elsewhere = (cell: Counted): boolean =>
    wanted(cell) && !inside.includes(cell.department ?? "");
  const count = (scope: CountScope): Promise<number> =>
    countTickets(desk.store, scope, scope[0] === "department" ? wanted : elsewhere);
  const near = inside.filter((each) => department === undefined || each === department);
  const [held, opened, both, ...counts] = await Promise.all([
    count(["assignee", membership.id]),
    count(["requester", actor.userId]),
    count(["own", membership.id]),
    ...near.map((each) => count(["department", each])),
  ]);
  return counts.reduce((sum, each) => sum + each, held + opened - both);
}

async function countByWalking(
  desk: Desk,
  walk: Pick<TicketWalk, "prefixes" | "matches" | "from" | "before">,
): Promise<{ readonly total: number; readonly totalCapped: boolean }> {
  let total = 0;
  let { before } = walk;
  for (let left = COUNTED_MAX; left > 0;) {
    const page: TicketPage = await walkTickets(desk.store, {
      ...walk,
      before,
      limit: COUNTED_AT_ONCE,
      scannedMax: left,
    });
    total += page.items.length;
    if (page.next === null) return { total, totalCapped: false };
    before = page.next;
    left -= page.scanned;
  }
  return { total, totalCapped: true };
}
