import { z } from "zod";
import { WEEKDAYS } from "../../domain/rules/calendar.ts";
import { BREAK_TYPES, type BreakType } from "../../domain/rules/shift.ts";
import { timezoneNamed } from "../../domain/rules/timezone.ts";
import { id, instant } from "./schemas.ts";

const TIMEZONE_LENGTH_MAX = 60;
/** More than a shift may have are refused by the rules. */
const BREAKS_LISTED_MAX = 100;

export const timezone = z.string().min(1).max(TIMEZONE_LENGTH_MAX).transform((text, context) => {
  const name = timezoneNamed(text);
  if (name !== null) return name;
  context.addIssue({ code: "custom", message: "No IANA time zone has this name" });
  return z.NEVER;
}).meta({ description: "The name of an IANA time zone.", examples: ["Europe/Berlin"] });

/** As the predecessor's clients spell it too. */
const SPELLINGS = { shortBreak: "short-break", short_break: "short-break" } as const;

const NAMES = [...BREAK_TYPES, "shortBreak", "short_break"] as const;

export const breakType = z.enum(NAMES).transform((name): BreakType =>
  name === "shortBreak" || name === "short_break" ? SPELLINGS[name] : name
);

export const breakTimes = z.object({ type: breakType, start: instant, end: instant });

export const shiftTimes = z.object({
  start: instant,
  end: instant,
  timezone,
  breaks: z.array(breakTimes).max(BREAKS_LISTED_MAX).optional().meta({
    description: "Those that are not named stay as they are.",
  }),
});

/** Local time as the clock on the wall shows it. */
const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Must be a time such as 09:30")
  .meta({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", examples: ["09:00"] });

const localDate = z.iso.date().meta({ format: "date", examples: ["2026-11-23"] });

export const patternPlan = z.object({
  agentId: id,
  timezone,
  weekdays: z.array(z.enum(WEEKDAYS)).min(1).max(WEEKDAYS.length)
    .transform((days) => WEEKDAYS.filter((day) => days.includes(day))),
  startTime: localTime,
  endTime: localTime.meta({
    description: "Of the day after where it is not later than `startTime`.",
  }),
  breaks: z.array(z.object({ type: breakType, startTime: localTime, endTime: localTime }))
    .max(BREAKS_LISTED_MAX).default([]),
  startDate: localDate,
  endDate: localDate.nullable().default(null).meta({
    description: "The last day on which one begins; there is no last one without.",
  }),
});
