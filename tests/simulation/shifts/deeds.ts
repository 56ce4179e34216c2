import type { Actor } from "../../../domain/rules/actor.ts";
import type { AgentStatus } from "../../../domain/rules/agent.ts";
import { isRefusal, type Refusal } from "../../../domain/rules/refusal.ts";
import type { BreakPlan, Shift, Span } from "../../../domain/rules/shift.ts";
import type { PatternPlan } from "../../../domain/rules/shift_pattern.ts";
import type { Instant } from "../../../domain/rules/time.ts";
import { setAgentStatus } from "../../../domain/services/agents.ts";
import type { Desk } from "../../../domain/services/desk.ts";
import {
  addBreak,
  cancelBreak,
  endBreak,
  startBreak,
} from "../../../domain/services/shift_breaks.ts";
import { shiftsStarting } from "../../../domain/services/shift_lists.ts";
import { createPattern, deletePattern } from "../../../domain/services/shift_patterns.ts";
import {
  cancelShift,
  endShift,
  scheduleShift,
  setAgentShift,
  startShift,
} from "../../../domain/services/shifts.ts";
import { editUser } from "../../../domain/services/user_edit.ts";
import type { Worker } from "./cast.ts";
import type { Planned, PlannedBreak, ShiftDeed } from "./diary.ts";

/** A plan as somebody asks for it; null for the breaks that there are. */
export interface Asked extends Span {
  readonly breaks: readonly BreakPlan[] | null;
}

/** What somebody is about to do, before the desk has given ids to any of it. */
export type Attempt =
  | { readonly verb: "schedule" | "set_shift"; readonly asked: Asked }
  | { readonly verb: "start"; readonly end: Instant | null }
  | { readonly verb: "end" | "cancel"; readonly shiftId: string }
  | { readonly verb: "add_break"; readonly shiftId: string; readonly plan: BreakPlan }
  | {
    readonly verb: "start_break" | "end_break" | "cancel_break";
    readonly shiftId: string;
    readonly breakId: string;
  }
  | { readonly verb: "status"; readonly to: AgentStatus }
  | { readonly verb: "prefer"; readonly online: boolean }
  | { readonly verb: "recur"; readonly plan: PatternPlan }
  | { readonly verb: "stop_recurring"; readonly patternId: string }
  | { readonly verb: "deactivate" | "reactivate" };

/** What was done, with the ids that it got, and the refusal where it was refused. */
export interface Outcome {
  readonly deed: ShiftDeed;
  readonly refusal: Refusal | null;
}

/** Does something to an agent's shifts as a route would. */
export async function carryOut(
  desk: Desk,
  actor: Actor,
  { agentId, userId, timezone }: Worker,
  attempt: Attempt,
): Promise<Outcome> {
  switch (attempt.verb) {
    case "schedule": {
      const { verb, asked } = attempt;
      const request = { start: asked.start, end: asked.end, timezone, ...breaksIn(asked) };
      const shift = await scheduleShift(desk, actor, agentId, request);
      return outcome(shift, (made) => ({
        verb,
        shiftId: made?.id ?? "",
        plan: plannedOf(asked, made),
      }));
    }
    case "set_shift": {
      const { verb, asked } = attempt;
      const request = { start: asked.start, end: asked.end, timezone, ...breaksIn(asked) };
      const agent = await setAgentShift(desk, actor, agentId, request);
      const shift = isRefusal(agent) ? agent : await shiftAsAsked(desk, agentId, asked);
      return outcome(shift, (made) => ({
        verb,
        shiftId: made?.id ?? "",
        plan: plannedOf(asked, made),
      }));
    }
    case "start": {
      const { verb, end } = attempt;
      const starting = { end: end ?? undefined, timezone: undefined };
      const shift = await startShift(desk, actor, agentId, starting);
      return outcome(shift, (made) => ({ verb, shiftId: made?.id ?? "", end }));
    }
    case "end":
      return outcome(await endShift(desk, actor, refOf(attempt, agentId)), () => attempt);
    case "cancel":
      return outcome(await cancelShift(desk, actor, refOf(attempt, agentId)), () => attempt);
    case "add_break": {
      const { verb, shiftId, plan } = attempt;
      const planned = { ...plan, id: desk.store.newId() };
      const shift = await addBreak(desk, actor, refOf(attempt, agentId), planned);
      return outcome(shift, (made) => ({
        verb,
        shiftId,
        planned: made === null ? { ...planned, id: "" } : planned,
      }));
    }
    case "start_break":
    case "end_break":
    case "cancel_break": {
      const verb = { start_break: startBreak, end_break: endBreak, cancel_break: cancelBreak };
      const ref = refOf(attempt, agentId);
      const shift = await verb[attempt.verb](desk, actor, ref, attempt.breakId);
      return outcome(shift, () => attempt);
    }
    case "status": {
      const changes = { status: attempt.to };
      return outcome(await setAgentStatus(desk, actor, agentId, changes), () => attempt);
    }
    case "prefer": {
      const changes = { onlineAtShiftStart: attempt.online };
      return outcome(await setAgentStatus(desk, actor, agentId, changes), () => attempt);
    }
    case "recur": {
      const { verb, plan } = attempt;
      const pattern = await createPattern(desk, actor, plan);
      return outcome(pattern, (made) => ({ verb, patternId: made?.id ?? "", plan }));
    }
    case "stop_recurring": {
      const pattern = { id: attempt.patternId, agentId };
      return outcome(await deletePattern(desk, actor, pattern), () => attempt);
    }
    case "deactivate":
    case "reactivate": {
      const changes = { active: attempt.verb === "reactivate" };
      return outcome(await editUser(desk, actor, userId, changes), () => attempt);
    }
  }
}

function outcome<T extends object>(
  result: T | Refusal,
  deedOf: (made: T | null) => ShiftDeed,
): Outcome {
  return isRefusal(result)
    ? { deed: deedOf(null), refusal: result }
    : { deed: deedOf(result), refusal: null };
}

function refOf(
  { shiftId }: { readonly shiftId: string },
  agentId: string,
): Pick<Shift, "id" | "agentId"> {
  return { id: shiftId, agentId };
}

function breaksIn({ breaks }: Asked): { readonly breaks?: readonly BreakPlan[] } {
  return breaks === null ? {} : { breaks };
}

/** The plan with the ids that the desk gave its breaks. */
function plannedOf({ start, end, breaks }: Asked, shift: Shift | null): Planned {
  if (breaks === null) return { start, end, breaks };
  const named = breaks.map((plan): PlannedBreak => ({ ...plan, id: idIn(shift, plan) }));
  return { start, end, breaks: named };
}

function idIn(shift: Shift | null, plan: BreakPlan): string {
  if (shift === null) return "";
  const same = shift.breaks.filter(({ type, start, end }) =>
    type === plan.type && start === plan.start && end === plan.end
  );
  // Where one like it had come to nothing, that which was made last was planned anew.
  const found = same.find(({ status }) => status !== "cancelled") ??
    same.toSorted((a, b) => a.id < b.id ? -1 : 1).at(-1);
  if (found === undefined) throw new Error(`Cannot find the break at ${plan.start} in ${shift.id}`);
  return found.id;
}

/** The shift that has just got these times. */
async function shiftAsAsked(
  { store }: Desk,
  agentId: string,
  { start, end }: Span,
): Promise<Shift> {
  const rows = await shiftsStarting(store, agentId, { start, end: start + 1 }, 10);
  const [found] = rows.filter((row) => row.end === end)
    .toSorted((a, b) => b.updatedAt - a.updatedAt || rank(a) - rank(b));
  if (found === undefined) throw new Error(`Cannot find the shift of ${agentId} at ${start}`);
  return found;
}

function rank({ status }: Shift): number {
  return status === "in-progress" ? 0 : status === "scheduled" ? 1 : 2;
}
