import assert from "node:assert/strict";
import type { Measured } from "../../domain/rules/sla_metrics.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../domain/rules/time.ts";
import { readCreated } from "../../domain/services/creation_counts.ts";
import { readPrediction } from "../../domain/services/predictions.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { granted, openDesk } from "../support/desk.ts";
import { openFilled } from "../support/filled_desk.ts";
import { addMeasured, measured, variedMeasured } from "../support/measurements.ts";
import { openings } from "../support/openings.ts";

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

Deno.test("what a clock that is ahead dated after now lets no counts end after now", async () => {
  await using desk = await openFilled(1);
  const now = desk.clock.now();
  const ahead = measured(now + 30 * HOUR_MS, { response_met: null });
  await addMeasured(desk.desk.store, Array.from({ length: 1_000 }, () => ahead));
  assert.equal((await readCreated(desk.desk.store)).range.end, now);
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
