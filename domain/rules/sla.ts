import type { Calendar, Hours } from "./calendar.ts";
import {
  answerClock,
  cancelClock,
  type Clock,
  firstBreachOf,
  fulfilClock,
  isGivenUp,
  isRunning,
  pauseClock,
  resumeClock,
  retargetClock,
  startClock,
  targetOf,
} from "./clock.ts";
import type { EscalationRule, SlaConfiguration } from "./sla_configuration.ts";
import type { Instant } from "./time.ts";

/** Why a ticket's deadlines moved by something else than the ticket's own course. */
export type ChangeReason = "target_change" | "calendar_change";

/** The promises on a ticket, and under what they were made. */
export interface SlaClocks {
  readonly response: Clock;
  /** From the oldest customer's comment without an answer to the answer; null until there was one. */
  readonly nextReply: Clock | null;
  readonly resolution: Clock;
  readonly pauseOnPending: boolean;
  readonly replyOnly: boolean;
  /** Minutes that are promised now: a clock that was done when they changed has those of before. */
  readonly responseTime: number;
  readonly resolutionTime: number;
  /** Null where a customer's later comments start no clock. */
  readonly nextReplyTime: number | null;
  readonly warningPercent: number;
  readonly escalationRules: readonly EscalationRule[];
  /** The levels of rules that have fired, each once for a ticket. */
  readonly firedLevels: readonly number[];
  /** That of the configuration by which this ticket got its targets. */
  readonly configurationVersion: number;
  /** The configuration's calendar; the department's own comes before it. */
  readonly configuredCalendarId: string;
  /** The calendar by which the clocks count, as it stood at that version of the book. */
  readonly calendar: CalendarReference;
  /** When deadlines last moved by a change: nothing that follows from it happened before. */
  readonly changed: { readonly at: Instant; readonly reason: ChangeReason | null };
}

export interface CalendarReference {
  readonly id: string;
  readonly version: number;
}

/** A clock by its name; the order is that in which they are looked at. */
export const CLOCK_NAMES = ["response", "nextReply", "resolution"] as const;
export type ClockName = (typeof CLOCK_NAMES)[number];

/** What a ticket's clocks are started or retargeted under. */
export interface Terms {
  readonly configuration: SlaConfiguration;
  /** The calendar that holds for the ticket's department under this configuration. */
  readonly calendar: Calendar;
}

/** The clocks of a new ticket; warnings come when so many percent of a target are used. */
export function startClocks(
  { configuration, calendar }: Terms,
  warningPercent: number,
  at: Instant,
): SlaClocks {
  const { responseTime, resolutionTime, nextReplyTime, version, calendarId } = configuration;
  const { pauseOnPending, replyOnly, escalationRules } = configuration;
  return {
    response: startClock(targetOf(responseTime, warningPercent), at, calendar),
    nextReply: null,
    resolution: startClock(targetOf(resolutionTime, warningPercent), at, calendar),
    pauseOnPending,
    replyOnly,
    responseTime,
    resolutionTime,
    nextReplyTime,
    warningPercent,
    escalationRules,
    firedLevels: [],
    configurationVersion: version,
    configuredCalendarId: calendarId,
    calendar: referenceTo(calendar),
    changed: { at, reason: null },
  };
}

export function referenceTo({ id, version }: Calendar): CalendarReference {
  return { id, version };
}

/** The clocks of a ticket that begins to wait for the customer. */
export function pauseClocks(sla: SlaClocks, at: Instant, hours: Hours): SlaClocks {
  if (!sla.pauseOnPending) return sla;
  return onPausing(sla, (clock) => pauseClock(clock, at, hours));
}

/** The clocks of a ticket that waits for the customer no longer; others are not changed by it. */
export function unpauseClocks(sla: SlaClocks, at: Instant, hours: Hours): SlaClocks {
  return onPausing(
    sla,
    (clock) => clock.state === "paused" ? resumeClock(clock, at, hours) : clock,
  );
}

/** Those that stand still while the ticket waits for the customer: all but the response. */
function onPausing(sla: SlaClocks, change: (clock: Clock) => Clock): SlaClocks {
  const resolution = change(sla.resolution);
  const nextReply = sla.nextReply === null ? null : change(sla.nextReply);
  const isSame = resolution === sla.resolution && nextReply === sla.nextReply;
  return isSame ? sla : { ...sla, nextReply, resolution };
}

/**
 * The clocks of a ticket that is open again: what was stopped for good runs on, under what is
 * promised by now. What follows from a change meanwhile happens now.
 */
export function reopenClocks(sla: SlaClocks, at: Instant, hours: Hours): SlaClocks {
  const { responseTime, resolutionTime, nextReplyTime, warningPercent } = sla;
  const again = (clock: Clock, minutes: number): Clock => {
    const target = targetOf(minutes, warningPercent);
    return retargetClock(resumeClock(clock, at, hours), target, at, hours);
  };
  const { response, nextReply, resolution } = unpauseClocks(sla, at, hours);
  return {
    ...sla,
    response: isGivenUp(response) ? again(response, responseTime) : response,
    nextReply: nextReply !== null && nextReplyTime !== null && isGivenUp(nextReply)
      ? again(nextReply, nextReplyTime)
      : nextReply,
    resolution: again(resolution, resolutionTime),
    changed: { ...sla.changed, at },
  };
}

/** The clocks of a ticket whose customer waits for an answer; the oldest comment counts. */
export function awaitReply(sla: SlaClocks, at: Instant, hours: Hours): SlaClocks {
  const { nextReply, nextReplyTime, warningPercent } = sla;
  if (nextReplyTime === null || (nextReply !== null && isRunning(nextReply))) return sla;
  const started = startClock(targetOf(nextReplyTime, warningPercent), at, hours);
  const brokenBefore = nextReply === null ? null : firstBreachOf(nextReply);
  return {
    ...sla,
    nextReply: brokenBefore === null ? started : { ...started, brokenBefore },
  };
}

/** The clocks of a ticket that is answered: the first answer keeps one promise, each the other. */
export function answerClocks(
  sla: SlaClocks,
  kept: { readonly response: boolean; readonly nextReply: boolean },
  at: Instant,
  hours: Hours,
): SlaClocks {
  const { response, nextReply } = sla;
  return {
    ...sla,
    response: kept.response ? answerClock(response, at, hours) : response,
    nextReply: kept.nextReply && nextReply !== null ? answerClock(nextReply, at, hours) : nextReply,
  };
}

/** The clocks of a resolved ticket; where only replies count, what none came for is given up. */
export function resolveClocks(sla: SlaClocks, at: Instant, hours: Hours): SlaClocks {
  // A resolution answers what was given up before, too.
  const end = sla.replyOnly ? cancelClock : answerClock;
  const { response, nextReply, resolution } = sla;
  return {
    ...sla,
    response: end(response, at, hours),
    nextReply: nextReply === null ? null : end(nextReply, at, hours),
    resolution: fulfilClock(resolution, at, hours),
  };
}

/** The clocks of a ticket that nobody will work on. */
export function cancelClocks(sla: SlaClocks, at: Instant, hours: Hours): SlaClocks {
  return onEach(sla, (clock) => cancelClock(clock, at, hours));
}

/** What is done to every clock that there is. */
export function onEach(sla: SlaClocks, change: (clock: Clock) => Clock): SlaClocks {
  const { response, nextReply, resolution } = sla;
  return {
    ...sla,
    response: change(response),
    nextReply: nextReply === null ? null : change(nextReply),
    resolution: change(resolution),
  };
}

/** The clocks that there are, by their names. */
export function clocksOf(sla: SlaClocks): (readonly [ClockName, Clock])[] {
  return CLOCK_NAMES.flatMap((name) => {
    const clock = sla[name];
    return clock === null ? [] : [[name, clock] as const];
  });
}
