import {
  type Duration,
  type Quantiles,
  quantilesOf,
  summarise,
  type Summary,
} from "../../domain/rules/sla_summary.ts";
import type { Figures } from "../../domain/rules/sla_metrics.ts";
import { SECOND_MS } from "../../domain/rules/time.ts";
import type { Sample } from "./model_ticket.ts";

/** The most by which a quantile may be wrong. */
const RELATIVE_ERROR_MAX = 0.02;

/** Something that is told of promises, and what it must be. */
export interface Pair {
  readonly what: string;
  readonly desk: unknown;
  readonly model: unknown;
}

/** How promises were kept and how long it took, as is told, against the samples of it. */
export function promisePairs(figures: Figures, samples: readonly Sample[], isOwn: boolean): Pair[] {
  const told = quantilesOf(figures);
  const quantiles = (
    what: string,
    { business, wallClock }: (typeof told)["response"],
    ...names: string[]
  ): Pair[] => [
    ...quantilePairs(`${what} by the wall clock`, wallClock, samples, names, "wall"),
    ...quantilePairs(what, business, samples, names, "business"),
  ];
  return [
    {
      what: "promises",
      desk: summarise(figures.groups.values(), isOwn),
      model: summaryOf(samples, isOwn),
    },
    ...quantiles("first response", told.response, "response"),
    ...quantiles("resolution", told.resolution, "resolution", "repeat"),
  ];
}

function summaryOf(samples: readonly Sample[], isOwn: boolean): Summary {
  const count = (pattern: RegExp): number =>
    samples.filter(({ measure }) => pattern.test(measure)).length;
  const [met, breached] = [count(/_met$/), count(/_breached$/)];
  const durations = (...names: string[]): Duration => ({
    business: average(durationsOf(samples, names, "business")),
    wallClock: average(durationsOf(samples, names, "wall")),
  });
  return {
    ticketCount: count(isOwn ? /^resolution_wall$/ : /^created$/),
    breaches: {
      response: count(/^response_breached$/),
      nextReply: count(/^next_reply_breached$/),
      resolution: count(/^resolution_breached$/),
    },
    metShare: met + breached === 0 ? null : met / (met + breached),
    response: durations("response"),
    nextReply: durations("next_reply"),
    resolution: durations("resolution", "repeat"),
  };
}

function quantilePairs(
  what: string,
  told: Quantiles,
  samples: readonly Sample[],
  names: readonly string[],
  how: "business" | "wall",
): Pair[] {
  const exact = durationsOf(samples, names, how).sort((a, b) => a - b);
  return ([["p50", 50], ["p90", 90], ["p95", 95]] as const).map(([quantile, share]) => {
    // By nearest rank.
    const model = exact[Math.ceil(exact.length * share / 100) - 1] ?? null;
    const desk = told[quantile];
    return { what: `${quantile} of ${what}`, desk: isNear(desk, model) ? model : desk, model };
  });
}

function durationsOf(
  samples: readonly Sample[],
  names: readonly string[],
  how: "business" | "wall",
): number[] {
  const measures: string[] = names.map((name) => `${name}_${how}`);
  return samples.filter(({ measure }) => measures.includes(measure))
    .map(({ milliseconds }) => milliseconds ?? 0);
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
}

function isNear(found: number | null, exact: number | null): boolean {
  if (found === null || exact === null) return found === exact;
  // What took less than a second counts as nothing.
  if (exact < SECOND_MS) return found < SECOND_MS;
  return Math.abs(found - exact) <= RELATIVE_ERROR_MAX * exact;
}
