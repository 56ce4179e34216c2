import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { csvOf } from "../../routes/http/csv.ts";
import { cellsOf } from "../support/tables.ts";

const SHAPE = z.object({ name: z.string(), open: z.number().nullable() });

Deno.test("a table without rows has its header", () => {
  assert.equal(csvOf(SHAPE, []), "name,open\r\n");
});

Deno.test("objects in a row are columns of their own, and null is empty", () => {
  const shape = z.object({
    start: z.string(),
    percentiles: z.object({ response: z.object({ p50: z.number(), p90: z.number() }) }),
    known: z.boolean(),
  });
  const rows = [
    { start: "now", percentiles: { response: { p50: 1.5, p90: -2 } }, known: true },
    { start: "then", percentiles: { response: { p50: 0, p90: null } }, known: false },
  ];
  assert.equal(
    csvOf(shape, rows),
    "start,percentiles.response.p50,percentiles.response.p90,known\r\n" +
      "now,1.5,-2,true\r\nthen,0,,false\r\n",
  );
});

const CELLS: readonly (readonly [text: string, cell: string])[] = [
  ["Amira", "Amira"],
  ["Amira, Ben", '"Amira, Ben"'],
  ['Amira "Mia"', '"Amira ""Mia"""'],
  ["two\nlines", '"two\nlines"'],
  ["", ""],
  ["=1+1", "'=1+1"],
  ["+49", "'+49"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["  =1", "'  =1"],
  ["\t=1", "'\t=1"],
  ["\rx", `"'\rx"`],
  ["＝1", "'＝1"],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
];

for (const [text, cell] of CELLS) {
  Deno.test(`the text ${JSON.stringify(text)} stands in a cell as ${JSON.stringify(cell)}`, () => {
    assert.equal(csvOf(SHAPE, [{ name: text, open: null }]), `name,open\r\n${cell},\r\n`);
  });
}

Deno.test("whatever text comes back as it was, or behind an apostrophe", () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom(...'=+-@",\r\n\t a\u0000é') }));
  fc.assert(fc.property(texts, (names) => {
    const [, ...lines] = cellsOf(csvOf(SHAPE, names.map((name) => ({ name, open: 1 }))));
    assert.equal(lines.length, names.length);
    for (const [index, [text = "", open]] of lines.entries()) {
      assert.equal(open, "1");
      assert.equal(text.replace(/^'/, ""), names[index]);
      assert.doesNotMatch(text, /^\s*[=+\-@]/);
    }
  }));
});
