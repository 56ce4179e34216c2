import type { Instant } from "./time.ts";

/** When an agent was there in its shift; `to` is null while it is. */
export interface AttendedStretch {
  readonly from: Instant;
  readonly to: Instant | null;
}

/** What is beyond this is told less exactly: the shortest absence is passed over. */
export const STRETCHES_MAX = 200;

/** The agent has come. That it is there already changes nothing. */
export function come(attendance: readonly AttendedStretch[], at: Instant): AttendedStretch[] {
  const last = attendance.at(-1);
  if (last?.to === null) return [...attendance];
  // Whoever has only just left has not been away.
  if (last?.to === at) return [...attendance.slice(0, -1), { from: last.from, to: null }];
  return bounded([...attendance, { from: at, to: null }]);
}

/** The agent has left. That it was not there changes nothing. */
export function leave(attendance: readonly AttendedStretch[], at: Instant): AttendedStretch[] {
  const last = attendance.at(-1);
  if (last?.to !== null) return [...attendance];
  const before = attendance.slice(0, -1);
  return last.from < at ? [...before, { from: last.from, to: at }] : before;
}

export function isThere(attendance: readonly AttendedStretch[]): boolean {
  return attendance.at(-1)?.to === null;
}

function bounded(attendance: AttendedStretch[]): AttendedStretch[] {
  if (attendance.length <= STRETCHES_MAX) return attendance;
  let shortest = 1;
  for (let index = 2; index < attendance.length; index++) {
    if (absenceBefore(attendance, index) < absenceBefore(attendance, shortest)) shortest = index;
  }
  const [earlier, later] = attendance.slice(shortest - 1, shortest + 1);
  if (earlier === undefined || later === undefined) return attendance;
  return attendance.toSpliced(shortest - 1, 2, { from: earlier.from, to: later.to });
}

/** How long the agent was away before this stretch. */
function absenceBefore(attendance: readonly AttendedStretch[], index: number): number {
  return (attendance[index]?.from ?? Infinity) - (attendance[index - 1]?.to ?? 0);
}
