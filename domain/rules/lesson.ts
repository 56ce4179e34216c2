import { type Aspect, ASPECTS, type Classifier, learn, unlearn } from "./classifier.ts";
import { digestOf, featuresOf } from "./features.ts";
import { DEFAULTS, textOf } from "./suggestion.ts";
import type { Ticket } from "./ticket.ts";

/** What people have said of a ticket. */
export type Labels = { readonly [A in Aspect]?: string };

/** What was learned from a ticket: enough to take it back. */
export interface Taught {
  /** A digest of the features that its text had. */
  readonly text: number;
  readonly labels: Labels;
}

/** What is to be learned from a ticket. */
export interface Lesson {
  readonly features: readonly number[];
  readonly labels: Labels;
  /** What was learned from it before, and is to be taken back. */
  readonly wrong: Labels;
  /** What it will have taught. */
  readonly taught: Taught;
  /** It has taught nothing before. */
  readonly isFirst: boolean;
}

/**
 * What a ticket teaches that it has not taught before; null when that is nothing. Of one that was
 * resolved, what a person has named, of its own accord or to confirm it: the requester's word as
 * long as staff let it stand. Never what was filled in and nobody has touched since. Of tickets of
 * earlier versions it is not known who named what: the defaults count as filled in. Whose text is
 * another one by now teaches nothing more, for what it has taught cannot be taken back.
 */
export function lessonOf(ticket: Ticket, before: Taught | null): Lesson | null {
  if (ticket.resolvedAt === null) return null;
  const filledIn = ticket.filledIn ??
    ASPECTS.filter((aspect) => ticket[aspect] === DEFAULTS[aspect]);
  const known = before?.labels ?? {};
  const news = ASPECTS.filter((aspect) =>
    !filledIn.includes(aspect) && String(ticket[aspect]) !== known[aspect]
  );
  if (news.length === 0) return null;
  const features = featuresOf(textOf(ticket));
  const text = digestOf(features);
  if (before !== null && before.text !== text) return null;
  const labels: Labels = Object.fromEntries(
    news.map((aspect) => [aspect, String(ticket[aspect])]),
  );
  const wrong: Labels = Object.fromEntries(
    news.flatMap((aspect) => known[aspect] === undefined ? [] : [[aspect, known[aspect]]]),
  );
  const taught = { text, labels: { ...known, ...labels } };
  return { features, labels, wrong, taught, isFirst: before === null };
}

/** Takes back what was wrong, and learns. */
export function teach(classifier: Classifier, { features, labels, wrong }: Lesson): void {
  for (const aspect of ASPECTS) {
    const [name, before] = [labels[aspect], wrong[aspect]];
    if (before !== undefined) unlearn(classifier, features, aspect, before);
    if (name !== undefined) learn(classifier, features, aspect, name);
  }
}
