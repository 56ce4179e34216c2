import { searchForm } from "./text.ts";

/** A ticket is found by no more words than this: those of its title, then of its description. */
export const WORDS_MAX = 100;
/** In characters (code points); what is longer is cut, in a ticket and in a question alike. */
export const WORD_LENGTH_MAX = 40;

/** What a search asks for: all of these words, and one that begins like the prefix. */
export interface WordQuery {
  readonly whole: readonly string[];
  /** What the last word begins with; null when that has to stand there as a whole. */
  readonly prefix: string | null;
}

/** The distinct words by which a ticket is found, at most `WORDS_MAX`. */
export function ticketWords(ticket: {
  readonly title: string;
  readonly description: string;
}): Set<string> {
  const words = new Set<string>();
  for (const text of [ticket.title, ticket.description]) {
    for (const word of eachWord(text)) {
      if (words.size === WORDS_MAX) return words;
      words.add(word);
    }
  }
  return words;
}

/**
 * Reads a question. Whoever asks may still be typing its last word, so that this one may be the
 * beginning of one; a single character is too little to begin with. Null when it has no word.
 */
export function parseWordQuery(text: string): WordQuery | null {
  const words = [...eachWord(text)];
  const last = words.pop();
  if (last === undefined) return null;
  const whole = new Set(words);
  if ([...last].length === 1) return { whole: [...whole.add(last)], prefix: null };
  return { whole: [...whole], prefix: whole.has(last) ? null : last };
}

/** Whether a ticket has all that is asked for. */
export function hasWords(words: ReadonlySet<string>, { whole, prefix }: WordQuery): boolean {
  if (!whole.every((word) => words.has(word))) return false;
  return prefix === null || words.has(prefix) || [...words].some((word) => word.startsWith(prefix));
}

/** Written without spaces: each character counts as a word, as no dictionary is at hand. */
const IDEOGRAPH = String.raw`[\p{L}&&[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]]`;
const WORD = new RegExp(
  String.raw`${IDEOGRAPH}\p{M}*|[[\p{L}\p{N}]--${IDEOGRAPH}][[\p{L}\p{N}\p{M}]--${IDEOGRAPH}]*`,
  "gv",
);

/**
 * The words of a text in their order, in the form in which they are compared. Anything that is
 * neither letter nor number parts words: a hyphen, an apostrophe, an emoji.
 */
export function* eachWord(text: string): Generator<string> {
  for (const [word] of searchForm(text).matchAll(WORD)) {
    if (word.length <= WORD_LENGTH_MAX) yield word;
    else yield [...word].slice(0, WORD_LENGTH_MAX).join("");
  }
}
