import { type Actor, may } from "../rules/actor.ts";
import { type Agent, isActiveAgent, unavailable } from "../rules/agent.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import {
  type BreakPlan,
  type NewBreak,
  newShift,
  occupied,
  SCHEDULED_MAX,
  type Shift,
  SHIFT_MAX_MS,
  type Span,
} from "../rules/shift.ts";
import type { ShiftHappening } from "../rules/shift_edges.ts";
import { refusePlan, refuseRewriting, replan } from "../rules/shift_plan.ts";
import {
  cancelShift as decideCancelling,
  endShift as decideEnd,
  type Starting,
  startShift as decideStart,
} from "../rules/shift_verbs.ts";
import { keys } from "../store/keys.ts";
import { shifts } from "../store/shift_kinds.ts";
import { readVersioned, type Versioned } from "../store/store.ts";
import type { Desk } from "./desk.ts";
import { changeShifts } from "./shift_change.ts";
import type { ShiftCourse } from "./shift_course.ts";
import {
  aboutShift,
  changeShift,
  plannedBy,
  refuseOthers,
  refuseTaken,
  type ShiftRef,
  shiftsAround,
} from "./shift_verb.ts";

/** What is asked for of a shift. */
export interface ShiftRequest extends Span {
  readonly timezone: string;
  readonly breaks?: readonly BreakPlan[] | undefined;
}

export async function findShift({ store }: Desk, id: string): Promise<Versioned<Shift> | Refusal> {
  return await readVersioned(store, shifts, keys.shift(id)) ?? notFound("shift");
}

/**
 * Starts a shift by hand: the agent's next one where that is near, else a new one. Of two at once one
 * wins. Up to 6 checks and 20 writes. Refuses with `forbidden`, `not_found`, `agent_unavailable`,
 * `shift_active`, `shift_overlap`, `invalid_input`, and `conflict` where its breaks do not fit.
 */
export function startShift(
  desk: Desk,
  actor: Actor,
  agentId: string,
  starting: Starting,
): Promise<Shift | Refusal> {
  return changeShifts(desk, agentId, async (_tx, course) => {
    const refusal = refuseOthers(actor, agentId);
    if (refusal !== null) return refusal;
    const { agent, at } = course;
    const around = await shiftsAround(desk, course, { start: at, end: at + 2 * SHIFT_MAX_MS });
    if (isRefusal(around)) return around;
    const scheduled = around.filter(({ status }) => status === "scheduled");
    // What may be started is read with a check, as all that is written.
    if (scheduled[0] !== undefined) await course.shift(scheduled[0].id);
    const made = { id: desk.store.newId(), timezone: desk.config.timezone };
    const started = decideStart(agent, scheduled, starting, made, at);
    return isRefusal(started) ? started : aboutShift(started.shift.id, [started]);
  });
}

/**
 * Schedules a shift; one that should have begun begins now. Up to 5 checks and 20 writes. Refuses as
 * `startShift` does, but never with `shift_active`, and with `conflict` for too many scheduled.
 */
export function scheduleShift(
  desk: Desk,
  actor: Actor,
  agentId: string,
  request: ShiftRequest,
): Promise<Shift | Refusal> {
  return changeShifts(desk, agentId, async (_tx, course) => {
    const refusal = refuseOthers(actor, agentId);
    if (refusal !== null) return refusal;
    const scheduled = await decideSchedule(desk, course, request);
    return isRefusal(scheduled) ? scheduled : aboutShift(scheduled.shift.id, [scheduled]);
  });
}

/**
 * Gives the agent's current shift, else its next one, these times, and schedules one where it has
 * neither. Up to 5 checks and 20 writes. Refuses as `scheduleShift` does, with `shift_active` to put
 * off what has begun, with `forbidden` to an agent by itself what is past of it, and with `conflict`
 * where breaks do not fit.
 */
export function setAgentShift(
  desk: Desk,
  actor: Actor,
  agentId: string,
  request: ShiftRequest,
): Promise<Agent | Refusal> {
  return changeShifts(desk, agentId, async (_tx, course) => {
    const refusal = refuseOthers(actor, agentId);
    if (refusal !== null) return refusal;
    if (!isActiveAgent(course.agent)) return unavailable(course.agent);
    const shift = await course.current() ?? await course.next();
    const planned = shift === null
      ? await decideSchedule(desk, course, request)
      : await decideReplanning(desk, course, shift, { actor, request });
    if (isRefusal(planned)) return planned;
    return { happened: [planned], answer: ({ agent }) => agent };
  });
}

/**
 * Ends a shift by hand; its agent leaves. Up to 5 checks and 20 writes. Refuses with `forbidden`,
 * `not_found` and `invalid_transition`.
 */
export function endShift(desk: Desk, actor: Actor, shift: ShiftRef): Promise<Shift | Refusal> {
  return changeShift(desk, actor, shift, decideEnd);
}

/** Cancels a scheduled shift. Costs and refuses as `endShift` does. */
export function cancelShift(desk: Desk, actor: Actor, shift: ShiftRef): Promise<Shift | Refusal> {
  return changeShift(desk, actor, shift, decideCancelling);
}

/** A new shift, in a time that no other takes up. */
export async function decideSchedule(
  desk: Desk,
  course: ShiftCourse,
  { start, end, timezone, breaks = [] }: ShiftRequest,
  patternId?: string,
): Promise<ShiftHappening | Refusal> {
  const { agent, at } = course;
  if (!isActiveAgent(agent)) return unavailable(agent);
  const plan = { start, end, timezone, breaks: withIds(desk, breaks) };
  const refusal = refusePlan(plan, at);
  if (refusal !== null) return refusal;
  if ((agent.shifts?.scheduled ?? 0) >= SCHEDULED_MAX) {
    return refuse("conflict", `${agent.name} has ${SCHEDULED_MAX} scheduled shifts already.`);
  }
  const id = desk.store.newId();
  const taken = await refuseTaken(desk, course, id, plan);
  if (taken !== null) return taken;
  const origin = patternId === undefined ? {} : { patternId };
  const shift = newShift(plan, { id, agentId: agent.id, ...origin }, at);
  return { kind: "changed", at, shift, agent };
}

async function decideReplanning(
  desk: Desk,
  course: ShiftCourse,
  shift: Shift,
  { actor, request }: { readonly actor: Actor; readonly request: ShiftRequest },
): Promise<ShiftHappening | Refusal> {
  const { agent, at } = course;
  const { breaks, ...times } = request;
  const refusal = may(actor, "change_any_shift")
    ? null
    : refuseRewriting({ shift, agent }, times, at);
  if (refusal !== null) return refusal;
  const fresh = breaks && withIds(desk, breaks)
    .map((each) => ({ ...each, ...plannedBy(actor, at) }));
  const plan = { ...times, breaks: fresh };
  const planned = replan({ shift, agent }, plan, at);
  if (isRefusal(planned)) return planned;
  const span = occupied(planned.shift) ?? planned.shift;
  return await refuseTaken(desk, course, shift.id, span) ?? planned;
}

function withIds(
  { store }: Desk,
  breaks: readonly BreakPlan[],
): NewBreak[] {
  return breaks.map((each) => ({ ...each, id: store.newId() }));
}
