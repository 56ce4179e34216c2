import { unavailable } from "./agent.ts";
import { type Refusal, refuse } from "./refusal.ts";
import {
  type Break,
  breakEndsAt,
  BREAKS_MAX,
  breakTime,
  doOverlap,
  inOrder,
  type NewBreak,
  newBreak,
  overtimeEndsAt,
  runningBreak,
  type Shift,
  type Span,
  withBreak,
} from "./shift.ts";
import {
  beginBreak,
  type Duty,
  endBreak as finishBreak,
  type ShiftHappening,
} from "./shift_edges.ts";
import { breakFault, fault, refuseFaults, refuseStatus } from "./shift_plan.ts";
import { type Instant, iso } from "./time.ts";

/**
 * Plans a break in a shift that has not ended. One that begins now begins by itself. Refuses with
 * `invalid_input` what does not lie in the shift or is over, with `conflict` one over another.
 */
export function addBreak(
  { shift, agent }: Duty,
  plan: NewBreak,
  at: Instant,
): ShiftHappening | Refusal {
  const over = refuseStatus("The shift", shift.status, ["scheduled", "in-progress"]);
  if (over !== null) return over;
  const refusal = refuseFaults([
    ...breakFault(plan, room(shift), ""),
    ...(plan.end > at ? [] : [fault("end", "Must not be over already")]),
  ]);
  if (refusal !== null) return refusal;
  if (shift.breaks.length >= BREAKS_MAX) {
    return refuse("conflict", `A shift has at most ${BREAKS_MAX} breaks.`);
  }
  const other = breakDuring(shift.breaks, plan);
  if (other !== undefined) return refuseBreakOver(other);
  const breaks = inOrder([...shift.breaks, newBreak(plan, at)]);
  return { kind: "changed", at, shift: { ...shift, breaks }, agent };
}

/** Where breaks may lie: in the plan, or, when that is over, in the overtime that there can be. */
function room(shift: Shift): Span {
  const { start, end, startedAt } = shift;
  const from = Math.min(start, startedAt ?? start);
  return { start: from, end: shift.overtime === true ? overtimeEndsAt(shift) : end };
}

/** The break that takes up some of this time. */
function breakDuring(breaks: readonly Break[], span: Span): Break | undefined {
  return breaks.find((each) => {
    const time = breakTime(each);
    return time !== null && doOverlap(span, time);
  });
}

function refuseBreakOver(other: Break): Refusal {
  const { start, end } = breakTime(other) ?? other;
  return refuse("conflict", `There is a break (${other.type}) from ${iso(start)} to ${iso(end)}.`);
}

/**
 * A break is taken before it would begin by itself; it is as long as it was planned to be. Refuses
 * with `invalid_transition`, with `conflict` where it would go on into another break, and with
 * `agent_unavailable` for who is offline.
 */
export function startBreak(
  { shift, agent }: Duty,
  planned: Break,
  at: Instant,
): ShiftHappening | Refusal {
  const refusal = refuseStatus("The shift", shift.status, ["in-progress"]) ??
    refuseStatus("The break", planned.status, ["scheduled"]);
  if (refusal !== null) return refusal;
  if (agent.status === "offline") return unavailable(agent);
  const span = { start: at, end: breakEndsAt({ ...planned, startedAt: at }) };
  const others = shift.breaks.filter(({ id }) => id !== planned.id);
  const other = runningBreak(shift) ?? breakDuring(others, span);
  if (other !== undefined) return refuseBreakOver(other);
  return beginBreak({ shift, agent }, planned, at);
}

/** The break that is being taken ends now. Refuses with `invalid_transition`. */
export function endBreak(duty: Duty, running: Break, at: Instant): ShiftHappening | Refusal {
  return refuseStatus("The break", running.status, ["in-progress"]) ??
    finishBreak(duty, running, at);
}

/** A planned break is not taken. Refuses with `invalid_transition`. */
export function cancelBreak(
  { shift, agent }: Duty,
  planned: Break,
  at: Instant,
): ShiftHappening | Refusal {
  const refusal = refuseStatus("The break", planned.status, ["scheduled"]);
  if (refusal !== null) return refusal;
  const cancelled: Break = { ...planned, status: "cancelled" };
  return { kind: "changed", at, shift: withBreak(shift, cancelled), agent };
}
