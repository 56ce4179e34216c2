import assert from "node:assert/strict";
import fc from "fast-check";
import { emptyClassifier, learn, predict, unlearn } from "../../domain/rules/classifier.ts";
import { isFamiliar } from "../../domain/rules/familiarity.ts";
import { featureOfWord, featuresOf, firstWords } from "../../domain/rules/features.ts";
import { type FilledInput, fillIn, SUGGESTED_FROM } from "../../domain/rules/suggestion.ts";

/** What a small desk has learned: few texts, which came again and again. */
const LESSONS = [
  ["My card is lost, please block it", "cards", "1"],
  ["The new card never came", "cards", "2"],
  ["Charged twice for the same order", "billing", "1"],
  ["The invoice of March lacks a number", "billing", "3"],
  ["Printer jams on every page, and the tray is empty", "technical", "3"],
  ["Cannot log in after the update", "technical", "2"],
  ["How do I add a colleague to our account?", "general", "3"],
  ["The parcel went to our old office", "general", "2"],
] as const;
const ROUNDS = 20;

const classifier = emptyClassifier();
for (let round = 0; round < ROUNDS; round++) {
  for (const [text, category, priority] of LESSONS) {
    learn(classifier, featuresOf(text), "category", category);
    learn(classifier, featuresOf(text), "priority", priority);
  }
}

function filled(title: string): FilledInput {
  const input = { title, description: "", department: "general", requiredSkills: [], tags: [] };
  return fillIn({ ...input, dueDate: null, estimatedHours: 1 }, {
    classifier,
    isCategory: () => true,
    applyAbove: 0.5,
  });
}

const UNFAMILIAR = {
  "nonsense": ["xylophone kumquat", "lorem ipsum dolor", "flurb cardigan printemps"],
  "the words of grammar alone": ["the of and a", "a the", "is it for the", "on and to"],
  "what a keyboard happens to give": ["asdf qwer", "jkljkl", "qwertz uiop asdf yxcv", "aaaa"],
  "another language": [
    "Guten Tag, ich habe ein Problem mit der Rechnung",
    "Où est ma carte bancaire ?",
    "Где моя посылка",
    "我的卡在哪里",
  ],
  "one known word among many that are not": ["printer zxcv qwer asdf", "invoice lorem ipsum dolor"],
  "numbers alone": ["88131", "2024 17 4"],
};
for (const [sort, titles] of Object.entries(UNFAMILIAR)) {
  Deno.test(`of ${sort} nothing is suggested, however few the labels`, () => {
    for (const title of titles) assert.equal(filled(title).suggested, undefined, title);
  });
}

Deno.test("a classifier that is asked all the same is sure of some of each sort", () => {
  for (const sort of ["nonsense", "the words of grammar alone", "another language"] as const) {
    const confidences = UNFAMILIAR[sort].map((title) =>
      predict(classifier, featuresOf(title), "priority", () => true)?.confidence ?? 0
    );
    assert.ok(Math.max(...confidences) >= SUGGESTED_FROM, `${sort}: ${confidences}`);
  }
});

Deno.test("short questions in ordinary words are still answered", () => {
  const questions = [
    ["card lost", "cards"],
    ["lost card", "cards"],
    ["printer", "technical"],
    ["invoice", "billing"],
    ["charged twice", "billing"],
    ["I cannot log in", "technical"],
    ["My order 88131 was charged twice", "billing"],
    ["where is my parcel", "general"],
  ] as const;
  for (const [title, category] of questions) assert.equal(filled(title).category, category, title);
});

Deno.test("a short word counts where it is rare, and no word that most texts have", () => {
  const known = emptyClassifier();
  const teach = (times: number, text: string): void => {
    for (let time = 0; time < times; time++) learn(known, featuresOf(text), "category", "cards");
  };
  teach(5, "hello pin");
  teach(6, "hello the");
  teach(49, "hello statement");
  teach(40, "statement");
  // Of 100 texts.
  assert.ok(isFamiliar(known, firstWords("pin"), "category"));
  assert.ok(!isFamiliar(known, firstWords("the"), "category"));
  assert.ok(!isFamiliar(known, firstWords("hello"), "category"));
  assert.ok(!isFamiliar(known, firstWords("statement"), "category"));
  assert.ok(isFamiliar(known, firstWords("hello, the pin?"), "category"));
});

Deno.test("a character that is a word of its own is not too short", () => {
  const known = emptyClassifier();
  for (const text of ["卡", "票", "码"]) learn(known, featuresOf(text), "category", "cards");
  assert.ok(isFamiliar(known, firstWords("卡"), "category"));
});

Deno.test("what was learned for one aspect, or taken back, is not familiar for another", () => {
  const known = emptyClassifier();
  for (const text of ["lost card", "wrong invoice", "slow printer"]) {
    learn(known, featuresOf(text), "category", "general");
  }
  assert.ok(isFamiliar(known, firstWords("invoice"), "category"));
  assert.ok(!isFamiliar(known, firstWords("invoice"), "priority"));
  unlearn(known, featuresOf("wrong invoice"), "category", "general");
  assert.ok(!isFamiliar(known, firstWords("invoice"), "category"));
});

Deno.test("a word has the feature that a text has of it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
    const features = new Set(featuresOf(text));
    for (const word of firstWords(text)) assert.ok(features.has(featureOfWord(word)));
  }));
});
