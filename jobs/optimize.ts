import { OPTIMISED_MAX } from "../domain/rules/optimize.ts";
import type { Desk } from "../domain/services/desk.ts";
import { optimize } from "../domain/services/optimize.ts";

/** Gives what waits to agents at the least cost altogether. */
export async function optimizeQueue(desk: Desk): Promise<{ assigned: number; changed: number }> {
  const { assignments, changed } = await optimize(desk, {
    maxMoves: OPTIMISED_MAX,
    dryRun: false,
    performedBy: null,
  });
  return { assigned: assignments.length, changed: changed.length };
}
