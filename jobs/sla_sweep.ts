import type { Desk } from "../domain/services/desk.ts";
import { sweepAlone, type Swept } from "../domain/services/sla_sweep.ts";

/** Warns, breaks promises, raises levels and closes tickets, as far as these are due. */
export function slaSweep(desk: Desk): Promise<Swept> {
  return sweepAlone(desk);
}
