import type { Calendar, Hours } from "./calendar.ts";
import {
  cancelClock,
  type Clock,
  recountClock,
  retargetClock,
  switchHours,
  targetOf,
} from "./clock.ts";
import { clocksOf, onEach, referenceTo, type SlaClocks, type Terms } from "./sla.ts";
import type { Instant } from "./time.ts";

/**
 * The clocks of a ticket that another configuration holds for: what was consumed stays, and so do
 * the rules for pauses and replies and whatever is done. Another calendar counts from now on.
 */
export function retargetClocks(
  sla: SlaClocks,
  { configuration, calendar }: Terms,
  at: Instant,
  hours: Hours,
): SlaClocks {
  const { responseTime, nextReplyTime, resolutionTime } = configuration;
  const moved = moveToCalendar(sla, calendar, at, hours);
  const under = (clock: Clock, minutes: number): Clock =>
    retargetClock(clock, targetOf(minutes, sla.warningPercent), at, calendar);
  const { nextReply } = moved;
  return {
    ...moved,
    response: under(moved.response, responseTime),
    nextReply: nextReply === null
      ? null
      : nextReplyTime === null
      ? cancelClock(nextReply, at, calendar)
      : under(nextReply, nextReplyTime),
    resolution: under(moved.resolution, resolutionTime),
    responseTime,
    resolutionTime,
    nextReplyTime,
    escalationRules: configuration.escalationRules,
    configurationVersion: configuration.version,
    configuredCalendarId: configuration.calendarId,
    changed: { at, reason: "target_change" },
  };
}

/** The same, with the configuration's rules for pauses and replies. */
export function adoptConfiguration(
  sla: SlaClocks,
  terms: Terms,
  at: Instant,
  hours: Hours,
): SlaClocks {
  const { pauseOnPending, replyOnly } = terms.configuration;
  return { ...retargetClocks(sla, terms, at, hours), pauseOnPending, replyOnly };
}

/** The clocks by another calendar, which counts from now on; the same if it is the one they have. */
export function moveToCalendar(
  sla: SlaClocks,
  calendar: Calendar,
  at: Instant,
  hours: Hours,
): SlaClocks {
  if (sla.calendar.id === calendar.id) return sla;
  // Where nothing runs no deadline moves by it.
  const isRunning = clocksOf(sla).some(([, { state }]) => state === "active");
  return {
    ...onEach(sla, (clock) => switchHours(clock, at, hours, calendar)),
    calendar: referenceTo(calendar),
    changed: isRunning ? { at, reason: "calendar_change" } : sla.changed,
  };
}

/** The clocks by their calendar as it was edited: what runs is counted anew from where it began. */
export function recountClocks(sla: SlaClocks, calendar: Calendar, at: Instant): SlaClocks {
  return {
    ...onEach(sla, (clock) => recountClock(clock, calendar)),
    calendar: referenceTo(calendar),
    changed: { at, reason: "calendar_change" },
  };
}
