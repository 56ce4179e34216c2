import { type Instant, MINUTE_MS } from "./time.ts";
import type { Priority } from "./ticket.ts";

/** The promise for one priority and category; targets in minutes. */
export interface SlaConfiguration {
  readonly priority: Priority;
  readonly category: string;
  readonly responseTime: number;
  readonly resolutionTime: number;
  /** The resolution clock stands still while the ticket waits for the customer. */
  readonly pauseOnPending: boolean;
  /** Only a public reply is a first response, not taking the ticket in hand. */
  readonly replyOnly: boolean;
}

/** A clock runs on an always-open calendar: its business time is wall-clock time. */
export type Clock = ClockFigures & ClockState;

interface ClockFigures {
  readonly targetMinutes: number;
  /** Milliseconds used up before `activeSince`, or altogether when the clock does not run. */
  readonly consumedMs: number;
  /** The deadline; while paused or done, the last one there was. */
  readonly dueAt: Instant;
  /** The deadline that passed while the clock ran; once set it is never taken back. */
  readonly breachedAt: Instant | null;
}

type ClockState =
  | { readonly state: "active"; readonly activeSince: Instant }
  | { readonly state: "paused" }
  | { readonly state: "fulfilled"; readonly fulfilledAt: Instant; readonly met: boolean }
  | { readonly state: "cancelled" };

export interface SlaClocks {
  readonly response: Clock;
  readonly resolution: Clock;
  readonly pauseOnPending: boolean;
  readonly replyOnly: boolean;
}

export const CATEGORIES = ["technical", "billing", "general", "urgent"] as const;

const FALLBACK_TARGETS = [60, 480] as const;

/** Response and resolution minutes by priority and category. */
const TARGETS: Readonly<Record<string, readonly [number, number]>> = {
  "1 urgent": [30, 120],
  "1 technical": [45, 240],
  "1 billing": [60, 240],
  "1 general": [60, 480],
  "2 urgent": [60, 240],
  "2 technical": [120, 480],
  "2 billing": [120, 480],
  "2 general": [240, 720],
  "3 urgent": [120, 480],
  "3 technical": [480, 1_440],
  "3 billing": [480, 1_440],
  "3 general": [480, 1_440],
};

/** The pair's own configuration, else `general` of that priority, else one hour and eight. */
export function slaConfigurationFor(priority: Priority, category: string): SlaConfiguration {
  const [responseTime, resolutionTime] = TARGETS[`${priority} ${category}`] ??
    TARGETS[`${priority} general`] ?? FALLBACK_TARGETS;
  const pauseOnPending = true;
  const replyOnly = false;
  return { priority, category, responseTime, resolutionTime, pauseOnPending, replyOnly };
}

export function defaultSlaConfigurations(): SlaConfiguration[] {
  return ([1, 2, 3] as const).flatMap((priority) =>
    CATEGORIES.map((category) => slaConfigurationFor(priority, category))
  );
}

export function startClocks(configuration: SlaConfiguration, at: Instant): SlaClocks {
  const { responseTime, resolutionTime, pauseOnPending, replyOnly } = configuration;
  return {
    response: startClock(responseTime, at),
    resolution: startClock(resolutionTime, at),
    pauseOnPending,
    replyOnly,
  };
}

function startClock(targetMinutes: number, at: Instant): Clock {
  const dueAt = at + targetMinutes * MINUTE_MS;
  return {
    state: "active",
    targetMinutes,
    consumedMs: 0,
    activeSince: at,
    dueAt,
    breachedAt: null,
  };
}

/** Stops the clock until `resumeClock`; a clock that does not run stays as it is. */
export function pauseClock(clock: Clock, at: Instant): Clock {
  return clock.state === "active" ? { ...stopped(clock, at), state: "paused" } : clock;
}

/** Lets a clock that was paused, or stopped for good, go on with what it had consumed. */
export function resumeClock(clock: Clock, at: Instant): Clock {
  if (clock.state === "active") return clock;
  const { targetMinutes, consumedMs, breachedAt } = clock;
  const dueAt = at + targetMinutes * MINUTE_MS - consumedMs;
  // What ran past its target before stays breached at the instant it was first broken.
  return { state: "active", targetMinutes, consumedMs, activeSince: at, dueAt, breachedAt };
}

/** The promise is kept, in time if at or before the deadline. */
export function fulfilClock(clock: Clock, at: Instant): Clock {
  if (clock.state === "fulfilled" || clock.state === "cancelled") return clock;
  const figures = stopped(clock, at);
  const met = figures.breachedAt === null;
  return { ...figures, state: "fulfilled", fulfilledAt: at, met };
}

/** The promise no longer matters; a breach that was stays. */
export function cancelClock(clock: Clock, at: Instant): Clock {
  if (clock.state === "fulfilled" || clock.state === "cancelled") return clock;
  return { ...stopped(clock, at), state: "cancelled" };
}

/** The clocks of a ticket that begins to wait for the customer. */
export function pauseClocks(sla: SlaClocks, at: Instant): SlaClocks {
  return sla.pauseOnPending ? { ...sla, resolution: pauseClock(sla.resolution, at) } : sla;
}

/** The clocks of a ticket that waits for the customer no longer; others are not changed by it. */
export function unpauseClocks(sla: SlaClocks, at: Instant): SlaClocks {
  return sla.resolution.state === "paused"
    ? { ...sla, resolution: resumeClock(sla.resolution, at) }
    : sla;
}

/** The clocks of a ticket that is open again: what was stopped for good runs on. */
export function reopenClocks(sla: SlaClocks, at: Instant): SlaClocks {
  const { response, resolution } = sla;
  return {
    ...sla,
    response: response.state === "cancelled" ? resumeClock(response, at) : response,
    resolution: resumeClock(resolution, at),
  };
}

/**
 * The clocks of a ticket that another configuration holds for: what was consumed stays, and so do
 * the rules for pauses and replies and whatever is done. A target that is used up already is broken
 * at this instant; a breach that was stays where it was.
 */
export function retargetClocks(
  sla: SlaClocks,
  { responseTime, resolutionTime }: Pick<SlaConfiguration, "responseTime" | "resolutionTime">,
  at: Instant,
): SlaClocks {
  return {
    ...sla,
    response: retargetClock(sla.response, responseTime, at),
    resolution: retargetClock(sla.resolution, resolutionTime, at),
  };
}

function retargetClock(clock: Clock, targetMinutes: number, at: Instant): Clock {
  if (clock.state === "fulfilled" || clock.state === "cancelled") return clock;
  const { consumedMs, breachedAt } = stopped(clock, at);
  const isUsedUp = consumedMs > targetMinutes * MINUTE_MS;
  return {
    ...clock,
    targetMinutes,
    dueAt: clock.dueAt + (targetMinutes - clock.targetMinutes) * MINUTE_MS,
    breachedAt: breachedAt ?? (isUsedUp ? at : null),
  };
}

/** The clocks of a ticket that nobody will work on. */
export function cancelClocks(sla: SlaClocks, at: Instant): SlaClocks {
  const { response, resolution } = sla;
  return {
    ...sla,
    response: cancelClock(response, at),
    resolution: cancelClock(resolution, at),
  };
}

/** Whether the deadline has passed unkept, by what is recorded or by what the time is now. */
export function isBreached(clock: Clock, at: Instant): boolean {
  return clock.breachedAt !== null || (clock.state === "active" && clock.dueAt < at);
}

export function isMet(clock: Clock): boolean {
  return clock.state === "fulfilled" && clock.met;
}

/** The figures of a clock that stops now. The breach is dated at the deadline, not at the stop. */
function stopped(clock: Clock, at: Instant): ClockFigures {
  const { targetMinutes, dueAt } = clock;
  if (clock.state !== "active") {
    return { targetMinutes, consumedMs: clock.consumedMs, dueAt, breachedAt: clock.breachedAt };
  }
  const consumedMs = clock.consumedMs + Math.max(0, at - clock.activeSince);
  const breachedAt = clock.breachedAt ?? (isBreached(clock, at) ? dueAt : null);
  return { targetMinutes, consumedMs, dueAt, breachedAt };
}
