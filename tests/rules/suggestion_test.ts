import assert from "node:assert/strict";
import { type Aspect, emptyClassifier, learn } from "../../domain/rules/classifier.ts";
import { featuresOf } from "../../domain/rules/features.ts";
import {
  type Circumstances,
  type FilledInput,
  fillIn,
  type NewTicket,
} from "../../domain/rules/suggestion.ts";

const classifier = emptyClassifier();
for (let round = 0; round < 200; round++) {
  const lessons: [string, Record<Aspect, string>][] = [
    [`my card ${round} is lost`, { category: "cards", priority: "1" }],
    [`a wrong invoice ${round}`, { category: "billing", priority: "3" }],
    [`the app ${round} crashes`, { category: "technical", priority: "2" }],
  ];
  for (const [text, { category, priority }] of lessons) {
    learn(classifier, featuresOf(text), "category", category);
    learn(classifier, featuresOf(text), "priority", priority);
  }
}

const CARD: NewTicket = {
  title: "My card",
  description: "It is lost.",
  department: "general",
  requiredSkills: [],
  tags: [],
  dueDate: null,
  estimatedHours: 1,
};

function filled(more: Partial<NewTicket>, circumstances: Partial<Circumstances> = {}): FilledInput {
  return fillIn({ ...CARD, ...more }, {
    classifier,
    isCategory: () => true,
    applyAbove: null,
    ...circumstances,
  });
}

Deno.test("what is suggested is not applied unless that is asked for", () => {
  const { category, priority, filledIn, suggested } = filled({});
  assert.deepEqual([category, priority, filledIn], ["general", 2, ["category", "priority"]]);
  assert.deepEqual([suggested?.category, suggested?.priority], ["cards", 1]);
  assert.deepEqual(suggested?.applied, []);
});

Deno.test("what the requester named is neither suggested nor overwritten", () => {
  const half = filled({ category: "general" }, { applyAbove: 0.5 });
  assert.deepEqual([half.category, half.priority], ["general", 1]);
  assert.deepEqual([half.filledIn, half.suggested?.applied], [["priority"], ["priority"]]);
  assert.equal(half.suggested?.category, null);
  const whole = filled({ category: "billing", priority: 2 }, { applyAbove: 0.5 });
  assert.deepEqual([whole.category, whole.priority], ["billing", 2]);
  assert.deepEqual([whole.filledIn, whole.suggested], [[], undefined]);
});

Deno.test("a category that does not exist is neither suggested nor applied", () => {
  const isCategory = (name: string): boolean => name !== "cards";
  const { category, suggested } = filled({}, { isCategory, applyAbove: 0.5 });
  assert.notEqual(category, "cards");
  assert.notEqual(suggested?.category, "cards");
});

Deno.test("of a text that is like nothing known nothing is suggested", () => {
  assert.equal(filled({ title: "Xyzzy", description: "Qwfpg?" }).suggested, undefined);
  assert.equal(filled({ title: "…", description: "?!" }).suggested, undefined);
});

Deno.test("a confidence of 99.5 % is enough where that is asked for, though 0.99 is shown", () => {
  const { suggested, category } = filled({}, { applyAbove: 0.995 });
  assert.equal(suggested?.confidences.category, 0.99);
  assert.ok(suggested.applied.includes("category"));
  assert.equal(category, "cards");
  assert.deepEqual(filled({}, { applyAbove: 1 }).suggested?.applied, []);
});
