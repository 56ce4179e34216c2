import { MINUTE_MS } from "../../domain/rules/time.ts";
import type { Person, TestDesk } from "./desk.ts";
import { agentId, dataOf, type View } from "./work.ts";

/** What the path of a route about shifts names: all of it is the agent's. */
export async function rosterFor(
  desk: TestDesk,
  boss: Person,
  agent: Person,
  pattern: string,
): Promise<Record<string, string>> {
  const names = { agentId: agentId(agent) };
  if (pattern.endsWith("/patterns/:id")) {
    const made = await desk.call(boss, "POST", "/api/shifts/patterns", weeklyOf(agentId(agent)));
    return { ...names, id: dataOf(made, 201).id };
  }
  const begins = pattern === "/api/shifts/:shiftId" ? 60 : -60;
  const isTaken = pattern.endsWith("/breaks/:breakId/end");
  const lunch = { type: "lunch", ...times(desk, isTaken ? -5 : 30, 45) };
  const shift: View = dataOf(
    await desk.call(boss, "POST", "/api/shifts/schedule", {
      agentId: agentId(agent),
      timezone: "UTC",
      ...times(desk, begins, begins + 120),
      breaks: begins < 0 ? [lunch] : [],
    }),
    201,
  );
  return { ...names, shiftId: shift.id, breakId: shift.breaks[0]?.id ?? "none" };
}

/** From and to so many minutes from now. */
export function times(desk: TestDesk, from: number, to: number): { start: string; end: string } {
  const at = (minutes: number): string =>
    new Date(desk.clock.now() + minutes * MINUTE_MS).toISOString();
  return { start: at(from), end: at(to) };
}

/** Every Monday morning, from the week after next on. */
export function weeklyOf(agentId: string): object {
  return {
    agentId,
    timezone: "Europe/Berlin",
    weekdays: ["mon"],
    startTime: "06:00",
    endTime: "07:00",
    startDate: "2026-01-19",
  };
}
