import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Classifier,
  emptyClassifier,
  LABELS_MAX,
  learn,
  predict,
  unlearn,
} from "../../domain/rules/classifier.ts";
import { featuresOf } from "../../domain/rules/features.ts";
import { CATEGORIES } from "../../domain/rules/sla_configuration.ts";
import { CONFIGURATIONS_MAX } from "../../domain/rules/sla_configuration_edit.ts";
import { PRIORITIES } from "../../domain/rules/ticket.ts";

const CARDS = ["my card is lost", "send a new card", "the card never came", "block my card now"];
const BILLS = ["charged twice", "wrong invoice", "refund the invoice", "the bill is too high"];
const anyLabel = (): boolean => true;

function taught(rounds: number): Classifier {
  const classifier = emptyClassifier();
  for (let round = 0; round < rounds; round++) {
    for (const text of CARDS) learn(classifier, featuresOf(text), "category", "cards");
    for (const text of BILLS) learn(classifier, featuresOf(text), "category", "billing");
  }
  return classifier;
}

function countsOf({ labels, rows }: Classifier): unknown {
  const named = (row: readonly number[]): [string, number][] =>
    row.flatMap((value, at): [string, number][] =>
      at % 2 === 1 ? [] : [[labels[value]?.name ?? "", row[at + 1] ?? 0]]
    ).sort();
  return {
    labels: labels.filter(({ examples }) => examples > 0).toSorted((a, b) =>
      a.name < b.name ? -1 : 1
    ),
    rows: [...rows].map(([feature, row]) => [feature, named(row)] as const)
      .sort(([a], [b]) => a - b),
  };
}

Deno.test("a text is given the label of those that are like it", () => {
  const classifier = taught(10);
  const predicted = predict(classifier, featuresOf("where is my new card?"), "category", anyLabel);
  assert.equal(predicted?.name, "cards");
  assert.ok(predicted.confidence > 0.9);
  const other = predict(classifier, featuresOf("an invoice twice"), "category", anyLabel);
  assert.equal(other?.name, "billing");
});

Deno.test("what is like nothing known is given no label", () => {
  assert.equal(predict(taught(10), featuresOf("xyzzy qwfpg"), "category", anyLabel), null);
});

Deno.test("what is alike in all labels makes nobody sure", () => {
  const classifier = taught(10);
  for (const name of ["cards", "billing"]) {
    for (let round = 0; round < 40; round++) {
      learn(classifier, featuresOf("good morning"), "category", name);
    }
  }
  const predicted = predict(classifier, featuresOf("good morning"), "category", anyLabel);
  assert.ok(predicted === null || predicted.confidence < 0.7);
});

Deno.test("who knows too little, or one label alone, says nothing", () => {
  const features = featuresOf("my card");
  assert.equal(predict(emptyClassifier(), features, "category", anyLabel), null);
  assert.equal(predict(taught(5), features, "category", anyLabel), null);
  assert.equal(predict(taught(10), features, "priority", anyLabel), null);
  assert.equal(predict(taught(10), features, "category", (name) => name === "cards"), null);
  assert.equal(predict(taught(10), [], "category", anyLabel), null);
});

Deno.test("a label that is not allowed is never given", () => {
  const classifier = taught(20);
  for (const text of CARDS) learn(classifier, featuresOf(text), "category", "retired");
  const isAllowed = (name: string): boolean => name !== "cards";
  const predicted = predict(classifier, featuresOf("my card is lost"), "category", isAllowed);
  assert.equal(predicted?.name, "retired");
});

Deno.test("categories and priorities are learned apart", () => {
  const classifier = taught(10);
  for (let round = 0; round < 10; round++) {
    for (const text of CARDS) learn(classifier, featuresOf(text), "priority", "1");
    for (const text of BILLS) learn(classifier, featuresOf(text), "priority", "3");
  }
  const features = featuresOf("a lost card");
  assert.equal(predict(classifier, features, "category", anyLabel)?.name, "cards");
  assert.equal(predict(classifier, features, "priority", anyLabel)?.name, "1");
});

const examples = fc.array(
  fc.record({
    text: fc.constantFrom(...CARDS, ...BILLS, "a card and an invoice"),
    name: fc.constantFrom("cards", "billing", "general"),
  }),
  { maxLength: 30 },
);

Deno.test("the counts are the same in whatever order the examples came", () => {
  fc.assert(fc.property(examples, (all) => {
    const [forth, back] = [emptyClassifier(), emptyClassifier()];
    for (const { text, name } of all) learn(forth, featuresOf(text), "category", name);
    for (const { text, name } of all.toReversed()) learn(back, featuresOf(text), "category", name);
    assert.deepEqual(countsOf(forth), countsOf(back));
  }));
});

Deno.test("of what is taken back nothing is left in the counts", () => {
  fc.assert(fc.property(examples, examples, (kept, taken) => {
    const [with_, without] = [emptyClassifier(), emptyClassifier()];
    for (const { text, name } of kept) learn(without, featuresOf(text), "category", name);
    for (const { text, name } of [...taken, ...kept]) {
      learn(with_, featuresOf(text), "category", name);
    }
    for (const { text, name } of taken) unlearn(with_, featuresOf(text), "category", name);
    assert.deepEqual(countsOf(with_), countsOf(without));
  }));
});

Deno.test("taking back what was never learned takes nothing away", () => {
  const classifier = taught(1);
  const before = JSON.stringify(countsOf(classifier));
  unlearn(classifier, featuresOf("my card is lost"), "category", "general");
  unlearn(classifier, featuresOf("my card is lost"), "priority", "1");
  assert.equal(JSON.stringify(countsOf(classifier)), before);
});

Deno.test("more labels than the bound are not learned", () => {
  const classifier = emptyClassifier();
  for (let index = 0; index < LABELS_MAX + 5; index++) {
    learn(classifier, featuresOf("my card"), "category", `category-${index}`);
  }
  assert.equal(classifier.labels.length, LABELS_MAX);
});

Deno.test("there are not as many categories and priorities as labels are learned", () => {
  assert.ok(CONFIGURATIONS_MAX + CATEGORIES.length + PRIORITIES.length <= LABELS_MAX);
});
