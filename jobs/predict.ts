import type { Desk } from "../domain/services/desk.ts";
import { renewIfAny } from "../domain/services/predictions.ts";

/** Foresees the next week anew, from what has been packed. */
export async function predict(desk: Desk): Promise<{ predicted: number }> {
  return { predicted: await renewIfAny(desk) ? 1 : 0 };
}
