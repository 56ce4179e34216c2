import type { Desk } from "../domain/services/desk.ts";
import { fanOut, openAnnouncements } from "../domain/services/fan_out.ts";
import { finishHandover, openHandovers } from "../domain/services/handover.ts";
import { finishLeaving, openLeavings } from "../domain/services/leaving.ts";
import { finishReading, openReadings } from "../domain/services/read_all.ts";
import { openSessionEndings, removeVoidSessions } from "../domain/services/session_endings.ts";

/** Finishes what a process had begun over many records when it ended. */
export async function resumeIntents(
  desk: Desk,
): Promise<Record<"announced" | "read" | "loggedOut" | "left" | "handedOver", number>> {
  const leavings = await openLeavings(desk);
  for (const agentId of leavings) await finishLeaving(desk, agentId);
  const handovers = await openHandovers(desk);
  for (const id of handovers) await finishHandover(desk, id);
  // After what may announce something itself.
  const announcements = await openAnnouncements(desk);
  for (const id of announcements) await fanOut(desk, id);
  const readings = await openReadings(desk);
  for (const userId of readings) await finishReading(desk, userId);
  const endings = await openSessionEndings(desk);
  for (const userId of endings) await removeVoidSessions(desk, userId);
  return {
    announced: announcements.length,
    read: readings.length,
    loggedOut: endings.length,
    left: leavings.length,
    handedOver: handovers.length,
  };
}
