import type { Desk } from "./desk.ts";
import { startDueTimer } from "./due_timer.ts";
import { firstShiftDue, rollOverAlone } from "./shift_rollover.ts";

/** Rolls shifts and departures over at the instant at which something on them is due. */
export function startShiftTimer(desk: Desk): { stop(): Promise<void> } {
  return startDueTimer(desk, {
    name: "shifts",
    sweep: (goesOn) => rollOverAlone(desk, goesOn),
    firstDue: () => firstShiftDue(desk.store),
  });
}
