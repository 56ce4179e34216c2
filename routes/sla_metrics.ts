import { Hono } from "hono";
import { z } from "zod";
import {
  DEFAULT_PERIODS,
  RANGE_MONTHS_MAX,
  TREND_PERIODS,
  TREND_ROWS_MAX,
} from "../domain/rules/sla_period.ts";
import { readMetrics, readTrends } from "../domain/services/sla_metrics.ts";
import { list, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { granted } from "./http/problem.ts";
import { department, moment, priorityFilter } from "./http/schemas.ts";
import { query } from "./http/validate.ts";
import {
  slaMetricsShape,
  slaMetricsView,
  slaTrendShape,
  slaTrendView,
} from "./views/sla_metrics.ts";

const CATEGORY_LENGTH_MAX = 60;

const WHICH = {
  startDate: moment.optional().meta({
    description: "From when on: a day of the desk's time zone, or an instant; at most " +
      `${RANGE_MONTHS_MAX} months before the end.`,
  }),
  endDate: moment.optional().meta({
    description: "Until when: a day, with all of it, or an instant, which is not among it; now " +
      "when missing.",
  }),
  department: department.optional().meta({ description: "Compared without case." }),
  priority: priorityFilter.optional(),
  category: z.string().max(CATEGORY_LENGTH_MAX).optional().meta({
    description: "A category's name.",
  }),
};

const WHOSE =
  "What happened counts at its own instant: a breach at the deadline, whenever it was " +
  "noticed; a clock as met when it was fulfilled. Agents get their own figures: of tickets that " +
  "they had when it happened.";

/** How promises were kept. */
// deno-lint-ignore explicit-module-boundary-types
export function slaMetricsRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/metrics",
      describe({
        summary: "How promises were kept, of the last 30 days or as you ask",
        details: `${WHOSE} The range is rounded outward to whole hours of UTC.`,
        answers: { 200: one(someFields(slaMetricsShape)) },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.object({ ...WHICH, fields: fieldsOf(slaMetricsShape) })),
      async (c) => {
        const { fields, ...question } = c.req.valid("query");
        const metrics = granted(await readMetrics(c.get("desk"), c.get("actor"), question));
        const data = pick(slaMetricsView(metrics), fields);
        return c.json({ success: true as const, data }, 200);
      },
    )
    .get(
      "/trends",
      describe({
        summary: "The same by days, weeks or months, the oldest first",
        details: `${WHOSE} Periods are those of the desk's time zone, whole, and empty ones too: ` +
          `the last ${DEFAULT_PERIODS.daily} days, ${DEFAULT_PERIODS.weekly} weeks or ` +
          `${DEFAULT_PERIODS.monthly} months unless you ask for others, at most ${TREND_ROWS_MAX}.`,
        answers: { 200: list(someFields(slaTrendShape)) },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.object({
        period: z.enum(TREND_PERIODS).default("daily").meta({ description: "Of what a row is." }),
        ...WHICH,
        fields: fieldsOf(slaTrendShape),
      })),
      async (c) => {
        const { fields, ...question } = c.req.valid("query");
        const { rows, isOwn } = granted(
          await readTrends(c.get("desk"), c.get("actor"), question),
        );
        const data = rows.map((row) => pick(slaTrendView(row, isOwn), fields));
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    );
}
