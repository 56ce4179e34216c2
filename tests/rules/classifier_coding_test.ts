import assert from "node:assert/strict";
import fc from "fast-check";
import { type Classifier, emptyClassifier, LABELS_MAX } from "../../domain/rules/classifier.ts";
import {
  BLOCK_BYTES_MAX,
  blockOf,
  BLOCKS,
  packBlocks,
  unpackBlock,
} from "../../domain/rules/classifier_coding.ts";
import { FEATURE_SPACE, sortOfFeature } from "../../domain/rules/features.ts";

const EVERY_BLOCK = new Set(Array.from({ length: BLOCKS }, (_, block) => block));

function unpacked(blocks: ReadonlyMap<number, Uint8Array>): Classifier["rows"] {
  const rows: Classifier["rows"] = new Map();
  for (const [block, bytes] of blocks) unpackBlock(rows, block, bytes);
  return rows;
}

const row = fc.uniqueArray(
  fc.tuple(fc.nat(LABELS_MAX - 1), fc.integer({ min: 1, max: 1_000_000 })),
  { minLength: 1, maxLength: 20, selector: ([label]) => label },
).map((pairs) => pairs.flat());
const anyRows = fc.array(fc.tuple(fc.nat(FEATURE_SPACE - 1), row), { maxLength: 60 })
  .map((entries) => new Map(entries));

Deno.test("counts come out of their blocks as they went in", () => {
  fc.assert(fc.property(anyRows, (rows) => {
    const blocks = new Map(packBlocks({ ...emptyClassifier(), rows }, EVERY_BLOCK));
    assert.deepEqual(unpacked(blocks), rows);
  }));
});

Deno.test("only the blocks that are asked for are packed", () => {
  const rows = new Map([[3, [0, 1]], [4, [0, 2]]]);
  const blocks = new Map(packBlocks({ ...emptyClassifier(), rows }, new Set([blockOf(4)])));
  assert.deepEqual(unpacked(blocks), new Map([[4, [0, 2]]]));
});

Deno.test("what does not fit into a block is forgotten, what came seldom first, and is counted no more", () => {
  const features = Array.from({ length: 12_000 }, (_, index) => index * BLOCKS);
  const rows = new Map(
    features.map((feature, index) => [feature, [0, index < 500 ? 64 : 1, 1, 2]]),
  );
  const totalsOf = (label: number): number[] => {
    const totals = [0, 0, 0, 0];
    for (const [feature, counts] of rows) {
      for (let at = 0; at < counts.length; at += 2) {
        const sort = sortOfFeature(feature);
        if (counts[at] === label) totals[sort] = (totals[sort] ?? 0) + (counts[at + 1] ?? 0);
      }
    }
    return totals;
  };
  const labels = [0, 1].map((label) => ({
    aspect: "category" as const,
    name: `category-${label}`,
    examples: 100,
    totals: totalsOf(label),
  }));
  const [[, block] = []] = packBlocks({ ...emptyClassifier(), labels, rows }, new Set([0]));
  assert.ok(block !== undefined && block.length <= BLOCK_BYTES_MAX);
  assert.equal(rows.get(0)?.[1], 32);
  assert.equal(rows.get(11_999 * BLOCKS)?.includes(0), false);
  assert.deepEqual(labels.map(({ totals }) => totals), [totalsOf(0), totalsOf(1)]);
});

Deno.test("bytes that are no block are refused", () => {
  for (const bytes of [[], [2], [1, 0, 1], [1, 0, 200, 1], [1, 255, 255, 255, 255, 1, 1, 0]]) {
    assert.throws(() => unpackBlock(new Map(), 0, Uint8Array.from(bytes)), /Cannot read/);
  }
});
