import type { Classifier } from "./classifier.ts";
import { FEATURE_SPACE, sortOfFeature } from "./features.ts";
import { VarintReader, VarintWriter } from "./varints.ts";

/**
 * How counts are stored: in blocks by the lowest bits of features, each of its schema, and then of
 * each feature that it has, in their order: the distance from the one before, how many labels have
 * it, and of each of these twice its place, and one more where a count follows: else it is one.
 */
const SCHEMA = 1;
const BLOCK_BITS = 6;
export const BLOCKS = 1 << BLOCK_BITS;

/** Below what a value may hold. */
export const BLOCK_BYTES_MAX = 60_000;

/** In which block a feature's counts are. */
export function blockOf(feature: number): number {
  return feature % BLOCKS;
}

/**
 * The blocks of these numbers as they are stored, one after the other; of what does not fit into one
 * is forgotten first, so that the labels' totals stand once all are made.
 */
export function* packBlocks(
  classifier: Classifier,
  blocks: ReadonlySet<number>,
): Generator<readonly [block: number, bytes: Uint8Array]> {
  const features = Map.groupBy(classifier.rows.keys(), blockOf);
  for (const block of blocks) {
    let kept = (features.get(block) ?? []).sort((a, b) => a - b);
    let bytes = packBlock(classifier, kept);
    while (bytes.length > BLOCK_BYTES_MAX) {
      fade(classifier, kept);
      kept = kept.filter((feature) => classifier.rows.has(feature));
      bytes = packBlock(classifier, kept);
    }
    yield [block, bytes];
  }
}

/** Halves the counts of these features: what came once or seldom goes, and what is old counts less. */
function fade({ labels, rows }: Classifier, features: readonly number[]): void {
  for (const feature of features) {
    const row = rows.get(feature) ?? [];
    const faded: number[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [place = 0, count = 0] = [row[at], row[at + 1]];
      const left = Math.floor(count / 2);
      const totals = labels[place]?.totals;
      const sort = sortOfFeature(feature);
      if (totals !== undefined) totals[sort] = (totals[sort] ?? 0) - (count - left);
      if (left > 0) faded.push(place, left);
    }
    if (faded.length > 0) rows.set(feature, faded);
    else rows.delete(feature);
  }
}

function packBlock({ rows }: Classifier, features: readonly number[]): Uint8Array {
  const writer = new VarintWriter();
  writer.number(SCHEMA);
  let before = 0;
  for (const feature of features) {
    const row = rows.get(feature) ?? [];
    const place = Math.floor(feature / BLOCKS);
    writer.number(place - before);
    writer.number(row.length / 2);
    for (let at = 0; at < row.length; at += 2) {
      const [label = 0, count = 0] = [row[at], row[at + 1]];
      writer.number(2 * label + (count > 1 ? 1 : 0));
      if (count > 1) writer.number(count);
    }
    before = place;
  }
  return writer.bytes();
}

/** Whether a later version of the program wrote a block, which can read it. */
export function isOfLaterSchema(bytes: Uint8Array): boolean {
  return new VarintReader(bytes).number() > SCHEMA;
}

/** Adds what a block holds to the rows. Throws where it is none of ours. */
export function unpackBlock(rows: Classifier["rows"], block: number, bytes: Uint8Array): void {
  const reader = new VarintReader(bytes);
  if (reader.number() !== SCHEMA) throw new Error("Cannot read a block of a classifier: schema");
  let place = 0;
  while (reader.at < bytes.length) {
    place += reader.number();
    const feature = place * BLOCKS + block;
    if (feature >= FEATURE_SPACE) throw new Error("Cannot read a block of a classifier: feature");
    const labels = reader.number();
    const row: number[] = [];
    for (let label = 0; label < labels && reader.at < bytes.length; label++) {
      const head = reader.number();
      row.push(Math.floor(head / 2), head % 2 === 1 ? reader.number() : 1);
    }
    if (row.length !== 2 * labels || reader.at > bytes.length) {
      throw new Error("Cannot read a block of a classifier: it is cut off");
    }
    // A copy takes no more memory than it needs: there may be a million of them.
    rows.set(feature, row.slice());
  }
}
