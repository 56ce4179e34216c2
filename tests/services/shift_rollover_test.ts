import assert from "node:assert/strict";
import { availableAgents } from "../../domain/services/agents.ts";
import { firstShiftDue, rollOver, rollOverAlone } from "../../domain/services/shift_rollover.ts";
import { startShift } from "../../domain/services/shifts.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { BREAKS_MAX } from "../../domain/rules/shift.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { granted } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { stored } from "../support/problem.ts";
import { at, openShiftDesk, planBreak, type ShiftDesk } from "../support/shift_desk.ts";
import { agentId, open, ticketOf } from "../support/work.ts";

const TOLD = ["45 shift_starting", "85 break_reminder", "90 shift_ending", "115 shift_ending"];
const EVENTS = ["60 shift.started", "90 break.started", "100 break.ended", "120 shift.ended"];
const WISHES = { agent: { status: "offline", onlineAtShiftStart: true } } as const;

async function available({ desk }: ShiftDesk): Promise<string[]> {
  return (await availableAgents(desk.desk, {})).map(({ name }) => name);
}

Deno.test("a shift runs its course by rollovers of every minute: each thing once, at its instant", async () => {
  await using scene = await openShiftDesk(WISHES);
  const shift = await scene.schedule(60, 120, [90, 100]);
  for (let minute = 0; minute <= 130; minute++) {
    scene.goTo(minute);
    await rollOverAlone(scene.desk.desk);
    const works = (minute >= 60 && minute < 90) || (minute >= 100 && minute < 120);
    assert.deepEqual(await available(scene), works ? ["Ada"] : [], `${minute}`);
  }
  assert.deepEqual(await scene.told(), TOLD);
  assert.deepEqual(await scene.events(), EVENTS);
  const { startedAt, endedAt, status, attendance } = await scene.shift(shift.id);
  assert.deepEqual([startedAt, endedAt, status], [at(60), at(120), "completed"]);
  assert.deepEqual(attendance, [{ from: at(60), to: at(120) }]);
  assert.equal(await firstShiftDue(scene.desk.desk.store), null);
  await scene.desk.assertSound();
});

Deno.test("a rollover that comes a day late does the same, and a second one nothing more", async () => {
  await using scene = await openShiftDesk(WISHES);
  await scene.schedule(60, 120, [90, 100]);
  await scene.schedule(200, 260);
  scene.goTo(24 * 60);
  assert.equal((await rollOverAlone(scene.desk.desk)).happened, 8 + 5);
  assert.deepEqual((await scene.told()).slice(0, 4), TOLD);
  assert.deepEqual((await scene.events()).slice(0, 4), EVENTS);
  await scene.desk.assertSound();
  const before = await stored(scene.desk.desk.store);
  const nothing = { unrolled: 0, happened: 0, requeued: 0 };
  assert.deepEqual(await rollOverAlone(scene.desk.desk), nothing);
  assert.deepEqual(await rollOver(scene.desk.desk), nothing);
  assert.deepEqual(await stored(scene.desk.desk.store), before);
});

Deno.test("of many rollovers at once each thing is done by one", async () => {
  await using scene = await openShiftDesk(WISHES);
  await scene.schedule(60, 120, [90, 100]);
  const rival = await scene.desk.join("agent", { name: "Eve" });
  granted(await startShift(scene.desk.desk, rival.actor, agentId(rival), { timezone: "UTC" }));
  scene.goTo(1_000);
  const runs = await Promise.all([1, 2, 3, 4].map(() => rollOver(scene.desk.desk)));
  assert.equal(runs.reduce((sum, { happened }) => sum + happened, 0), 8 + 3);
  assert.deepEqual(await scene.told(), TOLD);
  const events = await scene.events();
  assert.equal(events.length, new Set(events).size);
  await scene.desk.assertSound();
});

Deno.test("a rollover that dies after any commit is finished by the next", async () => {
  for (let commits = 1; commits < 8; commits++) {
    await using scene = await openShiftDesk(WISHES);
    const shift = await scene.schedule(60, 120);
    await planBreak(scene, shift, 90, 100);
    for (const name of ["Eve", "Bob", "Kim"]) {
      const other = await scene.desk.join("agent", { name });
      granted(await startShift(scene.desk.desk, other.actor, agentId(other), { timezone: "UTC" }));
    }
    scene.goTo(1_000);
    // The lease is one commit too, and nobody gives it back.
    await rollOverAlone(dyingAfter(scene.desk.desk, commits)).catch(() => null);
    await scene.desk.assertSound();
    scene.desk.clock.advance(2 * SECOND_MS);
    await rollOverAlone(scene.desk.desk);
    assert.deepEqual(await scene.told(), TOLD);
    const events = await scene.events();
    assert.equal(events.filter((line) => /ended/.test(line)).length, 4 + 1);
    assert.equal(await firstShiftDue(scene.desk.desk.store), null);
    await scene.desk.assertSound();
  }
});

Deno.test("dozens of shifts of one agent that nobody looked after come one after the other", async () => {
  await using scene = await openShiftDesk(WISHES);
  // Back to back, with a gap behind each five.
  const starts = Array.from(
    { length: 25 },
    (_, index) => 60 + 10 * index + 5 * Math.floor(index / 5),
  );
  for (const start of starts) await scene.schedule(start, start + 10);
  scene.goTo(5_000);
  await rollOver(scene.desk.desk);
  const expected = starts.flatMap((start) => [
    `${start} shift.started`,
    `${start + 10} shift.ended`,
  ]);
  assert.deepEqual(await scene.events(), expected);
  assert.equal((await scene.agent()).status, "offline");
  await scene.desk.assertSound();
});

Deno.test("days of shifts with as many breaks as they may have are looked after in time", async () => {
  await using scene = await openShiftDesk(WISHES);
  const breaks = Array.from({ length: BREAKS_MAX }, (_, index) => 20 * index);
  for (let day = 1; day <= 6; day++) {
    const from = day * 24 * 60;
    const taken = breaks.map((start): [number, number] => [from + start, from + start + 10]);
    await scene.schedule(from, from + 480, ...taken);
  }
  scene.goTo(10 * 24 * 60);
  await rollOver(scene.desk.desk);
  assert.equal((await scene.events()).length, 6 * 2 * (BREAKS_MAX + 1));
  // Who begins its shift with a break is not reminded of it.
  assert.equal((await scene.told()).length, 6 * (3 + BREAKS_MAX - 1));
  await scene.desk.assertSound();
});

Deno.test("a verb brings the shifts of its agent up to date first, however many are overdue", async () => {
  await using scene = await openShiftDesk();
  for (let index = 0; index < 12; index++) await scene.schedule(60 + 30 * index, 80 + 30 * index);
  scene.goTo(60 + 30 * 11 + 5);
  const agent = await scene.setStatus("online");
  const last = await scene.shift(agent.currentShiftId ?? "");
  assert.deepEqual(last.attendance, [{ from: at(395), to: null }]);
  assert.equal(agent.shifts?.scheduled, 0);
  assert.equal((await scene.events()).filter((line) => /started/.test(line)).length, 12);
  await scene.desk.assertSound();
});

Deno.test("what cannot be written keeps nothing else from it, and the rollover says so", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk } } = scene;
  const unreadable = await scene.schedule(60, 120);
  const eve = await scene.desk.join("agent", { name: "Eve" });
  granted(await startShift(desk, eve.actor, agentId(eve), { timezone: "UTC", end: at(90) }));
  const key = keys.shift(unreadable.id);
  const { value: record } = await desk.store.reader.get<object>(key);
  const write = (value: unknown) =>
    transact(desk.store, (tx) => Promise.resolve(tx.set(key, value)));
  // As a later version of the program would write it.
  await write({ ...record, schema: 99 });
  scene.goTo(100);
  await assert.rejects(rollOverAlone(desk), /Cannot roll over 1/);
  assert.deepEqual(await available(scene), []);
  await write(record);
  await rollOverAlone(desk);
  assert.deepEqual((await scene.events()).slice(-2), ["90 shift.ended", "60 shift.started"]);
  await scene.desk.assertSound();
});

Deno.test("who is there is told exactly though no rollover comes, and nobody is given work by an old record", async () => {
  await using scene = await openShiftDesk(WISHES);
  await scene.schedule(60, 120, [90, 100]);
  for (
    const [minute, expected] of [[59, []], [60, ["Ada"]], [89, ["Ada"]], [90, []], [
      99,
      [],
    ]] as const
  ) {
    scene.goTo(minute);
    assert.deepEqual(await available(scene), expected, `${minute}`);
  }
  scene.goTo(101);
  assert.equal((await scene.agent()).onBreak, true);
  assert.deepEqual(await available(scene), ["Ada"]);
  assert.equal((await scene.agent()).onBreak, false);
  scene.desk.clock.advance(DAY_MS);
  assert.deepEqual(await available(scene), []);
  await scene.desk.assertSound();
});

Deno.test("the first instant at which something becomes due is told to the millisecond", async () => {
  await using scene = await openShiftDesk();
  const { desk: { desk } } = scene;
  assert.equal(await firstShiftDue(desk.store), null);
  await scene.schedule(60, 120);
  assert.equal(await firstShiftDue(desk.store), at(45));
  scene.desk.clock.advance(45 * MINUTE_MS - 1);
  assert.equal((await rollOverAlone(desk)).happened, 0);
  scene.desk.clock.advance(1);
  assert.equal((await rollOverAlone(desk)).happened, 1);
  assert.equal(await firstShiftDue(desk.store), at(60));
});

Deno.test("whoever comes on shift, or back from a break, is given what waits at once", async () => {
  await using scene = await openShiftDesk({ agent: { status: "online" } });
  const { desk, customer } = scene;
  await scene.schedule(60, 120, [80, 90]);
  const first = await open(desk, customer);
  assert.equal((await ticketOf(desk, customer, first)).status, "queued");
  scene.goTo(60);
  await rollOver(desk.desk);
  assert.equal((await ticketOf(desk, customer, first)).status, "assigned");
  scene.goTo(80);
  const second = await open(desk, customer);
  assert.equal((await ticketOf(desk, customer, second)).status, "queued");
  scene.goTo(90);
  await rollOver(desk.desk);
  assert.equal((await ticketOf(desk, customer, second)).status, "assigned");
  await desk.assertSound();
});
