import type { Agent } from "../rules/agent.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import type { ShiftHappening } from "../rules/shift_edges.ts";
import { OWN_CHECKS_MAX } from "../store/draft.ts";
import { keys } from "../store/keys.ts";
import { agents } from "../store/kinds.ts";
import { withoutRiders } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { tellAgent } from "./agent_events.ts";
import type { Desk } from "./desk.ts";
import { ShiftCourse } from "./shift_course.ts";

/** What a verb decided about an agent and its shifts. */
export interface ShiftDecision<T> {
  readonly happened: readonly ShiftHappening[];
  /** The agent, where it changes though nothing happens to a shift of it. */
  readonly agent?: Agent;
  /** Whether everybody is told that the agent is another one, whatever changed. */
  readonly tellsAgent?: true;
  /** What the verb answers, once all has happened. */
  answer(course: ShiftCourse): T;
}

/** Each is a check, of which a verb has enough of its own. */
const DUE_BY_THE_WAY = 1;
/** Beside the agent, its current shift and its departure. */
const DUE_AT_ONCE = OWN_CHECKS_MAX - 3;
/** Of an agent whose shifts nobody looked after for long. */
const ROUNDS_MAX = 10_000;

const BEHIND = refuse("unavailable", "The agent's shifts are being brought up to date; try again.");

/**
 * Changes an agent and its shifts in one transaction: first happens what has become due by now, each
 * thing as of its own instant, then what `decide` says, then what has become due by that. Up to 4
 * checks beside those of `decide`, and about 6 writes for a shift. Refuses with `not_found` where
 * there is no such agent.
 */
export async function changeShifts<T>(
  desk: Desk,
  agentId: string,
  decide: (tx: Transaction, course: ShiftCourse) => Promise<ShiftDecision<T> | Refusal>,
): Promise<T | Refusal> {
  for (let round = 0; round < 2; round++) {
    const outcome = await transact(desk.store, async (tx) => {
      const course = await readCourse(desk, tx, agentId);
      if (isRefusal(course)) return course;
      if (!await course.catchUp(DUE_BY_THE_WAY)) return BEHIND;
      const decision = await decide(tx, course);
      if (isRefusal(decision)) return decision;
      course.decide(decision.happened, decision.agent);
      await commit(tx, course, decision.tellsAgent);
      return decision.answer(course);
    });
    if (outcome !== BEHIND) return outcome;
    const caughtUp = await catchUpShifts(desk, agentId);
    if (isRefusal(caughtUp)) return caughtUp;
  }
  return BEHIND;
}

/**
 * Lets all happen that has become due on an agent's shifts; how many things that were. One
 * transaction of up to 8 checks, several where many shifts are overdue; nothing is written where
 * nothing is due.
 */
export async function catchUpShifts(desk: Desk, agentId: string): Promise<number | Refusal> {
  const store = withoutRiders(desk.store);
  let count = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const outcome = await transact(store, async (tx) => {
      const course = await readCourse({ ...desk, store }, tx, agentId);
      if (isRefusal(course)) return course;
      const isDone = await course.catchUp(DUE_AT_ONCE);
      await commit(tx, course);
      return { count: course.count, isDone };
    });
    if (isRefusal(outcome)) return outcome;
    count += outcome.count;
    if (outcome.isDone) break;
  }
  return count;
}

/**
 * The same of the agent that a user is, before it comes or goes for good: its shifts begin and end as
 * they were due while it still was, or was not, there. One read where it is none.
 */
export async function catchUpShiftsOf(desk: Desk, userId: string): Promise<void> {
  const { value: agentId } = await desk.store.reader.get<string>(keys.agentByUser(userId));
  // What cannot be written now is still due afterwards.
  if (agentId !== null) await catchUpShifts(desk, agentId);
}

async function readCourse(
  desk: Desk,
  tx: Transaction,
  agentId: string,
): Promise<ShiftCourse | Refusal> {
  const agent = await tx.get(agents, keys.agent(agentId));
  return agent === null ? notFound("agent") : new ShiftCourse(desk, tx, agent);
}

async function commit(tx: Transaction, course: ShiftCourse, tells?: true): Promise<void> {
  await course.commit();
  if (tells === true || course.hasMoved) tellAgent(tx, course.agent);
}
