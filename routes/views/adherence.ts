import { z } from "zod";
import { conformance } from "../../domain/rules/adherence.ts";
import { BREAK_TYPES } from "../../domain/rules/shift.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import type { AgentAdherence } from "../../domain/services/adherence.ts";
import { id } from "../http/answers.ts";

const minutes = z.number().int().min(0);

export const adherenceShape = z.object({
  agent: id,
  agentName: z.string(),
  shifts: z.number().int().min(0).meta({ description: "How many have some of their time in it." }),
  scheduledMinutes: minutes.meta({
    description: "Planned work: the time of shifts without their planned breaks.",
  }),
  workedMinutes: minutes.meta({
    description: "Online or busy in a shift, and on no break.",
  }),
  conformedMinutes: minutes.meta({ description: "What of the planned work was worked." }),
  overtimeMinutes: minutes.meta({
    description: "Worked before or after the planned time of a shift.",
  }),
  conformance: z.number().min(0).max(100).nullable().meta({
    description: "`conformedMinutes` in percent of `scheduledMinutes`; null where none were.",
  }),
  breaks: z.array(z.object({
    type: z.enum(BREAK_TYPES),
    scheduledMinutes: minutes,
    takenMinutes: minutes,
  })),
}).meta({ id: "Adherence" });

export function adherenceView(
  { agent, figures }: AgentAdherence,
): z.infer<typeof adherenceShape> {
  return {
    agent: agent.id,
    agentName: agent.name,
    shifts: figures.shifts,
    scheduledMinutes: toMinutes(figures.scheduledMs),
    workedMinutes: toMinutes(figures.workedMs),
    conformedMinutes: toMinutes(figures.conformedMs),
    overtimeMinutes: toMinutes(figures.overtimeMs),
    conformance: conformance(figures),
    breaks: BREAK_TYPES.map((type) => ({
      type,
      scheduledMinutes: toMinutes(figures.breaks[type].scheduledMs),
      takenMinutes: toMinutes(figures.breaks[type].takenMs),
    })),
  };
}

function toMinutes(milliseconds: number): number {
  return Math.round(milliseconds / MINUTE_MS);
}
