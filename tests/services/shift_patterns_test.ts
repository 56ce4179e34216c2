import assert from "node:assert/strict";
import type { Weekday } from "../../domain/rules/calendar.ts";
import type { PatternPlan } from "../../domain/rules/shift_pattern.ts";
import type { Shift } from "../../domain/rules/shift.ts";
import { DAY_MS, iso } from "../../domain/rules/time.ts";
import { dismissAgent, hireAgent } from "../../domain/services/hiring.ts";
import {
  createPattern,
  deletePattern,
  findPattern,
  listPatterns,
  PATTERNS_MAX,
  unrollPattern,
} from "../../domain/services/shift_patterns.ts";
import { rollOver, rollOverAlone } from "../../domain/services/shift_rollover.ts";
import { cancelShift } from "../../domain/services/shifts.ts";
import { keys } from "../../domain/store/keys.ts";
import { readList } from "../../domain/store/store.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { openShiftDesk, type ShiftDesk } from "../support/shift_desk.ts";

const EVERY_DAY: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

// It is Monday, the 5th of January 2026, nine o'clock in UTC.
function planFor({ adaId }: ShiftDesk, changes: Partial<PatternPlan> = {}): PatternPlan {
  return {
    agentId: adaId,
    timezone: "Europe/Berlin",
    weekdays: EVERY_DAY,
    startTime: "09:00",
    endTime: "17:00",
    breaks: [{ type: "lunch", startTime: "12:00", endTime: "12:30" }],
    startDate: "2026-01-06",
    endDate: null,
    ...changes,
  };
}

async function shiftsOf({ desk, adaId }: ShiftDesk): Promise<Shift[]> {
  const rows = await readList<Shift>(desk.desk.store, keys.shiftByAgent(adaId), { limit: 1_000 });
  return rows.map(({ value }) => value);
}

async function days(scene: ShiftDesk): Promise<string[]> {
  return (await shiftsOf(scene)).map(({ start }) => iso(start).slice(5, 10));
}

Deno.test("a pattern makes the shifts of two weeks at once, and one more each day", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  const pattern = granted(await createPattern(desk, boss.actor, planFor(scene)));
  const all = await shiftsOf(scene);
  assert.deepEqual([all.length, all[0]?.patternId, all[0]?.timezone], [
    14,
    pattern.id,
    "Europe/Berlin",
  ]);
  assert.deepEqual(all.map(({ breaks }) => breaks.length), all.map(() => 1));
  assert.equal(new Set(all.flatMap(({ breaks }) => breaks.map(({ id }) => id))).size, 14);
  assert.equal((await scene.agent()).shifts?.scheduled, 14);
  await scene.desk.assertSound();
  for (let day = 1; day <= 30; day++) {
    scene.desk.clock.advance(DAY_MS);
    assert.equal((await rollOverAlone(desk)).unrolled, 1, `${day}`);
    assert.equal((await shiftsOf(scene)).length, 14 + day);
  }
  await scene.desk.assertSound();
});

Deno.test("however many roll over, however late, each day has one shift", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  const { id } = granted(await createPattern(desk, boss.actor, planFor(scene)));
  scene.desk.clock.advance(10 * DAY_MS);
  await Promise.all([
    ...[1, 2, 3].map(() => rollOver(desk)),
    ...[1, 2, 3].map(() => unrollPattern(desk, id)),
  ]);
  const found = await days(scene);
  assert.equal(found.length, 24);
  assert.equal(new Set(found).size, 24);
  await scene.desk.assertSound();
});

Deno.test("a pattern ends with its last day, and nothing waits for it then", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada } = scene;
  const plan = planFor(scene, { endDate: "2026-01-08" });
  const pattern = granted(await createPattern(desk, ada.actor, plan));
  assert.equal(pattern.nextAt, null);
  assert.deepEqual(await days(scene), ["01-06", "01-07", "01-08"]);
  scene.desk.clock.advance(30 * DAY_MS);
  assert.equal((await rollOverAlone(desk)).unrolled, 0);
  await scene.desk.assertSound();
});

Deno.test("a pattern is refused over a shift, over another pattern, and beyond the limit", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  await scene.schedule(3 * 24 * 60, 3 * 24 * 60 + 60);
  const refused = async (changes: Partial<PatternPlan> = {}): Promise<string> =>
    refusalOf(await createPattern(desk, boss.actor, planFor(scene, changes)));
  assert.equal(await refused(), "shift_overlap");
  assert.deepEqual((await days(scene)).length, 1);
  const weekdays: Weekday[] = ["mon", "tue"];
  granted(await createPattern(desk, boss.actor, planFor(scene, { weekdays })));
  // Neither has a shift in the time of the other yet.
  const later = { weekdays, startDate: "2026-06-01" };
  assert.equal(await refused(later), "shift_overlap");
  assert.equal(await refused({ endDate: "2026-01-01" }), "invalid_input");
  for (let index = 1; index < PATTERNS_MAX; index++) {
    const startDate = `20${27 + index}-01-01`;
    const once = { weekdays: ["wed"] as const, startDate, endDate: startDate };
    granted(await createPattern(desk, boss.actor, planFor(scene, once)));
  }
  assert.equal(await refused({ weekdays: ["sun"] }), "conflict");
  await scene.desk.assertSound();
});

Deno.test("of two patterns at once that overlap one is made", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  const plan = planFor(scene, { startDate: "2026-06-01" });
  const outcomes = await Promise.all([1, 2, 3].map(() => createPattern(desk, boss.actor, plan)));
  const refused = outcomes.filter((outcome) => "refused" in outcome);
  assert.deepEqual(refused.map(refusalOf), ["shift_overlap", "shift_overlap"]);
  const { items } = await listPatterns(desk, scene.adaId, { after: null, limit: 10 });
  assert.equal(items.length, 1);
  await scene.desk.assertSound();
});

Deno.test("a day that is taken by then is left out, and a shift that was cancelled stays so", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  granted(await createPattern(desk, boss.actor, planFor(scene)));
  const [first] = await shiftsOf(scene);
  assert.ok(first);
  granted(await cancelShift(desk, boss.actor, first));
  await scene.schedule(15 * 24 * 60, 15 * 24 * 60 + 60);
  scene.desk.clock.advance(2 * DAY_MS);
  await rollOver(desk);
  const found = await days(scene);
  assert.equal(found.length, 13 + 1 + 1);
  assert.equal(found.includes("01-06"), false);
  assert.equal(found.filter((day) => day === "01-20").length, 1);
  await scene.desk.assertSound();
});

Deno.test("a pattern that is deleted takes its scheduled shifts along, and nothing comes of it again", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  const pattern = granted(await createPattern(desk, boss.actor, planFor(scene)));
  const own = await scene.schedule(0, 10);
  const rival = await scene.desk.join("agent");
  assert.equal(refusalOf(await deletePattern(desk, rival.actor, pattern)), "forbidden");
  scene.desk.clock.advance(DAY_MS);
  await rollOver(desk);
  granted(await deletePattern(desk, boss.actor, pattern));
  const left = await shiftsOf(scene);
  assert.deepEqual(left.map(({ id, status }) => [id === own.id, status]), [
    [true, "completed"],
    [false, "in-progress"],
  ]);
  assert.equal(refusalOf(await findPattern(desk, pattern.id)), "not_found");
  assert.equal(refusalOf(await deletePattern(desk, boss.actor, pattern)), "not_found");
  scene.desk.clock.advance(20 * DAY_MS);
  assert.equal((await rollOver(desk)).unrolled, 0);
  await scene.desk.assertSound();
});

Deno.test("a deletion that is cut off after any commit is finished by the next rollover", async () => {
  for (const commits of [1, 2, 3]) {
    await using scene = await openShiftDesk();
    const { desk: { desk }, boss } = scene;
    const pattern = granted(await createPattern(desk, boss.actor, planFor(scene)));
    await assert.rejects(deletePattern(dyingAfter(desk, commits), boss.actor, pattern), /died/);
    await scene.desk.assertSound();
    const { items } = await listPatterns(desk, undefined, { after: null, limit: 10 });
    assert.deepEqual(items, []);
    await rollOver(desk);
    assert.deepEqual(await shiftsOf(scene), []);
    assert.equal((await scene.agent()).shifts?.count, 0);
    await scene.desk.assertSound();
  }
});

Deno.test("there are no shifts of who was deactivated, and again when it is back", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss, ada } = scene;
  const admin = await scene.desk.join("admin");
  granted(await createPattern(desk, boss.actor, planFor(scene)));
  granted(await dismissAgent(desk, admin.actor, scene.adaId));
  for (let day = 0; day < 20; day++) {
    scene.desk.clock.advance(DAY_MS);
    await rollOver(desk);
  }
  assert.deepEqual(await shiftsOf(scene), []);
  granted(await hireAgent(desk, admin.actor, { name: "Ada", email: ada.email }));
  scene.desk.clock.advance(DAY_MS);
  await rollOver(desk);
  assert.equal((await shiftsOf(scene)).length, 15);
  await scene.desk.assertSound();
});

Deno.test("patterns are listed by agent, or all of them, in the order in which they were made", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  const eve = await scene.desk.join("agent");
  const made: string[] = [];
  for (const weekday of ["mon", "tue"] as const) {
    for (const agentId of [scene.adaId, eve.actor.agent?.id ?? ""]) {
      const plan = planFor(scene, { agentId, weekdays: [weekday] });
      made.push(granted(await createPattern(desk, boss.actor, plan)).id);
    }
  }
  const idsOf = async (agentId: string | undefined, after: string | null): Promise<string[]> => {
    const { items } = await listPatterns(desk, agentId, { after, limit: 3 });
    return items.map(({ id }) => id);
  };
  assert.deepEqual(await idsOf(undefined, null), made.slice(0, 3));
  assert.deepEqual(await idsOf(undefined, made[2] ?? null), made.slice(3));
  assert.deepEqual(await idsOf(scene.adaId, null), [made[0], made[2]]);
});
