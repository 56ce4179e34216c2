import type { Agent } from "./agent.ts";
import { type GroupFigures, type Measure, placeOf } from "./sla_metrics.ts";
import { HOUR_MS } from "./time.ts";

/** How long a ticket takes an agent. */
export interface HandlingTime {
  readonly hours: number;
  /** From what was measured, from what agents' open tickets were estimated to take, or from nothing. */
  readonly source: "measured" | "estimated" | "assumed";
}

/** Fewer resolutions than this measure nothing. */
const RESOLUTIONS_MIN = 20;
/** What a ticket is estimated to take unless somebody says otherwise. */
const ASSUMED_HOURS = 1;
const HOURS_MIN = 0.05;
const HOURS_MAX = 40;

/**
 * The business time from first response to first resolution, divided by how many tickets its agents
 * may hold at once, for they do not work on one alone; else the mean of what the tickets that they
 * hold were estimated to take.
 */
export function handlingTime(
  figures: readonly GroupFigures[],
  agents: readonly Pick<Agent, "maxTickets" | "activeTickets">[],
): HandlingTime {
  const resolution = meanHours(figures, "resolution_business");
  const response = meanHours(figures, "response_business");
  if (resolution.count >= RESOLUTIONS_MIN) {
    const places = agents.reduce((sum, { maxTickets }) => sum + Math.max(1, maxTickets), 0);
    const atOnce = agents.length === 0 ? 1 : places / agents.length;
    return { hours: within((resolution.hours - response.hours) / atOnce), source: "measured" };
  }
  const held = agents.flatMap(({ activeTickets }) => activeTickets);
  if (held.length === 0) return { hours: ASSUMED_HOURS, source: "assumed" };
  const hours = held.reduce((sum, { estimatedHours }) => sum + estimatedHours, 0) / held.length;
  return { hours: within(hours), source: "estimated" };
}

function meanHours(
  figures: readonly GroupFigures[],
  measure: Measure,
): { readonly count: number; readonly hours: number } {
  const place = placeOf(measure);
  const count = figures.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0);
  const milliseconds = figures.reduce((sum, each) => sum + (each.milliseconds[place] ?? 0), 0);
  return { count, hours: count === 0 ? 0 : milliseconds / count / HOUR_MS };
}

function within(hours: number): number {
  return Math.min(HOURS_MAX, Math.max(HOURS_MIN, hours));
}
