import assert from "node:assert/strict";
import fc from "fast-check";
import {
  hasWords,
  parseWordQuery,
  ticketWords,
  WORD_LENGTH_MAX,
  type WordQuery,
  WORDS_MAX,
} from "../../domain/rules/words.ts";

function wordsOf(text: string): string[] {
  return [...ticketWords({ title: "", description: text })];
}

const TEXTS: readonly (readonly [what: string, text: string, words: readonly string[]])[] = [
  ["nothing", "", []],
  ["punctuation alone", " … !? -- ", []],
  ["capitals", "My CARD is Lost", ["my", "card", "is", "lost"]],
  ["a word that comes twice", "card, Card. CARD!", ["card"]],
  ["an apostrophe", "I don't; the bank’s", ["i", "don", "t", "the", "bank", "s"]],
  ["a hyphen", "top-up e-mail", ["top", "up", "e", "mail"]],
  ["an address", "ada@example.com", ["ada", "example", "com"]],
  ["digits", "Order 1042 for 9.99", ["order", "1042", "for", "9", "99"]],
  ["digits among letters", "iban DE89 3704", ["iban", "de89", "3704"]],
  ["accents, composed", "Café Škoda naïve", ["cafe", "skoda", "naive"]],
  ["accents, apart", "Cafe\u0301 S\u030ckoda", ["cafe", "skoda"]],
  ["sharp s", "Straße STRASSE STRAẞE", ["strasse"]],
  ["a dotted and a dotless i", "İstanbul ısı", ["istanbul", "isi"]],
  ["compatible forms", "ﬁne ＡＢＣ ① x²", ["fine", "abc", "1", "x2"]],
  ["Cyrillic", "Ёлка и Йод", ["елка", "и", "иод"]],
  ["Greek with both small sigmas", "ΟΔΟΣ οδός", ["οδοσ"]],
  ["Hebrew with points", "שָׁלוֹם עולם", ["שלום", "עולם"]],
  ["Arabic with vowel signs", "السَّلام", ["السلام"]],
  ["Hindi, whose vowel signs count", "की का", ["की", "का"]],
  ["Korean, whole syllables", "카드 분실", ["카드", "분실"]],
  ["Chinese, a character each", "银行卡 lost", ["银", "行", "卡", "lost"]],
  ["Japanese, voiced kana kept", "カード が", ["カ", "ー", "ド", "が"]],
  ["emoji", "🎉card🎉lost ❤️", ["card", "lost"]],
  ["a keycap emoji", "press 1️⃣", ["press", "1"]],
  ["a letter beyond 16 bits", "𝒞ard 𐐀", ["card", "𐐨"]],
  ["a word as long as may be", "x".repeat(40), ["x".repeat(40)]],
  ["a word that is longer", "x".repeat(41), ["x".repeat(40)]],
  ["a long word of two units a letter", "𐐨".repeat(50), ["𐐨".repeat(40)]],
  ["something no letter is", "\ud83d", []],
];

for (const [what, text, words] of TEXTS) {
  Deno.test(`the words of ${what}`, () => assert.deepEqual(wordsOf(text), words));
}

Deno.test("a ticket is found by a hundred words, those of its title first", () => {
  const title = "the title";
  const description = Array.from({ length: 200 }, (_, index) => `w${index} title`).join(" ");
  const words = [...ticketWords({ title, description })];
  assert.equal(words.length, WORDS_MAX);
  assert.deepEqual(words.slice(0, 3), ["the", "title", "w0"]);
  assert.equal(words.at(-1), "w97");
});

Deno.test("the words of words are themselves, well formed and of bounded length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      const words = wordsOf(text);
      for (const word of words) {
        assert.ok(word.isWellFormed() && [...word].length <= WORD_LENGTH_MAX && word !== "");
      }
      assert.deepEqual(wordsOf(words.join(" ")), words);
    }),
    { numRuns: 2_000 },
  );
});

const QUERIES: readonly (readonly [text: string, query: WordQuery | null])[] = [
  ["", null],
  ["🎉 - !", null],
  ["card", { whole: [], prefix: "card" }],
  ["Lost CAR", { whole: ["lost"], prefix: "car" }],
  ["lost card ", { whole: ["lost"], prefix: "card" }],
  ["c", { whole: ["c"], prefix: null }],
  ["lost c", { whole: ["lost", "c"], prefix: null }],
  ["card lost card", { whole: ["card", "lost"], prefix: null }],
  ["card card c", { whole: ["card", "c"], prefix: null }],
  ["don't", { whole: ["don", "t"], prefix: null }],
  ["银行", { whole: ["银", "行"], prefix: null }],
  [`lost ${"x".repeat(60)}`, { whole: ["lost"], prefix: "x".repeat(40) }],
];

for (const [text, query] of QUERIES) {
  Deno.test(`what is searched by "${text.slice(0, 20)}"`, () => {
    assert.deepEqual(parseWordQuery(text), query);
  });
}

const FOUND: readonly (readonly [text: string, isFound: boolean])[] = [
  ["card", true],
  ["ca", true],
  ["c", false],
  ["i", true],
  ["CARD my", true],
  ["car my", false],
  ["my card los", true],
  ["my card lust", false],
  ["cards", false],
];

for (const [text, isFound] of FOUND) {
  Deno.test(`"My card: I lost it" is ${isFound ? "" : "not "}found by "${text}"`, () => {
    const query = parseWordQuery(text);
    assert.ok(query !== null);
    const words = ticketWords({ title: "My card", description: "I lost it" });
    assert.equal(hasWords(words, query), isFound);
  });
}

Deno.test("a text is found by all of itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      const query = parseWordQuery(text);
      const words = ticketWords({ title: text, description: "" });
      assert.ok(query === null || hasWords(words, query));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("whoever types a text finds it at each key, but where a word has one letter yet", () => {
  const letter = fc.constantFrom(..."abÄßжσ1 -'");
  fc.assert(
    fc.property(fc.string({ unit: letter, maxLength: 40 }), fc.nat(40), (text, length) => {
      const query = parseWordQuery(text.slice(0, length));
      if (query === null || (query.prefix === null && length < text.length)) return;
      assert.ok(hasWords(ticketWords({ title: text, description: "" }), query));
    }),
    { numRuns: 1_000 },
  );
});
