import type { Desk } from "../domain/services/desk.ts";
import { packMeasurements } from "../domain/services/sla_packing.ts";

/** Packs what was measured of promises, so that figures of months are read at once. */
export async function packMetrics(desk: Desk): Promise<{ packed: number }> {
  return { packed: await packMeasurements(desk) };
}
