import type { Desk } from "./desk.ts";
import { startDueTimer } from "./due_timer.ts";
import { firstDue, sweepAlone } from "./sla_sweep.ts";

/** Warns, breaks promises, raises levels and closes tickets at the instant at which these are due. */
export function startSlaTimer(desk: Desk): { stop(): Promise<void> } {
  return startDueTimer(desk, {
    name: "promises",
    sweep: (goesOn) => sweepAlone(desk, goesOn),
    firstDue: () => firstDue(desk.store),
  });
}
