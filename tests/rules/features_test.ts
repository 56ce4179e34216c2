import assert from "node:assert/strict";
import fc from "fast-check";
import {
  FEATURE_SPACE,
  FEATURES_MAX,
  featuresOf,
  sortOfFeature,
  SORTS_OF_FEATURE,
  WORDS_READ_MAX,
} from "../../domain/rules/features.ts";

Deno.test("accents, capitals and punctuation make no other features", () => {
  assert.deepEqual(featuresOf("  Où est ma CARTE ?!"), featuresOf("ou est: ma carte"));
});

Deno.test("the order of words makes other features, though it leaves the words themselves", () => {
  const [one, other] = [new Set(featuresOf("card lost")), new Set(featuresOf("lost card"))];
  const words = (features: Set<number>): number[] =>
    [...features].filter((feature) => sortOfFeature(feature) === 0).sort((a, b) => a - b);
  assert.deepEqual(words(one), words(other));
  assert.notDeepEqual(one, other);
});

Deno.test("words that share their stem share features", () => {
  const [one, other] = [new Set(featuresOf("payments")), featuresOf("payment")];
  assert.ok(other.filter((feature) => one.has(feature)).length >= 7);
});

Deno.test("a text without a word has next to no features", () => {
  assert.ok(featuresOf(" … !? ").length <= 2);
});

Deno.test("features are few, distinct, of a known sort and below their bound, whatever the text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), (text) => {
    const features = featuresOf(text);
    assert.ok(features.length <= FEATURES_MAX);
    assert.equal(new Set(features).size, features.length);
    for (const feature of features) {
      assert.ok(Number.isInteger(feature) && feature >= 0 && feature < FEATURE_SPACE);
      assert.ok(sortOfFeature(feature) < SORTS_OF_FEATURE);
    }
    assert.deepEqual(featuresOf(text), features);
  }));
});

Deno.test("of the longest text no more than the bound is taken", () => {
  const words = Array.from({ length: 400 }, (_, index) => String(3n ** BigInt(index + 60)));
  assert.equal(featuresOf(words.join(" ")).length, FEATURES_MAX);
});

Deno.test("a text has the features that it had when stores were written", () => {
  const features = featuresOf("Où est ma carte? 你好, x");
  const sum = features.reduce((sum, feature) => (Math.imul(sum, 31) + feature) >>> 0, 0);
  assert.deepEqual([features.length, sum], [63, 2_780_501_823]);
});

Deno.test("of a long text only the beginning is read", () => {
  const beginning = "card ".repeat(WORDS_READ_MAX);
  assert.deepEqual(featuresOf(`${beginning}invoice`), featuresOf(`${beginning}refund`));
  const gaps = " ".repeat(10_000);
  assert.deepEqual(featuresOf(`card${gaps}invoice`), featuresOf("card"));
});
