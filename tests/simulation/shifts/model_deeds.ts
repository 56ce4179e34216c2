import type { AgentStatus } from "../../../domain/rules/agent.ts";
import type { RefusalCode } from "../../../domain/rules/refusal.ts";
import type { ShiftDeed, ShiftEntry } from "./diary.ts";
import type { Life } from "./model_life.ts";
import { cancelPattern, makePattern } from "./model_pattern.ts";
import { addBreak, isPlan, isTaken, makeShift, replan, schedule } from "./model_plan.ts";
import { HOUR, type LivedBreak, type LivedShift, MINUTE, shareTime } from "./model_shift.ts";

type Answer = "granted" | RefusalCode;

/** Does what somebody tried, where it can be done; what the desk should have answered. */
export function perform(life: Life, { deed, place, by }: ShiftEntry): Answer {
  switch (deed.verb) {
    case "schedule":
      return schedule(life, named(deed, place), withIds(deed.plan, place));
    case "set_shift":
      return setShift(life, named(deed, place), withIds(deed.plan, place), by);
    case "start":
      return start(life, named(deed, place), deed.end);
    case "recur":
      return makePattern(life, deed.patternId || `pattern ${place}`, deed.plan);
    case "stop_recurring":
      return cancelPattern(life, deed.patternId);
    case "status":
      return setStatus(life, deed.to);
    case "prefer":
      life.comesAtShiftStart = deed.online;
      return "granted";
    case "deactivate":
      life.deactivate();
      return "granted";
    case "reactivate":
      life.isActive = true;
      return "granted";
    default:
      return performOn(life, deed, { place, by });
  }
}

/** What the desk refused has got no id of it. */
function named({ shiftId }: { readonly shiftId: string }, place: number): Identity {
  return { id: shiftId || `shift ${place}`, patternId: null };
}

interface Identity {
  readonly id: string;
  readonly patternId: null;
}

function withIds(plan: Planned, place: number): Planned {
  const breaks = plan.breaks?.map((each, index) => ({
    ...each,
    id: each.id || `break ${place} ${index}`,
  }));
  return { ...plan, breaks: breaks ?? null };
}

type Planned = (ShiftDeed & { verb: "schedule" })["plan"];

function setShift(
  life: Life,
  identity: Identity,
  plan: Planned,
  by: ShiftEntry["by"],
): Answer {
  if (!life.isActive) return "agent_unavailable";
  const shift = life.current ?? life.scheduled[0];
  if (shift === undefined) return schedule(life, identity, plan);
  if (by === "agent" && rewrites(shift, plan, life.now)) return "forbidden";
  return replan(life, shift, plan, by);
}

/** Whether this changes when a shift was to have begun, or to have ended, and not what lies ahead. */
function rewrites(shift: LivedShift, { start, end }: Planned, now: number): boolean {
  // To put off what has begun is refused to everybody.
  if (shift.status !== "in-progress" || start > now) return false;
  return start !== shift.start || (end !== shift.end && shift.end <= now);
}

function start(life: Life, identity: Identity, asked: number | null): Answer {
  const { now } = life;
  if (!life.isActive) return "agent_unavailable";
  if (life.current !== null) return "shift_active";
  const [next] = life.scheduled;
  if (next !== undefined && next.start - now <= 60 * MINUTE) {
    const { start } = next;
    const plan = { start, end: asked ?? next.end, breaks: null };
    const answer = replan(life, next, plan, "supervisor");
    if (answer === "granted") begin(life, next);
    return answer;
  }
  // Eight hours, or less where another shift is to begin before.
  const end = asked ?? Math.min(now + 8 * HOUR, next?.start ?? Infinity);
  const plan = { start: now, end, breaks: [] };
  if (!isPlan(plan, now)) return "invalid_input";
  if (isTaken(life, plan, null)) return "shift_overlap";
  begin(life, makeShift(life, identity, plan));
  return "granted";
}

function begin(life: Life, shift: LivedShift): void {
  if (life.status === "offline") life.become("online");
  life.startShift(shift);
}

function setStatus(life: Life, to: AgentStatus): Answer {
  const { current, now, lastEnded: last } = life;
  if (!life.isActive) return to === "offline" ? "granted" : "agent_unavailable";
  if (current === null) {
    const comes = life.status === "offline" && to !== "offline";
    life.become(to);
    // Only what has ended at its planned end goes on, and not for more than a day in all.
    const goesOn = last !== null && last.endedAt === last.end && now - last.end <= 60 * MINUTE &&
      now < last.overtimeEndsAt;
    if (comes && goesOn) life.resumeShift(last);
    return "granted";
  }
  if (current.running !== undefined && to === "busy") {
    life.statusAfterBreak = "busy";
    return "granted";
  }
  life.endBreak();
  if (to === "offline" && current.overtime) life.endShift(current);
  else life.become(to);
  return "granted";
}

type DeedOnShift = ShiftDeed & {
  verb: "end" | "cancel" | "add_break" | "start_break" | "end_break" | "cancel_break";
};

function performOn(
  life: Life,
  deed: DeedOnShift,
  { place, by }: Pick<ShiftEntry, "place" | "by">,
): Answer {
  const shift = life.shifts.find(({ id }) => id === deed.shiftId);
  if (shift === undefined) return "not_found";
  switch (deed.verb) {
    case "end":
      if (shift.status !== "in-progress") return "invalid_transition";
      life.endShift(shift);
      return "granted";
    case "cancel":
      if (shift.status !== "scheduled") return "invalid_transition";
      life.cancelShift(shift);
      return "granted";
    case "add_break": {
      const { planned } = deed;
      return addBreak(life, shift, { ...planned, id: planned.id || `break ${place}` }, by);
    }
    default: {
      const each = shift.breaks.find(({ id }) => id === deed.breakId);
      return each === undefined ? "not_found" : performOnBreak(life, deed.verb, shift, each);
    }
  }
}

function performOnBreak(
  life: Life,
  verb: "start_break" | "end_break" | "cancel_break",
  shift: LivedShift,
  each: LivedBreak,
): Answer {
  if (verb === "end_break") {
    if (each.status !== "in-progress") return "invalid_transition";
    life.endBreak();
    return "granted";
  }
  const isReady = verb === "cancel_break" || shift.status === "in-progress";
  if (!isReady || each.status !== "scheduled") return "invalid_transition";
  if (verb === "cancel_break") {
    each.status = "cancelled";
    return "granted";
  }
  if (life.status === "offline") return "agent_unavailable";
  const time = { start: life.now, end: each.endsAt(life.now) };
  const goesInto = shift.breaks.some((other) => other !== each && shareTime(time, other.taken));
  if (shift.running !== undefined || goesInto) return "conflict";
  life.startBreak(shift, each);
  return "granted";
}
