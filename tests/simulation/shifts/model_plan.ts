import type { RefusalCode } from "../../../domain/rules/refusal.ts";
import type { BreakPlan, Span } from "../../../domain/rules/shift.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import type { Planned, PlannedBreak, ShiftEntry } from "./diary.ts";
import type { Life } from "./model_life.ts";
import { DAY, LivedBreak, LivedShift, MINUTE, shareTime } from "./model_shift.ts";

const BREAKS_AT_MOST = 20;
const SCHEDULED_AT_MOST = 1_000;

/** Whether a shift may be planned like this at all. */
export function isPlan({ start, end, breaks }: Planned, now: Instant): boolean {
  const isShift = end - start >= MINUTE && end - start <= DAY && end > now;
  return isShift && areBreaks(breaks ?? [], { start, end });
}

function areBreaks(breaks: readonly BreakPlan[], within: Span): boolean {
  return breaks.length <= BREAKS_AT_MOST && breaks.every((each, index) =>
    isBreak(each, within) &&
    breaks.slice(index + 1).every((other) => !shareTime(each, other))
  );
}

/** Whether a break may be planned like this in a shift. */
export function isBreak({ start, end }: Span, within: Span): boolean {
  return end - start >= MINUTE && start >= within.start && end <= within.end;
}

/** Schedules a new shift. */
export function schedule(
  life: Life,
  identity: { readonly id: string; readonly patternId: string | null },
  plan: Planned,
): "granted" | RefusalCode {
  if (!life.isActive) return "agent_unavailable";
  if (!isPlan(plan, life.now)) return "invalid_input";
  if (life.scheduled.length >= SCHEDULED_AT_MOST) return "conflict";
  if (isTaken(life, plan, null)) return "shift_overlap";
  makeShift(life, identity, plan);
  return "granted";
}

/** Makes a shift of what has been found to be a plan. */
export function makeShift(
  life: Life,
  { id, patternId }: { readonly id: string; readonly patternId: string | null },
  plan: Planned,
): LivedShift {
  const shift = new LivedShift(id, patternId, plan, life.now);
  shift.add((plan.breaks ?? []).map((each) => new LivedBreak(each, life.now)));
  life.shifts.push(shift);
  return shift;
}

/** Whether another shift takes up some of this time. */
export function isTaken(life: Life, span: Span, own: LivedShift | null): boolean {
  return life.shifts.some((other) => other !== own && shareTime(span, other.taken));
}

/** Gives a shift that has not ended another plan. */
export function replan(
  life: Life,
  shift: LivedShift,
  plan: Planned,
  by: ShiftEntry["by"],
): "granted" | RefusalCode {
  const { now } = life;
  const { start, end, breaks: named } = plan;
  if (!isPlan(plan, now)) return "invalid_input";
  const hasStarted = shift.status === "in-progress";
  // What has begun is not put off: it began when it was to, or when it did.
  const begun = Math.max(shift.start, shift.startedAt ?? -Infinity);
  if (hasStarted && start > begun) return "shift_active";
  const fresh = (named ?? []).filter((each) =>
    !shift.breaks.some((other) => standsFor(other, each, now))
  );
  // What has begun, or was cancelled, has been; of what is to come stays what is named, if any is.
  const kept = shift.breaks.filter((each) =>
    each.status !== "scheduled" || named === null ||
    named.some((plan) => standsFor(each, plan, now))
  );
  const isMisfit = kept.some((each) =>
    (each.status === "scheduled" && (each.start < start || each.end > end)) ||
    fresh.some((plan) => shareTime(plan, each.taken))
  );
  if (isMisfit || kept.length + fresh.length > BREAKS_AT_MOST) return "conflict";
  if (isTaken(life, { start: shift.startedAt ?? start, end }, shift)) return "shift_overlap";
  shift.plan({ start, end }, now);
  shift.overtime = false;
  shift.breaks = kept;
  shift.add(fresh.map((each) => new LivedBreak(each, now, by)));
  return "granted";
}

/** Whether a break is the one that is named; one that was cancelled is planned anew, unless it is over. */
function standsFor(each: LivedBreak, plan: PlannedBreak, now: Instant): boolean {
  const stands = each.status !== "cancelled" || plan.end <= now;
  return stands && each.type === plan.type && each.start === plan.start && each.end === plan.end;
}

/** Plans another break in a shift. */
export function addBreak(
  life: Life,
  shift: LivedShift,
  planned: PlannedBreak,
  by: ShiftEntry["by"],
): "granted" | RefusalCode {
  if (shift.status !== "scheduled" && shift.status !== "in-progress") return "invalid_transition";
  const room = { start: Math.min(shift.start, shift.startedAt ?? shift.start), end: shift.endsAt };
  if (!isBreak(planned, room) || planned.end <= life.now) return "invalid_input";
  if (shift.breaks.length >= BREAKS_AT_MOST) return "conflict";
  if (shift.breaks.some((other) => shareTime(planned, other.taken))) return "conflict";
  shift.add([new LivedBreak(planned, life.now, by)]);
  return "granted";
}
