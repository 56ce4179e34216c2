import { WEEKDAYS } from "../../domain/rules/calendar.ts";
import {
  newPattern,
  type PatternPlan,
  type ShiftPattern,
} from "../../domain/rules/shift_pattern.ts";
import type { Instant } from "../../domain/rules/time.ts";

/** Ada's, every day from nine to five in Berlin, unless the changes say otherwise. */
export function aPattern(changes: Partial<PatternPlan> = {}): ShiftPattern {
  const plan: PatternPlan = {
    agentId: "agent-ada",
    timezone: "Europe/Berlin",
    weekdays: WEEKDAYS,
    startTime: "09:00",
    endTime: "17:00",
    breaks: [],
    startDate: "2026-01-05",
    endDate: null,
    ...changes,
  };
  return newPattern(plan, "pattern-1", 0);
}

export function at(text: string): Instant {
  return Date.parse(text);
}
