import type { Actor } from "../rules/actor.ts";
import { notFound, type Refusal } from "../rules/refusal.ts";
import type { Break, BreakPlan, Shift } from "../rules/shift.ts";
import {
  addBreak as decideAdding,
  cancelBreak as decideCancelling,
  endBreak as decideEnd,
  startBreak as decideStart,
} from "../rules/shift_breaks.ts";
import type { Duty, ShiftHappening } from "../rules/shift_edges.ts";
import type { Instant } from "../rules/time.ts";
import type { Desk } from "./desk.ts";
import { changeShift, plannedBy, type ShiftRef } from "./shift_verb.ts";

// Each of these is one transaction of up to 5 checks and 12 writes, and refuses with `forbidden`,
// `not_found` and `invalid_transition`.

/**
 * Plans a break with this new id, an agent for itself from now on; refuses with `invalid_input` and
 * `conflict` too.
 */
export function addBreak(
  desk: Desk,
  actor: Actor,
  shift: ShiftRef,
  plan: BreakPlan & { readonly id: string },
): Promise<Shift | Refusal> {
  return changeShift(
    desk,
    actor,
    shift,
    (duty, at) => decideAdding(duty, { ...plan, ...plannedBy(actor, at) }, at),
  );
}

/** Takes a planned break before its time; refuses with `conflict` and `agent_unavailable` too. */
export function startBreak(
  desk: Desk,
  actor: Actor,
  shift: ShiftRef,
  breakId: string,
): Promise<Shift | Refusal> {
  return changeBreak(desk, actor, shift, breakId, decideStart);
}

/** Ends a break before its time. */
export function endBreak(
  desk: Desk,
  actor: Actor,
  shift: ShiftRef,
  breakId: string,
): Promise<Shift | Refusal> {
  return changeBreak(desk, actor, shift, breakId, decideEnd);
}

/** Cancels a planned break. */
export function cancelBreak(
  desk: Desk,
  actor: Actor,
  shift: ShiftRef,
  breakId: string,
): Promise<Shift | Refusal> {
  return changeBreak(desk, actor, shift, breakId, decideCancelling);
}

function changeBreak(
  desk: Desk,
  actor: Actor,
  shift: ShiftRef,
  breakId: string,
  decide: (duty: Duty, each: Break, at: Instant) => ShiftHappening | Refusal,
): Promise<Shift | Refusal> {
  return changeShift(desk, actor, shift, (duty, at) => {
    const found = duty.shift.breaks.find(({ id }) => id === breakId);
    return found === undefined ? notFound("break") : decide(duty, found, at);
  });
}
