import type { Desk } from "../domain/services/desk.ts";
import { learnFromTickets } from "../domain/services/learning.ts";

/** Learns from resolved tickets what category and priority people give them. */
export async function learnCategories(desk: Desk): Promise<{ learned: number }> {
  return { learned: await learnFromTickets(desk) };
}
