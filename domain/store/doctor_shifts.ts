import type { Agent } from "../rules/agent.ts";
import type { Departure } from "../rules/departure.ts";
import type { Shift } from "../rules/shift.ts";
import { agentShiftFaults, shiftFault } from "../rules/shift_faults.ts";
import type { ShiftPattern } from "../rules/shift_pattern.ts";
import { keys } from "./keys.ts";
import type { KvKey } from "./open.ts";

/** What was found of shifts and of what goes with them. */
export interface ShiftFindings {
  readonly shifts: Shift[];
  readonly patterns: ShiftPattern[];
  readonly departures: Departure[];
}

export function noShiftFindings(): ShiftFindings {
  return { shifts: [], patterns: [], departures: [] };
}

/** Keeps what is of interest among all records of the store. */
export function noteShifts(found: ShiftFindings, name: string, record: unknown): void {
  // As the kind of this name wrote it.
  if (name === "shift") found.shifts.push(record as Shift);
  if (name === "shift_pattern") found.patterns.push(record as ShiftPattern);
  if (name === "departure") found.departures.push(record as Departure);
}

/** What is wrong with shifts, and between them, their patterns, their agents and who is leaving. */
export function* examineShifts(
  { shifts, patterns, departures }: ShiftFindings,
  agents: ReadonlyMap<string, Agent>,
): Generator<{ readonly key: KvKey; readonly message: string }> {
  const nobody = "its agent does not exist";
  for (const shift of shifts) {
    const message = agents.has(shift.agentId) ? shiftFault(shift) : nobody;
    if (message !== null) yield { key: keys.shift(shift.id), message };
  }
  const byAgent = Map.groupBy(shifts, ({ agentId }) => agentId);
  for (const agent of agents.values()) {
    for (const message of agentShiftFaults(agent, byAgent.get(agent.id) ?? [])) {
      yield { key: keys.agent(agent.id), message };
    }
  }
  for (const { id, agentId } of patterns) {
    if (!agents.has(agentId)) yield { key: keys.shiftPattern(id), message: nobody };
  }
  for (const { agentId, backAt } of departures) {
    const key = keys.departure(agentId);
    const agent = agents.get(agentId);
    if (agent === undefined) yield { key, message: nobody };
    else if (agent.status !== "offline" && backAt === undefined) {
      yield { key, message: "its agent is back" };
    }
  }
}
