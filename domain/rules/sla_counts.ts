import type { Clock } from "./clock.ts";
import { fold } from "./skill.ts";
import { type ClockName, clocksOf } from "./sla.ts";
import type { Measure, Measured, MeasuredCount } from "./sla_metrics.ts";
import { hourStart } from "./sla_range.ts";
import type { Ticket } from "./ticket.ts";
import type { Instant } from "./time.ts";

/**
 * What a change of a ticket adds to the figures, each count in the hour in which it happened: that
 * the ticket was opened, how each promise came out that did so now, and how long it took to keep.
 * Null when there is nothing to count; `before` is null for a new ticket.
 */
export function countsOf(before: Ticket | null, after: Ticket): Measured | null {
  const counts = clocksOf(after.sla).flatMap(([name, clock]) => {
    const earlier = before?.sla[name] ?? null;
    // A clock that began anew came out before, if at all, as another one.
    const same = earlier?.startedAt === clock.startedAt ? earlier : null;
    return [...outcome(name, same, clock), ...durations(name, same, clock, before, after)];
  });
  if (before === null) counts.push(countAt(after.createdAt, "created", null));
  if (counts.length === 0) return null;
  const { department, priority, category, assignee } = after;
  return {
    department: fold(department),
    priority,
    category,
    agentId: assignee?.agentId ?? null,
    counts,
  };
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
