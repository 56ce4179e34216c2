import { type InputFault, invalidInput, type Refusal, refuse } from "./refusal.ts";
import {
  type Break,
  BREAK_MIN_MS,
  type BreakPlan,
  BREAKS_MAX,
  breakTime,
  doOverlap,
  ENDING_BEFORE_MS,
  inOrder,
  needless,
  type NewBreak,
  newBreak,
  occupied,
  type Shift,
  SHIFT_MAX_MS,
  SHIFT_MIN_MS,
  type ShiftNotice,
  type ShiftPlan,
  type ShiftStatus,
  type Span,
} from "./shift.ts";
import type { Duty, ShiftHappening } from "./shift_edges.ts";
import { type Instant, iso } from "./time.ts";

/** Refuses what can be done only to what has one of these statuses. */
export function refuseStatus(
  what: string,
  status: ShiftStatus,
  fitting: readonly ShiftStatus[],
): Refusal | null {
  if (fitting.includes(status)) return null;
  return refuse("invalid_transition", `${what} is ${status}.`, { currentStatus: status });
}

/** Refuses a plan that is none, with the path of each fault; null for one that is. */
export function refusePlan(plan: Omit<ShiftPlan, "timezone">, at: Instant): Refusal | null {
  return refuseFaults([...spanFaults(plan, at), ...breakFaults(plan)]);
}

function* spanFaults({ start, end }: Span, at: Instant): Generator<InputFault> {
  if (end <= start) yield fault("end", "Must be after the start");
  else if (end - start > SHIFT_MAX_MS) yield fault("end", "A shift is at most 24 hours long");
  else if (end - start < SHIFT_MIN_MS) yield fault("end", "A shift is at least a minute long");
  else if (end <= at) yield fault("end", "Must not be over already");
}

function* breakFaults({ start, end, breaks }: Omit<ShiftPlan, "timezone">): Generator<InputFault> {
  if (breaks.length > BREAKS_MAX) {
    yield fault("breaks", `A shift has at most ${BREAKS_MAX} breaks`);
    return;
  }
  for (const [index, each] of breaks.entries()) {
    const path = `breaks.${index}`;
    yield* breakFault(each, { start, end }, path);
    if (breaks.slice(0, index).some((earlier) => doOverlap(earlier, each))) {
      yield fault(path, "Overlaps a break that stands before it");
    }
  }
}

/** What is wrong with one break of a shift. */
export function* breakFault(
  { start, end }: Span,
  within: Span,
  path: string,
): Generator<InputFault> {
  const at = (name: string): string => path === "" ? name : `${path}.${name}`;
  if (end <= start) yield fault(at("end"), "Must be after the start");
  else if (end - start < BREAK_MIN_MS) yield fault(at("end"), "A break is at least a minute long");
  if (start < within.start) yield fault(at("start"), "Must not be before the shift starts");
  if (end > within.end) yield fault(at("end"), "Must not be after the shift ends");
}

export function fault(path: string, message: string): InputFault {
  return { path, code: "custom", message };
}

/** Refuses where there are faults. */
export function refuseFaults(errors: readonly InputFault[]): Refusal | null {
  return errors.length === 0 ? null : invalidInput(errors);
}

/** Refuses a time that another shift of the agent takes up; null where there is none. */
export function refuseOverlap(
  agentName: string,
  span: Span,
  others: readonly Shift[],
): Refusal | null {
  for (const other of others) {
    const taken = occupied(other);
    if (taken === null || !doOverlap(span, taken)) continue;
    const when = `from ${iso(taken.start)} to ${iso(taken.end)}`;
    return refuse("shift_overlap", `${agentName} has a shift ${when}.`);
  }
  return null;
}

/**
 * Refuses with `forbidden` what no agent may do by itself: to give a shift that has begun another
 * start, or one that is over its plan another end, and so to look as if it had kept to it. What lies
 * ahead it may change.
 */
export function refuseRewriting(
  { shift, agent }: Duty,
  { start, end }: Span,
  at: Instant,
): Refusal | null {
  // To put off what has begun is refused to everybody.
  if (shift.status !== "in-progress" || start > at) return null;
  const movesStart = start !== shift.start;
  const movesEnd = end !== shift.end && shift.end <= at;
  if (!movesStart && !movesEnd) return null;
  const edge = movesStart ? "started" : "passed its end";
  const detail = `${agent.name}'s shift has ${edge}: only a supervisor changes when it was to.`;
  return refuse("forbidden", detail);
}

/** What of a shift is planned anew; breaks that are not named stay. */
export interface Replanning extends Span {
  readonly timezone: string;
  readonly breaks?: readonly NewBreak[] | undefined;
}

/**
 * The shift with another plan. Of the breaks stay those that were taken, those that are named again
 * and, where none are named, all. Overtime ends with the plan that it was over. Refuses with
 * `invalid_input` what is no plan, with `shift_active` to put off what has begun, and with `conflict`
 * where a break that stays would not fit.
 */
export function replan(
  { shift, agent }: Duty,
  { start, end, timezone, breaks: named }: Replanning,
  at: Instant,
): ShiftHappening | Refusal {
  const fresh = (named ?? []).filter((plan) =>
    !shift.breaks.some((each) => isAsPlanned(each, plan, at))
  );
  const refusal = refusePlan({ start, end, breaks: named ?? [] }, at);
  if (refusal !== null) return refusal;
  // One that was begun early keeps the start that was planned. None that has begun gets a later one
  // than it had: it would last longer than its plan, and the time it took up would not be found.
  if (shift.startedAt !== null && start > Math.max(shift.start, shift.startedAt)) {
    const begun = `${agent.name}'s shift has started: it can end at another time`;
    return refuse("shift_active", `${begun}, and another one can be scheduled.`);
  }
  const kept = shift.breaks.filter((each) =>
    each.status !== "scheduled" || named === undefined ||
    named.some((plan) => isAsPlanned(each, plan, at))
  );
  const misfit = kept.find((each) => {
    const time = breakTime(each);
    if (time === null) return false;
    const isOutside = each.status === "scheduled" && (each.start < start || each.end > end);
    return isOutside || fresh.some((plan) => doOverlap(plan, time));
  });
  if (misfit !== undefined) {
    const detail = `The break at ${iso(misfit.start)} does not fit: cancel it, or name all breaks.`;
    return refuse("conflict", detail);
  }
  const breaks = inOrder([...kept, ...fresh.map((plan) => newBreak(plan, at))]);
  if (breaks.length > BREAKS_MAX) {
    return refuse("conflict", `A shift has at most ${BREAKS_MAX} breaks.`);
  }
  const { overtime: _, ...rest } = shift;
  const told = stillTold(shift, { start, end }, at);
  const changed: Shift = { ...rest, start, end, timezone, breaks, told };
  return { kind: "changed", at, shift: changed, agent };
}

/**
 * What need not be told of the shift with these times: what was told of another time is told again,
 * and what made no sense to tell may make some now.
 */
function stillTold(shift: Shift, { start, end }: Span, at: Instant): ShiftNotice[] {
  const was = shift.told.filter((notice) =>
    notice === "starting"
      ? shift.start === start
      : shift.end === end && end - ENDING_BEFORE_MS[notice] <= at
  );
  return [...new Set([...was, ...needless({ start, end }, at)])];
}

/** A break that was cancelled is planned anew when it is named again, unless it would be over. */
function isAsPlanned(each: Break, plan: BreakPlan, at: Instant): boolean {
  const stands = each.status !== "cancelled" || plan.end <= at;
  return stands && each.type === plan.type && each.start === plan.start && each.end === plan.end;
}
