import type { Desk } from "../domain/services/desk.ts";
import { forgetEvents } from "../domain/services/retention.ts";

/** Forgets events that are older than whoever was away is told of. */
export async function pruneFeed(desk: Desk): Promise<{ forgotten: number }> {
  return { forgotten: await forgetEvents(desk) };
}
