import type { Agent } from "./agent.ts";
import { come, leave } from "./attendance.ts";
import { type Break, runningBreak, type Shift, withBreak } from "./shift.ts";
import type { Instant } from "./time.ts";

/** A shift and its agent: what changes one of them mostly changes the other too. */
export interface Duty {
  readonly shift: Shift;
  readonly agent: Agent;
}

export type ShiftEvent =
  | "starting"
  | "started"
  | "ending_30"
  | "ending_5"
  | "ended"
  | "break_reminder"
  | "break_started"
  | "break_ended"
  /** Nobody is told of it by itself. */
  | "changed";

/**
 * Something that happened to a shift, with the shift and the agent as they are from then on. Whoever
 * writes them down says in `updatedAt` when that was.
 */
export interface ShiftHappening extends Duty {
  readonly kind: ShiftEvent;
  /** When it happened, whenever that is noticed. */
  readonly at: Instant;
  /** The break it is about. */
  readonly breakId?: string;
}

/** The shift starts now; its agent is there unless it is offline. */
export function begin({ shift, agent }: Duty, at: Instant): ShiftHappening {
  const attendance = agent.status === "offline" ? shift.attendance : come(shift.attendance, at);
  return {
    kind: "started",
    at,
    shift: { ...shift, status: "in-progress", startedAt: at, attendance },
    agent: { ...agent, currentShiftId: shift.id },
  };
}

/** The agent went on after the end of its shift, which is in progress again: it is overtime. */
export function resume({ shift, agent }: Duty, at: Instant): ShiftHappening {
  const attendance = come(shift.attendance, at);
  return {
    kind: "started",
    at,
    shift: { ...shift, status: "in-progress", endedAt: null, overtime: true, attendance },
    agent: { ...agent, currentShiftId: shift.id },
  };
}

/**
 * The shift ends now, and with it the break that is being taken; what was planned of breaks beyond
 * this is missed. The agent goes offline, unless it `staysAtWork` because its next shift starts.
 */
export function finish(duty: Duty, at: Instant, staysAtWork: boolean = false): ShiftHappening[] {
  const running = runningBreak(duty.shift);
  const breakEnded = running === undefined ? [] : [endBreak(duty, running, at)];
  const { shift, agent } = breakEnded[0] ?? duty;
  const { currentShiftId: _, ...free } = agent;
  const ended: Shift = {
    ...shift,
    status: "completed",
    endedAt: at,
    breaks: shift.breaks.map((each) => each.status === "scheduled" ? missBreak(each) : each),
    attendance: leave(shift.attendance, at),
  };
  const status = staysAtWork ? free.status : "offline";
  return [...breakEnded, { kind: "ended", at, shift: ended, agent: { ...free, status } }];
}

/** A scheduled shift will not take place. */
export function cancel({ shift, agent }: Duty, at: Instant): ShiftHappening {
  const breaks = shift.breaks.map((each) => ({ ...each, status: "cancelled" as const }));
  return { kind: "changed", at, shift: { ...shift, status: "cancelled", breaks }, agent };
}

/** The agent, who is not offline, takes this break from now on. */
export function beginBreak({ shift, agent }: Duty, due: Break, at: Instant): ShiftHappening {
  const begun: Break = { ...due, status: "in-progress", startedAt: at };
  return {
    kind: "break_started",
    at,
    shift: withBreak(shift, begun),
    agent: { ...agent, status: "busy", onBreak: true, statusBeforeBreak: agent.status },
    breakId: due.id,
  };
}

/** The agent comes back from this break, with the status that it had before. */
export function endBreak({ shift, agent }: Duty, running: Break, at: Instant): ShiftHappening {
  const ended: Break = { ...running, status: "completed", endedAt: at };
  const { statusBeforeBreak: status = "online", ...rest } = agent;
  return {
    kind: "break_ended",
    at,
    shift: withBreak(shift, ended),
    agent: { ...rest, status, onBreak: false },
    breakId: running.id,
  };
}

/** A break that comes to nothing, though nobody cancelled it. */
export function missBreak(due: Break): Break {
  return { ...due, status: "cancelled", missed: true };
}
