import { type Demand, hasWaited, type Relaxation } from "./assignment.ts";
import type { Instant } from "./time.ts";

/** Demands of the same text fit the same agents, each of them as well as the others. */
export function demandText(demand: Demand, relaxation: Relaxation, at: Instant): string {
  const { anyLevelAfterMinutes, anyDepartmentAfterMinutes } = relaxation;
  const stage = [anyLevelAfterMinutes, anyDepartmentAfterMinutes]
    .map((minutes) => hasWaited(demand, minutes, at));
  return JSON.stringify([demand.department, demand.requiredSkills, demand.releasedBy, stage]);
}
