import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import { agentShifts } from "../../domain/rules/agent_shifts.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { type Break, newShift, type Shift, type ShiftPlan } from "../../domain/rules/shift.ts";
import { advanceShifts, nextShiftInstant } from "../../domain/rules/shift_advance.ts";
import type { ShiftHappening } from "../../domain/rules/shift_edges.ts";
import { agentShiftFaults, shiftFault } from "../../domain/rules/shift_faults.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { anAgent } from "./builders.ts";

/** When the shifts of these builders begin: nine o'clock. */
export const NINE: Instant = Date.UTC(2026, 2, 2, 9);

/** The instant of that day at which a clock in UTC shows "HH:MM". */
export function clock(time: string): Instant {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return NINE + (hours - 9) * HOUR_MS + minutes * MINUTE_MS;
}

export const NIGHT_BEFORE = clock("00:00");

/** An agent's record and all its shifts, as they are at an instant. */
export interface Roster {
  readonly agent: Agent;
  readonly shifts: readonly Shift[];
}

/** A break by its times, for plans; its id is told by where it begins. */
export function lunch(from = "12:00", to = "12:30"): ShiftPlan["breaks"][number] {
  return { id: `break-${from}`, type: "lunch", start: clock(from), end: clock(to) };
}

/** Ada, offline, with a shift from nine to five that was planned the night before. */
export function rostered(
  { from = "09:00", to = "17:00", breaks = [], agent = {}, at = NIGHT_BEFORE }: {
    readonly from?: string;
    readonly to?: string;
    readonly breaks?: ShiftPlan["breaks"];
    readonly agent?: Partial<Agent>;
    readonly at?: Instant;
  } = {},
): Roster {
  const ada = anAgent("Ada", { status: "offline", ...agent });
  return withShift({ agent: ada, shifts: [] }, aShift({ from, to, breaks, at }));
}

export function aShift(
  { id = "shift-1", from = "09:00", to = "17:00", breaks = [], at = NIGHT_BEFORE }: {
    readonly id?: string;
    readonly from?: string;
    readonly to?: string;
    readonly breaks?: ShiftPlan["breaks"];
    readonly at?: Instant;
  } = {},
): Shift {
  const plan = { start: clock(from), end: clock(to), timezone: "UTC", breaks };
  const shift = newShift(plan, { id, agentId: "agent-ada" }, at);
  return { ...shift, nextAt: nextShiftInstant(shift) };
}

export function withShift({ agent, shifts }: Roster, shift: Shift): Roster {
  return counted({ agent, shifts: [...shifts.filter(({ id }) => id !== shift.id), shift] });
}

/** What has happened by an instant, and what has come of it. */
export function advanced(roster: Roster, now: Instant | string, since?: Instant): Course {
  const at = typeof now === "string" ? clock(now) : now;
  const happened = advanceShifts(roster.agent, roster.shifts, at, since);
  return { ...after(roster, happened), happened };
}

export interface Course extends Roster {
  readonly happened: readonly ShiftHappening[];
}

/** The roster as these happenings leave it. */
export function after(roster: Roster, happened: readonly ShiftHappening[]): Roster {
  const shifts = new Map(roster.shifts.map((shift) => [shift.id, shift]));
  let { agent } = roster;
  for (const happening of happened) {
    const { shift } = happening;
    shifts.set(shift.id, { ...shift, nextAt: nextShiftInstant(shift) });
    agent = happening.agent;
  }
  return counted({ agent, shifts: [...shifts.values()] });
}

function counted({ agent, shifts }: Roster): Roster {
  const known = agentShifts(shifts);
  return { agent: known === null ? agent : { ...agent, shifts: known }, shifts };
}

export function assertSound({ agent, shifts }: Roster): void {
  const faults = [
    ...agentShiftFaults(agent, shifts),
    ...shifts.flatMap((shift) => shiftFault(shift) ?? []),
  ];
  assert.deepEqual(faults, [], JSON.stringify({ agent, shifts }));
}

/** What happened, with when, as "09:00 started". */
export function told(happened: readonly ShiftHappening[]): string[] {
  return happened.filter(({ kind }) => kind !== "changed")
    .map(({ kind, at }) => `${new Date(at).toISOString().slice(11, 16)} ${kind}`);
}

/** The one shift of a roster. */
export function only({ shifts }: Roster): Shift {
  const [shift, ...more] = shifts;
  if (shift === undefined || more.length > 0) throw new Error(`There are ${shifts.length} shifts`);
  return shift;
}

export function breakOf(roster: Roster, id = "break-12:00"): Break {
  const found = roster.shifts.flatMap(({ breaks }) => breaks).find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no break ${id}`);
  return found;
}

/** The happenings of a verb that must not have refused. */
export function done(
  outcome: ShiftHappening | readonly ShiftHappening[] | Refusal,
): readonly ShiftHappening[] {
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.refused}: ${outcome.detail}`);
  return "kind" in outcome ? [outcome] : outcome;
}
