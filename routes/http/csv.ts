import { z } from "zod";

export const CSV = "text/csv";

/** The query parameter by which a list comes as a table. */
export const format = z.enum(["json", "csv"]).default("json").meta({
  description: "`csv` for the rows as a table, by RFC 4180 and with a header.",
});

/** What stands in a row of a view; objects in it become columns of their own. */
export interface Row {
  readonly [name: string]: string | number | boolean | null | Row;
}

/**
 * The rows as a table by RFC 4180, with a column for each value of the shape: `percentiles.p50` for
 * one in an object. Null is empty. A text that a spreadsheet would take for a formula begins with an
 * apostrophe.
 */
export function csvOf(shape: z.ZodObject, rows: readonly Row[]): string {
  const columns = columnsOf(shape);
  const lines = rows.map((row) => columns.map((path) => cell(valueAt(row, path))));
  const header = columns.map((path) => cell(path.join(".")));
  return [header, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

/** The headers of such a table, which is offered as a file. */
export function csvHeaders(name: string): Record<string, string> {
  return {
    "Content-Type": `${CSV}; charset=utf-8; header=present`,
    "Content-Disposition": `attachment; filename="${name}.csv"`,
  };
}

type Path = readonly string[];

function columnsOf(shape: z.ZodType, path: Path = []): Path[] {
  if (!(shape instanceof z.ZodObject)) return [path];
  return Object.entries(shape.shape).flatMap(([name, of]) => columnsOf(of, [...path, name]));
}

function valueAt(row: Row, path: Path): Row[string] {
  return path.reduce<Row[string] | undefined>(
    (value, name) => typeof value === "object" ? value?.[name] : undefined,
    row,
  ) ?? null;
}

/** What a spreadsheet begins a formula with, in any width, whatever space it skips before. */
const FORMULA = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;

function cell(value: Row[string]): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
