import { Hono } from "hono";
import { z } from "zod";
import { DEFAULT_HOURS, INTERVALS, INTERVALS_MAX } from "../domain/rules/intervals.ts";
import { DEFAULT_PERIODS, RANGE_MONTHS_MAX } from "../domain/rules/sla_period.ts";
import {
  readAgentAnalytics,
  readSlaAnalytics,
  readTicketAnalytics,
} from "../domain/services/analytics.ts";
import { one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { CSV, csvHeaders, csvOf, format } from "./http/csv.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { granted } from "./http/problem.ts";
import { department, id, limitOf, moment, priorityFilter } from "./http/schemas.ts";
import { timezone } from "./http/shift_schemas.ts";
import { query } from "./http/validate.ts";
import {
  agentAnalyticsShape,
  agentAnalyticsView,
  agentRowShape,
  slaAnalyticsShape,
  slaAnalyticsView,
  slaIntervalShape,
  ticketAnalyticsShape,
  ticketAnalyticsView,
  ticketIntervalShape,
} from "./views/analytics.ts";

const CATEGORY_LENGTH_MAX = 60;
const AGENTS_MAX = 500;

const WHICH = {
  startDate: moment.optional().meta({
    description: "From when on: a day of the time zone, or an instant; at most " +
      `${RANGE_MONTHS_MAX} months before the end.`,
  }),
  endDate: moment.optional().meta({
    description: "Until when: a day, with all of it, or an instant, which is not among it; now " +
      "when missing.",
  }),
  timezone: timezone.optional().meta({
    description: "The IANA time zone in which days and weeks begin; the desk's own when missing.",
  }),
  department: department.optional().meta({ description: "Compared without case." }),
  priority: priorityFilter.optional(),
  category: z.string().max(CATEGORY_LENGTH_MAX).optional().meta({
    description: "A category's name.",
  }),
  agentId: id.optional().meta({
    description: "The figures of this agent alone; nobody but a supervisor asks for another's.",
  }),
  format,
};

const BY_INTERVALS = {
  ...WHICH,
  interval: z.enum(INTERVALS).default("day").meta({ description: "Of what a row is." }),
};

const TABLE = "A table has all columns of its rows: `fields` are those of the JSON.";
const WHOSE = "Agents get their own figures: of tickets that they had when it happened, or had " +
  "resolved before it was reopened or rated.";
const ROWS =
  `Intervals are whole, and empty ones are there too: the last ${DEFAULT_HOURS} hours, ` +
  `${DEFAULT_PERIODS.daily} days or ${DEFAULT_PERIODS.weekly} weeks unless you ask for others, at ` +
  `most ${INTERVALS_MAX}. They are made of whole hours of UTC: where a day begins within one, it ` +
  "counts from the beginning of that.";

/** What comes and goes, how it is dealt with, and by whom; from counters, without any ticket. */
// deno-lint-ignore explicit-module-boundary-types
export function analyticsRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/tickets",
      describe({
        summary: "How much came and went, how much was open, and how it was rated, over time",
        details: `${WHOSE} ${ROWS} ${TABLE}`,
        answers: { 200: { contentType: CSV, orJson: one(someFields(ticketAnalyticsShape)) } },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.strictObject({ ...BY_INTERVALS, fields: fieldsOf(ticketAnalyticsShape) })),
      async (c) => {
        const { format, fields, ...question } = c.req.valid("query");
        const data = ticketAnalyticsView(
          granted(await readTicketAnalytics(c.get("desk"), c.get("actor"), question)),
        );
        return format === "json"
          ? c.json({ success: true as const, data: pick(data, fields) }, 200)
          : c.text(csvOf(ticketIntervalShape, data.intervals), 200, csvHeaders("tickets"));
      },
    )
    .get(
      "/sla",
      describe({
        summary: "How promises were kept, and how long answers and resolutions took, over time",
        details: `${WHOSE} ${ROWS} ${TABLE}`,
        answers: { 200: { contentType: CSV, orJson: one(someFields(slaAnalyticsShape)) } },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.strictObject({ ...BY_INTERVALS, fields: fieldsOf(slaAnalyticsShape) })),
      async (c) => {
        const { format, fields, ...question } = c.req.valid("query");
        const data = slaAnalyticsView(
          granted(await readSlaAnalytics(c.get("desk"), c.get("actor"), question)),
        );
        return format === "json"
          ? c.json({ success: true as const, data: pick(data, fields) }, 200)
          : c.text(csvOf(slaIntervalShape, data.intervals), 200, csvHeaders("sla"));
      },
    )
    .get(
      "/agents",
      describe({
        summary: "What each agent resolved, how fast, and how it was rated",
        details: `${WHOSE} Who has none is not there, unless it is asked for by \`agentId\`; ` +
          `who resolved most comes first. Without dates they are of the last ` +
          `${DEFAULT_PERIODS.daily} days; the range is rounded outward to whole hours of UTC. ` +
          TABLE,
        answers: { 200: { contentType: CSV, orJson: one(someFields(agentAnalyticsShape)) } },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.strictObject({
        ...WHICH,
        limit: limitOf(AGENTS_MAX, AGENTS_MAX),
        fields: fieldsOf(agentAnalyticsShape),
      })),
      async (c) => {
        const { format, fields, ...question } = c.req.valid("query");
        const data = agentAnalyticsView(
          granted(await readAgentAnalytics(c.get("desk"), c.get("actor"), question)),
        );
        return format === "json"
          ? c.json({ success: true as const, data: pick(data, fields) }, 200)
          : c.text(csvOf(agentRowShape, data.agents), 200, csvHeaders("agents"));
      },
    );
}
