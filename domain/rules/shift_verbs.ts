import { type Agent, type AgentStatus, isActiveAgent, unavailable } from "./agent.ts";
import { come, leave } from "./attendance.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { newShift, overtimeEndsAt, runningBreak, type Shift } from "./shift.ts";
import {
  begin,
  cancel,
  type Duty,
  endBreak,
  finish,
  resume,
  type ShiftHappening,
} from "./shift_edges.ts";
import { refuseOverlap, refusePlan, refuseStatus, replan } from "./shift_plan.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "./time.ts";

/** Whoever starts within this time before its scheduled shift starts that one. */
export const STARTED_EARLY_MAX_MS = 60 * MINUTE_MS;
const STARTED_HOURS = 8;
/** Whoever goes on within this time after the end of its shift goes on with that one. */
export const OVERTIME_WITHIN_MS = 60 * MINUTE_MS;

/** What whoever starts a shift says of it. */
export interface Starting {
  readonly end?: Instant | undefined;
  readonly timezone: string | undefined;
}

/**
 * An agent starts its shift by hand: the scheduled one where that starts within an hour, else a new
 * one, of eight hours or until the next, if no end is named. Who was offline is online then.
 * `scheduled` are its shifts from now on in their order. Refuses with `agent_unavailable`,
 * `shift_active`, `shift_overlap`, `invalid_input`, and `conflict` where its breaks do not fit.
 */
export function startShift(
  agent: Agent,
  scheduled: readonly Shift[],
  { end, timezone }: Starting,
  made: { readonly id: string; readonly timezone: string },
  at: Instant,
): ShiftHappening | Refusal {
  if (!isActiveAgent(agent)) return unavailable(agent);
  if (agent.currentShiftId !== undefined) {
    return refuse("shift_active", `${agent.name} is on a shift already.`);
  }
  const [next, ...later] = scheduled;
  const there: Agent = agent.status === "offline" ? { ...agent, status: "online" } : agent;
  if (next !== undefined && next.start - at <= STARTED_EARLY_MAX_MS) {
    const plan = { start: next.start, end: end ?? next.end, timezone: timezone ?? next.timezone };
    const planned = replan({ shift: next, agent: there }, plan, at);
    if ("refused" in planned) return planned;
    return refuseOverlap(agent.name, planned.shift, later) ?? begin(planned, at);
  }
  const untilNext = Math.min(at + STARTED_HOURS * HOUR_MS, next?.start ?? Infinity);
  const plan = {
    start: at,
    end: end ?? untilNext,
    timezone: timezone ?? made.timezone,
    breaks: [],
  };
  const refusal = refusePlan(plan, at) ?? refuseOverlap(agent.name, plan, scheduled);
  if (refusal !== null) return refusal;
  const shift = newShift(plan, { id: made.id, agentId: agent.id }, at);
  return begin({ shift, agent: there }, at);
}

/** A shift ends by hand, whatever was planned. Refuses with `invalid_transition`. */
export function endShift(duty: Duty, at: Instant): ShiftHappening[] | Refusal {
  return refuseStatus("The shift", duty.shift.status, ["in-progress"]) ?? finish(duty, at);
}

/** A scheduled shift will not take place. Refuses with `invalid_transition`. */
export function cancelShift(duty: Duty, at: Instant): ShiftHappening | Refusal {
  return refuseStatus("The shift", duty.shift.status, ["scheduled"]) ?? cancel(duty, at);
}

/** What setting an agent's status comes to. */
export interface StatusSet {
  readonly agent: Agent;
  /** What happened to its shift by it. */
  readonly happened: readonly ShiftHappening[];
}

/**
 * An active agent sets its status by hand, or somebody for it. To be online ends a break; to be busy
 * on one is what it comes back to. Whoever comes back soon after its shift ended goes on with it as
 * overtime, which ends when it goes offline. `last` is the shift that ended last.
 */
export function setStatus(
  before: Agent,
  shifts: { readonly current: Shift | null; readonly last: Shift | null },
  status: AgentStatus,
  at: Instant,
): StatusSet {
  const { current, last } = shifts;
  if (current === null) {
    const agent: Agent = { ...before, status };
    const returns = before.status === "offline" && status !== "offline" && canResume(last, at);
    const happened = returns ? [resume({ shift: last, agent }, at)] : [];
    return { agent: happened[0]?.agent ?? agent, happened };
  }
  const running = runningBreak(current);
  if (running !== undefined && status === "busy") {
    return { agent: { ...before, statusBeforeBreak: status }, happened: [] };
  }
  const duty = { shift: current, agent: before };
  const back = running === undefined ? [] : [endBreak(duty, running, at)];
  const { shift, agent } = back[0] ?? duty;
  if (status === "offline" && shift.overtime === true) {
    const ended = finish({ shift, agent }, at);
    return { agent: ended.at(-1)?.agent ?? agent, happened: [...back, ...ended] };
  }
  const attendance = status === "offline"
    ? leave(shift.attendance, at)
    : come(shift.attendance, at);
  const set: ShiftHappening = {
    kind: "changed",
    at,
    shift: { ...shift, attendance },
    agent: { ...agent, status },
  };
  return { agent: set.agent, happened: [...back, set] };
}

/** Whether the shift ended by itself, not long ago, and may go on. */
function canResume(last: Shift | null, at: Instant): last is Shift {
  if (last?.status !== "completed" || last.endedAt !== last.end) return false;
  return at - last.end <= OVERTIME_WITHIN_MS && at < overtimeEndsAt(last);
}
