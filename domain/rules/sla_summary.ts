import { BUCKETS, countOf, quantile } from "./histogram.ts";
import {
  type Figures,
  type Group,
  type GroupFigures,
  type Measure,
  placeOf,
  PROMISE_MEASURES_END,
} from "./sla_metrics.ts";

/** How promises were kept, in a stretch of time or by one part of the desk. */
export interface Summary {
  /** Opened; of an agent's own figures: first resolved. */
  readonly ticketCount: number;
  readonly breaches: {
    readonly response: number;
    readonly nextReply: number;
    readonly resolution: number;
  };
  /** Of all clocks that were met or breached: the share that was met; null when there are none. */
  readonly metShare: number | null;
  /** Averages. */
  readonly response: Duration;
  readonly nextReply: Duration;
  readonly resolution: Duration;
}

/** Milliseconds; null where nothing was measured. */
export interface Duration {
  readonly business: number | null;
  readonly wallClock: number | null;
}

/** What some of the figures say together. */
export function summarise(groups: Iterable<GroupFigures>, isOwn: boolean): Summary {
  const all = [...groups];
  const count = (...measures: Measure[]): number => total(all, measures, "counts");
  const average = (...measures: Measure[]): number | null =>
    count(...measures) === 0 ? null : total(all, measures, "milliseconds") / count(...measures);
  const breaches = {
    response: count("response_breached"),
    nextReply: count("next_reply_breached"),
    resolution: count("resolution_breached"),
  };
  const breached = breaches.response + breaches.nextReply + breaches.resolution;
  const met = count("response_met", "next_reply_met", "resolution_met");
  return {
    ticketCount: count(isOwn ? "resolution_wall" : "created"),
    breaches,
    metShare: met + breached === 0 ? null : met / (met + breached),
    response: { business: average("response_business"), wallClock: average("response_wall") },
    nextReply: { business: average("next_reply_business"), wallClock: average("next_reply_wall") },
    resolution: {
      business: average("resolution_business", "repeat_business"),
      wallClock: average("resolution_wall", "repeat_wall"),
    },
  };
}

/** The same by department, priority or category, in their order. */
export function summariseBy<K extends keyof Group>(
  { groups }: Figures,
  by: K,
  isOwn: boolean,
): { readonly of: Group[K]; readonly summary: Summary }[] {
  // What was added and taken away again is no group.
  const counted = [...groups.values()].filter(({ counts }) =>
    counts.subarray(0, PROMISE_MEASURES_END).some((each) => each !== 0)
  );
  return [...Map.groupBy(counted, (group) => group[by])]
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([of, members]) => ({ of, summary: summarise(members, isOwn) }));
}

/** The sum of some measures over groups. */
export function total(
  groups: readonly GroupFigures[],
  measures: readonly Measure[],
  what: "counts" | "milliseconds",
): number {
  const places = measures.map(placeOf);
  return groups.reduce(
    (sum, figures) => places.reduce((all, place) => all + (figures[what][place] ?? 0), sum),
    0,
  );
}

/** What is told by quantiles: a repeated resolution counts as one, and the first one apart. */
const TOLD = {
  response: [["response_business"], ["response_wall"]],
  nextReply: [["next_reply_business"], ["next_reply_wall"]],
  firstResolution: [["resolution_business"], ["resolution_wall"]],
  resolution: [["resolution_business", "repeat_business"], ["resolution_wall", "repeat_wall"]],
} as const;
export type Told = keyof typeof TOLD;

export interface Quantiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
}

/** Milliseconds, each within 2 % of the exact quantile. */
export type QuantilesTold = Readonly<
  Record<Told, { readonly business: Quantiles; readonly wallClock: Quantiles }>
>;

export function quantilesOf(figures: Figures): QuantilesTold {
  const of = (told: Told): QuantilesTold[Told] => {
    const [business, wallClock] = TOLD[told];
    return {
      business: quantilesOver(figures, business),
      wallClock: quantilesOver(figures, wallClock),
    };
  };
  return {
    response: of("response"),
    nextReply: of("nextReply"),
    firstResolution: of("firstResolution"),
    resolution: of("resolution"),
  };
}

function quantilesOver({ histograms }: Figures, measures: readonly Measure[]): Quantiles {
  const found = measures.flatMap((measure) => histograms?.[placeOf(measure)] ?? []);
  const counts = together(found);
  const total = countOf(counts);
  const at = (q: number): number | null => quantile(counts, q, total);
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95) };
}

/** A year of days asks for thousands: what is one already is not copied. */
function together(histograms: readonly Float64Array[]): Float64Array {
  const [first, ...others] = histograms;
  if (first === undefined) return new Float64Array(0);
  if (others.length === 0) return first;
  const counts = first.slice();
  for (const histogram of others) {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      counts[bucket] = (counts[bucket] ?? 0) + (histogram[bucket] ?? 0);
    }
  }
  return counts;
}
