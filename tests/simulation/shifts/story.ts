import type { Agent, AgentStatus } from "../../../domain/rules/agent.ts";
import { AGENT_STATUSES, isActiveAgent } from "../../../domain/rules/agent.ts";
import type { Break, Shift } from "../../../domain/rules/shift.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import type { Chance } from "../chance.ts";
import type { Worker } from "./cast.ts";
import type { Attempt } from "./deeds.ts";
import { anotherPlan, anyBreak, anyPattern, anyShift, edgesOf } from "./plans.ts";

/** An agent and its shifts, as far as somebody who is about to do something can see them. */
export interface Scene {
  readonly worker: Worker;
  readonly agent: Agent;
  /** Of yesterday and of the next two weeks. */
  readonly shifts: readonly Shift[];
  readonly patternIds: readonly string[];
  readonly now: Instant;
}

type Choices = readonly (readonly [weight: number, attempt: () => Attempt | null])[];

/** What is done next to an agent's shifts: mostly what makes sense by how it stands with them. */
export function nextAttempt(chance: Chance, scene: Scene): Attempt {
  const { worker, agent } = scene;
  if (!isActiveAgent(agent) && chance.percent(70)) return { verb: "reactivate" };
  const choices = [
    ...comingAndGoing(scene),
    ...(worker.isFree ? [] : [...planning(chance, scene), ...breaking(chance, scene)]),
  ];
  const attempt = chance.weigh(choices)();
  return attempt ?? { verb: "status", to: chance.pick(AGENT_STATUSES) };
}

function comingAndGoing({ agent, shifts, now }: Scene): Choices {
  const set = (to: AgentStatus) => (): Attempt => ({ verb: "status", to });
  const isOn = agent.currentShiftId !== undefined;
  const isNear = shifts.some(({ status, start }) =>
    status === "scheduled" && start - now <= 20 * MINUTE_MS
  );
  const isPast = shifts.some(({ status, endedAt }) =>
    status === "completed" && now - (endedAt ?? 0) <= HOUR_MS
  );
  const coming = isOn ? 60 : isNear ? 35 : isPast ? 14 : 3;
  const going = isOn ? 4 : isNear ? 2 : 12;
  const isAway = agent.status === "offline";
  const isWilling = agent.onlineAtShiftStart === true;
  return [
    [isAway ? coming : isOn ? 6 : 2, set("online")],
    [isAway ? coming / 6 : 6, set("busy")],
    [isAway ? 1 : going, set("offline")],
    [1, () => ({ verb: "prefer", online: !isWilling })],
    [0.12, () => ({ verb: isActiveAgent(agent) ? "deactivate" : "reactivate" })],
  ];
}

function planning(chance: Chance, scene: Scene): Choices {
  const { worker, shifts, patternIds, now } = scene;
  const { agentId, timezone } = worker;
  const ahead = shifts.filter(({ status }) => status === "scheduled");
  const current = shifts.find(({ status }) => status === "in-progress");
  const needed = ahead.length < 4 ? 25 : 4;
  const which = (): Shift | null =>
    current !== undefined && chance.percent(70)
      ? current
      : shifts.length === 0
      ? null
      : chance.pick(shifts);
  return [
    [needed, () => ({ verb: "schedule", asked: anyShift(chance, shifts, now) })],
    [4, () => {
      const shift = current ?? ahead[0];
      const asked = shift === undefined
        ? anyShift(chance, shifts, now)
        : anotherPlan(chance, shift, now);
      return { verb: "set_shift", asked };
    }],
    [current === undefined ? 5 : 0.7, () => {
      const end = now + chance.between(-5, 600) * MINUTE_MS;
      return { verb: "start", end: chance.percent(60) ? null : end };
    }],
    [current === undefined ? 0.5 : 3, () => withShift(which(), "end")],
    [1, () => withShift(ahead[0] ?? which(), "cancel")],
    [patternIds.length === 0 ? 5 : 0.6, () => ({
      verb: "recur",
      plan: anyPattern(chance, agentId, timezone, now),
    })],
    [patternIds.length === 0 ? 0 : 0.4, () => ({
      verb: "stop_recurring",
      patternId: chance.pick(patternIds),
    })],
  ];
}

function withShift(shift: Shift | null, verb: "end" | "cancel"): Attempt | null {
  return shift === null ? null : { verb, shiftId: shift.id };
}

function breaking(chance: Chance, { shifts, now }: Scene): Choices {
  const current = shifts.find(({ status }) => status === "in-progress");
  const shift = current !== undefined && chance.percent(85)
    ? current
    : shifts.length === 0
    ? undefined
    : chance.pick(shifts);
  if (shift === undefined) return [];
  const { id: shiftId, breaks } = shift;
  const some = (status: Break["status"]): Break | undefined => {
    const fitting = breaks.filter((each) => each.status === status);
    return chance.percent(10) ? breaks[0] : fitting[0];
  };
  const change = (
    verb: "start_break" | "end_break" | "cancel_break",
    each: Break | undefined,
  ): Attempt | null => each === undefined ? null : { verb, shiftId, breakId: each.id };
  const isRunning = breaks.some(({ status }) => status === "in-progress");
  const soon = { start: now + chance.between(-3, 30) * MINUTE_MS, end: shift.end };
  return [
    [current === undefined ? 2 : 6, () => {
      const plan = chance.percent(50)
        ? anyBreak(chance, { start: Math.max(shift.start, now), end: shift.end })
        : { type: "short-break" as const, start: soon.start, end: soon.start + 10 * MINUTE_MS };
      return { verb: "add_break", shiftId, plan };
    }],
    [3, () => change("start_break", some("scheduled"))],
    [isRunning ? 8 : 0.5, () => change("end_break", some("in-progress"))],
    [1, () => change("cancel_break", some("scheduled"))],
  ];
}

/** When something is done to the agent's shifts next: often just when something happens by itself. */
export function nextMoment(chance: Chance, { shifts, agent }: Scene, now: Instant): Instant {
  const minutes = (most: number): Instant => now + chance.between(1, most) * MINUTE_MS;
  const edges = edgesOf(shifts, now).filter((at) => at >= now).sort((a, b) => a - b);
  const isOn = agent.currentShiftId !== undefined;
  if (edges.length > 0 && chance.percent(55)) {
    const edge = edges[chance.percent(75) ? 0 : chance.between(0, edges.length - 1)] ?? now;
    const by = chance.weigh<() => number>([
      [3, () => -1],
      [4, () => 0],
      [3, () => 1],
      [4, () => chance.between(2, 15)],
      [1, () => -chance.between(2, 65)],
      [1, () => 59 + chance.between(0, 2)],
      // When tickets are due to be handed over.
      [2, () => 9 + chance.between(0, 2)],
    ])();
    return Math.max(now + MINUTE_MS, edge + by * MINUTE_MS);
  }
  return chance.weigh<() => Instant>([
    [1, () => minutes(5)],
    [isOn ? 3 : 1, () => minutes(90)],
    [3, () => minutes(5 * 60)],
    [2, () => minutes(16 * 60)],
  ])();
}
