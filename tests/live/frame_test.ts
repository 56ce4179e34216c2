import assert from "node:assert/strict";
import fc from "fast-check";
import { FRAME_BYTES_MAX, readFrame } from "../../domain/live/frame.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { refusalOf } from "../support/desk.ts";

Deno.test("a frame is read as what it says, and nothing else of it is kept", () => {
  const frames = [
    [{ type: "ping", more: 1 }, { type: "ping" }],
    [{ type: "auth", token: "t", role: "admin" }, { type: "auth", token: "t" }],
    [{ type: "subscribe", topics: ["queue"] }, { type: "subscribe", topics: ["queue"] }],
    [{ type: "unsubscribe", topics: [] }, { type: "unsubscribe", topics: [] }],
  ];
  for (const [said, read] of frames) assert.deepEqual(readFrame(JSON.stringify(said)), read);
});

const JUNK: readonly unknown[] = [
  "",
  "nonsense",
  "null",
  "1",
  '"ping"',
  "[]",
  "{}",
  '{"type":"unknown"}',
  '{"type":"constructor"}',
  '{"type":["ping"]}',
  '{"type":"auth"}',
  '{"type":"auth","token":1}',
  '{"type":"subscribe"}',
  '{"type":"subscribe","topics":"queue"}',
  '{"type":"subscribe","topics":[1]}',
  JSON.stringify({ type: "subscribe", topics: Array.from({ length: 101 }, () => "queue") }),
  JSON.stringify({ type: "subscribe", topics: ["x".repeat(201)] }),
  new ArrayBuffer(8),
  new Blob(["{}"]),
  undefined,
];

Deno.test("junk is refused as invalid input", () => {
  for (const data of JUNK) assert.equal(refusalOf(readFrame(data)), "invalid_input", String(data));
});

Deno.test("a list of too many topics or too long ones is refused with its limits, and one less is read", () => {
  for (const type of ["subscribe", "unsubscribe"] as const) {
    const full = { type, topics: Array.from({ length: 100 }, () => "x".repeat(200)) };
    assert.deepEqual(readFrame(JSON.stringify(full)), full);
    for (const topics of [[...full.topics, "queue"], ["x".repeat(201)]]) {
      const refusal = readFrame(JSON.stringify({ type, topics }));
      assert.ok(isRefusal(refusal));
      assert.match(refusal.detail, /\b100 texts at most, each of 200 characters at most/);
    }
  }
});

Deno.test("a frame may have its limit of bytes as UTF-8, and not one more", () => {
  const frame = '{"type":"ping"}';
  for (const letter of [" ", "é", "漢", "😀"]) {
    const bytes = new TextEncoder().encode(letter).length;
    const room = FRAME_BYTES_MAX - '{"type":"ping","more":""}'.length;
    const more = letter.repeat(Math.floor(room / bytes));
    const full = `{"type":"ping","more":"${more}"}`;
    const padded = full + " ".repeat(FRAME_BYTES_MAX - new TextEncoder().encode(full).length);
    assert.deepEqual(readFrame(padded), { type: "ping" }, letter);
    assert.equal(refusalOf(readFrame(`${padded} `)), "too_large", letter);
  }
  assert.equal(refusalOf(readFrame(frame.padEnd(10_000_000))), "too_large");
});

Deno.test("no text makes the reader throw", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.json().map((each) => `{"type":${each}}`),
  );
  fc.assert(fc.property(text, (data) => {
    const frame = readFrame(data);
    assert(isRefusal(frame) || ["ping", "auth", "subscribe", "unsubscribe"].includes(frame.type));
  }));
});
