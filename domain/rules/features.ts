import { eachWord } from "./words.ts";

/**
 * What is read off a text, apart by the sort of it: single words, two words in a row, pieces of
 * words, two words with one between.
 */
export const SORTS_OF_FEATURE = 4;
const [WORD, PAIR, PIECE, GAP] = [0, 1, 2, 3] as const;

/** Of a longer text the beginning counts: it says what it is about. */
export const WORDS_READ_MAX = 200;
export const FEATURES_MAX = 3_000;

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
  const words = firstWords(text);
  const features = new Set<number>();
  for (const word of words) features.add(featureOf(WORD, word));
  const framed = ["^", ...words, "$"]; // no word is one of these
  for (let at = 0; at + 1 < framed.length; at++) {
    features.add(featureOf(PAIR, `${framed[at]} ${framed[at + 1]}`));
  }
  for (let at = 0; at + 2 < framed.length; at++) {
    features.add(featureOf(GAP, `${framed[at]} ${framed[at + 2]}`));
  }
  const line = ` ${words.join(" ")} `;
  for (let at = 0; at < line.length; at++) {
    for (const length of PIECE_LENGTHS) {
      if (at + length > line.length) continue;
      if (features.size === FEATURES_MAX) return [...features];
      features.add(featureOf(PIECE, line.slice(at, at + length)));
    }
  }
  return [...features];
}

/** Which of the `SORTS_OF_FEATURE` a feature is of. */
export function sortOfFeature(feature: number): number {
  return feature >>> HASH_BITS;
}

function firstWords(text: string): string[] {
  const words: string[] = [];
  for (const word of eachWord(text)) {
    words.push(word);
    if (words.length === WORDS_READ_MAX) break;
  }
  return words;
}

/** FNV-1a over UTF-16 units, then mixed as MurmurHash3 ends, for the highest bits are taken. */
function featureOf(sort: number, text: string): number {
  let hash = 0x811c9dc5 ^ sort;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (sort << HASH_BITS) | (hash >>> (32 - HASH_BITS));
}
