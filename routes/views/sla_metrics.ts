import { z } from "zod";
import type { Metrics, Trends } from "../../domain/services/sla_metrics.ts";
import {
  type Duration,
  type Quantiles,
  quantilesOf,
  summarise,
  summariseBy,
  type Summary,
} from "../../domain/rules/sla_summary.ts";
import { PRIORITIES } from "../../domain/rules/ticket.ts";
import { iso, MINUTE_MS } from "../../domain/rules/time.ts";
import { instant } from "../http/answers.ts";

export const count = z.number().int().min(0);
const average = z.number().min(0).meta({
  description: "Minutes by the wall clock; 0 where nothing was measured.",
});
const minutes = z.number().min(0).nullable().meta({
  description: "Minutes; null where nothing was measured.",
});

export const kept = {
  totalTickets: count.meta({
    description: "Opened in this time; in an agent's own figures: resolved, each the first time.",
  }),
  responseSLABreaches: count,
  nextReplySLABreaches: count,
  resolutionSLABreaches: count,
  averageResponseTime: average,
  averageResolutionTime: average,
  slaComplianceRate: z.number().min(0).max(100).meta({
    description: "Percent of met among all promises that were met or broken in this time, of " +
      "responses, next replies and resolutions, of open tickets too; 100 where there were none. " +
      "An agent's `performance` tells by this name of its resolutions alone, ever since.",
  }),
};

const duration = z.object({ business: minutes, wallClock: minutes });
const averages = z.object({ response: duration, nextReply: duration, resolution: duration });
const quantiles = z.object({ p50: minutes, p90: minutes, p95: minutes });
export const quantilesTold = z.object({ business: quantiles, wallClock: quantiles });
const figures = { ...kept, averages };

export const slaMetricsShape = z.object({
  range: z.object({ start: instant, end: instant }).meta({
    description: "What the figures cover: whole hours of UTC, the end not among them.",
  }),
  ...figures,
  percentiles: z.object({
    response: quantilesTold,
    nextReply: quantilesTold,
    firstResolution: quantilesTold,
    resolution: quantilesTold,
  }).meta({
    description:
      "By nearest rank, each within 2 % of the exact one; `resolution` has those after " +
      "a reopening too, by all the time until then but that in which the ticket was resolved.",
  }),
  byPriority: z.array(z.object({ priority: z.literal(PRIORITIES), ...figures })),
  byCategory: z.array(z.object({ category: z.string(), ...figures })),
  byDepartment: z.array(z.object({
    department: z.string().meta({ description: "In small letters, as departments are compared." }),
    ...figures,
  })),
}).meta({ id: "SlaMetrics" });

export function slaMetricsView(
  { range, figures, isOwn }: Metrics,
): z.infer<typeof slaMetricsShape> {
  const { response, nextReply, firstResolution, resolution } = quantilesOf(figures);
  return {
    range: { start: iso(range.start), end: iso(range.end) },
    ...figuresView(summarise(figures.groups.values(), isOwn)),
    percentiles: {
      response: quantilesView(response),
      nextReply: quantilesView(nextReply),
      firstResolution: quantilesView(firstResolution),
      resolution: quantilesView(resolution),
    },
    byPriority: summariseBy(figures, "priority", isOwn)
      .map(({ of, summary }) => ({ priority: of, ...figuresView(summary) })),
    byCategory: summariseBy(figures, "category", isOwn)
      .map(({ of, summary }) => ({ category: of, ...figuresView(summary) })),
    byDepartment: summariseBy(figures, "department", isOwn)
      .map(({ of, summary }) => ({ department: of, ...figuresView(summary) })),
  };
}

export const slaTrendShape = z.object({
  _id: z.union([
    z.object({ year: z.number().int(), day: z.number().int() }),
    z.object({ year: z.number().int(), week: z.number().int() }),
    z.object({ year: z.number().int(), month: z.number().int() }),
  ]).meta({ description: "The day of the year, the week of ISO 8601, or the month." }),
  start: instant.meta({ description: "When it begins in the desk's time zone." }),
  slaBreaches: count,
  ...kept,
}).meta({ id: "SlaTrend" });

export function slaTrendView(
  { period, figures }: Trends["rows"][number],
  isOwn: boolean,
): z.infer<typeof slaTrendShape> {
  const summary = summarise(figures.groups.values(), isOwn);
  const { response, nextReply, resolution } = summary.breaches;
  return {
    _id: period.name,
    start: iso(period.start),
    slaBreaches: response + nextReply + resolution,
    ...keptView(summary),
  };
}

type FiguresView =
  & z.infer<z.ZodObject<typeof kept>>
  & { readonly averages: z.infer<typeof averages> };

function figuresView(summary: Summary): FiguresView {
  const { response, nextReply, resolution } = summary;
  return {
    ...keptView(summary),
    averages: {
      response: durationView(response),
      nextReply: durationView(nextReply),
      resolution: durationView(resolution),
    },
  };
}

export function keptView(summary: Summary): z.infer<z.ZodObject<typeof kept>> {
  const { ticketCount, breaches, metShare, response, resolution } = summary;
  return {
    totalTickets: ticketCount,
    responseSLABreaches: breaches.response,
    nextReplySLABreaches: breaches.nextReply,
    resolutionSLABreaches: breaches.resolution,
    averageResponseTime: toMinutes(response.wallClock) ?? 0,
    averageResolutionTime: toMinutes(resolution.wallClock) ?? 0,
    slaComplianceRate: metShare === null ? 100 : Math.round(1_000 * metShare) / 10,
  };
}

function durationView({ business, wallClock }: Duration): z.infer<typeof duration> {
  return { business: toMinutes(business), wallClock: toMinutes(wallClock) };
}

/** To the hundredth. */
function toMinutes(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(100 * milliseconds / MINUTE_MS) / 100;
}

export function quantilesView(
  told: { readonly business: Quantiles; readonly wallClock: Quantiles },
): z.infer<typeof quantilesTold> {
  const view = ({ p50, p90, p95 }: Quantiles): z.infer<typeof quantiles> => ({
    p50: roughMinutes(p50),
    p90: roughMinutes(p90),
    p95: roughMinutes(p95),
  });
  return { business: view(told.business), wallClock: view(told.wallClock) };
}

/** To five digits: rounding to a part of a minute would be more than 2 % of a few seconds. */
function roughMinutes(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Number((milliseconds / MINUTE_MS).toPrecision(5));
}
