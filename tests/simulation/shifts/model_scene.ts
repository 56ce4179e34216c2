import type { Instant } from "../../../domain/rules/time.ts";
import type { AgentDiary, PlannedBreak, ShiftDeed, ShiftEntry } from "./diary.ts";
import { replayAgent } from "./model.ts";
import type { ModelAdherence, ModelAgent } from "./model_result.ts";

// Small diaries, for tests that work out by hand what the model should make of them.

const MARCH_2 = Date.UTC(2026, 2, 2); // a Monday

/** The instant at which a clock in UTC shows "HH:MM" on that Monday, or so many days later. */
export function clock(time: string, days = 0): Instant {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return MARCH_2 + ((days * 24 + hours) * 60 + minutes) * 60_000;
}

export type Done = readonly [
  time: string,
  deed: ShiftDeed,
  days?: number,
  by?: ShiftEntry["by"],
];

/** What the model makes of an agent that was offline on Monday at midnight, until so many days later. */
export function lived(
  done: readonly Done[],
  { days = 1, ...more }: { readonly days?: number } & Partial<AgentDiary> = {},
): ModelAgent {
  const entries = done.map(([time, deed, later = 0, by = "supervisor"], place): ShiftEntry => ({
    place,
    at: clock(time, later),
    by,
    deed,
    answer: "granted",
  }));
  const diary: AgentDiary = {
    agentId: "ada",
    userId: "user-ada",
    timezone: "UTC",
    status: "offline",
    entries,
    recurring: [],
    ...more,
  };
  return replayAgent({ beginsAt: MARCH_2, endsAt: clock("00:00", days), agents: [diary] }, diary);
}

export function schedule(
  shiftId: string,
  from: string,
  to: string,
  breaks: readonly PlannedBreak[] = [],
): ShiftDeed {
  const plan = { start: clock(from), end: clock(to), breaks };
  return { verb: "schedule", shiftId, plan };
}

export function lunch(from: string, to: string, id = "lunch"): PlannedBreak {
  return { id, type: "lunch", start: clock(from), end: clock(to) };
}

export const online: ShiftDeed = { verb: "status", to: "online" };
export const busy: ShiftDeed = { verb: "status", to: "busy" };
export const offline: ShiftDeed = { verb: "status", to: "offline" };

/** "2 09:00 shift.started", with the day of the month. */
export function told({ facts }: ModelAgent): string[] {
  return facts.map(({ at, what }) => `${timeOf(at)} ${what}`);
}

export function timeOf(at: Instant | null | undefined): string {
  const text = new Date(at ?? NaN).toISOString();
  return `${Number(text.slice(8, 10))} ${text.slice(11, 16)}`;
}

/** How the agent is at these times. */
export function looks(agent: ModelAgent, ...times: readonly string[]): string[] {
  return times.map((time) => {
    const { status, onBreak, onDuty, atWork } = agent.minute(clock(time));
    const more = [onBreak ? "on a break" : "", onDuty ? "on duty" : atWork ? "at work" : ""];
    return [time, status, ...more].filter((word) => word !== "").join(" ");
  });
}

export function figures(agent: ModelAgent, from = "00:00", to = "24:00"): Partial<ModelAdherence> {
  const { breaks: _, ...rest } = agent.adherence(clock(from), clock(to));
  return rest;
}
