// What the document shows of shifts.

import { AGENT, BREAK, SHIFT } from "./example_facts.ts";

const PATTERN = "019ab3c4-0000-7000-8000-000000000053";
const PLANNED = "2026-11-16T09:00:00.000Z";

const lunch = {
  id: BREAK,
  _id: BREAK,
  type: "lunch",
  start: "2026-11-22T12:00:00.000Z",
  end: "2026-11-22T12:30:00.000Z",
  status: "scheduled",
};

const shift = {
  id: SHIFT,
  _id: SHIFT,
  agent: AGENT,
  start: "2026-11-22T08:00:00.000Z",
  end: "2026-11-22T16:00:00.000Z",
  timezone: "Europe/Berlin",
  status: "in-progress",
  breaks: [lunch],
  startedAt: "2026-11-22T08:00:00.000Z",
  endedAt: null,
  overtime: false,
  pattern: PATTERN,
  createdAt: PLANNED,
  updatedAt: "2026-11-22T08:00:00.000Z",
};

export const SHIFT_EXAMPLES: Readonly<Record<string, unknown>> = {
  Break: lunch,
  Shift: shift,
  ShiftFields: { id: SHIFT, start: shift.start, end: shift.end, status: shift.status },
  ShiftPattern: {
    id: PATTERN,
    _id: PATTERN,
    agent: AGENT,
    timezone: "Europe/Berlin",
    weekdays: ["mon", "tue", "wed", "thu"],
    startTime: "09:00",
    endTime: "17:00",
    breaks: [{ type: "lunch", startTime: "13:00", endTime: "13:30" }],
    startDate: "2026-11-16",
    endDate: null,
    createdAt: PLANNED,
    updatedAt: PLANNED,
  },
  ShiftPatternFields: { id: PATTERN, weekdays: ["mon", "tue", "wed", "thu"] },
  Adherence: {
    agent: AGENT,
    agentName: "Amira",
    shifts: 20,
    scheduledMinutes: 9_000,
    workedMinutes: 8_940,
    conformedMinutes: 8_872,
    overtimeMinutes: 45,
    conformance: 98.6,
    breaks: [
      { type: "lunch", scheduledMinutes: 600, takenMinutes: 618 },
      { type: "short-break", scheduledMinutes: 0, takenMinutes: 0 },
      { type: "training", scheduledMinutes: 120, takenMinutes: 120 },
      { type: "meeting", scheduledMinutes: 60, takenMinutes: 55 },
    ],
  },
  AdherenceFields: { agent: AGENT, conformance: 98.6 },
};
