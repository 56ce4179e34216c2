import type { Desk } from "../domain/services/desk.ts";
import { sweepRates } from "../domain/services/rates.ts";

/** Removes what was counted for limits and counts no more. */
export async function sweepLimits(desk: Desk): Promise<{ removed: number }> {
  return { removed: await sweepRates(desk) };
}
