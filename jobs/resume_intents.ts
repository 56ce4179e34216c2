import type { Desk } from "../domain/services/desk.ts";
import { fanOut, openAnnouncements } from "../domain/services/fan_out.ts";
import { finishReading, openReadings } from "../domain/services/notifications.ts";
import { openSessionEndings, removeVoidSessions } from "../domain/services/session_endings.ts";

/** Finishes what a process had begun over many records when it ended. */
export async function resumeIntents(
  desk: Desk,
): Promise<Record<"announced" | "read" | "loggedOut", number>> {
  const announcements = await openAnnouncements(desk);
  for (const id of announcements) await fanOut(desk, id);
  const readings = await openReadings(desk);
  for (const userId of readings) await finishReading(desk, userId);
  const endings = await openSessionEndings(desk);
  for (const userId of endings) await removeVoidSessions(desk, userId);
  return { announced: announcements.length, read: readings.length, loggedOut: endings.length };
}
