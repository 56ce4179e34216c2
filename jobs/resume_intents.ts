import type { Desk } from "../domain/services/desk.ts";
import { fanOut, openAnnouncements } from "../domain/services/fan_out.ts";
import { finishReading, openReadings } from "../domain/services/notifications.ts";

/** Finishes what a process had begun over many records when it ended. */
export async function resumeIntents(desk: Desk): Promise<{ announced: number; read: number }> {
  const announcements = await openAnnouncements(desk);
  for (const id of announcements) await fanOut(desk, id);
  const readings = await openReadings(desk);
  for (const userId of readings) await finishReading(desk, userId);
  return { announced: announcements.length, read: readings.length };
}
