import assert from "node:assert/strict";
import type { Measured } from "../../domain/rules/sla_metrics.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { DEPARTMENTS_MAX, readCreated } from "../../domain/services/creation_counts.ts";
import { readPrediction, renewIfAny } from "../../domain/services/predictions.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { exportLines } from "../../domain/store/backup.ts";
import { VALUE_BYTES_MAX } from "../../domain/store/draft.ts";
import { keys } from "../../domain/store/keys.ts";
import { storedBytes } from "../../domain/store/size.ts";
import { granted, openDesk, refusalOf, type TestDesk } from "../support/desk.ts";
import { addMeasured, measured, variedMeasured } from "../support/measurements.ts";
import { openings } from "../support/openings.ts";

/** More by day than by night, and by weekday. */
function usual(hour: Instant): number {
  const local = Temporal.Instant.fromEpochMilliseconds(hour).toZonedDateTimeISO("UTC");
  return local.hour >= 9 && local.hour < 17 ? 8 - local.dayOfWeek : 0;
}

async function openFilled(weeks: number): Promise<TestDesk> {
  const desk = await openDesk();
  const end = desk.clock.now();
  await addMeasured(
    desk.desk.store,
    openings("billing", { start: end - weeks * 7 * DAY_MS, end }, usual),
  );
  await packMeasurements(desk.desk);
  return desk;
}

Deno.test("the counts of hours are those of the tickets that were opened in them, by departments", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const all = variedMeasured(600, desk.clock.now(), 70);
  await addMeasured(store, all);
  await packMeasurements(desk.desk);
  const { range, all: whole, departments } = await readCreated(store);
  assert.equal(range.end, desk.clock.now());
  assert.equal(range.start, desk.clock.now() - 71 * DAY_MS - 9 * HOUR_MS);
  const expected = (department: string | null): number[] => {
    const hours = new Array((range.end - range.start) / HOUR_MS).fill(0);
    for (const each of all.filter((each) => (department ?? each.department) === each.department)) {
      for (const { measure, hour } of each.counts) {
        if (measure === "created") hours[(hour - range.start) / HOUR_MS] += 1;
      }
    }
    return hours;
  };
  assert.deepEqual([...whole.counts], expected(null));
  assert.deepEqual([...departments.keys()].sort(), ["billing", "general", "support"]);
  for (const [name, { counts }] of departments) assert.deepEqual([...counts], expected(name));
});

Deno.test("counts end where the first hour begins that has not been packed", async () => {
  await using desk = await openFilled(2);
  const { store } = desk.desk;
  const before = desk.clock.now();
  desk.clock.advance(3 * HOUR_MS);
  const late = { start: before + HOUR_MS, end: before + 2 * HOUR_MS };
  await addMeasured(store, openings("billing", late, () => 1));
  assert.equal((await readCreated(store)).range.end, before + HOUR_MS);
  await packMeasurements(desk.desk);
  const { range, all } = await readCreated(store);
  assert.equal(range.end, desk.clock.now());
  assert.deepEqual([...all.counts.subarray(-3)], [0, 1, 0]);
});

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

Deno.test("a breach that was noticed days late takes no hour away from what is known", async () => {
  await using desk = await openFilled(2);
  const { store } = desk.desk;
  const end = desk.clock.now();
  const late = measured(end - 5 * DAY_MS, { response_breached: null });
  await addMeasured(store, [late]);
  assert.equal((await readCreated(store)).range.end, end);
  granted(await readPrediction(desk.desk, true));
  desk.clock.advance(2 * HOUR_MS);
  const soon = { start: end + HOUR_MS, end: end + 2 * HOUR_MS };
  await addMeasured(store, openings("billing", soon, () => 1));
  assert.equal((await readCreated(store)).range.end, end + HOUR_MS);
});

Deno.test("of more than is looked through that waits, counts end no later than the last of it", async () => {
  await using desk = await openFilled(1);
  const { store } = desk.desk;
  const then = desk.clock.now();
  const waiting = (count: number): Measured[] =>
    Array.from({ length: count }, () => measured(then, { response_met: null }));
  await addMeasured(store, waiting(999));
  desk.clock.advance(5 * HOUR_MS);
  assert.equal((await readCreated(store)).range.end, desk.clock.now());
  await addMeasured(store, waiting(1));
  assert.equal((await readCreated(store)).range.end, then);
});

Deno.test("counts go back a year, and what was before it is not read", async () => {
  await using desk = await openDesk();
  const now = desk.clock.now();
  const at = (days: number): { start: Instant; end: Instant } => {
    const start = now - days * DAY_MS;
    return { start, end: start + HOUR_MS };
  };
  const all = [400, 365, 364, 1].flatMap((days) => openings("billing", at(days), () => days));
  await addMeasured(desk.desk.store, all);
  await packMeasurements(desk.desk);
  const { range, all: { counts } } = await readCreated(desk.desk.store);
  assert.equal(range.end - range.start, 364 * DAY_MS + 9 * HOUR_MS);
  assert.equal(counts.reduce((sum, each) => sum + each, 0), 364 + 1);
});

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

Deno.test("three who ask at once for a fresh one all get one, and one is kept", async () => {
  await using desk = await openFilled(2);
  const asked = await Promise.all([1, 2, 3].map(() => readPrediction(desk.desk, true)));
  const [first] = asked.map(granted);
  for (const each of asked) assert.deepEqual(each, first);
  await desk.assertSound();
});
