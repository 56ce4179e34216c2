import assert from "node:assert/strict";
import { addBreak, cancelBreak, endBreak, startBreak } from "../../domain/services/shift_breaks.ts";
import { endShift, startShift } from "../../domain/services/shifts.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import type { BreakPlan } from "../../domain/rules/shift.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { at, openShiftDesk, planBreak } from "../support/shift_desk.ts";

const HERE = { timezone: "UTC" } as const;
const LUNCH: BreakPlan = { type: "lunch", start: at(120), end: at(150) };

let breaks = 0;

function lunch(from = LUNCH.start, to = LUNCH.end): BreakPlan & { readonly id: string } {
  breaks += 1;
  return { ...LUNCH, start: from, end: to, id: `break-${breaks}` };
}

Deno.test("a break is planned, taken early, ended by hand, and its agent comes back as it was", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada, adaId } = scene;
  const shift = granted(await startShift(desk, ada.actor, adaId, HERE));
  await scene.setStatus("busy");
  const planned = await planBreak(scene, shift, 120, 150);
  const [id = ""] = planned.breaks.map((each) => each.id);
  scene.goTo(100);
  granted(await startBreak(desk, ada.actor, shift, id));
  const away = await scene.agent();
  assert.deepEqual([away.status, away.onBreak, away.statusBeforeBreak], ["busy", true, "busy"]);
  assert.equal(away.shifts?.shown?.breaks[0]?.status, "in-progress");
  await scene.desk.assertSound();
  scene.goTo(110);
  granted(await endBreak(desk, ada.actor, shift, id));
  const back = await scene.agent();
  assert.deepEqual([back.status, back.onBreak], ["busy", false]);
  assert.deepEqual(await scene.events(), [
    "0 shift.started",
    "100 break.started",
    "110 break.ended",
  ]);
  await scene.desk.assertSound();
});

Deno.test("nobody but a supervisor changes the breaks of another agent, and breaks are of their shift", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada, boss, adaId } = scene;
  const rival = (await scene.desk.join("agent")).actor;
  const shift = granted(await startShift(desk, ada.actor, adaId, HERE));
  const { breaks } = granted(await addBreak(desk, boss.actor, shift, lunch()));
  const [id = ""] = breaks.map((each) => each.id);
  const outcomes = [
    await addBreak(desk, rival, shift, lunch()),
    await startBreak(desk, rival, shift, id),
    await endBreak(desk, rival, shift, id),
    await cancelBreak(desk, rival, shift, id),
  ];
  assert.deepEqual(outcomes.map(refusalOf), outcomes.map(() => "forbidden"));
  assert.equal(refusalOf(await startBreak(desk, ada.actor, shift, shift.id)), "not_found");
  const elsewhere = { id: adaId, agentId: adaId };
  assert.equal(refusalOf(await cancelBreak(desk, ada.actor, elsewhere, id)), "not_found");
  granted(await cancelBreak(desk, ada.actor, shift, id));
  assert.equal(refusalOf(await cancelBreak(desk, ada.actor, shift, id)), "invalid_transition");
  await scene.desk.assertSound();
});

Deno.test("of two hundred starts at once one wins, the others find a shift in progress", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada, adaId } = scene;
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, () => startShift(desk, ada.actor, adaId, HERE)),
  );
  const refused = outcomes.filter(isRefusal).map(({ refused }) => refused);
  assert.deepEqual(refused, Array.from({ length: 199 }, () => "shift_active"));
  assert.deepEqual(await scene.events(), ["0 shift.started"]);
  await scene.desk.assertSound();
});

Deno.test("two hundred starts, ends and breaks of one agent at once leave a legal log", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada, adaId } = scene;
  let shift = granted(await startShift(desk, ada.actor, adaId, HERE));
  for (let round = 1; round <= 4; round++) {
    const { breaks } = await scene.shift(shift.id);
    const [id = ""] = breaks.filter(({ status }) => status !== "completed").map((each) => each.id);
    const verbs = [
      () => startShift(desk, ada.actor, adaId, HERE),
      () => addBreak(desk, ada.actor, shift, lunch(at(round), at(round + 30))),
      () => startBreak(desk, ada.actor, shift, id),
      () => endBreak(desk, ada.actor, shift, id),
      () => scene.setStatus("online"),
      () => endShift(desk, ada.actor, shift),
      () => scene.setStatus("offline"),
      () => addBreak(desk, ada.actor, shift, lunch()),
    ];
    await Promise.all(Array.from({ length: 50 }, (_, index) => verbs[index % verbs.length]?.()));
    await scene.desk.assertSound();
    scene.goTo(round);
    const { currentShiftId } = await scene.agent();
    shift = currentShiftId === undefined
      ? granted(await startShift(desk, ada.actor, adaId, HERE))
      : await scene.shift(currentShiftId);
  }
  granted(await endShift(desk, ada.actor, shift));
  assertLegal(await scene.events());
  await scene.desk.assertSound();
});

/** One shift at a time, one break at a time in it, and time goes forward. */
function assertLegal(events: readonly string[]): void {
  const minutes = events.map((line) => parseInt(line));
  assert.deepEqual(minutes, minutes.toSorted((a, b) => a - b));
  const log = events.map((line) => line.replace(/^\d+ /, "")).join(" ");
  assert.match(log, /^(shift.started( break.started break.ended)* shift.ended ?)+$/);
}
