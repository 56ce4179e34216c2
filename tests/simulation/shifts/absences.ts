import { type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import type { Replayed } from "./compare.ts";
import type { ModelAbsence } from "./model_result.ts";

/** The desk's own, where nobody has configured another one. */
const GRACE_MS = 10 * MINUTE_MS;

/** That an agent was away for so long that what it had not started was to be taken from it. */
export interface Departed {
  readonly agentId: string;
  readonly wentAt: Instant;
  readonly dueAt: Instant;
  /** Until then it has been done: the first rollover that was not cut off. */
  readonly doneAt: Instant;
  /** It was deactivated just when its departure was due, or before that was seen to. */
  readonly isVague: boolean;
}

/** Every departure of the agents that came due, in the order of time for each. */
export function departuresOf(
  replayed: readonly Replayed[],
  ranAt: readonly Instant[],
): Departed[] {
  return replayed.flatMap(({ diary: { agentId }, model }) =>
    model.absences.flatMap((absence): Departed[] => {
      const { wentAt, deactivatedAt } = absence;
      const dueAt = wentAt + GRACE_MS;
      const doneAt = firstFrom(ranAt, dueAt);
      if (doneAt === null || !isGone(absence, dueAt)) return [];
      if (deactivatedAt !== null && deactivatedAt < dueAt) return [];
      const isVague = deactivatedAt !== null && deactivatedAt <= doneAt;
      return [{ agentId, wentAt, dueAt, doneAt, isVague }];
    })
  );
}

/** Whoever comes when it is due is too late. */
function isGone({ cameAt }: ModelAbsence, dueAt: Instant): boolean {
  return cameAt === null || cameAt >= dueAt;
}

/** The first of these instants, which are in order, from one on. */
function firstFrom(instants: readonly Instant[], from: Instant): Instant | null {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return instants[low] ?? null;
}

/** Those of one agent that somebody could not tell apart: before one was seen to the next began. */
export function together(departures: readonly Departed[]): Departed[][] {
  const groups: Departed[][] = [];
  for (const departed of departures) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    const joins = before !== undefined && before.agentId === departed.agentId &&
      departed.wentAt <= before.doneAt;
    if (joins) last?.push(departed);
    else groups.push([departed]);
  }
  return groups;
}
