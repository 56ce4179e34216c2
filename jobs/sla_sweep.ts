import type { Desk } from "../domain/services/desk.ts";
import { sweepAlone, type Swept } from "../domain/services/sla_sweep.ts";

/** As `Swept`, for the log, whose lines have a `level` of their own. */
type Figures = Omit<Swept, "level"> & { readonly levels: number };

/** Warns, breaks promises, raises levels and closes tickets, as far as these are due. */
export async function slaSweep(desk: Desk): Promise<Figures> {
  const { level: levels, ...others } = await sweepAlone(desk);
  return { ...others, levels };
}
