import assert from "node:assert/strict";
import type { PackName } from "../../domain/store/keys.ts";
import {
  joinPieces,
  listPacks,
  piecesOf,
  readPacks,
  writePack,
} from "../../domain/store/sla_packs.ts";
import { DAY_MS } from "../../domain/rules/time.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { memoryStore } from "./samples.ts";

const LENGTHS = [0, 1, 59_999, 60_000, 60_001, 150_000];

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index * 31 % 251);
}

Deno.test("bytes of any length are the same after they were in pieces", () => {
  for (const length of LENGTHS) {
    const pieces = piecesOf(bytesOf(length));
    assert.equal(pieces.length, Math.max(1, Math.ceil(length / 60_000)));
    assert.deepEqual(pieces.map(([following]) => following), [...pieces.keys()].reverse());
    assert.deepEqual(joinPieces(pieces), bytesOf(length));
  }
});

Deno.test("packs are read by their names, and those of all departments as one list", async () => {
  using memory = await memoryStore();
  const { store } = memory;
  const name = { scope: "department", level: "day", priority: 2 } as const;
  const names = ["billing", "support"].flatMap((whose) =>
    [0, 1, 2].map((day): PackName => ({ ...name, whose, start: day * DAY_MS }))
  );
  for (const [index, each] of names.entries()) {
    granted(
      await transact(store, (tx) => {
        writePack(tx, each, bytesOf(LENGTHS[index] ?? 0));
        return Promise.resolve(true);
      }),
    );
  }
  const missing: PackName = {
    scope: "agent",
    level: "day",
    whose: "billing",
    start: 0,
    priority: 2,
  };
  assert.deepEqual(
    await readPacks(store, [...names, missing]),
    [...LENGTHS.map(bytesOf), null],
  );
  const listed = await Array.fromAsync(
    listPacks(store, { scope: "department", level: "day" }, { from: 0, to: DAY_MS }),
  );
  assert.deepEqual(listed, [
    { start: 0, whose: "billing", bytes: bytesOf(0) },
    { start: 0, whose: "support", bytes: bytesOf(60_000) },
    { start: DAY_MS, whose: "billing", bytes: bytesOf(1) },
    { start: DAY_MS, whose: "support", bytes: bytesOf(60_001) },
  ]);
  for (const other of [{ scope: "department", level: "month" }, { scope: "agent", level: "day" }]) {
    const none = listPacks(store, other as Pick<PackName, "scope" | "level">, {
      from: 0,
      to: DAY_MS,
    });
    assert.deepEqual(await Array.fromAsync(none), []);
  }
});
