import { bucketOf, BUCKETS } from "./histogram.ts";
import type { Priority } from "./ticket.ts";
import type { Instant } from "./time.ts";

/**
 * What is counted of tickets and their promises. Those that end in `_business` and `_wall` are
 * durations, each in business time and by the wall clock; the others are counts alone. Packs know a
 * measure by its place here: new ones come last.
 */
export const MEASURES = [
  "created",
  "response_met",
  "response_breached",
  "next_reply_met",
  "next_reply_breached",
  "resolution_met",
  "resolution_breached",
  "response_business",
  "response_wall",
  "next_reply_business",
  "next_reply_wall",
  /** A ticket's first resolution. */
  "resolution_business",
  "resolution_wall",
  /** A resolution after a reopening; its time is all that the ticket has taken so far. */
  "repeat_business",
  "repeat_wall",
  /** It ceased to be open: resolved, or closed without that. */
  "finished",
  /** It is open again; counted to the agent who had finished it. */
  "reopened",
  /** An open ticket came into a group, or left it: its department, priority or category changed. */
  "moved_in",
  "moved_out",
  /** By the score that its requester gave. */
  "rated_1",
  "rated_2",
  "rated_3",
  "rated_4",
  "rated_5",
] as const;
export type Measure = (typeof MEASURES)[number];

/** Those of promises, which were the first: the figures of promises are made of them alone. */
export const PROMISE_MEASURES_END = MEASURES.indexOf("finished");

const PLACES = new Map<Measure, number>(MEASURES.map((measure, place) => [measure, place]));
const BUCKETS_OF = MEASURES.map((measure) => /_(business|wall)$/.test(measure) ? BUCKETS : 0);

/** What figures are told apart by. */
export interface Group {
  /** Folded. */
  readonly department: string;
  readonly priority: Priority;
  readonly category: string;
}

/** Stands for all groups, in packs of the whole desk: no department has an empty name. */
export const WHOLE_DESK: Group = { department: "", priority: 2, category: "" };

/** What one change of a ticket adds to the figures; kept by itself until it is packed. */
export interface Measurement extends Measured {
  readonly schema: 1;
  readonly id: string;
}

export interface Measured extends Group {
  /** Whoever had the ticket, or resolved it where that is what counts; null when nobody did. */
  readonly agentId: string | null;
  readonly counts: readonly MeasuredCount[];
}

export interface MeasuredCount {
  /** The beginning of the UTC hour in which it happened. */
  readonly hour: Instant;
  readonly measure: Measure;
  /** How long it took; null for what has no duration. */
  readonly milliseconds: number | null;
}

/** Counts and sums of milliseconds of one group, by the places of the measures. */
export interface GroupFigures extends Group {
  readonly counts: Float64Array;
  readonly milliseconds: Float64Array;
}

/** The figures of a stretch of time. */
export interface Figures {
  readonly groups: Map<string, GroupFigures>;
  /**
   * Buckets by the places of the measures, none where that is no duration; null where nobody asks
   * for quantiles.
   */
  readonly histograms: readonly Float64Array[] | null;
}

export function makeFigures(withHistograms: boolean): Figures {
  const histograms = withHistograms ? BUCKETS_OF.map((count) => new Float64Array(count)) : null;
  return { groups: new Map(), histograms };
}

/** Adds a single count, as it happens. */
export function addCount(
  figures: Figures,
  group: Group,
  { measure, milliseconds }: MeasuredCount,
): void {
  const place = placeOf(measure);
  addSum(figuresOfGroup(figures, group), place, 1, milliseconds ?? 0);
  const histogram = figures.histograms?.[place];
  if (histogram === undefined || milliseconds === null) return;
  const bucket = bucketOf(milliseconds);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** Adds so many of a measure, which together took so long; below 0 it takes them away. */
export function addSum(
  figures: GroupFigures,
  place: number,
  count: number,
  milliseconds: number,
): void {
  figures.counts[place] = (figures.counts[place] ?? 0) + count;
  figures.milliseconds[place] = (figures.milliseconds[place] ?? 0) + milliseconds;
}

/** Adds all of some figures to others. */
export function addFiguresTo(figures: Figures, others: Figures): void {
  for (const other of others.groups.values()) {
    const known = figuresOfGroup(figures, other);
    for (const [place, count] of other.counts.entries()) {
      addSum(known, place, count, other.milliseconds[place] ?? 0);
    }
  }
  for (const [place, histogram] of figures.histograms?.entries() ?? []) {
    others.histograms?.[place]?.forEach((count, bucket) => {
      histogram[bucket] = (histogram[bucket] ?? 0) + count;
    });
  }
}

/** Whether they are of anything: what was added and taken away again is not. */
export function hasCounts({ groups }: Figures): boolean {
  return [...groups.values()].some(({ counts }) => counts.some((each) => each !== 0));
}

/** Those of this group among the figures, which begin at nothing. */
export function figuresOfGroup({ groups }: Figures, group: Group): GroupFigures {
  const name = groupName(group);
  const known = groups.get(name);
  if (known !== undefined) return known;
  const { department, priority, category } = group;
  const [counts, milliseconds] = [newSums(), newSums()];
  const figures = { department, priority, category, counts, milliseconds };
  groups.set(name, figures);
  return figures;
}

function newSums(): Float64Array {
  return new Float64Array(MEASURES.length);
}

/** Two groups of one name are the same. */
export function groupName({ department, priority, category }: Group): string {
  // Neither of the names has a line break.
  return `${priority}\n${category}\n${department}`;
}

export function placeOf(measure: Measure): number {
  return PLACES.get(measure) ?? -1; // every measure has a place
}
