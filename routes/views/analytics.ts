import { z } from "zod";
import { satisfactionOf, type Volumes, volumesTogether } from "../../domain/rules/analytics.ts";
import type { Interval } from "../../domain/rules/intervals.ts";
import type { HourRange } from "../../domain/rules/sla_range.ts";
import type { Figures } from "../../domain/rules/sla_metrics.ts";
import { quantilesOf, summarise } from "../../domain/rules/sla_summary.ts";
import { type Instant, iso } from "../../domain/rules/time.ts";
import type {
  AgentAnalytics,
  SlaAnalytics,
  TicketAnalytics,
} from "../../domain/services/analytics.ts";
import { id, instant } from "../http/answers.ts";
import { count, kept, keptView, quantilesTold, quantilesView } from "./sla_metrics.ts";

const percent = z.number().min(0);

const ratings = z.object({
  count,
  average: z.number().min(1).max(5).nullable().meta({ description: "Null where there are none." }),
  satisfied: percent.max(100).nullable().meta({
    description: "Percent of them with a score of 4 or 5.",
  }),
  score1: count,
  score2: count,
  score3: count,
  score4: count,
  score5: count,
});

const dealt = {
  resolved: count.meta({ description: "Each time; those after a reopening too." }),
  finished: count.meta({ description: "Ceased to be open: resolved, or closed without that." }),
  reopened: count.meta({ description: "Open again; counted for the agent who had resolved it." }),
  reopenRate: percent.nullable().meta({
    description: "Percent: reopened of finished, both in this time; null where nothing finished.",
  }),
  ratings,
};

const volumes = {
  opened: count.nullable().meta({
    description: "Null in an agent's figures: nobody has a ticket yet when it is opened.",
  }),
  ...dealt,
  backlog: z.number().int().nullable().meta({
    description:
      "How many were open at the end; null in an agent's figures, by category, for what is " +
      "to come, and for what was before the desk counted all that it takes.",
  }),
};

const percentiles = z.object({ response: quantilesTold, resolution: quantilesTold }).meta({
  description: "Minutes, each within 2 % of the exact one.",
});

const when = {
  start: instant,
  localStart: z.string().meta({
    description: "The same in the time zone, with its offset.",
    examples: ["2026-11-23T00:00:00+01:00"],
  }),
};

const covered = {
  range: z.object({ start: instant, end: instant }).meta({
    description: "What the figures cover: whole hours of UTC, the end not among them.",
  }),
  timezone: z.string(),
};

export const ticketIntervalShape = z.object({ ...when, ...volumes });
export const ticketAnalyticsShape = z.object({
  ...covered,
  totals: z.object(volumes),
  intervals: z.array(ticketIntervalShape),
}).meta({ id: "TicketAnalytics" });

export const slaIntervalShape = z.object({ ...when, ...kept, percentiles });
export const slaAnalyticsShape = z.object({
  ...covered,
  totals: z.object({ ...kept, percentiles }),
  intervals: z.array(slaIntervalShape),
}).meta({ id: "SlaAnalytics" });

export const agentRowShape = z.object({
  agentId: id,
  agentName: z.string(),
  department: z.string().meta({ description: "In which the agent works now." }),
  ...dealt,
  ...kept,
  percentiles,
});
export const agentAnalyticsShape = z.object({
  ...covered,
  agents: z.array(agentRowShape),
  total: count.meta({ description: "How many agents have figures, shown or not." }),
}).meta({ id: "AgentAnalytics" });

export function ticketAnalyticsView(
  { timezone, range, rows, isOfAgent }: TicketAnalytics,
): z.infer<typeof ticketAnalyticsShape> {
  const view = (of: Volumes, backlog: number | null): z.infer<z.ZodObject<typeof volumes>> => ({
    opened: isOfAgent ? null : of.opened,
    ...dealtView(of),
    backlog,
  });
  const together = volumesTogether(rows.map(({ volumes }) => volumes));
  return {
    ...coveredView(range, timezone),
    totals: view(together, rows.at(-1)?.backlog ?? null),
    intervals: rows.map(({ interval, volumes, backlog }) => ({
      ...whenView(interval, timezone),
      ...view(volumes, backlog),
    })),
  };
}

export function slaAnalyticsView(
  { timezone, range, rows, isOfAgent, together }: SlaAnalytics,
): z.infer<typeof slaAnalyticsShape> {
  return {
    ...coveredView(range, timezone),
    totals: promisesView(together, isOfAgent),
    intervals: rows.map(({ interval, figures }) => ({
      ...whenView(interval, timezone),
      ...promisesView(figures, isOfAgent),
    })),
  };
}

export function agentAnalyticsView(
  { timezone, range, rows, total }: AgentAnalytics,
): z.infer<typeof agentAnalyticsShape> {
  return {
    ...coveredView(range, timezone),
    agents: rows.map(({ agentId, agent, figures, volumes }) => ({
      agentId,
      agentName: agent?.name ?? "",
      department: agent?.department ?? "",
      ...dealtView(volumes),
      ...promisesView(figures, true),
    })),
    total,
  };
}

function dealtView(of: Volumes): z.infer<z.ZodObject<typeof dealt>> {
  const { resolved, finished, reopened, scores } = of;
  const { count, average, satisfiedShare } = satisfactionOf(scores);
  const [score1 = 0, score2 = 0, score3 = 0, score4 = 0, score5 = 0] = scores;
  return {
    resolved,
    finished,
    reopened,
    reopenRate: finished === 0 ? null : percentOf(reopened / finished),
    ratings: {
      count,
      average: average === null ? null : Math.round(100 * average) / 100,
      satisfied: satisfiedShare === null ? null : percentOf(satisfiedShare),
      ...{ score1, score2, score3, score4, score5 },
    },
  };
}

/** To the tenth. */
function percentOf(share: number): number {
  return Math.round(1_000 * share) / 10;
}

function promisesView(
  figures: Figures,
  isOfAgent: boolean,
): z.infer<typeof slaAnalyticsShape>["totals"] {
  const { response, resolution } = quantilesOf(figures);
  return {
    ...keptView(summarise(figures.groups.values(), isOfAgent)),
    percentiles: { response: quantilesView(response), resolution: quantilesView(resolution) },
  };
}

function coveredView(range: HourRange, timezone: string): z.infer<z.ZodObject<typeof covered>> {
  return { range: { start: iso(range.start), end: iso(range.end) }, timezone };
}

function whenView({ start }: Interval, timezone: string): z.infer<z.ZodObject<typeof when>> {
  return { start: iso(start), localStart: localIso(start, timezone) };
}

function localIso(at: Instant, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
  return local.toString({ timeZoneName: "never", smallestUnit: "second" });
}
