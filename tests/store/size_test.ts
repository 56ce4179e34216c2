import assert from "node:assert/strict";
import { serialize } from "node:v8";
import fc from "fast-check";
import { keyBytes, storedBytes } from "../../domain/store/size.ts";
import { memoryStore, sampleAgent, sampleTicket, sampleUser } from "./samples.ts";

/** Text of every kind: short and long, Latin and not, with halves of surrogate pairs. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom("a", "é", "ж", "漢", "😀", "\ud800", "\0") }),
  fc.tuple(fc.constantFrom("a", "é", "ж", "漢"), fc.nat(20_000))
    .map(([letter, times]) => letter.repeat(times)),
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true, false),
    fc.array(tie("value"), { maxLength: 8 }),
    fc.dictionary(text, tie("value"), { maxKeys: 8 }),
    // Long lists of the smallest values are nearly all frame.
    fc.nat(40_000).map((length) => new Array<null>(length).fill(null)),
    fc.nat(300).map((length) => Object.fromEntries(Array.from({ length }, (_, n) => [n, null]))),
  ),
}));

Deno.test("no plain value is stored in more bytes than were reckoned", () => {
  fc.assert(
    fc.property(value, (each) => {
      const [reckoned, stored] = [storedBytes(each), serialize(each).byteLength];
      assert(reckoned >= stored, `reckoned ${reckoned}, stored ${stored}`);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("records are reckoned little larger than they are stored", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const user = sampleUser(store, { name: "Ада Лавлейс" });
  const ticket = sampleTicket(store, { description: "Утеряна карта. ".repeat(200) });
  for (const record of [user, sampleAgent(store, user), sampleTicket(store), ticket]) {
    const [reckoned, stored] = [storedBytes(record), serialize(record).byteLength];
    assert(reckoned >= stored && reckoned < stored * 1.5, `${reckoned} for ${stored}`);
  }
});

Deno.test("no key is longer than was reckoned", () => {
  const encoder = new TextEncoder();
  const part = fc.oneof(text, fc.integer(), fc.double());
  fc.assert(
    fc.property(fc.array(part), (key) => {
      // A type's byte, then text as UTF-8 with NULs escaped and an end, or eight bytes of number.
      const bytes = key.map((each) =>
        typeof each === "string" ? encoder.encode(each.replaceAll("\0", "\0~")).length + 2 : 9
      );
      assert(keyBytes(key) >= bytes.reduce((sum, each) => sum + each, 0));
    }),
  );
});
