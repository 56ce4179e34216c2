import { type Actor, departmentsOf, isStaff, supervises } from "../rules/actor.ts";
import { fold } from "../rules/skill.ts";
import { type Counted, countTickets } from "../store/counters.ts";
import type { CountScope } from "../store/keys.ts";
import { type TicketPage, walkTickets } from "../store/paging.ts";
import type { Desk } from "./desk.ts";
import type { ListScope, TicketFilter } from "./ticket_scope.ts";

/** Tickets are looked at no further than this to count those that match. */
const COUNTED_MAX = 10_000;
const COUNTED_AT_ONCE = 100;

export interface Total {
  readonly total: number;
  /** It was counted only this far. */
  readonly totalCapped: boolean;
}

/** How many tickets a question asks for: by counters where they know it, else by looking. */
export async function countTotal(
  desk: Desk,
  actor: Actor,
  filter: TicketFilter,
  scope: ListScope,
): Promise<Total> {
  const counted = countListed(desk, actor, filter);
  if (counted === null) return await countByWalking(desk, scope);
  return { total: await counted, totalCapped: false };
}

/** The exact total where counters know it; null where only a look at the tickets can tell. */
function countListed(desk: Desk, actor: Actor, filter: TicketFilter): Promise<number> | null {
  const { category, tag, escalated, breached, createdAfter, createdBefore, words } = filter;
  const uncounted = [category, tag, escalated, breached, createdAfter, createdBefore, words];
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

async function countByWalking(desk: Desk, scope: ListScope): Promise<Total> {
  let total = 0;
  let { before } = scope;
  for (let left = COUNTED_MAX; left > 0;) {
    const page: TicketPage = await walkTickets(desk.store, {
      ...scope,
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

/** How many tickets stand in a question's scope at most, asked of the counters alone. */
export function scopeSize(desk: Desk, actor: Actor, filter: TicketFilter): Promise<number> {
  const { status, assignedTo, createdBy, tag, department } = filter;
  const count = (scope: CountScope, counts: (cell: Counted) => boolean): Promise<number> =>
    countTickets(desk.store, scope, counts);
  const all = (): boolean => true;
  const inStatus = (cell: Counted): boolean => status?.includes(cell.status) ?? true;
  if (typeof assignedTo === "string") return count(["assignee", assignedTo], inStatus);
  const requester = isStaff(actor) ? createdBy : actor.userId;
  // Neither a requester's entries nor those of a tag tell statuses apart; tags are not counted.
  if (requester !== undefined) return count(["requester", requester], all);
  if (tag !== undefined) return count(["all"], all);
  if (department !== undefined) return count(["department", fold(department)], inStatus);
  if (supervises(actor) || actor.agent === null) return count(["all"], inStatus);
  return countVisible(desk, actor, actor.agent, inStatus, undefined);
}
