import type { Agent, AgentShifts, ShownShift } from "./agent.ts";
import type { Shift } from "./shift.ts";
import { nextEdge } from "./shift_advance.ts";
import type { Instant } from "./time.ts";

/** What an agent's record says of these shifts, which are all that it ever had; `null` for none. */
export function agentShifts(shifts: readonly Shift[]): AgentShifts | null {
  if (shifts.length === 0) return null;
  const taken = shifts.filter(({ status }) => status !== "cancelled").toSorted(compareStart);
  const scheduled = taken.filter(({ status }) => status === "scheduled");
  const current = taken.find(({ status }) => status === "in-progress");
  const shown = current ?? scheduled[0] ?? taken.at(-1);
  return {
    count: taken.length,
    scheduled: scheduled.length,
    nextAt: earliest(taken.map(({ nextAt }) => nextAt)),
    edgeAt: earliest(taken.map(nextEdge)),
    shown: shown === undefined ? null : shownShift(shown),
  };
}

/** How many shifts an agent has. */
export type ShiftCounts = Pick<AgentShifts, "count" | "scheduled">;

export function shiftCounts({ shifts }: Agent): ShiftCounts {
  return { count: shifts?.count ?? 0, scheduled: shifts?.scheduled ?? 0 };
}

/** The same when one of them, null for none, has become another. */
export function countShift(had: ShiftCounts, before: Shift | null, after: Shift): ShiftCounts {
  return {
    count: had.count + counts(after) - counts(before),
    scheduled: had.scheduled + waits(after) - waits(before),
  };
}

function counts(shift: Shift | null): 0 | 1 {
  return shift === null || shift.status === "cancelled" ? 0 : 1;
}

function waits(shift: Shift | null): 0 | 1 {
  return shift?.status === "scheduled" ? 1 : 0;
}

export function shownShift({ id, start, end, timezone, breaks }: Shift): ShownShift {
  return {
    id,
    start,
    end,
    timezone,
    breaks: breaks.map(({ id, type, start, end, status }) => ({ id, type, start, end, status })),
  };
}

export function compareStart(
  a: Pick<Shift, "start" | "id">,
  b: Pick<Shift, "start" | "id">,
): number {
  return a.start - b.start || (a.id < b.id ? -1 : 1);
}

/** The earliest of the instants that there are. */
export function earliest(instants: readonly (Instant | null)[]): Instant | null {
  const known = instants.filter((each) => each !== null);
  return known.length === 0 ? null : Math.min(...known);
}
