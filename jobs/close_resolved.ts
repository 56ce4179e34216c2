import { closeResolvedTickets } from "../domain/services/closing.ts";
import type { Desk } from "../domain/services/desk.ts";

/** Closes what was resolved long ago and nobody reopened. */
export async function closeResolved(desk: Desk): Promise<{ closed: number }> {
  return { closed: await closeResolvedTickets(desk) };
}
