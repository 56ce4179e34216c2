import assert from "node:assert/strict";
import type { Measured } from "../../domain/rules/sla_metrics.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { readSlaAnalytics, readTicketAnalytics } from "../../domain/services/analytics.ts";
import { areDeskPacksBuilt } from "../../domain/services/desk_packs.ts";
import { keys } from "../../domain/store/keys.ts";
import { mend } from "../../domain/store/mend.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { packMetrics } from "../../jobs/pack_metrics.ts";
import { faultsOf, granted, openDesk, SETUP, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { addMeasured, shownFigures, variedMeasured, waiting } from "../support/measurements.ts";

const DAYS = 20;

/** What the desk tells of the last days when nobody asks for a part of it. */
async function told({ desk }: TestDesk): Promise<unknown> {
  const question = { interval: "day" } as const;
  const tickets = granted(await readTicketAnalytics(desk, SETUP, question));
  const rows = tickets.rows.map(({ interval, volumes }) => ({ interval, volumes }));
  const { together } = granted(await readSlaAnalytics(desk, SETUP, question));
  const { histograms } = shownFigures(together) as { histograms: unknown };
  return { rows, histograms };
}

/** As a store was before there were packs of the whole desk. */
async function withoutDeskPacks(store: Store): Promise<void> {
  const packs = await Array.fromAsync(store.reader.list({ prefix: ["sla_pack", "desk"] }));
  assert.ok(packs.length > 2 * DAYS, `${packs.length}`);
  granted(
    await transact(store, (tx) => {
      for (const { key } of packs) tx.delete(key);
      tx.delete(keys.deskPacks());
      return Promise.resolve(true);
    }),
  );
}

async function openOld(all: readonly Measured[]): Promise<TestDesk> {
  const desk = await openDesk();
  await addMeasured(desk.desk.store, all);
  await packMetrics(desk.desk);
  await withoutDeskPacks(desk.desk.store);
  return desk;
}

Deno.test("a desk is told the same by packs of the whole as by those of departments", async () => {
  await using desk = await openDesk();
  await addMeasured(desk.desk.store, variedMeasured(200, desk.clock.now(), DAYS));
  const unpacked = await told(desk);
  await packMetrics(desk.desk);
  assert.equal(await areDeskPacksBuilt(desk.desk.store), true);
  assert.deepEqual(await told(desk), unpacked);
  await withoutDeskPacks(desk.desk.store);
  assert.equal(await areDeskPacksBuilt(desk.desk.store), false);
  assert.deepEqual(await told(desk), unpacked);
});

Deno.test("packs of the whole are made of what was packed before there were any", async () => {
  for (const commits of [0, 1, 2, 7, DAYS]) {
    const all = variedMeasured(240, Date.UTC(2026, 0, 5), DAYS);
    await using desk = await openOld(all.slice(0, 200));
    const { store } = desk.desk;
    await addMeasured(store, all.slice(200));
    const before = await told(desk);
    await assert.rejects(packMetrics(dyingAfter(desk.desk, commits)), /died/);
    assert.equal(await areDeskPacksBuilt(store), false);
    assert.deepEqual(await told(desk), before, `after ${commits}`);
    await desk.assertSound();
    // Whoever died holds the lease for a while.
    desk.clock.advance(MINUTE_MS);
    assert.equal(await waiting(store), 40);
    assert.deepEqual(await packMetrics(desk.desk), { packed: 40 });
    assert.equal(await areDeskPacksBuilt(store), true);
    assert.deepEqual(await told(desk), before, `after ${commits}`);
    await desk.assertSound();
  }
});

Deno.test("how many were open is not told of when not all was counted that it takes", async () => {
  const all = variedMeasured(240, Date.UTC(2026, 0, 5), DAYS);
  await using desk = await openOld(all.slice(0, 200));
  const known = async (): Promise<boolean[]> => {
    const startDate = { date: "2026-01-02" };
    const question = { interval: "day", startDate } as const;
    const { rows } = granted(await readTicketAnalytics(desk.desk, SETUP, question));
    return rows.map(({ backlog }) => backlog !== null);
  };
  assert.deepEqual(await known(), [false, false, false, true]);
  await addMeasured(desk.desk.store, all.slice(200));
  await packMetrics(desk.desk);
  assert.deepEqual(await known(), [false, false, false, true]);
  desk.clock.advance(2 * DAY_MS);
  assert.deepEqual(await known(), [false, false, false, true, true, true]);
});

Deno.test("the doctor finds what is wrong with packs of the whole, and mends it", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  await addMeasured(store, variedMeasured(200, desk.clock.now(), DAYS));
  await packMetrics(desk.desk);
  await desk.assertSound();
  const before = await told(desk);
  const entries = await Array.fromAsync(store.reader.list({ prefix: ["sla_pack", "desk"] }));
  const levels = Object.values(Object.groupBy(entries, ({ key }) => String(key[2])));
  assert.equal(levels.length, 4);
  for (const [first, second] of levels.map((all) => [all?.at(-1), all?.at(0)])) {
    assert(first !== undefined && second !== undefined);
    await store.reader.delete(first.key);
    await store.reader.set(second.key, first.value);
  }
  assert.equal((await faultsOf(store)).length, await mend(store));
  assert.deepEqual(await faultsOf(store), []);
  assert.deepEqual(await told(desk), before);
});
