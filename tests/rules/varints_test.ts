import assert from "node:assert/strict";
import fc from "fast-check";
import { VarintReader, VarintWriter } from "../../domain/rules/varints.ts";

const SIZES: readonly (readonly [number, number])[] = [
  [0, 1],
  [127, 1],
  [128, 2],
  [16_383, 2],
  [16_384, 3],
  [2 ** 31, 5],
  [2 ** 32, 5],
  [2 ** 35, 6],
  [Number.MAX_SAFE_INTEGER, 8],
];

Deno.test("a number takes a byte for every seven bits, and is read as it was written", () => {
  for (const [number, size] of SIZES) {
    const writer = new VarintWriter();
    writer.number(number);
    assert.equal(writer.bytes().length, size, String(number));
    assert.equal(new VarintReader(writer.bytes()).number(), number);
  }
});

Deno.test("numbers, texts and pieces are read in the order in which they were written", () => {
  const item = fc.oneof(
    fc.record({ number: fc.maxSafeNat() }),
    fc.record({ text: fc.string({ unit: "grapheme" }) }),
  );
  fc.assert(fc.property(fc.array(item), (items) => {
    const writer = new VarintWriter();
    for (const item of items) {
      if ("number" in item) writer.number(item.number);
      else writer.text(item.text);
    }
    const outer = new VarintWriter();
    outer.piece(writer.bytes());
    const reader = new VarintReader(outer.bytes());
    assert.equal(reader.number(), writer.bytes().length);
    for (const item of items) {
      if ("number" in item) assert.equal(reader.number(), item.number);
      else assert.equal(reader.text(), item.text);
    }
    assert.equal(reader.at, outer.bytes().length);
  }));
});

Deno.test("behind the end there are zeros, so that nobody reads for ever", () => {
  const reader = new VarintReader(Uint8Array.of(0x80));
  assert.equal(reader.number(), 0);
  assert.equal(reader.number(), 0);
  assert.equal(reader.text(), "");
});
