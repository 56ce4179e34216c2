import { Hono } from "hono";
import { z } from "zod";
import { HOLIDAYS_MAX, WEEKDAYS, WINDOWS_A_DAY_MAX } from "../domain/rules/calendar.ts";
import { deleteCalendar, listCalendars, putCalendar } from "../domain/services/calendars.ts";
import { list, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { department, name, slug } from "./http/schemas.ts";
import { anyCalendar, knownCalendar } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { calendarShape, calendarView } from "./views/calendar.ts";

const DEPARTMENTS_MAX = 50;

// Of hours, the rules say themselves what is wrong, all of it at once; here is what they are.
const time = z.string().meta({ pattern: "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" });
const window = z.tuple([time, time]).meta({ minItems: 2, maxItems: 2 });
const windows = z.array(window).meta({ maxItems: WINDOWS_A_DAY_MAX });

const changes = z.object({
  name: name.optional(),
  timezone: z.string().optional().meta({ description: "The name of an IANA time zone." }),
  alwaysOpen: z.boolean().optional().meta({ description: "Without windows and holidays." }),
  weekly: z.record(z.string(), windows).optional().meta({
    description: "By day: windows of local time, `[open, close)`; all days are named at once.",
    propertyNames: { enum: WEEKDAYS },
  }),
  holidays: z.array(z.string().meta({ format: "date" })).optional().meta({
    description: "Whole local days without work.",
    maxItems: HOLIDAYS_MAX,
  }),
  departments: z.array(department).max(DEPARTMENTS_MAX).optional().meta({
    description: "It counts for the tickets of these, whatever their configuration says.",
  }),
});

const EXAMPLES: Record<string, z.input<typeof changes>> = {
  office: {
    name: "Office Berlin",
    timezone: "Europe/Berlin",
    weekly: {
      mon: [["09:00", "12:00"], ["13:00", "17:30"]],
      tue: [["09:00", "12:00"], ["13:00", "17:30"]],
    },
    holidays: ["2026-12-25"],
    departments: ["Billing"],
  },
  closed: { holidays: ["2026-12-24", "2026-12-25"] },
};

/** The hours by which promises count. */
// deno-lint-ignore explicit-module-boundary-types
export function calendarRoutes() {
  const calendarPath = param(z.object({ id: slug }));
  return new Hono<AppEnv>()
    .get(
      "/calendars",
      describe({ summary: "Every calendar", answers: { 200: list(someFields(calendarShape)) } }),
      authenticate,
      permit("read_sla_configuration"),
      query(z.object({ fields: fieldsOf(calendarShape) })),
      async (c) => {
        const { fields } = c.req.valid("query");
        const all = await listCalendars(c.get("desk"));
        const data = all.map((each) => pick(calendarView(each), fields));
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .get(
      "/calendars/:id",
      describe({
        summary: "A calendar",
        answers: { 200: one(someFields(calendarShape)) },
        isTagged: true,
      }),
      authenticate,
      calendarPath,
      permit("read_sla_configuration"),
      knownCalendar,
      query(z.object({ fields: fieldsOf(calendarShape) })),
      (c) => {
        const { calendar, versionstamp } = c.var;
        const data = pick(calendarView(calendar), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/calendars/:id",
      describe({
        summary: "Change a calendar, or make it",
        details: "What is not named stays; a new one names itself, its time zone and its hours. " +
          "Clocks of open tickets that count by it are set anew, finished ones never. While an " +
          "edit is being applied to open tickets there is no other: 409 `conflict`.",
        answers: { 200: one(calendarShape), 201: one(calendarShape) },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      calendarPath,
      permit("edit_sla_configuration"),
      anyCalendar,
      retagged,
      body(changes, EXAMPLES),
      async (c) => {
        const { id } = c.req.valid("param");
        const said = c.req.valid("json");
        return await once(c, (desk) => putCalendar(desk, id, said), ({ calendar, isNew }) => {
          if (isNew) c.header("Location", `/api/sla/calendars/${id}`);
          const data = calendarView(calendar);
          return c.json({ success: true as const, data }, isNew ? 201 : 200);
        });
      },
    )
    .delete(
      "/calendars/:id",
      describe({
        summary: "Delete a calendar by which no configuration counts",
        details: "Open tickets go on by the calendar that holds for them then.",
        answers: { 200: one(calendarShape) },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      calendarPath,
      permit("read_sla_configuration"),
      knownCalendar,
      permit("edit_sla_configuration"),
      async (c) => {
        const { calendar } = c.var;
        return await once(
          c,
          (desk) => deleteCalendar(desk, calendar.id),
          (deleted) => c.json({ success: true as const, data: calendarView(deleted) }, 200),
        );
      },
    );
}
