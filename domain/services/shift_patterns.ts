import type { Actor } from "../rules/actor.ts";
import { isActiveAgent, unavailable } from "../rules/agent.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import type { Shift } from "../rules/shift.ts";
import { cancel, type ShiftHappening } from "../rules/shift_edges.ts";
import {
  doPatternsOverlap,
  newPattern,
  type PatternPlan,
  refusePattern,
  type ShiftPattern,
  unroll,
  UNROLLED_DAYS,
} from "../rules/shift_pattern.ts";
import { DAY_MS } from "../rules/time.ts";
import { OWN_CHECKS_MAX } from "../store/draft.ts";
import { keys } from "../store/keys.ts";
import { type Page, readPage } from "../store/page.ts";
import { shiftPatterns } from "../store/shift_kinds.ts";
import { read, readList, readVersioned, type Versioned, withoutRiders } from "../store/store.ts";
import type { Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { changeShifts, type ShiftDecision } from "./shift_change.ts";
import type { ShiftCourse } from "./shift_course.ts";
import { shiftsStarting } from "./shift_lists.ts";
import { refuseOthers } from "./shift_verb.ts";
import { decideSchedule } from "./shifts.ts";

/** So many patterns an agent may have. */
export const PATTERNS_MAX = 20;

/**
 * Makes a recurring pattern, and the shifts of the next two weeks with it: about 3 checks and up to
 * 80 writes. Refuses with `forbidden`, `not_found`, `agent_unavailable`, `invalid_input`, `conflict`
 * where an agent has too many, and `shift_overlap` over another pattern or shift.
 */
export function createPattern(
  desk: Desk,
  actor: Actor,
  plan: PatternPlan,
): Promise<ShiftPattern | Refusal> {
  return changeShifts(desk, plan.agentId, async (tx, course) => {
    const { agent, at } = course;
    const refusal = refuseOthers(actor, agent.id) ?? refusePattern(plan);
    if (refusal !== null) return refusal;
    if (!isActiveAgent(agent)) return unavailable(agent);
    const others = await patternsOf(desk, agent.id);
    if (others.length >= PATTERNS_MAX) {
      return refuse("conflict", `${agent.name} has ${PATTERNS_MAX} recurring patterns already.`);
    }
    if (others.some((other) => isOn(other) && doPatternsOverlap(other, plan, at))) {
      return refuse("shift_overlap", `${agent.name} has another recurring pattern at this time.`);
    }
    const made = newPattern(plan, desk.store.newId(), at);
    const { pattern, shifts } = unroll(made, at);
    const happened: ShiftHappening[] = [];
    for (const shift of shifts) {
      const request = { ...shift, timezone: plan.timezone };
      const scheduled = await decideSchedule(desk, course, request, pattern.id);
      if (isRefusal(scheduled)) return scheduled;
      happened.push(scheduled);
    }
    tx.add(shiftPatterns, pattern);
    // The agent is written also where there are no shifts yet: of two patterns at once one waits.
    return { happened, agent: { ...agent }, answer: () => pattern };
  });
}

export async function findPattern(
  { store }: Desk,
  id: string,
): Promise<Versioned<ShiftPattern> | Refusal> {
  const found = await readVersioned(store, shiftPatterns, keys.shiftPattern(id));
  return found !== null && isOn(found.record) ? found : notFound("shift pattern");
}

/** The patterns of one agent, or of all, in the order in which they were made. */
export function listPatterns(
  { store }: Desk,
  agentId: string | undefined,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<ShiftPattern>> {
  const prefix = agentId === undefined ? ["shift_pattern"] : keys.shiftPatternByAgent(agentId);
  return readPage<ShiftPattern>(store, prefix, {
    place: page.after,
    limit: page.limit,
    reverse: false,
    keeps: isOn,
  });
}

function isOn({ deletedAt }: ShiftPattern): boolean {
  return deletedAt === undefined;
}

async function patternsOf({ store }: Desk, agentId: string): Promise<ShiftPattern[]> {
  // Those that are being taken away stand there too.
  const limit = 2 * PATTERNS_MAX;
  const rows = await readList<ShiftPattern>(store, keys.shiftPatternByAgent(agentId), { limit });
  return rows.map(({ value }) => value);
}

/**
 * Ends a pattern from now on, and cancels its scheduled shifts, a few in each transaction: what is
 * cut off goes on with the next rollover. Refuses with `forbidden` and `not_found`.
 */
export async function deletePattern(
  desk: Desk,
  actor: Actor,
  { id, agentId }: Pick<ShiftPattern, "id" | "agentId">,
): Promise<ShiftPattern | Refusal> {
  const deleted = await changeShifts(desk, agentId, async (tx, { agent, at }) => {
    const pattern = await tx.get(shiftPatterns, keys.shiftPattern(id));
    if (pattern === null || !isOn(pattern)) return notFound("shift pattern");
    const refusal = refuseOthers(actor, agentId);
    if (refusal !== null) return refusal;
    const ended: ShiftPattern = { ...pattern, deletedAt: at, nextAt: at, updatedAt: at };
    tx.put(shiftPatterns, ended);
    return { happened: [], agent: { ...agent }, answer: () => ended };
  });
  if (!isRefusal(deleted)) await unrollPattern(desk, id);
  return deleted;
}

/** A pattern has no more shifts ahead than this many turns cancel. */
const TURNS_MAX = 2 * UNROLLED_DAYS;

/**
 * Makes the shifts of a pattern that have come near, or cancels those of one that was deleted: how
 * many. One transaction of up to 4 checks and 80 writes, several of up to 8 checks to cancel. The
 * pattern says in the same commit how far it has come, so that however often and by how many this is
 * done each shift is made once. What overlaps another shift by now is left out.
 */
export async function unrollPattern(desk: Desk, id: string): Promise<number> {
  const store = withoutRiders(desk.store);
  const own = { ...desk, store };
  let count = 0;
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const pattern = await read(store, shiftPatterns, keys.shiftPattern(id));
    if (pattern === null) break;
    const done = await changeShifts(
      own,
      pattern.agentId,
      (tx, course) => takeTurn(own, tx, course, id),
    );
    // Where the store is too busy now, the next rollover goes on.
    if (isRefusal(done)) break;
    count += done.count;
    if (done.isAll) break;
  }
  return count;
}

interface Turn {
  readonly count: number;
  readonly isAll: boolean;
}

async function takeTurn(
  desk: Desk,
  tx: Transaction,
  course: ShiftCourse,
  id: string,
): Promise<ShiftDecision<Turn>> {
  const pattern = await tx.get(shiftPatterns, keys.shiftPattern(id));
  const isDue = pattern?.nextAt !== null && (pattern?.nextAt ?? Infinity) <= course.at;
  if (pattern === null || !isDue) return turn([], true);
  if (!isOn(pattern)) return await takeAway(desk, tx, course, pattern);
  const { at, agent } = course;
  if (!isActiveAgent(agent)) {
    // It may be hired again.
    tx.put(shiftPatterns, { ...pattern, nextAt: at + DAY_MS });
    return turn([], true);
  }
  const unrolled = unroll(pattern, at);
  const happened: ShiftHappening[] = [];
  for (const shift of unrolled.shifts) {
    const request = { ...shift, timezone: pattern.timezone };
    const scheduled = await decideSchedule(desk, course, request, id);
    if (!isRefusal(scheduled)) happened.push(scheduled);
  }
  tx.put(shiftPatterns, unrolled.pattern);
  return turn(happened, true);
}

/** Each is a check, beside the pattern, the agent, its departure, and two shifts that may be due. */
const CANCELLED_AT_ONCE = OWN_CHECKS_MAX - 5;

async function takeAway(
  { store }: Desk,
  tx: Transaction,
  course: ShiftCourse,
  pattern: ShiftPattern,
): Promise<ShiftDecision<Turn>> {
  const { at } = course;
  const span = { start: at, end: at + 2 * UNROLLED_DAYS * DAY_MS };
  const rows = await shiftsStarting(store, pattern.agentId, span, AHEAD_READ_MAX);
  const left = rows.filter(({ status, patternId }) =>
    status === "scheduled" && patternId === pattern.id
  );
  const happened: ShiftHappening[] = [];
  for (const { id } of left.slice(0, CANCELLED_AT_ONCE)) {
    const shift: Shift | null = await course.shift(id);
    if (shift?.status !== "scheduled") continue;
    happened.push(cancel({ shift, agent: course.agent }, at));
  }
  const isAll = left.length <= CANCELLED_AT_ONCE;
  if (isAll) tx.remove(shiftPatterns, pattern);
  return turn(happened, isAll);
}

/** Of two weeks, with shifts of a minute each. */
const AHEAD_READ_MAX = 10_000;

function turn(happened: readonly ShiftHappening[], isAll: boolean): ShiftDecision<Turn> {
  return { happened, answer: () => ({ count: happened.length, isAll }) };
}
