/** A real customer's question and what it is about. */
export interface Question {
  readonly text: string;
  readonly intent: string;
}

/** Where the BANKING77 questions are, when they are at hand: they are not part of the project. */
const FOLDER = new URL("../../../shared/data/banking77/", import.meta.url);

/** The questions of `train` or `test`; null where they are missing. */
export function readQuestions(split: "train" | "test"): Question[] | null {
  try {
    const text = Deno.readTextFileSync(new URL(`${split}.csv`, FOLDER));
    const [, ...rows] = parseCsv(text);
    return rows.map(([text = "", intent = ""]) => ({ text, intent }));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Rows of RFC 4180: fields may be quoted, a quote in them is doubled. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new Error("Cannot parse CSV: a quote stands where none may");
    const [, quoted, plain = "", end] = match;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
