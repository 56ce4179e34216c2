import { type Actor, may } from "../rules/actor.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import { type Break, type Shift, SHIFT_MAX_MS, SHIFT_MIN_MS, type Span } from "../rules/shift.ts";
import type { Duty, ShiftHappening } from "../rules/shift_edges.ts";
import { refuseOverlap } from "../rules/shift_plan.ts";
import { STARTED_EARLY_MAX_MS } from "../rules/shift_verbs.ts";
import type { Instant } from "../rules/time.ts";
import type { Desk } from "./desk.ts";
import { changeShifts, type ShiftDecision } from "./shift_change.ts";
import type { ShiftCourse } from "./shift_course.ts";
import { shiftsStarting } from "./shift_lists.ts";

/** A shift as a path names it. */
export type ShiftRef = Pick<Shift, "id" | "agentId">;

/** Does something to a shift, for whoever may do it to its agent. */
export function changeShift(
  desk: Desk,
  actor: Actor,
  { id, agentId }: ShiftRef,
  decide: (duty: Duty, at: Instant) => ShiftHappening | readonly ShiftHappening[] | Refusal,
): Promise<Shift | Refusal> {
  return changeShifts(desk, agentId, async (_tx, course) => {
    const shift = await course.shift(id);
    if (shift === null) return notFound("shift");
    const refusal = refuseOthers(actor, agentId);
    if (refusal !== null) return refusal;
    const { agent, at } = course;
    const happened = decide({ shift, agent }, at);
    return isRefusal(happened) ? happened : aboutShift(id, [happened].flat());
  });
}

/** A decision that answers with a shift. */
export function aboutShift(
  id: string,
  happened: readonly ShiftHappening[],
): ShiftDecision<Shift> {
  return {
    happened,
    answer(course) {
      const shift = course.known(id);
      if (shift === null) throw new Error(`Cannot answer: nothing happened to shift ${id}`);
      return shift;
    },
  };
}

/** Refuses an agent who would change the shifts of another. */
export function refuseOthers(actor: Actor, agentId: string): Refusal | null {
  if (may(actor, "change_any_shift") || actor.agent?.id === agentId) return null;
  return refuse("forbidden", "Only a supervisor does this for another agent.");
}

/** Since when a break counts as planned: an agent cannot say of itself that it was to be on one. */
export function plannedBy(actor: Actor, at: Instant): Pick<Break, "plannedFrom"> {
  return may(actor, "change_any_shift") ? {} : { plannedFrom: at };
}

/** A day of shifts of a minute each, and those before and behind it that may reach into it. */
const AROUND_READ_MAX = 3 * SHIFT_MAX_MS / SHIFT_MIN_MS;

/** The agent's shifts, as they are by now, that may take up some of this time. One read. */
export async function shiftsAround(
  { store }: Desk,
  course: ShiftCourse,
  span: Span,
): Promise<Shift[] | Refusal> {
  // One that was started early may have been planned for later.
  const range = { start: span.start - SHIFT_MAX_MS, end: span.end + STARTED_EARLY_MAX_MS };
  const rows = await shiftsStarting(store, course.agent.id, range, AROUND_READ_MAX);
  if (rows.length < AROUND_READ_MAX) return rows.map((row) => course.known(row.id) ?? row);
  return refuse("conflict", "There are too many shifts in this time.");
}

/** Refuses a time that another shift than this one takes up. */
export async function refuseTaken(
  desk: Desk,
  course: ShiftCourse,
  id: string,
  span: Span,
): Promise<Refusal | null> {
  const around = await shiftsAround(desk, course, span);
  if (isRefusal(around)) return around;
  const others = around.filter((shift) => shift.id !== id);
  return refuseOverlap(course.agent.name, span, others);
}
