import type { Agent } from "./agent.ts";
import { agentShifts } from "./agent_shifts.ts";
import { isThere } from "./attendance.ts";
import { breakTime, doOverlap, occupied, runningBreak, type Shift } from "./shift.ts";
import { nextShiftInstant } from "./shift_advance.ts";

/** What is wrong with a shift that stands by itself; null where all of it fits together. */
export function shiftFault(shift: Shift): string | null {
  const { status, start, end, startedAt, endedAt, nextAt } = shift;
  const hasStarted = status === "in-progress" || status === "completed";
  if (end <= start) return "ends before it starts";
  if ((startedAt !== null) !== hasStarted) return `is ${status} and started at ${startedAt}`;
  if ((endedAt !== null) !== (status === "completed")) {
    return `is ${status} and ended at ${endedAt}`;
  }
  if (nextAt !== nextShiftInstant(shift)) return "does not wait for what it comes to next";
  return attendanceFault(shift) ?? breaksFault(shift);
}

function attendanceFault({ attendance, startedAt, endedAt }: Shift): string | null {
  let until = startedAt ?? Infinity;
  for (const { from, to } of attendance) {
    if (from < until || (to ?? Infinity) <= from) return "its attendance has no order";
    until = to ?? Infinity;
  }
  const isWithin = endedAt === null || attendance.length === 0 || until <= endedAt;
  return isWithin ? null : "is attended after its end";
}

function breaksFault({ breaks, status }: Shift): string | null {
  const real = breaks.filter((each) => each.status !== "cancelled");
  for (const [index, each] of real.entries()) {
    if ((each.startedAt === null) !== (each.status === "scheduled")) {
      return "a break began and did not";
    }
    if ((each.endedAt !== null) !== (each.status === "completed")) {
      return "a break is over and is not";
    }
    const fits = each.status === "in-progress"
      ? status === "in-progress"
      : each.status === "completed"
      ? status === "in-progress" || status === "completed"
      : status === "in-progress" || status === "scheduled";
    if (!fits) return `a break is ${each.status} in a shift that is ${status}`;
    const time = breakTime(each);
    const others = real.slice(0, index).map(breakTime);
    if (time !== null && others.some((other) => other !== null && doOverlap(time, other))) {
      return "its breaks overlap";
    }
  }
  return null;
}

/** What does not fit together between an agent and all the shifts that it ever had. */
export function* agentShiftFaults(agent: Agent, own: readonly Shift[]): Generator<string> {
  const [current, ...more] = own.filter(({ status }) => status === "in-progress");
  if (more.length > 0) yield "has two shifts in progress";
  if (agent.currentShiftId !== current?.id) yield "its current shift is not the one in progress";
  const isOnBreak = current !== undefined && runningBreak(current) !== undefined;
  if (agent.onBreak !== isOnBreak) yield "is on a break and is not";
  if (agent.onBreak && agent.status !== "busy") yield "is on a break and not busy";
  if (agent.onBreak !== (agent.statusBeforeBreak !== undefined)) {
    yield "does not know what it comes back to";
  }
  if (current !== undefined && isThere(current.attendance) !== (agent.status !== "offline")) {
    yield "is at work and not in its shift";
  }
  if (JSON.stringify(agent.shifts ?? null) !== JSON.stringify(agentShifts(own))) {
    yield "knows other shifts than it has";
  }
  for (const { id } of overlapping(own)) yield `has another shift in the time of ${id}`;
}

function* overlapping(own: readonly Shift[]): Generator<Shift> {
  const spans = own.flatMap((shift) => {
    const span = occupied(shift);
    return span === null ? [] : [{ shift, ...span }];
  });
  let until = -Infinity;
  for (const { shift, start, end } of spans.sort((a, b) => a.start - b.start || a.end - b.end)) {
    // What ended as it began takes up no time.
    if (start < until && end > start) yield shift;
    until = Math.max(until, end);
  }
}
