import type { Desk } from "../domain/services/desk.ts";
import { type RolledOver, rollOverAlone } from "../domain/services/shift_rollover.ts";

/** Starts and ends shifts and breaks, notifies, and hands back what was left, as far as it is due. */
export async function shiftRollover(desk: Desk): Promise<Record<keyof RolledOver, number>> {
  return { ...await rollOverAlone(desk) };
}
