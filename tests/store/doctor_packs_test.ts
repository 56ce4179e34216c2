import assert from "node:assert/strict";
import { packBytes } from "../../domain/rules/sla_coding.ts";
import { addToPack, parsePack } from "../../domain/rules/sla_pack.ts";
import { PACK_LEVELS, type PackLevel, packStart } from "../../domain/rules/sla_range.ts";
import { DAY_MS } from "../../domain/rules/time.ts";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import type { KvKey } from "../../domain/store/open.ts";
import { joinPieces, piecesOf } from "../../domain/store/sla_packs.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { faultsOf, openDesk, type TestDesk } from "../support/desk.ts";
import { addMeasured, variedMeasured } from "../support/measurements.ts";
import { entriesOf } from "./samples.ts";

interface Packed extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly kv: Deno.Kv;
  /** A pack of billing that is there, of yesterday or its month. */
  keyOf(level: PackLevel): KvKey;
}

async function openPacked(): Promise<Packed> {
  const desk = await openDesk();
  const { store } = desk.desk;
  await addMeasured(store, variedMeasured(200, desk.clock.now(), 4));
  await packMetrics(desk.desk);
  await desk.assertSound();
  const yesterday = desk.clock.now() - DAY_MS;
  return {
    desk,
    kv: store.reader,
    keyOf: (level) => {
      const start = packStart(level, yesterday);
      return keys.slaPack({ scope: "department", level, start, whose: "billing", priority: 1 }, 0);
    },
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

/** The pack with one ticket more. */
async function miscount(kv: Deno.Kv, key: KvKey): Promise<void> {
  const { value } = await kv.get<Uint8Array>(key);
  assert(value !== null);
  const pack = parsePack(joinPieces([value]));
  const group = { department: "billing", priority: 1, category: "general" } as const;
  addToPack(pack, 0, group, { hour: 0, measure: "created", milliseconds: null });
  await kv.set(key, piecesOf(packBytes(pack))[0]);
}

const HARMS = {
  wrong: miscount,
  missing: (kv: Deno.Kv, key: KvKey): Promise<void> => kv.delete(key),
};

for (const level of ["day", "third", "month"] as const) {
  for (const [kind, harm] of Object.entries(HARMS)) {
    Deno.test(`the doctor finds the figures of a ${level} ${kind}, and mends them`, async () => {
      await using packed = await openPacked();
      const { desk, kv, keyOf } = packed;
      const before = await entriesOf(kv);
      await harm(kv, keyOf(level));
      const faults = await faultsOf(desk.desk.store);
      assert.deepEqual(faults.map((fault) => [fault.kind, fault.key]), [[kind, keyOf(level)]]);
      assert.equal(await mend(desk.desk.store), 1);
      assert.deepEqual(await entriesOf(kv), before);
    });
  }
}

Deno.test("what has no hours that were counted goes", async () => {
  await using packed = await openPacked();
  const { desk, kv, keyOf } = packed;
  const before = await entriesOf(kv);
  const { value } = await kv.get(keyOf("day"));
  const stray = [
    [...keyOf("month").slice(0, -1), 1],
    keys.slaPack({ scope: "agent", level: "day", start: 0, whose: "nobody", priority: 1 }, 0),
  ];
  for (const key of stray) await kv.set(key, value);
  const faults = await faultsOf(desk.desk.store);
  assert.deepEqual(faults.map(({ kind }) => kind), ["stray", "stray"]);
  assert.equal(await mend(desk.desk.store), 2);
  assert.deepEqual(await entriesOf(kv), before);
});

Deno.test("hours that cannot be read are found, and their day and month are left as they are", async () => {
  const unreadable = [1, Uint8Array.of(), Uint8Array.of(0, 99), Uint8Array.of(1, 1, 0)];
  for (const value of unreadable) {
    await using packed = await openPacked();
    const { desk, kv, keyOf } = packed;
    await kv.set(keyOf("hours"), value);
    await miscount(kv, keyOf("day"));
    const before = await entriesOf(kv);
    const faults = await faultsOf(desk.desk.store);
    assert.deepEqual(faults.map((fault) => [fault.kind, fault.key]), [["broken", keyOf("hours")]]);
    assert.equal(await mend(desk.desk.store), 0);
    assert.deepEqual(await entriesOf(kv), before);
  }
});

Deno.test("a store that lost all sums gets them back from the hours", async () => {
  await using packed = await openPacked();
  const { desk, kv } = packed;
  const before = await entriesOf(kv);
  const sums = before.filter(({ key }) => key[0] === "sla_pack" && key[2] !== "hours");
  assert.ok(sums.length >= (PACK_LEVELS.length - 1) * 6, `${sums.length}`);
  for (const { key } of sums) await kv.delete(key);
  assert.equal(await mend(desk.desk.store), sums.length);
  assert.deepEqual(await entriesOf(kv), before);
  await desk.assertSound();
});
