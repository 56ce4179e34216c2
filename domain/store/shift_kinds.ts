import type { Departure } from "../rules/departure.ts";
import type { Shift } from "../rules/shift.ts";
import type { ShiftPattern } from "../rules/shift_pattern.ts";
import { keys } from "./keys.ts";
import type { IndexEntry, RecordKind } from "./records.ts";

/** What stands where an agent's shifts wait for what they come to. */
export type NextRow = Pick<Shift, "start" | "status">;

/** The shift itself stands in the index of its agent, so that a calendar is one read. */
export const shifts: RecordKind<Shift> = {
  name: "shift",
  schema: 1,
  key: (shift) => keys.shift(shift.id),
  indexes(shift) {
    const { id, agentId, start, status, nextAt } = shift;
    const isCancelled = status === "cancelled";
    const key = isCancelled
      ? keys.shiftCancelled(agentId, start, id)
      : keys.shiftByAgent(agentId, start, id);
    const entries: IndexEntry[] = [{ key, value: shift }];
    if (nextAt !== null) {
      entries.push({ key: keys.shiftDue(nextAt, id), value: agentId });
      const row: NextRow = { start, status };
      entries.push({ key: keys.shiftNext(agentId, nextAt, id), value: row });
    }
    return entries;
  },
  counters: () => [],
};

export const shiftPatterns: RecordKind<ShiftPattern> = {
  name: "shift_pattern",
  schema: 1,
  key: (pattern) => keys.shiftPattern(pattern.id),
  indexes(pattern) {
    const { id, agentId, nextAt } = pattern;
    const entries: IndexEntry[] = [{ key: keys.shiftPatternByAgent(agentId, id), value: pattern }];
    if (nextAt !== null) entries.push({ key: keys.shiftPatternDue(nextAt, id), value: id });
    return entries;
  },
  counters: () => [],
};

export const departures: RecordKind<Departure> = {
  name: "departure",
  schema: 1,
  key: (departure) => keys.departure(departure.agentId),
  indexes: ({ agentId, dueAt }) => [{ key: keys.departureDue(dueAt, agentId), value: agentId }],
  counters: () => [],
};

/** The names of their indexes. */
export const SHIFT_INDEXES = [
  "shift_by_agent",
  "shift_cancelled",
  "shift_due",
  "shift_next",
  "shift_pattern_by_agent",
  "shift_pattern_due",
  "departure_due",
] as const;
