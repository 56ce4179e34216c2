import type { Desk } from "../domain/services/desk.ts";
import { MOVES_DEFAULT, rebalance } from "../domain/services/rebalance.ts";

/** Moves what nobody has begun from who has much to do to others. */
export async function rebalanceWork(desk: Desk): Promise<{ moved: number; changed: number }> {
  const options = { maxMoves: MOVES_DEFAULT, dryRun: false, performedBy: null };
  const { moved, changed } = await rebalance(desk, options);
  return { moved: moved.length, changed: changed.length };
}
