import type { Actor } from "../../domain/rules/actor.ts";
import { type Measure, MEASURES } from "../../domain/rules/sla_metrics.ts";
import {
  type Quantiles,
  quantilesOf,
  type QuantilesTold,
  summarise,
} from "../../domain/rules/sla_summary.ts";
import { PRIORITIES } from "../../domain/rules/ticket.ts";
import { HOUR_MS, type Instant, SECOND_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import {
  type Metrics,
  type MetricsQuestion,
  readMetrics,
} from "../../domain/services/sla_metrics.ts";
import { granted } from "../support/desk.ts";
import { DEPARTMENTS } from "./cast.ts";
import type { Comparison, Difference } from "./compare.ts";
import type { Sample } from "./model_ticket.ts";
import { time } from "./shown.ts";
import { CATEGORIES } from "./story.ts";

/** The most by which a quantile may be wrong. */
const RELATIVE_ERROR_MAX = 0.02;

/** A question to the desk, and what its answer must be made of. */
interface Asked {
  readonly what: string;
  readonly actor: Actor;
  readonly question: MetricsQuestion;
  readonly samples: readonly Sample[];
}

/** Who asks, and from which whole hour to which. */
interface Askers {
  /** Sees all figures. */
  readonly boss: Actor;
  /** See their own. */
  readonly agents: readonly Actor[];
  readonly start: Instant;
  readonly end: Instant;
}

/**
 * Compares the figures of every hour, and those of the whole time with their quantiles: of all, by
 * department, priority and category, and of each agent.
 */
export async function compareMetrics(
  desk: Desk,
  samples: readonly Sample[],
  askers: Askers,
): Promise<Pick<Comparison, "counts" | "differences">> {
  const differences: Difference[] = [];
  let figures = 0;
  let quantiles = 0;
  for (const asked of [...wholeOf(samples, askers), ...hoursOf(samples, askers)]) {
    const metrics = granted(await readMetrics(desk, asked.actor, asked.question));
    const [found, expected] = [figuresOf(metrics), figuresIn(asked.samples)];
    figures += Object.keys(expected).length;
    const pairs = [
      { what: "figures", desk: found, model: expected },
      { what: "share that was met", desk: metShareOf(metrics), model: metShareIn(asked.samples) },
    ].filter(({ desk, model }) => JSON.stringify(desk) !== JSON.stringify(model));
    const told = quantilesOf(metrics.figures);
    const inexact = toldQuantiles(told, asked.samples);
    quantiles += inexact.length;
    const wrong = inexact.filter(({ desk, model }) => !isNear(desk, model));
    for (const { what, desk, model } of [...pairs, ...wrong]) {
      differences.push({ ticketId: null, what: `${what} of ${asked.what}`, desk, model });
    }
  }
  return { counts: new Map([["figures", figures], ["quantiles", quantiles]]), differences };
}

function wholeOf(samples: readonly Sample[], { boss, agents, start, end }: Askers): Asked[] {
  const of = (
    what: string,
    named: MetricsQuestion,
    isAsked: (sample: Sample) => boolean,
    actor = boss,
  ): Asked => {
    const question = { startDate: { at: start }, endDate: { at: end }, ...named };
    return { what, actor, question, samples: samples.filter(isAsked) };
  };
  return [
    of("all", {}, () => true),
    ...DEPARTMENTS.map((department) =>
      of(department, { department }, ({ kind }) => kind.department === department)
    ),
    ...PRIORITIES.map((priority) =>
      of(`priority ${priority}`, { priority }, ({ kind }) => kind.priority === priority)
    ),
    ...CATEGORIES.map((category) =>
      of(category, { category }, ({ kind }) => kind.category === category)
    ),
    ...agents.map((actor) =>
      of(actor.name, {}, ({ agentId }) => agentId === actor.agent?.id, actor)
    ),
  ];
}

function hoursOf(samples: readonly Sample[], { boss, start, end }: Askers): Asked[] {
  const byHour = Map.groupBy(samples, ({ at }) => Math.floor(at / HOUR_MS) * HOUR_MS);
  const hours = Array.from(
    { length: (end - start) / HOUR_MS },
    (_, index) => start + index * HOUR_MS,
  );
  return hours.map((hour) => ({
    what: time(hour),
    actor: boss,
    question: { startDate: { at: hour }, endDate: { at: hour + HOUR_MS } },
    samples: byHour.get(hour) ?? [],
  }));
}

/** Counts and sums by group and measure, those alone that are anything. */
function figuresOf({ figures }: Metrics): Record<string, [number, number]> {
  const all: [string, [number, number]][] = [];
  for (const { priority, category, department, counts, milliseconds } of figures.groups.values()) {
    for (const [place, measure] of MEASURES.entries()) {
      const [count = 0, sum = 0] = [counts[place], milliseconds[place]];
      if (count !== 0 || sum !== 0) {
        all.push([`${priority} ${category} ${department} ${measure}`, [count, sum]]);
      }
    }
  }
  return Object.fromEntries(all.sort(([a], [b]) => a < b ? -1 : 1));
}

function figuresIn(samples: readonly Sample[]): Record<string, [number, number]> {
  const all = new Map<string, [number, number]>();
  for (const { kind, measure, milliseconds } of samples) {
    const name = `${kind.priority} ${kind.category} ${kind.department.toLowerCase()} ${measure}`;
    const [count, sum] = all.get(name) ?? [0, 0];
    all.set(name, [count + 1, sum + (milliseconds ?? 0)]);
  }
  return Object.fromEntries([...all].sort(([a], [b]) => a < b ? -1 : 1));
}

/** Each quantile that is told, with the exact one. */
function toldQuantiles(
  { response, nextReply, firstResolution, resolution }: QuantilesTold,
  samples: readonly Sample[],
): { readonly what: string; readonly desk: number | null; readonly model: number | null }[] {
  const pairs: [string, Quantiles, Measure[]][] = [
    ["response", response.business, ["response_business"]],
    ["response by the wall clock", response.wallClock, ["response_wall"]],
    ["next reply", nextReply.business, ["next_reply_business"]],
    ["next reply by the wall clock", nextReply.wallClock, ["next_reply_wall"]],
    ["first resolution", firstResolution.business, ["resolution_business"]],
    ["first resolution by the wall clock", firstResolution.wallClock, ["resolution_wall"]],
    ["resolution", resolution.business, ["resolution_business", "repeat_business"]],
    ["resolution by the wall clock", resolution.wallClock, ["resolution_wall", "repeat_wall"]],
  ];
  return pairs.flatMap(([name, quantiles, measures]) => {
    const sorted = samples.filter(({ measure }) => measures.includes(measure))
      .map(({ milliseconds }) => milliseconds ?? 0).sort((a, b) => a - b);
    return ([["p50", 50], ["p90", 90], ["p95", 95]] as const).map(([quantile, share]) => ({
      what: `${quantile} of the ${name}`,
      desk: quantiles[quantile],
      // By nearest rank.
      model: sorted[Math.ceil(sorted.length * share / 100) - 1] ?? null,
    }));
  });
}

function isNear(found: number | null, exact: number | null): boolean {
  if (found === null || exact === null) return found === exact;
  // What took less than a second counts as nothing.
  if (exact < SECOND_MS) return found < SECOND_MS;
  return Math.abs(found - exact) <= RELATIVE_ERROR_MAX * exact;
}

function metShareOf({ figures, isOwn }: Metrics): number | null {
  return summarise(figures.groups.values(), isOwn).metShare;
}

function metShareIn(samples: readonly Sample[]): number | null {
  const met = samples.filter(({ measure }) => measure.endsWith("_met")).length;
  const all = met + samples.filter(({ measure }) => measure.endsWith("_breached")).length;
  return all === 0 ? null : met / all;
}
