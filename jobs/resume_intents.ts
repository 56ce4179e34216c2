import type { Desk } from "../domain/services/desk.ts";
import { fanOut } from "../domain/services/fan_out.ts";
import { finishHandover } from "../domain/services/handover.ts";
import { openIntents } from "../domain/services/intents.ts";
import { finishLeaving } from "../domain/services/leaving.ts";
import { finishReading } from "../domain/services/read_all.ts";
import { finishApplying } from "../domain/services/sla_apply.ts";
import { removeVoidSessions } from "../domain/services/session_endings.ts";

/** What is resumed and by whom; announcements after what may announce something itself. */
const RESUMED = {
  left: { name: "leaving", finish: finishLeaving },
  handedOver: { name: "handover", finish: finishHandover },
  applied: { name: "apply_sla", finish: finishApplying },
  announced: { name: "fan_out", finish: fanOut },
  read: { name: "read_all", finish: finishReading },
  loggedOut: { name: "end_sessions", finish: removeVoidSessions },
} as const;

type Figures = Record<keyof typeof RESUMED, number>;

/**
 * Finishes what a process had begun over many records when it ended; how many of each it looked
 * after. One that cannot be finished keeps no other from it: the run fails when all have had a turn.
 */
export async function resumeIntents(desk: Desk): Promise<Figures> {
  const figures: Figures = {
    left: 0,
    handedOver: 0,
    applied: 0,
    announced: 0,
    read: 0,
    loggedOut: 0,
  };
  const faults: unknown[] = [];
  for (const [figure, { name, finish }] of Object.entries(RESUMED)) {
    for (const id of await openIntents(desk, name)) {
      figures[figure as keyof Figures] += 1; // one of the keys of the table
      try {
        await finish(desk, id);
      } catch (error) {
        faults.push(error);
      }
    }
  }
  if (faults.length > 0) {
    const message = `Cannot finish ${faults.length} intents; the first: ${faults[0]}`;
    throw new AggregateError(faults, message);
  }
  return figures;
}
