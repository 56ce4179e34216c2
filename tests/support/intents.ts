import { emptyClassifier, learn, predict } from "../../domain/rules/classifier.ts";
import { isFamiliar } from "../../domain/rules/familiarity.ts";
import { featuresOf, firstWords } from "../../domain/rules/features.ts";
import type { Question } from "./banking77.ts";

/** How well questions are classified that were not learned from. */
export interface Assessment {
  /** The share that is right of all, from 0 to 1. */
  readonly accuracy: number;
  /** What is answered, and how much of it is right, by those who answer only when they are so sure. */
  at(confidence: number): { readonly coverage: number; readonly accuracy: number };
  /** Mean distance between confidence and the share that is right, over tenths of confidence. */
  readonly calibrationError: number;
}

/**
 * Learns each question once, in the order given, and then is asked the others, as a new ticket's
 * text is: what is not familiar is not answered, and counts as wrong among all.
 */
export function assess(learned: readonly Question[], asked: readonly Question[]): Assessment {
  const classifier = emptyClassifier();
  for (const { text, intent } of learned) learn(classifier, featuresOf(text), "category", intent);
  const answers = asked.map(({ text, intent }) => {
    const said = isFamiliar(classifier, firstWords(text), "category")
      ? predict(classifier, featuresOf(text), "category", () => true)
      : null;
    const isAnswered = said !== null;
    return { isAnswered, confidence: said?.confidence ?? 0, isRight: said?.name === intent };
  });
  const at = (confidence: number): { coverage: number; accuracy: number } => {
    const given = answers.filter((answer) => answer.isAnswered && answer.confidence >= confidence);
    return { coverage: given.length / answers.length, accuracy: shareRight(given) };
  };
  const tenths = Map.groupBy(answers, ({ confidence }) => Math.floor(confidence * 10));
  const errors = [...tenths.values()].map((tenth) => {
    const said = tenth.reduce((sum, { confidence }) => sum + confidence, 0) / tenth.length;
    return Math.abs(said - shareRight(tenth)) * tenth.length / answers.length;
  });
  const calibrationError = errors.reduce((sum, error) => sum + error, 0);
  return { accuracy: shareRight(answers), at, calibrationError };
}

function shareRight(answers: readonly { readonly isRight: boolean }[]): number {
  return answers.filter(({ isRight }) => isRight).length / answers.length;
}
