import assert from "node:assert/strict";
import { isOnDuty } from "../../domain/rules/agent.ts";
import { SCHEDULED_MAX } from "../../domain/rules/shift.ts";
import { DAY_MS, HOUR_MS } from "../../domain/rules/time.ts";
import { getAgent } from "../../domain/services/agents.ts";
import { dismissAgent } from "../../domain/services/hiring.ts";
import {
  cancelShift,
  endShift,
  scheduleShift,
  setAgentShift,
  startShift,
} from "../../domain/services/shifts.ts";
import { agents } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted, refusalOf } from "../support/desk.ts";
import { at, openShiftDesk } from "../support/shift_desk.ts";
import { look } from "../support/work.ts";

const HERE = { timezone: "UTC" } as const;

Deno.test("a shift is scheduled, started by its time, and known to its agent's record", async () => {
  await using scene = await openShiftDesk();
  const { desk } = scene;
  const shift = await scene.schedule(60, 120, [90, 100]);
  const before = await scene.agent();
  assert.deepEqual([before.shifts?.count, before.shifts?.scheduled, before.shifts?.nextAt], [
    1,
    1,
    at(45),
  ]);
  assert.equal(before.shifts?.shown?.id, shift.id);
  assert.equal(before.shifts?.shown?.breaks.length, 1);
  await desk.assertSound();
});

Deno.test("a shift started by hand is in progress, and its agent online and told of", async () => {
  await using scene = await openShiftDesk();
  const { desk, ada, adaId } = scene;
  const shift = granted(await startShift(desk.desk, ada.actor, adaId, HERE));
  assert.deepEqual([shift.status, shift.end - shift.start], ["in-progress", 8 * HOUR_MS]);
  const agent = await scene.agent();
  assert.deepEqual([agent.status, agent.currentShiftId], ["online", shift.id]);
  assert.deepEqual(await scene.events(), ["0 shift.started"]);
  await desk.assertSound();
});

Deno.test("nobody but a supervisor changes the shifts of another agent", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, adaId } = scene;
  const rival = await scene.desk.join("agent");
  const shift = await scene.schedule(60, 120);
  const request = { start: at(200), end: at(300), timezone: "UTC" };
  const outcomes = [
    await startShift(desk, rival.actor, adaId, HERE),
    await scheduleShift(desk, rival.actor, adaId, request),
    await setAgentShift(desk, rival.actor, adaId, request),
    await endShift(desk, rival.actor, shift),
    await cancelShift(desk, rival.actor, shift),
  ];
  assert.deepEqual(outcomes.map(refusalOf), outcomes.map(() => "forbidden"));
  await scene.desk.assertSound();
});

Deno.test("shifts of one agent do not overlap, whatever lies between, and those of two may", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss, adaId } = scene;
  const first = await scene.schedule(60, 120);
  await scene.schedule(120, 180);
  const attempt = async (from: number, to: number): Promise<string> => {
    const request = { start: at(from), end: at(to), timezone: "UTC" };
    return refusalOf(await scheduleShift(desk, boss.actor, adaId, request));
  };
  for (const [from, to] of [[0, 61], [60, 120], [179, 200], [0, 400], [70, 80]] as const) {
    assert.equal(await attempt(from, to), "shift_overlap", `${from} ${to}`);
  }
  granted(await cancelShift(desk, boss.actor, first));
  await scene.schedule(0, 120);
  const other = await scene.desk.join("agent");
  const request = { start: at(0), end: at(120), timezone: "UTC" };
  const { actor } = other;
  granted(await scheduleShift(desk, actor, actor.agent?.id ?? "", request));
  await scene.desk.assertSound();
});

Deno.test("a shift that ended long ago is in nobody's way, nor is the rest of one ended early", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, ada, adaId } = scene;
  const early = granted(await startShift(desk, ada.actor, adaId, HERE));
  scene.goTo(30);
  granted(await endShift(desk, ada.actor, early));
  const again = granted(await startShift(desk, ada.actor, adaId, HERE));
  assert.notEqual(again.id, early.id);
  scene.goTo(700);
  await scene.schedule(710, 800);
  await scene.desk.assertSound();
});

Deno.test("a shift takes up its time also where it lies a day back or was started early", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss, ada, adaId } = scene;
  const long = await scene.schedule(0, 24 * 60);
  const request = { start: at(24 * 60 - 1), end: at(25 * 60), timezone: "UTC" };
  assert.equal(refusalOf(await scheduleShift(desk, boss.actor, adaId, request)), "shift_overlap");
  granted(await endShift(desk, ada.actor, long));
  await scene.schedule(60, 120);
  granted(await startShift(desk, ada.actor, adaId, HERE));
  const short = { start: at(10), end: at(20), timezone: "UTC" };
  assert.equal(refusalOf(await scheduleShift(desk, boss.actor, adaId, short)), "shift_overlap");
  await scene.desk.assertSound();
});

Deno.test("a shift takes up its time also where somebody would have it begin after it has begun", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss, ada, adaId } = scene;
  const shift = granted(await startShift(desk, ada.actor, adaId, HERE));
  scene.goTo(200);
  const later = { start: at(190), end: at(400), timezone: "UTC" };
  assert.equal(refusalOf(await setAgentShift(desk, boss.actor, adaId, later)), "shift_active");
  granted(await endShift(desk, ada.actor, shift));
  scene.goTo(210);
  const before = { start: at(10), end: at(215), timezone: "UTC" };
  assert.equal(refusalOf(await scheduleShift(desk, boss.actor, adaId, before)), "shift_overlap");
  await scene.desk.assertSound();
});

Deno.test("a shift that should have begun begins as it is scheduled", async () => {
  await using scene = await openShiftDesk();
  const shift = await scene.schedule(-30, 60);
  assert.deepEqual([shift.status, shift.start, shift.startedAt], ["in-progress", at(-30), at(0)]);
  assert.deepEqual(await scene.events(), ["0 shift.started"]);
  await scene.desk.assertSound();
});

Deno.test("the shift of an agent is set: the current one, else the next, else a new one", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss, adaId } = scene;
  const set = (from: number, to: number) =>
    setAgentShift(desk, boss.actor, adaId, { start: at(from), end: at(to), timezone: "UTC" });
  const made = granted(await set(60, 120)).shifts?.shown;
  const later = await scene.schedule(300, 360);
  const moved = granted(await set(70, 130)).shifts?.shown;
  assert.deepEqual([moved?.id, moved?.start], [made?.id, at(70)]);
  assert.equal(refusalOf(await set(250, 301)), "shift_overlap");
  scene.goTo(80);
  const longer = granted(await set(70, 140));
  assert.deepEqual([longer.currentShiftId, longer.shifts?.shown?.end], [made?.id, at(140)]);
  assert.equal(refusalOf(await set(150, 200)), "shift_active");
  assert.equal((await scene.shift(later.id)).start, at(300));
  await scene.desk.assertSound();
});

Deno.test("what an agent's record shows is its current shift, else the next, else the last", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss } = scene;
  const shown = async (): Promise<string | undefined> => (await scene.agent()).shifts?.shown?.id;
  const third = await scene.schedule(300, 360);
  const second = await scene.schedule(200, 260);
  assert.equal(await shown(), second.id);
  const first = await scene.schedule(-10, 60);
  assert.equal(await shown(), first.id);
  scene.goTo(60);
  assert.equal((await scene.setStatus("offline")).shifts?.shown?.id, second.id);
  granted(await cancelShift(desk, boss.actor, second));
  assert.equal(await shown(), third.id);
  granted(await cancelShift(desk, boss.actor, third));
  assert.equal(await shown(), first.id);
  await scene.desk.assertSound();
});

Deno.test("however many shifts lie ahead, whoever comes back goes on with the one that ended", async () => {
  await using scene = await openShiftDesk({ agent: { status: "online" } });
  const { desk, adaId } = scene;
  const shift = await scene.schedule(60, 120);
  for (let day = 1; day <= 12; day++) await scene.schedule(day * 24 * 60, day * 24 * 60 + 60);
  scene.goTo(130);
  const agent = await scene.setStatus("online");
  assert.equal(agent.currentShiftId, shift.id);
  assert.equal((await scene.shift(shift.id)).overtime, true);
  assert.ok(isOnDuty(granted(await getAgent(desk.desk, adaId)).record, at(130)));
  await desk.assertSound();
});

Deno.test("an agent has no more shifts scheduled than the limit", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk }, boss, adaId } = scene;
  await scene.schedule(60, 120);
  await transact(desk.store, async (tx) => {
    const agent = await tx.get(agents, keys.agent(adaId));
    assert.ok(agent?.shifts);
    tx.put(agents, { ...agent, shifts: { ...agent.shifts, scheduled: SCHEDULED_MAX } });
  });
  const request = { start: at(200), end: at(300), timezone: "UTC" };
  assert.equal(refusalOf(await scheduleShift(desk, boss.actor, adaId, request)), "conflict");
});

Deno.test("an agent who is deactivated ends its shift, and what it has scheduled does not take place", async () => {
  await using scene = await openShiftDesk();
  const { desk, adaId } = scene;
  const admin = await desk.join("admin");
  const current = await scene.schedule(-10, 60, [-5, 20]);
  const next = await scene.schedule(100, 160);
  await scene.setStatus("online");
  granted(await dismissAgent(desk.desk, admin.actor, adaId));
  const agent = await scene.agent();
  assert.deepEqual([agent.status, agent.onBreak, agent.currentShiftId], [
    "offline",
    false,
    undefined,
  ]);
  assert.equal((await scene.shift(current.id)).status, "completed");
  await desk.assertSound();
  const request = { start: at(200), end: at(300), timezone: "UTC" };
  const refused = await scheduleShift(desk.desk, admin.actor, adaId, request);
  assert.equal(refusalOf(refused), "agent_unavailable");
  scene.goTo(200);
  await look(desk, scene.boss, "/api/agents/available");
  await desk.assertSound();
  assert.equal((await scene.shift(next.id)).status, "cancelled");
  assert.deepEqual(await scene.told(), []);
});

Deno.test("a shift of another year is as good as one of today", async () => {
  await using scene = await openShiftDesk();
  const minutes = 400 * DAY_MS / 60_000;
  await scene.schedule(minutes, minutes + 60);
  scene.goTo(minutes + 30);
  assert.equal((await scene.setStatus("online")).shifts?.scheduled, 0);
  await scene.desk.assertSound();
});
