import { z } from "zod";
import { type Calendar, DEFAULT_CALENDAR, WEEKDAYS } from "../../domain/rules/calendar.ts";
import { iso } from "../../domain/rules/time.ts";
import { instant } from "../http/answers.ts";

const windows = z.array(z.tuple([z.string(), z.string()])).optional();

export const calendarShape = z.object({
  id: z.string(),
  _id: z.string(),
  name: z.string(),
  timezone: z.string().meta({ description: "The name of an IANA time zone." }),
  alwaysOpen: z.boolean(),
  weekly: z.object({
    mon: windows,
    tue: windows,
    wed: windows,
    thu: windows,
    fri: windows,
    sat: windows,
    sun: windows,
  }).meta({ description: "When there is work, by day: `[open, close)` in local time." }),
  holidays: z.array(z.string()).meta({ description: "Whole local days without work." }),
  departments: z.array(z.string()).meta({
    description: "It counts for the tickets of these, whatever their configuration says.",
  }),
  isDefault: z.boolean().meta({ description: "It counts where no other one does." }),
  version: z.number().int().meta({
    description: "Another one whenever it counts otherwise; 0 from the start.",
  }),
  createdAt: instant.optional(),
  updatedAt: instant.optional(),
}).meta({ id: "Calendar" });

export function calendarView(calendar: Calendar): z.infer<typeof calendarShape> {
  const { id, name, timezone, alwaysOpen, holidays, departments, version } = calendar;
  const { createdAt, updatedAt } = calendar;
  return {
    id,
    _id: id,
    name,
    timezone,
    alwaysOpen,
    weekly: weeklyView(calendar),
    holidays: [...holidays],
    departments: [...departments],
    isDefault: id === DEFAULT_CALENDAR.id,
    version,
    // The default one was there from the start, also when it was changed since.
    ...(createdAt === 0 ? {} : { createdAt: iso(createdAt) }),
    ...(updatedAt === 0 ? {} : { updatedAt: iso(updatedAt) }),
  };
}

function weeklyView({ weekly }: Calendar): z.infer<typeof calendarShape>["weekly"] {
  const days = WEEKDAYS.flatMap((day) => {
    const open = weekly[day] ?? [];
    return open.length === 0 ? [] : [[day, open.map(([from, to]) => [from, to])] as const];
  });
  return Object.fromEntries(days);
}
