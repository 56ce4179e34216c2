import { v7 } from "uuid";
import { emptyClassifier, learn, predict } from "../../domain/rules/classifier.ts";
import { BLOCKS, packBlocks } from "../../domain/rules/classifier_coding.ts";
import { isFamiliar } from "../../domain/rules/familiarity.ts";
import { featuresOf, firstWords } from "../../domain/rules/features.ts";
import type { NewTicket } from "../../domain/rules/suggestion.ts";
import { makeDesk } from "../../domain/services/desk.ts";
import { makePasswords } from "../../domain/services/passwords.ts";
import { putSlaConfiguration } from "../../domain/services/sla_configurations.ts";
import { openTicket } from "../../domain/services/tickets.ts";
import { classifiers, newHead } from "../../domain/store/classifier.ts";
import { keys } from "../../domain/store/keys.ts";
import { openStore } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { type Question, readQuestions } from "../support/banking77.ts";
import { granted, SETUP, testConfig } from "../support/desk.ts";
import { assess } from "../support/intents.ts";
import { temporaryStorePath } from "../support/server.ts";
import { median, say, timeUntil } from "./timing.ts";

/** How well the intents of real questions are told, what that costs, and what it adds to opening. */
const CONFIDENCES = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const BLOCKS_AT_ONCE = 10;
const ROUNDS = 400;

const learned = readQuestions("train");
const asked = readQuestions("test");
if (learned === null || asked === null) throw new Error("BANKING77 is not at hand");

const orders: readonly (readonly [string, readonly Question[]])[] = [
  ["in the order of the file", learned],
  ["shuffled", shuffled(learned)],
  ["the first 1 000, shuffled", shuffled(learned).slice(0, 1_000)],
  ["the first 3 000, shuffled", shuffled(learned).slice(0, 3_000)],
];
for (const [order, questions] of orders) {
  const found = assess(questions, asked);
  const error = percent(found.calibrationError);
  say(`${order}: ${percent(found.accuracy)} right, confidence off by ${error}`);
  for (const confidence of CONFIDENCES) {
    const { coverage, accuracy } = found.at(confidence);
    say(
      `  from ${confidence.toFixed(2)}: ${percent(coverage)} answered, ${percent(accuracy)} right`,
    );
  }
}

const classifier = emptyClassifier();
const names = new Map<string, string>();
let startedAt = performance.now();
for (const { text, intent } of learned) {
  // As categories are spelt.
  const name = intent.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
  names.set(intent, name);
  learn(classifier, featuresOf(text), "category", name);
}
const learnMs = performance.now() - startedAt;
startedAt = performance.now();
for (const { text } of asked) predict(classifier, featuresOf(text), "category", () => true);
const predictMs = performance.now() - startedAt;
startedAt = performance.now();
for (const { text } of asked) isFamiliar(classifier, firstWords(text), "category");
const familiarMs = performance.now() - startedAt;
startedAt = performance.now();
const blocks = new Map(
  packBlocks(classifier, new Set(Array.from({ length: BLOCKS }, (_, at) => at))),
);
const packMs = performance.now() - startedAt;
const sizes = [...blocks.values()].map(({ length }) => length);
say(`\n${learned.length} learned in ${learnMs.toFixed(0)} ms`);
say(`${(predictMs / asked.length).toFixed(2)} ms to classify one,`);
say(`${(familiarMs / predictMs).toFixed(2)} of that to tell whether it is familiar`);
say(`packed in ${packMs.toFixed(0)} ms, ${sizes.reduce((a, b) => a + b)} bytes in all,`);
say(`${Math.max(...sizes)} in the largest of ${sizes.length} blocks`);

await using file = await temporaryStorePath();
const store = await openStore(file.path, { now: Date.now, newId: v7 });
const desk = await makeDesk(store, testConfig(), makePasswords(4));
for (const category of new Set(names.values())) {
  granted(await putSlaConfiguration(desk, { priority: 2, category }, { responseTime: 60 }));
}
const all = [...blocks];
for (let from = 0; from < all.length; from += BLOCKS_AT_ONCE) {
  granted(
    await transact(store, (tx) => {
      for (const [block, bytes] of all.slice(from, from + BLOCKS_AT_ONCE)) {
        tx.set(keys.classifierBlock(block, "bench"), bytes);
      }
      return Promise.resolve(true);
    }),
  );
}
granted(
  await transact(store, (tx) => {
    const { labels, calibrations } = classifier;
    const named = Array.from({ length: BLOCKS }, () => "bench");
    const head = newHead("bench", 0);
    tx.add(classifiers, { ...head, generation: 1, labels, calibrations, blocks: named });
    return Promise.resolve(true);
  }),
);
startedAt = performance.now();
await desk.classification.now();
say(`\nread from the store in ${(performance.now() - startedAt).toFixed(0)} ms`);
const times = {
  named: [] as number[],
  unnamed: [] as number[],
  long: [] as number[],
  longNamed: [] as number[],
};
const long = learned.slice(0, 200).map(({ text }) => text).join(" ");
for (let round = 0; round < ROUNDS; round++) {
  const { text } = asked[round] ?? { text: "" };
  const input = inputOf(text);
  times.unnamed.push(await timeUntil(() => openTicket(desk, SETUP, input)));
  const named = { ...input, category: "general", priority: 2 as const };
  times.named.push(await timeUntil(() => openTicket(desk, SETUP, named)));
  const whole = { ...input, description: long };
  times.long.push(await timeUntil(() => openTicket(desk, SETUP, whole)));
  const wholeNamed = { ...named, description: long };
  times.longNamed.push(await timeUntil(() => openTicket(desk, SETUP, wholeNamed)));
}
const [of, beside] = [median(times.unnamed), median(times.named)];
say(`to open a ticket: ${beside.toFixed(2)} ms named, ${of.toFixed(2)} ms with a suggestion,`);
say(`ratio ${(of / beside).toFixed(2)};`);
const [ofLong, besideLong] = [median(times.long), median(times.longNamed)];
say(`with ${long.length} characters ${besideLong.toFixed(2)} ms, and ${ofLong.toFixed(2)} ms`);
store.close();

function inputOf(text: string): NewTicket {
  return {
    title: text.trim().slice(0, 100),
    description: text,
    department: "general",
    requiredSkills: [],
    tags: [],
    dueDate: null,
    estimatedHours: 1,
  };
}

/** The same order each time. */
function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  let state = 7;
  for (let last = order.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = (state >>> 8) % (last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T]; // both are there
  }
  return order;
}

function percent(share: number): string {
  if (Number.isNaN(share)) return "none";
  return `${(100 * share).toFixed(1)} %`;
}
