import { calibrated, type Calibration, recalibrated, UNCALIBRATED } from "./calibration.ts";
import { sortOfFeature, SORTS_OF_FEATURE } from "./features.ts";

/** What a text can be classified by. */
export const ASPECTS = ["category", "priority"] as const;
export type Aspect = (typeof ASPECTS)[number];

/** One of the answers to what a text is. */
export interface Label {
  readonly aspect: Aspect;
  readonly name: string;
  /** How many texts it was given. */
  examples: number;
  /** How many features these had, by their sort. */
  readonly totals: number[];
}

/**
 * What was learned, as counts alone: which label's texts had a feature how often. In whatever order
 * it was learned, they are the same, and of what is taken back nothing is left in them.
 */
export interface Classifier {
  readonly labels: Label[];
  /** By feature: a label's place in `labels` and its count, in turn. */
  readonly rows: Map<number, number[]>;
  readonly calibrations: Record<Aspect, Calibration>;
}

export interface Prediction {
  readonly name: string;
  /** From 0 to 1: how often it is right where it is so sure. */
  readonly confidence: number;
}

/**
 * More labels than this are not learned: texts of others count for none. There cannot be as many
 * categories and priorities; with so many of the longest names they fit into one value.
 */
export const LABELS_MAX = 320;

/** With fewer examples, or all of one label, there is nothing to go by. */
const EXAMPLES_MIN = 50;

/**
 * Added to each count and to each sum of counts; how much each sort of feature weighs; and how sure
 * a sum of so many features makes. Found by leaving out parts of the training questions of BANKING77
 * (Casanueva et al., "Efficient Intent Detection with Dual Sentence Encoders", 2020).
 */
const COUNT_ADDED = 0.1;
const TOTAL_ADDED = 1_000;
const WEIGHTS = [1, 1, 0.5, 1] as const;
const DOUBT = 0.465;

export function emptyClassifier(): Classifier {
  const calibrations = { category: UNCALIBRATED, priority: UNCALIBRATED };
  return { labels: [], rows: new Map(), calibrations };
}

/**
 * Learns that a text with these features has this label. What it would have said of it before tells
 * how sure it may be from now on.
 */
export function learn(
  classifier: Classifier,
  features: readonly number[],
  aspect: Aspect,
  name: string,
): void {
  const before = weigh(classifier, features, aspect, () => true);
  if (before !== null) {
    const isRight = before.name === name;
    const { calibrations } = classifier;
    calibrations[aspect] = recalibrated(calibrations[aspect], before.confidence, isRight);
  }
  count(classifier, features, aspect, name, 1);
}

/** Takes back one text that was learned with this label, but for how sure it made. */
export function unlearn(
  classifier: Classifier,
  features: readonly number[],
  aspect: Aspect,
  name: string,
): void {
  count(classifier, features, aspect, name, -1);
}

/**
 * The label that fits best of those that are allowed, and how sure that is; null where too little is
 * known, or nothing of this text. By multinomial naive Bayes, in which a feature weighs the more the
 * fewer labels have it (one less its entropy over the labels), and with which n features are as sure
 * as √n that are independent.
 */
export function predict(
  classifier: Classifier,
  features: readonly number[],
  aspect: Aspect,
  isAllowed: (name: string) => boolean,
): Prediction | null {
  const best = weigh(classifier, features, aspect, isAllowed);
  if (best === null) return null;
  const confidence = calibrated(classifier.calibrations[aspect], best.confidence);
  return { name: best.name, confidence };
}

/** As `predict`, as sure as the counts alone make. */
function weigh(
  { labels, rows }: Classifier,
  features: readonly number[],
  aspect: Aspect,
  isAllowed: (name: string) => boolean,
): Prediction | null {
  const places = labels.flatMap((label, place) =>
    label.aspect === aspect && label.examples > 0 && isAllowed(label.name) ? [place] : []
  );
  const examples = places.reduce((sum, place) => sum + (labels[place]?.examples ?? 0), 0);
  if (features.length === 0 || places.length < 2 || examples < EXAMPLES_MIN) return null;
  const shares = sharesOf(labels, places);
  const scores = new Float64Array(labels.length);
  const weighed = new Float64Array(SORTS_OF_FEATURE);
  for (const feature of features) {
    const row = rows.get(feature);
    if (row === undefined) continue;
    const sort = sortOfFeature(feature);
    const weight = (WEIGHTS[sort] ?? 0) * certainty(row, shares, places.length);
    if (weight === 0) continue;
    weighed[sort] = (weighed[sort] ?? 0) + weight;
    for (let at = 0; at < row.length; at += 2) {
      const place = row[at] ?? 0;
      const count = row[at + 1] ?? 0;
      const gain = GAINS[count] ?? gainOf(count);
      scores[place] = (scores[place] ?? 0) + weight * gain;
    }
  }
  // Of nothing that it knows: all labels are as good.
  if (weighed.every((weight) => weight === 0)) return null;
  for (const place of places) {
    for (let sort = 0; sort < SORTS_OF_FEATURE; sort++) {
      const total = (labels[place]?.totals[sort] ?? 0) + TOTAL_ADDED;
      const base = Math.log(COUNT_ADDED / total);
      scores[place] = (scores[place] ?? 0) + (weighed[sort] ?? 0) * base;
    }
  }
  return surest(labels, places, scores, DOUBT * Math.sqrt(features.length));
}

/** What one example is of all that a label has, by its place, and the logarithm of that. */
interface Shares {
  /** 0 for labels that are not asked for. */
  readonly of: Float64Array;
  readonly logs: Float64Array;
}

function sharesOf(labels: readonly Label[], places: readonly number[]): Shares {
  const shares = { of: new Float64Array(labels.length), logs: new Float64Array(labels.length) };
  for (const place of places) {
    const examples = labels[place]?.examples ?? 1;
    shares.of[place] = 1 / examples;
    shares.logs[place] = -Math.log(examples);
  }
  return shares;
}

/** 1 for what only one of so many labels has, 0 for what all have alike. */
function certainty(row: readonly number[], shares: Shares, labelCount: number): number {
  let sum = 0;
  let weighted = 0;
  for (let at = 0; at < row.length; at += 2) {
    const place = row[at] ?? 0;
    const count = row[at + 1] ?? 0;
    const rate = count * (shares.of[place] ?? 0);
    if (rate === 0) continue;
    sum += rate;
    // The logarithm of the rate.
    weighted += rate * ((LOGS[count] ?? Math.log(count)) + (shares.logs[place] ?? 0));
  }
  if (sum === 0) return 0;
  // -Σ p·ln p for p = rate / sum.
  return Math.max(0, 1 - (Math.log(sum) - weighted / sum) / Math.log(labelCount));
}

/** By how much a count is more than none, as a logarithm. */
function gainOf(count: number): number {
  return Math.log1p(count / COUNT_ADDED);
}

/** Most counts are small: their logarithms are looked up, for thousands are needed for one text. */
const LOOKED_UP = Array.from({ length: 1_024 }, (_, count) => count);
const LOGS = Float64Array.from(LOOKED_UP, Math.log);
const GAINS = Float64Array.from(LOOKED_UP, gainOf);

function surest(
  labels: readonly Label[],
  places: readonly number[],
  scores: Float64Array,
  temperature: number,
): Prediction {
  let best = places[0] ?? 0;
  for (const place of places) if ((scores[place] ?? 0) > (scores[best] ?? 0)) best = place;
  let sum = 0;
  for (const place of places) {
    sum += Math.exp(((scores[place] ?? 0) - (scores[best] ?? 0)) / temperature);
  }
  return { name: labels[best]?.name ?? "", confidence: 1 / sum };
}

function count(
  classifier: Classifier,
  features: readonly number[],
  aspect: Aspect,
  name: string,
  by: 1 | -1,
): void {
  const { labels, rows } = classifier;
  let place = labels.findIndex((label) => label.aspect === aspect && label.name === name);
  if (place < 0) {
    if (by < 0 || labels.length === LABELS_MAX) return;
    place = labels.push({ aspect, name, examples: 0, totals: [0, 0, 0, 0] }) - 1;
  }
  const label = labels[place];
  if (label === undefined || label.examples + by < 0) return;
  label.examples += by;
  for (const feature of features) {
    const changed = countIn(rows, feature, place, by);
    const sort = sortOfFeature(feature);
    label.totals[sort] = (label.totals[sort] ?? 0) + changed;
  }
}

/** By how much it changed: nothing is counted below none. */
function countIn(
  rows: Classifier["rows"],
  feature: number,
  place: number,
  by: 1 | -1,
): -1 | 0 | 1 {
  const row = rows.get(feature);
  if (row === undefined) {
    if (by < 0) return 0;
    rows.set(feature, [place, 1]);
    return by;
  }
  for (let at = 0; at < row.length; at += 2) {
    if (row[at] !== place) continue;
    const now = (row[at + 1] ?? 0) + by;
    if (now > 0) row[at + 1] = now;
    else row.splice(at, 2);
    if (row.length === 0) rows.delete(feature);
    return by;
  }
  if (by < 0) return 0;
  row.push(place, by);
  return by;
}
