import { AGENT_STATUSES } from "../../../domain/rules/agent.ts";
import { MINUTE_MS } from "../../../domain/rules/time.ts";
import { time } from "../shown.ts";
import type { Comparison, Counts, Difference, Replayed } from "./compare.ts";
import { type Observer, SEEN } from "./observer.ts";

/** Of one agent more minutes than this are not told of. */
const TOLD_MAX = 3;

/**
 * Compares what every agent was like in every minute. Whose records were overdue must not have been
 * on duty by them; of all others they must tell what the model does. Whoever was on duty and had
 * room, and nobody else, must have been told of when the desk was asked.
 */
export function compareMinutes(observer: Observer, replayed: readonly Replayed[]): Comparison {
  const counts: Counts = new Map([
    ["agent minutes", 0],
    ["on duty", 0],
    ["overdue", 0],
    ["minutes asked", observer.asked.filter((each) => each === 1).length],
    ["told available", 0],
  ]);
  const differences: Difference[] = [];
  const count = (what: string): unknown => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { diary: { agentId }, model } of replayed) {
    const row = observer.seen.get(agentId) ?? new Uint8Array();
    let found = 0;
    for (const [minute, seen] of row.entries()) {
      const at = observer.beginsAt + minute * MINUTE_MS;
      const expected = model.minute(at);
      const has = (bit: number): boolean => (seen & bit) !== 0;
      const isOverdue = has(SEEN.overdue);
      const isAsked = observer.asked[minute] === 1;
      const { status, onBreak, onDuty, atWork } = expected;
      const desk = {
        ...(isOverdue ? {} : {
          status: AGENT_STATUSES[seen & SEEN.status],
          onBreak: has(SEEN.onBreak),
        }),
        onDuty: has(SEEN.onDuty),
        atWork: has(SEEN.atWork),
        ...(isAsked ? { available: has(SEEN.told) } : {}),
      };
      const wanted = {
        ...(isOverdue ? { onDuty: false, atWork: false } : { status, onBreak, onDuty, atWork }),
        ...(isAsked ? { available: onDuty && has(SEEN.hasRoom) } : {}),
      };
      count("agent minutes");
      if (onDuty) count("on duty");
      if (isOverdue) count("overdue");
      if (has(SEEN.told)) count("told available");
      if (JSON.stringify(desk) === JSON.stringify(wanted)) continue;
      if (found++ >= TOLD_MAX) continue;
      differences.push({ agentId, what: `minute ${time(at)}`, desk, model: wanted });
    }
    if (found > TOLD_MAX) {
      const more = `${found - TOLD_MAX} more minutes`;
      differences.push({ agentId, what: more, desk: null, model: null });
    }
  }
  return { counts, differences };
}
