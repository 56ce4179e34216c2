import assert from "node:assert/strict";

/** The cells of a table by RFC 4180, read the slow way. */
export function cellsOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === ",") {
      line.push(cell);
      cell = "";
    } else if (character === "\r" && text.charAt(at + 1) === "\n") {
      lines.push([...line, cell]);
      [line, cell] = [[], ""];
      at += 1;
    } else cell += character;
  }
  assert.deepEqual([line, cell, quoted], [[], "", false], "every line ends");
  return lines;
}
