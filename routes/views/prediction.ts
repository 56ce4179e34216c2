import { z } from "zod";
import {
  type KindOfWork,
  LIVE_TARGET,
  OCCUPANCY_MAX,
  PRODUCTIVE_HOURS_A_DAY,
  staffHours,
} from "../../domain/rules/capacity.ts";
import { DAYS_A_WEEK } from "../../domain/rules/forecast.ts";
import { METHODS } from "../../domain/rules/forecast_methods.ts";
import { type Prediction, trendOf } from "../../domain/rules/prediction.ts";
import { HOUR_MS, type Instant, iso, SECOND_MS } from "../../domain/rules/time.ts";
import { instant } from "../http/answers.ts";

const tickets = z.number().min(0);
const error = z.number().min(0).nullable();
const share = z.number().min(0).max(1);

export const predictionShape = z.object({
  nextWeekLoad: z.object({
    dailyAverage: tickets,
    predictedTotal: tickets,
    lower: tickets,
    upper: tickets,
  }).meta({
    description:
      "Tickets of the next 168 hours; four of five times between the bounds. With less " +
      "than a week of history they know nothing of the weekdays that are missing.",
  }),
  ticketTrends: z.object({
    daily: z.array(z.object({
      date: z.string().meta({ format: "date" }),
      count: z.number().int().min(0),
    })).meta({ description: "The last 30 whole days of the desk's time zone, the oldest first." }),
    direction: z.enum(["up", "down", "steady"]),
    changePercent: z.number().meta({
      description: "The last 14 of these days against the 14 before; 100 where there were none.",
    }),
  }),
  agentCapacityNeeds: z.record(
    z.string(),
    z.object({
      avgLoad: z.number().min(0).meta({
        description: "Hours of work a day for each agent in the next seven days.",
      }),
      maxLoad: z.number().min(0).meta({
        description: "The same on the heaviest of the days. It is no limit.",
      }),
      additionalAgentsNeeded: z.number().int().min(0).meta({
        description: `On the heaviest day, with ${PRODUCTIVE_HOURS_A_DAY} productive hours a day ` +
          `of which ${100 * OCCUPANCY_MAX} % are busy.`,
      }),
    }),
  ).meta({
    description: "By department, in small letters. Agents of several departments count for each " +
      "by the share of the work.",
  }),
  hourly: z.array(z.object({ start: instant, expected: tickets, lower: tickets, upper: tickets }))
    .meta({ description: "168 hours, beginning with the one in which this was computed." }),
  staffing: z.array(z.object({
    start: instant,
    agents: z.number().int().min(0),
    occupancy: share.meta({ description: "The share of their productive time that is busy." }),
    serviceLevel: share.optional().meta({
      description: `Of live work: the share that waits no longer than ` +
        `${LIVE_TARGET.withinSeconds} seconds.`,
    }),
  })),
  method: z.enum([...METHODS, "insufficient_history"]),
  accuracy: z.object({
    mase: error.meta({
      description: "Mean absolute error of the hours, or with less than three weeks of history " +
        "of the days, in those of repeating the last week; null where nothing could be tried.",
    }),
    baselineMase: error.meta({ description: "The same of repeating the last week." }),
    backtestWeeks: z.number().int().min(0),
  }),
  handling: z.object({
    hours: z.number().positive(),
    source: z.enum(["measured", "estimated", "assumed"]),
  }).meta({
    description:
      "What a ticket takes an agent: measured from response to resolution, by how many " +
      "tickets agents hold at once; or as their open tickets were estimated.",
  }),
  backlog: z.number().int().min(0).meta({ description: "Open tickets." }),
  timezone: z.string(),
  computedAt: instant,
  ageSeconds: z.number().int().min(0),
}).meta({ id: "Prediction" });

export function predictionView(
  prediction: Prediction,
  work: KindOfWork,
  now: Instant,
): z.infer<typeof predictionShape> {
  const { total, days, departments, expected, accuracy, handling, computedAt } = prediction;
  const startOf = (index: number): string => iso(prediction.start + index * HOUR_MS);
  return {
    nextWeekLoad: {
      dailyAverage: tenth(total.expected / DAYS_A_WEEK),
      predictedTotal: tenth(total.expected),
      lower: tenth(total.lower),
      upper: tenth(total.upper),
    },
    ticketTrends: { daily: days.map((day) => ({ ...day })), ...trendOf(days) },
    agentCapacityNeeds: Object.fromEntries(
      departments.map(({ department, ...needs }) => [department, needs]),
    ),
    hourly: expected.map((each, index) => ({
      start: startOf(index),
      expected: each,
      lower: prediction.lower[index] ?? 0,
      upper: prediction.upper[index] ?? 0,
    })),
    staffing: staffHours(expected, prediction, work).map(({ occupancy, ...staffing }, index) => ({
      start: startOf(index),
      ...staffing,
      occupancy: thousandth(occupancy),
    })),
    method: prediction.method,
    accuracy: {
      mase: thousandthOrNull(accuracy.mase),
      baselineMase: thousandthOrNull(accuracy.baselineMase),
      backtestWeeks: accuracy.backtestPeriods,
    },
    handling: { ...handling, hours: thousandth(handling.hours) },
    backlog: prediction.backlog,
    timezone: prediction.timezone,
    computedAt: iso(computedAt),
    // Clocks of several processes differ.
    ageSeconds: Math.max(0, Math.round((now - computedAt) / SECOND_MS)),
  };
}

function tenth(value: number): number {
  return Math.round(10 * value) / 10;
}

function thousandth(value: number): number {
  return Math.round(1_000 * value) / 1_000;
}

function thousandthOrNull(value: number | null): number | null {
  return value === null ? null : thousandth(value);
}
