import { type Aspect, ASPECTS, type Classifier, predict, type Prediction } from "./classifier.ts";
import { isFamiliar } from "./familiarity.ts";
import { featuresOf, firstWords } from "./features.ts";
import { PRIORITIES, type Priority, type Ticket, type TicketInput } from "./ticket.ts";

/** What a classifier said of a ticket of which its requester had not said it. */
export interface Suggestion {
  /** Null where it is not sure enough, or the requester has said it. */
  readonly category: string | null;
  readonly priority: Priority | null;
  /** How sure it is of each, from 0 to 1; null where it says nothing. */
  readonly confidences: Readonly<Record<Aspect, number | null>>;
  /** What was filled in accordingly. */
  readonly applied: readonly Aspect[];
}

/** What a requester says of a ticket; a category and a priority need not be said. */
export type NewTicket =
  & Omit<TicketInput, Aspect>
  & { readonly [A in Aspect]?: TicketInput[A] | undefined };

/** A ticket's input with what was filled in, and by whom. */
export type FilledInput = TicketInput & Required<Pick<Ticket, "filledIn">> & Suggested;
type Suggested = Pick<Ticket, "suggested">;

/** With less confidence nothing is suggested. */
export const SUGGESTED_FROM = 0.5;

export const DEFAULTS = { category: "general", priority: 2 } as const;

/** What is known by whoever suggests. */
export interface Circumstances {
  readonly classifier: Classifier;
  readonly isCategory: (name: string) => boolean;
  /** From which confidence on a suggestion is applied; null for never. */
  readonly applyAbove: number | null;
}

/**
 * What a requester did not say, filled in: as it is suggested where that is sure enough to be
 * applied, else by default. Only categories that exist are suggested.
 */
export function fillIn(input: NewTicket, circumstances: Circumstances): FilledInput {
  const filledIn = ASPECTS.filter((aspect) => input[aspect] === undefined);
  const suggested = suggest(input, filledIn, circumstances);
  const applied = <A extends Aspect>(aspect: A): TicketInput[A] | null =>
    suggested?.applied.includes(aspect) ? suggested[aspect] as TicketInput[A] | null : null;
  return {
    ...input,
    category: input.category ?? applied("category") ?? DEFAULTS.category,
    priority: input.priority ?? applied("priority") ?? DEFAULTS.priority,
    filledIn,
    ...(suggested === null ? {} : { suggested }),
  };
}

/** Null when there is nothing to suggest. */
function suggest(
  { title, description }: Pick<NewTicket, "title" | "description">,
  aspects: readonly Aspect[],
  { classifier, isCategory, applyAbove }: Circumstances,
): Suggestion | null {
  if (aspects.length === 0 || classifier.labels.length === 0) return null;
  const text = textOf({ title, description });
  const features = featuresOf(text);
  const words = firstWords(text);
  const said = (aspect: Aspect): Prediction | null => {
    const isAllowed = aspect === "category" ? isCategory : () => true;
    const found = aspects.includes(aspect) && isFamiliar(classifier, words, aspect)
      ? predict(classifier, features, aspect, isAllowed)
      : null;
    return found !== null && found.confidence >= SUGGESTED_FROM ? found : null;
  };
  const found = { category: said("category"), priority: said("priority") };
  const { category, priority } = found;
  if (category === null && priority === null) return null;
  return {
    category: category?.name ?? null,
    priority: PRIORITIES.find((each) => String(each) === priority?.name) ?? null,
    confidences: { category: shown(category), priority: shown(priority) },
    applied: applyAbove === null
      ? []
      : ASPECTS.filter((aspect) => (found[aspect]?.confidence ?? -1) >= applyAbove),
  };
}

/** The least of what it is sure of. */
export function confidenceOf({ confidences }: Suggestion): number {
  return Math.min(...ASPECTS.map((aspect) => confidences[aspect] ?? 1));
}

/** What a ticket is classified by. */
export function textOf({ title, description }: Pick<Ticket, "title" | "description">): string {
  return `${title}\n${description}`;
}

/** Two digits: more of it is not known. */
function shown(prediction: Prediction | null): number | null {
  return prediction === null ? null : Math.floor(prediction.confidence * 100) / 100;
}
