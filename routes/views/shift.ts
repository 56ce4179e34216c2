import { z } from "zod";
import { WEEKDAYS } from "../../domain/rules/calendar.ts";
import { type Break, BREAK_TYPES, type Shift, SHIFT_STATUSES } from "../../domain/rules/shift.ts";
import type { ShiftPattern } from "../../domain/rules/shift_pattern.ts";
import { iso, isoOrNull } from "../../domain/rules/time.ts";
import { id, instant } from "../http/answers.ts";

export const breakShape = z.object({
  id,
  _id: id,
  type: z.enum(BREAK_TYPES),
  start: instant,
  end: instant,
  status: z.enum(SHIFT_STATUSES),
}).meta({ id: "Break" });

export const shiftShape = z.object({
  id,
  _id: id,
  agent: id.meta({ description: "The agent whose shift it is." }),
  start: instant.meta({ description: "As planned." }),
  end: instant.meta({ description: "As planned." }),
  timezone: z.string(),
  status: z.enum(SHIFT_STATUSES),
  breaks: z.array(breakShape),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  overtime: z.boolean().meta({ description: "Whether its agent went on after its end." }),
  pattern: id.nullable().meta({ description: "The recurring pattern that it was made of." }),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: "Shift" });

export function shiftView(shift: Shift): z.infer<typeof shiftShape> {
  const { id, agentId, start, end, timezone, status, breaks, overtime = false } = shift;
  return {
    id,
    _id: id,
    agent: agentId,
    start: iso(start),
    end: iso(end),
    timezone,
    status,
    breaks: breaks.map(breakView),
    startedAt: isoOrNull(shift.startedAt),
    endedAt: isoOrNull(shift.endedAt),
    overtime,
    pattern: shift.patternId ?? null,
    createdAt: iso(shift.createdAt),
    updatedAt: iso(shift.updatedAt),
  };
}

export function breakView(
  { id, type, start, end, status }: Pick<Break, "id" | "type" | "start" | "end" | "status">,
): z.infer<typeof breakShape> {
  return { id, _id: id, type, start: iso(start), end: iso(end), status };
}

const time = z.string().meta({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });
const date = z.string().meta({ format: "date" });

export const shiftPatternShape = z.object({
  id,
  _id: id,
  agent: id,
  timezone: z.string(),
  weekdays: z.array(z.enum(WEEKDAYS)),
  startTime: time,
  endTime: time.meta({ description: "Of the day after where it is not later than `startTime`." }),
  breaks: z.array(z.object({ type: z.enum(BREAK_TYPES), startTime: time, endTime: time })),
  startDate: date,
  endDate: date.nullable().meta({ description: "The last day; null for none." }),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: "ShiftPattern" });

export function shiftPatternView(pattern: ShiftPattern): z.infer<typeof shiftPatternShape> {
  const { id, agentId, timezone, weekdays, startTime, endTime, startDate, endDate } = pattern;
  return {
    id,
    _id: id,
    agent: agentId,
    timezone,
    weekdays: [...weekdays],
    startTime,
    endTime,
    breaks: pattern.breaks.map((each) => ({ ...each })),
    startDate,
    endDate,
    createdAt: iso(pattern.createdAt),
    updatedAt: iso(pattern.updatedAt),
  };
}
