import type { Clock } from "../../domain/rules/clock.ts";
import type { Details, HistoryAction } from "../../domain/rules/event.ts";
import { isOpen, type Ticket } from "../../domain/rules/ticket.ts";
import type { Instant } from "../../domain/rules/time.ts";
import type { ModelClock } from "./model_clock.ts";
import { nextInstant } from "./model_course.ts";
import type { ModelTicket } from "./model_ticket.ts";

/** An instant so that it can be read. */
export function time(at: Instant): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: Instant | null): string | null {
  return at === null ? null : time(at);
}

/** Something that happened, with those details alone that are compared. */
export function shownFact(
  at: Instant,
  action: HistoryAction,
  details: Details,
  names: readonly string[],
): unknown {
  return [time(at), action, ...names.map((name) => details[name] ?? null)];
}

/** The ticket as the desk has it in the end. */
export function shownRecord(ticket: Ticket): unknown {
  const { status, escalationLevel, assignee, priority, category, department, sla } = ticket;
  const { firstResponseAt, resolvedAt, firstResolvedAt, resolvedMs, closedAt, nextAt } = ticket;
  const { response, nextReply, resolution, firedLevels, calendar } = sla;
  return {
    is: [status, escalationLevel, assignee?.agentId ?? null, priority, category, department],
    firstResponseAt: timeOrNull(firstResponseAt),
    resolvedAt: timeOrNull(resolvedAt),
    firstResolvedAt: timeOrNull(firstResolvedAt),
    closedAt: timeOrNull(closedAt),
    restedMs: resolvedMs,
    nextAt: timeOrNull(nextAt),
    firedLevels: firedLevels.toSorted(),
    // What a ticket will run by when it is reopened, it need not know yet.
    calendar: isOpen(ticket) ? calendar.id : null,
    response: shownClock(response),
    nextReply: nextReply === null ? null : shownClock(nextReply),
    resolution: shownClock(resolution),
  };
}

function shownClock(clock: Clock): unknown {
  const { state, startedAt, consumedMs, targetMinutes, warnedAt, breachedAt } = clock;
  const shared = { startedAt: time(startedAt), ...flagsOf(warnedAt, breachedAt) };
  switch (clock.state) {
    case "active": {
      const { dueAt, warnAt, activeSince } = clock;
      const deadlines = { dueAt: since(activeSince, dueAt), warnAt: since(activeSince, warnAt) };
      return { state, ...shared, targetMinutes, ...deadlines };
    }
    case "paused":
      return { state, ...shared, targetMinutes, consumedMs };
    case "fulfilled":
      return { state, ...shared, consumedMs, fulfilledAt: time(clock.fulfilledAt), met: clock.met };
    case "cancelled":
      return { state, ...shared, consumedMs };
  }
}

/** The ticket as the model has it in the end. */
export function shownModel(model: ModelTicket): unknown {
  const { status, level, assignee, restedMs, calendarId } = model;
  const { priority, category, department } = model.kind;
  const { response, nextReply, resolution } = model.clocks;
  return {
    is: [status, level, assignee?.agentId ?? null, priority, category, department],
    firstResponseAt: timeOrNull(model.firstResponseAt),
    resolvedAt: timeOrNull(model.resolvedAt),
    firstResolvedAt: timeOrNull(model.firstResolvedAt),
    closedAt: timeOrNull(model.closedAt),
    restedMs,
    nextAt: timeOrNull(nextInstant(model)),
    firedLevels: [...model.firedLevels].sort(),
    calendar: model.isOpen ? calendarId : null,
    response: shownModelClock(response),
    nextReply: nextReply === null ? null : shownModelClock(nextReply),
    resolution: shownModelClock(resolution),
  };
}

function shownModelClock(clock: ModelClock): unknown {
  const { state, startedAt, targetMinutes, warnedAt, breachedAt, fulfilledAt, met } = clock;
  const shared = { startedAt: time(startedAt), ...flagsOf(warnedAt, breachedAt) };
  const consumedMs = clock.consumed();
  switch (state) {
    case "active": {
      const { dueAt, warnsAt, runsSince } = clock;
      const deadlines = { dueAt: since(runsSince, dueAt), warnAt: since(runsSince, warnsAt) };
      return { state, ...shared, targetMinutes, ...deadlines };
    }
    case "paused":
      return { state, ...shared, targetMinutes, consumedMs };
    case "fulfilled":
      return { state, ...shared, consumedMs, fulfilledAt: timeOrNull(fulfilledAt), met };
    case "cancelled":
      return { state, ...shared, consumedMs };
  }
}

function flagsOf(warnedAt: Instant | null, breachedAt: Instant | null): object {
  return { warnedAt: timeOrNull(warnedAt), breachedAt: timeOrNull(breachedAt) };
}

/** Where a deadline was before the clock ran last, nobody can say any more. */
function since(activeSince: Instant, at: Instant): string {
  return at <= activeSince ? "before" : time(at);
}
