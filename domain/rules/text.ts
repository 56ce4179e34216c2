/** A text of at most so many characters, by code points, so that no surrogate pair is cut in two. */
export function shortened(text: string, charactersMax: number): string {
  const points = [...text];
  return points.length <= charactersMax ? text : `${points.slice(0, charactersMax - 1).join("")}…`;
}

/**
 * Marks that people leave out as they please: Latin, Greek and Cyrillic accents, the points of
 * Hebrew and Arabic, and what makes an emoji of a digit. The vowel signs of Indic scripts and the
 * voicing marks of kana make another word of it, and stay.
 */
const OPTIONAL_MARKS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u20d0-\u20ff\ufe00-\ufe0f]/g;

/**
 * The form in which words, names and addresses are searched: without accents and outer space;
 * compatible forms are one (NFKD), as are capitals and small letters.
 */
export function searchForm(text: string): string {
  return text.normalize("NFKD")
    .replace(OPTIONAL_MARKS, "")
    // By way of capitals, so that "straße", "STRAẞE" and "STRASSE" are the same; sigma has two
    // small forms.
    .toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ")
    .normalize("NFC")
    .trim();
}
