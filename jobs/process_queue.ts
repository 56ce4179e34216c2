import type { Desk } from "../domain/services/desk.ts";
import { processQueue, QUEUE_READ_MAX } from "../domain/services/routing.ts";

/** Routes what waits: for tickets whose demands relax with time, and those a dead process left. */
export async function processWaiting(desk: Desk): Promise<{ assigned: number; waiting: number }> {
  const report = await processQueue(desk, { limit: QUEUE_READ_MAX, dryRun: false });
  return { assigned: report.assigned.length, waiting: report.unassigned.length };
}
