import { eachWord } from "./words.ts";

/**
 * What is read off a text, apart by the sort of it: single words, two words in a row, pieces of
 * words, two words with one between.
 */
export const SORTS_OF_FEATURE = 4;
const [WORD, PAIR, PIECE, GAP] = [0, 1, 2, 3] as const;

/** Of a longer text the beginning counts: it says what it is about. */
export const WORDS_READ_MAX = 100;
export const FEATURES_MAX = 3_000;
/** In UTF-16 units: no more is read to find so many words. */
const TEXT_READ_MAX = 4_000;

/** In characters; they go across words, so that endings and what follows them count together. */
const PIECE_LENGTHS = [3, 4] as const;

/** Each sort of feature has so many numbers, on which now and then two of them fall. */
const HASH_BITS = 18;
export const FEATURE_SPACE = SORTS_OF_FEATURE << HASH_BITS;

/**
 * What a text is made of, as numbers below `FEATURE_SPACE`, each once and at most `FEATURES_MAX`:
 * enough to tell what it is about, too little to tell what it says. Of words in the form in which
 * they are searched, so that accents and capitals make no difference.
 */
export function featuresOf(text: string): number[] {
  const words = ["^", ...firstWords(text), "$"]; // no word is one of these
  // All that is hashed stands in this line, so that no piece of it becomes a text of its own.
  const line = words.join(" ");
  const begins = beginsOf(words);
  const begin = (word: number): number => begins[word] ?? 0;
  const end = (word: number): number => begin(word + 1) - 1;
  const features = new Set<number>();
  for (let at = 1; at + 1 < words.length; at++) {
    features.add(featureOf(WORD, hashed(line, begin(at), end(at), seedOf(WORD))));
  }
  for (let at = 0; at + 1 < words.length; at++) {
    features.add(featureOf(PAIR, hashed(line, begin(at), end(at + 1), seedOf(PAIR))));
  }
  for (let at = 0; at + 2 < words.length; at++) {
    const first = hashed(line, begin(at), begin(at + 1), seedOf(GAP));
    features.add(featureOf(GAP, hashed(line, begin(at + 2), end(at + 2), first)));
  }
  // From the space before the first word to the one behind the last.
  for (let at = 1; at + 1 < line.length; at++) {
    for (const length of PIECE_LENGTHS) {
      if (at + length >= line.length) continue;
      if (features.size === FEATURES_MAX) return [...features];
      features.add(featureOf(PIECE, hashed(line, at, at + length, seedOf(PIECE))));
    }
  }
  return [...features];
}

/** The feature that each text has in which this word is read. */
export function featureOfWord(word: string): number {
  return featureOf(WORD, hashed(word, 0, word.length, seedOf(WORD)));
}

/** Which of the `SORTS_OF_FEATURE` a feature is of. */
export function sortOfFeature(feature: number): number {
  return feature >>> HASH_BITS;
}

/** A number that other features hardly ever have too: one in four thousand million. */
export function digestOf(features: readonly number[]): number {
  let digest = features.length;
  for (const feature of features) digest = Math.imul(digest ^ feature, 0x01000193);
  return digest >>> 0;
}

/** The words of a text that are read, in their order. */
export function firstWords(text: string): string[] {
  const words: string[] = [];
  for (const word of eachWord(text.slice(0, TEXT_READ_MAX))) {
    words.push(word);
    if (words.length === WORDS_READ_MAX) break;
  }
  return words;
}

/** Where each word begins in the line of all, a space apart; and where one more would. */
function beginsOf(words: readonly string[]): number[] {
  const begins = [0];
  for (const word of words) begins.push((begins.at(-1) ?? 0) + word.length + 1);
  return begins;
}

function seedOf(sort: number): number {
  return 0x811c9dc5 ^ sort;
}

/** FNV-1a over the UTF-16 units of a line from one place to before another, going on from a hash. */
function hashed(line: string, from: number, to: number, seed: number): number {
  let hash = seed;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
  return hash;
}

/** Mixed as MurmurHash3 ends, for the highest bits are taken. */
function featureOf(sort: number, hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return (sort << HASH_BITS) | (mixed >>> (32 - HASH_BITS));
}
