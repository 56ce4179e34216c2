import type { Clock } from "./clock.ts";
import { fold } from "./skill.ts";
import { type ClockName, clocksOf } from "./sla.ts";
import { groupName, type Measure, type Measured, type MeasuredCount } from "./sla_metrics.ts";
import { hourStart } from "./sla_range.ts";
import { isOpen, resolverOf, type Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

/**
 * What a change of a ticket adds to the figures, each count in the hour in which it happened: that
 * the ticket was opened, ceased to be open or is open again, how each promise came out that did so
 * now, how long it took to keep, and how it was rated. `before` is null for a new ticket. All of it
 * counts for the ticket as it is after the change, in one piece where nothing is to be counted
 * elsewhere: that it was reopened for whoever had resolved it, that it moved for where it was.
 */
export function countsOf(before: Ticket | null, after: Ticket): Measured[] {
  const counts = clocksOf(after.sla).flatMap(([name, clock]) => {
    const earlier = before?.sla[name] ?? null;
    // A clock that began anew came out before, if at all, as another one.
    const same = earlier?.startedAt === clock.startedAt ? earlier : null;
    return [...outcome(name, same, clock), ...durations(name, same, clock, before, after)];
  });
  if (before === null) {
    return [measuredOf(after, [...counts, countAt(after.createdAt, "created", null)])];
  }
  const at = after.updatedAt;
  const reopened: Measured[] = [];
  const moved: Measured[] = [];
  if (isOpen(before) && !isOpen(after)) {
    counts.push(countAt(after.resolvedAt ?? after.closedAt ?? at, "finished", null));
  }
  if (!isOpen(before) && isOpen(after)) {
    const counted = measuredOf(after, [countAt(at, "reopened", null)]);
    reopened.push({ ...counted, agentId: resolverOf(before) });
  }
  if (isOpen(before) && !isSameGroup(before, after)) {
    moved.push({ ...measuredOf(before, [countAt(at, "moved_out", null)]), agentId: null });
    moved.push({ ...measuredOf(after, [countAt(at, "moved_in", null)]), agentId: null });
  }
  const { rating } = after;
  const rated: Measured[] = rating === undefined || before.rating !== undefined ? [] : [{
    ...measuredOf(after, [countAt(rating.at, `rated_${rating.score}`, null)]),
    agentId: rating.agentId,
  }];
  return joined([measuredOf(after, counts), ...reopened, ...moved, ...rated]);
}

function measuredOf(ticket: Ticket, counts: readonly MeasuredCount[]): Measured {
  const { department, priority, category, assignee } = ticket;
  const agentId = assignee?.agentId ?? null;
  return { department: fold(department), priority, category, agentId, counts };
}

function isSameGroup(a: Ticket, b: Ticket): boolean {
  return a.priority === b.priority && a.category === b.category &&
    fold(a.department) === fold(b.department);
}

/** What is of one group and agent as one, without those that count nothing. */
function joined(all: readonly Measured[]): Measured[] {
  const some = all.filter(({ counts }) => counts.length > 0);
  const alike = Map.groupBy(some, (each) => `${each.agentId}\n${groupName(each)}`);
  return [...alike.values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [{ ...first, counts: [first, ...rest].flatMap(({ counts }) => counts) }]
  );
}

const NAMES = { response: "response", nextReply: "next_reply", resolution: "resolution" } as const;

/** Met or broken: once for each stretch of a clock, as soon as either is certain. */
function outcome(name: ClockName, before: Clock | null, after: Clock): MeasuredCount[] {
  if (!after.isCounted || before?.isCounted === true) return [];
  const keptAt = after.state === "fulfilled" ? after.fulfilledAt : null;
  const { breachedAt } = after;
  if (breachedAt === null) {
    return keptAt === null ? [] : [countAt(keptAt, `${NAMES[name]}_met`, null)];
  }
  // What was broken in an earlier stretch was counted there; this one ends broken when it ends.
  const isOld = before?.breachedAt === breachedAt;
  const at = isOld ? keptAt ?? breachedAt : breachedAt;
  return [countAt(at, `${NAMES[name]}_breached`, null)];
}

/** How long it took to keep a promise, once it is kept. */
function durations(
  name: ClockName,
  before: Clock | null,
  clock: Clock,
  ticketBefore: Ticket | null,
  ticket: Ticket,
): MeasuredCount[] {
  if (clock.state !== "fulfilled" || before?.state === "fulfilled") return [];
  const { fulfilledAt, consumedMs, startedAt } = clock;
  const isRepeat = name === "resolution" && (ticketBefore?.firstResolvedAt ?? null) !== null;
  const measure = isRepeat ? "repeat" : NAMES[name];
  const since = name === "nextReply" ? startedAt : ticket.createdAt;
  const resolvedMs = name === "resolution" ? ticket.resolvedMs : 0;
  return [
    countAt(fulfilledAt, `${measure}_business`, consumedMs),
    countAt(fulfilledAt, `${measure}_wall`, Math.max(0, fulfilledAt - since - resolvedMs)),
  ];
}

function countAt(at: Instant, measure: Measure, milliseconds: number | null): MeasuredCount {
  return { hour: hourStart(at), measure, milliseconds };
}
