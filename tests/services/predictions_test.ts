import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { packBytes } from "../../domain/rules/sla_coding.ts";
import { packStart } from "../../domain/rules/sla_range.ts";
import { DEPARTMENTS_MAX } from "../../domain/services/creation_counts.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { readPrediction, renewIfAny } from "../../domain/services/predictions.ts";
import { PACKS_READ_MAX } from "../../domain/services/sla_figures.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { exportLines } from "../../domain/store/backup.ts";
import { VALUE_BYTES_MAX } from "../../domain/store/draft.ts";
import { keys } from "../../domain/store/keys.ts";
import { writePack } from "../../domain/store/sla_packs.ts";
import { storedBytes } from "../../domain/store/size.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, openDesk, refusalOf, type TestDesk } from "../support/desk.ts";
import { openFilled } from "../support/filled_desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { addMeasured } from "../support/measurements.ts";
import { openings } from "../support/openings.ts";

for (const timezone of ["America/New_York", "UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo"]) {
  Deno.test(`the first day of a desk in ${timezone} counts from its first ticket on`, async () => {
    await using desk = await openDesk({ DESK_TIMEZONE: timezone });
    const { store } = desk.desk;
    const first = desk.clock.now();
    desk.clock.advance(3 * HOUR_MS);
    const range = { start: first, end: desk.clock.now() };
    await addMeasured(store, openings("billing", range, () => 4));
    await packMeasurements(desk.desk);
    const young = granted(await readPrediction(desk.desk, true));
    assert.equal(young.method, "insufficient_history");
    assert.ok(young.total.expected > 0);
    desk.clock.advance(9 * DAY_MS);
    const grown = granted(await readPrediction(desk.desk, true));
    assert.equal(grown.method, "ewma_weekday");
    const counts = grown.days.map(({ count }) => count).filter((count) => count > 0);
    assert.deepEqual(counts, [12]);
    assert.ok((grown.departments[0]?.avgLoad ?? 0) > 0);
  });
}

const PACKS_WRITTEN_AT_ONCE = 500;

Deno.test("what is foreseen is kept, until it is old or whoever asks wants a fresh one", async () => {
  await using desk = await openFilled(6);
  const { clock } = desk;
  const first = granted(await readPrediction(desk.desk, false));
  assert.equal(first.computedAt, clock.now());
  assert.notEqual(first.method, "insufficient_history");
  clock.advance(50 * 1_000);
  for (const fresh of [false, true]) {
    assert.deepEqual(granted(await readPrediction(desk.desk, fresh)), first);
  }
  clock.advance(20 * 1_000);
  assert.deepEqual(granted(await readPrediction(desk.desk, false)), first);
  const fresh = granted(await readPrediction(desk.desk, true));
  assert.equal(fresh.computedAt, clock.now());
  clock.advance(150 * MINUTE_MS);
  assert.deepEqual(granted(await readPrediction(desk.desk, false)), fresh);
  clock.advance(1);
  const renewed = granted(await readPrediction(desk.desk, false));
  assert.equal(renewed.computedAt, clock.now());
  assert.equal(renewed.start, fresh.start + 2 * HOUR_MS);
  await desk.assertSound();
});

Deno.test("the job foresees the next week where anything has been packed, and else does nothing", async () => {
  await using empty = await openDesk();
  assert.equal(await renewIfAny(empty.desk), false);
  assert.equal((await empty.desk.store.reader.get(keys.prediction())).value, null);
  await using desk = await openFilled(1);
  assert.equal(await renewIfAny(desk.desk), true);
  const { versionstamp } = await desk.desk.store.reader.get(keys.prediction());
  assert.equal(await renewIfAny(desk.desk), true);
  assert.notEqual((await desk.desk.store.reader.get(keys.prediction())).versionstamp, versionstamp);
});

Deno.test("while the packer lags behind by days nothing is foreseen anew, and the job changes nothing", async () => {
  await using desk = await openFilled(2);
  const then = desk.clock.now();
  await addMeasured(
    desk.desk.store,
    openings("billing", { start: then, end: then + HOUR_MS }, () => 1),
  );
  desk.clock.advance(2 * DAY_MS);
  granted(await readPrediction(desk.desk, true));
  desk.clock.advance(HOUR_MS);
  assert.equal(refusalOf(await readPrediction(desk.desk, true)), "unavailable");
  assert.equal(await renewIfAny(desk.desk), false);
  granted(await readPrediction(desk.desk, false));
});

Deno.test("a desk of more departments than are told apart keeps what is foreseen in one value", async () => {
  await using desk = await openDesk();
  const end = desk.clock.now();
  const range = { start: end - 8 * DAY_MS, end: end - 8 * DAY_MS + HOUR_MS };
  const names = Array.from(
    { length: DEPARTMENTS_MAX + 7 },
    (_, index) => `${index} ${"ж".repeat(57)}`,
  );
  await addMeasured(desk.desk.store, names.flatMap((name) => openings(name, range, () => 2)));
  await packMeasurements(desk.desk);
  const prediction = granted(await readPrediction(desk.desk, true));
  assert.equal(prediction.departments.length, DEPARTMENTS_MAX);
  assert.equal(prediction.days.reduce((sum, { count }) => sum + count, 0), 2 * names.length);
  assert.ok(storedBytes(prediction) < VALUE_BYTES_MAX / 2, `${storedBytes(prediction)}`);
  await desk.assertSound();
});

Deno.test("many departments that somebody made up do not hide those with tickets", async () => {
  await using desk = await openDesk();
  const end = desk.clock.now();
  const range = (days: number) => ({
    start: end - days * DAY_MS,
    end: end - days * DAY_MS + HOUR_MS,
  });
  const madeUp = Array.from({ length: 2 * DEPARTMENTS_MAX }, (_, index) => `a made up ${index}`);
  await addMeasured(desk.desk.store, [
    ...[4, 3, 2].flatMap((days) => openings("support", range(days), () => 10)),
    ...madeUp.flatMap((name) => openings(name, range(5), () => 1)),
    ...openings("tax", range(1), () => 1),
  ]);
  await packMeasurements(desk.desk);
  const { departments } = granted(await readPrediction(desk.desk, true));
  assert.equal(departments.length, DEPARTMENTS_MAX);
  const needs = departments.find(({ department }) => department === "support");
  assert.ok(needs !== undefined && needs.avgLoad > 0);
});

Deno.test("of more departments than can be read, what tickets take is not measured", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const start = packStart("third", desk.clock.now() - 11 * DAY_MS);
  const bytes = packBytes(new Map());
  for (let from = 0; from <= PACKS_READ_MAX; from += PACKS_WRITTEN_AT_ONCE) {
    granted(
      await transact(store, (tx) => {
        for (let index = from; index < from + PACKS_WRITTEN_AT_ONCE; index++) {
          const name = { level: "third", start, whose: `${index}`, priority: 2 } as const;
          writePack(tx, { scope: "department", ...name }, bytes);
        }
        return Promise.resolve(true);
      }),
    );
  }
  const { handling } = granted(await readPrediction(desk.desk, true));
  assert.deepEqual(handling, { hours: 1, source: "assumed" });
});

Deno.test("a backup carries what is foreseen, and the doctor tells one of a later version", async () => {
  await using desk = await openFilled(1);
  const { store } = desk.desk;
  const prediction = granted(await readPrediction(desk.desk, true));
  const lines = await Array.fromAsync(exportLines(store));
  const kept = lines.map((line) => JSON.parse(line)).find(({ key }) => key?.[0] === "prediction");
  assert.deepEqual(kept.value, prediction);
  await store.reader.set(keys.prediction(), { ...prediction, schema: 2 });
  await assert.rejects(desk.assertSound(), /schema 2/);
});

/** The same desk, and how often something was committed through it. */
function countingCommits({ desk }: TestDesk): { readonly desk: Desk; commits(): number } {
  const { committer } = desk.store;
  let commits = 0;
  const submit: typeof committer.submit = (draft) => {
    commits += 1;
    return committer.submit(draft);
  };
  const store = { ...desk.store, committer: { ...committer, submit } };
  return { desk: { ...desk, store }, commits: () => commits };
}

Deno.test("of many who ask at once for a fresh one, one makes it and all get it", async () => {
  await using desk = await openFilled(2);
  const counting = countingCommits(desk);
  for (const count of [1, 2]) {
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => readPrediction(counting.desk, true)),
    );
    const [first] = asked.map(granted);
    assert.equal(first?.computedAt, desk.clock.now());
    for (const each of asked) assert.deepEqual(each, first);
    assert.equal(counting.commits(), count);
    desk.clock.advance(MINUTE_MS + 1);
  }
  await desk.assertSound();
});

Deno.test("one that was not made does not keep others from making it", async () => {
  await using desk = await openFilled(2);
  await assert.rejects(readPrediction(dyingAfter(desk.desk, 0), true), /died/);
  granted(await readPrediction(desk.desk, true));
});

Deno.test("what another version of the program keeps is made anew, and takes its place", async () => {
  await using desk = await openFilled(2);
  const { store } = desk.desk;
  const prediction = granted(await readPrediction(desk.desk, true));
  const stands = async (): Promise<unknown> => (await store.reader.get(keys.prediction())).value;
  for (const schema of [0, 2]) {
    const renewals = [
      () => readPrediction(desk.desk, false),
      () => renewIfAny(desk.desk),
    ];
    for (const renew of renewals) {
      await store.reader.set(keys.prediction(), { schema, computedAt: desk.clock.now() });
      assert.ok(await renew());
      assert.deepEqual(await stands(), prediction);
    }
  }
  await desk.assertSound();
});

Deno.test("one that a clock ahead made is no better than one as old", async () => {
  await using desk = await openFilled(2);
  const { store } = desk.desk;
  const prediction = granted(await readPrediction(desk.desk, true));
  const ahead = { ...prediction, computedAt: prediction.computedAt + 10 * MINUTE_MS };
  await store.reader.set(keys.prediction(), ahead);
  assert.deepEqual(granted(await readPrediction(desk.desk, false)), ahead);
  assert.deepEqual(granted(await readPrediction(desk.desk, true)), prediction);
});
