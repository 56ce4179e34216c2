import { addBusinessTime, businessTimeBetween } from "./business_time.ts";
import type { Hours } from "./calendar.ts";
import { type Instant, MINUTE_MS } from "./time.ts";

/** A promise on one ticket. What it uses up is business time: that of the hours it counts by. */
export type Clock = ClockFigures & ClockState;

interface ClockFigures {
  readonly targetMinutes: number;
  /** When it began to count. */
  readonly startedAt: Instant;
  /** Business milliseconds used up before `activeSince`, or altogether when it does not run. */
  readonly consumedMs: number;
  /** The deadline; while paused or done, the last one that was reckoned. */
  readonly dueAt: Instant;
  /** Business milliseconds after which a warning is due. */
  readonly warnAfterMs: number;
  /** When that is; while paused or done, when it would last have been. */
  readonly warnAt: Instant;
  readonly warnedAt: Instant | null;
  /** The deadline that passed, or the change that moved it into the past; never taken back. */
  readonly breachedAt: Instant | null;
  /** How it came out, met or broken, is in the metrics already. */
  readonly isCounted: boolean;
  /** The first breach of an earlier stretch, of a clock that begins anew with each. */
  readonly brokenBefore?: Instant;
}

type ClockState =
  | { readonly state: "active"; readonly activeSince: Instant }
  | { readonly state: "paused" }
  | { readonly state: "fulfilled"; readonly fulfilledAt: Instant; readonly met: boolean }
  | {
    readonly state: "cancelled";
    /** What it waited for came all the same: it is not taken up again. */
    readonly isAnswered?: true;
  };

/** A target and when to warn before it, in business time. */
export interface Target {
  readonly targetMinutes: number;
  readonly warnAfterMs: number;
}

/** A target with a warning when so many percent of it are used. */
export function targetOf(targetMinutes: number, warningPercent: number): Target {
  const warnAfterMs = Math.round(targetMinutes * MINUTE_MS * warningPercent / 100);
  return { targetMinutes, warnAfterMs };
}

export function startClock(target: Target, at: Instant, hours: Hours): Clock {
  const { targetMinutes, warnAfterMs } = target;
  return {
    state: "active",
    targetMinutes,
    startedAt: at,
    consumedMs: 0,
    activeSince: at,
    dueAt: addBusinessTime(hours, at, targetMinutes * MINUTE_MS),
    warnAfterMs,
    warnAt: addBusinessTime(hours, at, warnAfterMs),
    warnedAt: null,
    breachedAt: null,
    isCounted: false,
  };
}

/** Stops the clock until `resumeClock`; a clock that does not run stays as it is. */
export function pauseClock(clock: Clock, at: Instant, hours: Hours): Clock {
  return clock.state === "active" ? { ...stopped(clock, at, hours), state: "paused" } : clock;
}

/**
 * Lets a clock that was paused, or stopped for good, go on with what it had consumed. One that was
 * fulfilled can come out once more.
 */
export function resumeClock(clock: Clock, at: Instant, hours: Hours): Clock {
  if (clock.state === "active") return clock;
  const isCounted = clock.state === "fulfilled" ? false : clock.isCounted;
  return running({ ...figuresOf(clock), isCounted }, at, hours);
}

/** The promise is kept, in time if at or before the deadline. */
export function fulfilClock(clock: Clock, at: Instant, hours: Hours): Clock {
  if (!isRunning(clock)) return clock;
  const figures = stopped(clock, at, hours);
  const met = figures.breachedAt === null;
  return { ...figures, isCounted: true, state: "fulfilled", fulfilledAt: at, met };
}

/** The answer has come: in time or late, or to a promise that was given up before. */
export function answerClock(clock: Clock, at: Instant, hours: Hours): Clock {
  return clock.state === "cancelled"
    ? { ...clock, isAnswered: true }
    : fulfilClock(clock, at, hours);
}

/** The promise no longer matters; a breach that was stays. */
export function cancelClock(clock: Clock, at: Instant, hours: Hours): Clock {
  return isRunning(clock) ? { ...stopped(clock, at, hours), state: "cancelled" } : clock;
}

/**
 * The clock under another target: what it has consumed stays. One that is done stays as it is. Of
 * one that stands still the deadlines are told as if it went on at once.
 */
export function retargetClock(clock: Clock, target: Target, at: Instant, hours: Hours): Clock {
  if (!isRunning(clock)) return clock;
  const figures = { ...figuresOf(clock), ...target };
  if (clock.state === "active") return running(figures, clock.activeSince, hours);
  return { ...figuresOf(running(figures, at, hours)), state: "paused" };
}

/** The clock by other hours, of which only what runs from this instant on is counted. */
export function switchHours(clock: Clock, at: Instant, from: Hours, to: Hours): Clock {
  if (clock.state !== "active") return clock;
  return running(stopped(clock, at, from), Math.max(at, clock.activeSince), to);
}

/** The clock by hours that were corrected: its running stretch is counted by them from its start. */
export function recountClock(clock: Clock, hours: Hours): Clock {
  return clock.state === "active" ? running(figuresOf(clock), clock.activeSince, hours) : clock;
}

export function warnClock(clock: Clock, at: Instant): Clock {
  return { ...clock, warnedAt: at };
}

export function breachClock(clock: Clock, at: Instant): Clock {
  return { ...clock, breachedAt: at, isCounted: true };
}

/** Given up, and waiting for nothing else than to be taken up again. */
export function isGivenUp(clock: Clock): boolean {
  return clock.state === "cancelled" && clock.isAnswered !== true;
}

/** Active or paused: neither kept nor given up. */
export function isRunning(clock: Clock): boolean {
  return clock.state === "active" || clock.state === "paused";
}

/**
 * When a running clock will have, or had, consumed so much: `-Infinity` where that was before its
 * present stretch, `Infinity` where it will not be while the clock stands still.
 */
export function consumedAt(clock: Clock, businessMs: number, hours: Hours): Instant {
  if (clock.consumedMs > businessMs) return -Infinity;
  if (clock.state !== "active") return Infinity;
  return addBusinessTime(hours, clock.activeSince, businessMs - clock.consumedMs);
}

/** When a running clock passes its deadline, or did; `Infinity` while it stands still before it. */
export function overdueAt(clock: Clock): Instant {
  if (clock.consumedMs > clock.targetMinutes * MINUTE_MS) return -Infinity;
  return clock.state === "active" ? clock.dueAt : Infinity;
}

/** When a running clock comes to its warning, or did; `Infinity` while it stands still before it. */
export function warningAt(clock: Clock): Instant {
  if (clock.consumedMs > clock.warnAfterMs) return -Infinity;
  return clock.state === "active" ? clock.warnAt : Infinity;
}

/** Whether the deadline has passed unkept, by what is recorded or by what the time is now. */
export function isBreached(clock: Clock, at: Instant): boolean {
  return firstBreachOf(clock) !== null || (isRunning(clock) && overdueAt(clock) < at);
}

/** The first breach that is recorded, of whichever stretch. */
export function firstBreachOf({ brokenBefore, breachedAt }: Clock): Instant | null {
  return brokenBefore ?? breachedAt;
}

export function isMet(clock: Clock): boolean {
  return clock.state === "fulfilled" && clock.met;
}

function running(figures: ClockFigures, activeSince: Instant, hours: Hours): Clock {
  const { consumedMs, targetMinutes, warnAfterMs } = figures;
  // What was used up before keeps the deadline that it missed; a new one was missed by then.
  const after = (ms: number, passed: Instant): Instant =>
    ms < consumedMs
      ? Math.min(passed, activeSince)
      : addBusinessTime(hours, activeSince, ms - consumedMs);
  return {
    ...figures,
    dueAt: after(targetMinutes * MINUTE_MS, figures.dueAt),
    warnAt: after(warnAfterMs, figures.warnAt),
    state: "active",
    activeSince,
  };
}

/** The figures of a clock that stops now. The breach is dated at the deadline, not at the stop. */
function stopped(clock: Clock, at: Instant, hours: Hours): ClockFigures {
  const figures = figuresOf(clock);
  if (clock.state !== "active") return figures;
  const consumedMs = clock.consumedMs + businessTimeBetween(hours, clock.activeSince, at);
  const breachedAt = clock.breachedAt ?? (overdueAt(clock) < at ? clock.dueAt : null);
  return { ...figures, consumedMs, breachedAt };
}

function figuresOf(clock: Clock): ClockFigures {
  const { targetMinutes, startedAt, consumedMs, dueAt, warnAfterMs, warnAt } = clock;
  const { warnedAt, breachedAt, isCounted, brokenBefore } = clock;
  const figures = { targetMinutes, startedAt, consumedMs, dueAt, warnAfterMs, warnAt, warnedAt };
  return {
    ...figures,
    breachedAt,
    isCounted,
    ...(brokenBefore === undefined ? {} : { brokenBefore }),
  };
}
