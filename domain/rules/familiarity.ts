import type { Aspect, Classifier, Label } from "./classifier.ts";
import { featureOfWord } from "./features.ts";

/** Of the words of a text that count at least this share has to be known, and so many of them. */
export const KNOWN_SHARE_MIN = 0.5;
export const KNOWN_WORDS_MIN = 1;

/**
 * A word that more than this share of the learned texts has tells nothing of any of them. A short
 * word has to be rare: in languages with an alphabet most are grammar, which in a few texts stands
 * by chance in those of one label alone, so that no count shows it for what it is.
 */
export const COMMON_SHARE = 0.5;
export const SHORT_COMMON_SHARE = 0.05;

const SHORT = /^[\p{scx=Latin}\p{scx=Cyrillic}\p{scx=Greek}]{1,3}$/v;
/** Another one each time: an order, a day. */
const NUMBER = /\p{N}/v;

/**
 * Whether a text of these words is made of such as were learned for this aspect, so that what a
 * classifier says of it is worth hearing. A classifier compares labels: of any text one of them fits
 * best, be it by a few pieces of words that are met by chance, and of few labels and texts it wins
 * clearly. So whole words decide whether it is asked. Words that are too common count for nothing,
 * as do numbers.
 */
export function isFamiliar(
  { labels, rows }: Classifier,
  words: readonly string[],
  aspect: Aspect,
): boolean {
  const examples = labels.reduce(
    (sum, label) => sum + (isOf(aspect, label) ? label.examples : 0),
    0,
  );
  if (examples === 0) return false;
  let known = 0;
  let unknown = 0;
  for (const word of new Set(words)) {
    if (NUMBER.test(word)) continue;
    const row = rows.get(featureOfWord(word)) ?? [];
    let count = 0;
    for (let at = 0; at < row.length; at += 2) {
      if (isOf(aspect, labels[row[at] ?? 0])) count += row[at + 1] ?? 0;
    }
    const commonShare = SHORT.test(word) ? SHORT_COMMON_SHARE : COMMON_SHARE;
    if (count === 0) unknown += 1;
    else if (count <= commonShare * examples) known += 1;
  }
  return known >= KNOWN_WORDS_MIN && known >= KNOWN_SHARE_MIN * (known + unknown);
}

function isOf(aspect: Aspect, label: Label | undefined): boolean {
  return label?.aspect === aspect;
}
