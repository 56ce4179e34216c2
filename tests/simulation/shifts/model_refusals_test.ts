import assert from "node:assert/strict";
import type { Planned, ShiftDeed } from "./diary.ts";
import {
  clock,
  type Done,
  lived,
  looks,
  lunch,
  online,
  schedule,
  timeOf,
  told,
} from "./model_scene.ts";

function setShift(from: string, to: string, breaks: Planned["breaks"] = null): ShiftDeed {
  return { verb: "set_shift", shiftId: "", plan: { start: clock(from), end: clock(to), breaks } };
}

function start(to: string | null = null): ShiftDeed {
  return { verb: "start", shiftId: "", end: to === null ? null : clock(to) };
}

Deno.test("a shift that is none, or lies over another, is refused and changes nothing", () => {
  const agent = lived([
    ["08:00", schedule("s", "09:00", "17:00")],
    ["08:00", schedule("", "18:00", "18:00")],
    ["08:00", schedule("", "18:00", "42:01")],
    ["08:00", schedule("", "07:00", "08:00")],
    ["08:00", schedule("", "18:00", "20:00", [lunch("17:50", "18:10")])],
    ["08:00", schedule("", "18:00", "20:00", [lunch("18:00", "18:10"), lunch("18:09", "18:20")])],
    ["08:00", schedule("", "16:59", "18:00")],
    ["08:00", schedule("t", "17:00", "18:00")],
    ["08:00", { verb: "end", shiftId: "s" }],
    ["08:00", { verb: "end", shiftId: "unknown" }],
    ["09:00", { verb: "cancel", shiftId: "s" }],
    ["09:00", start()],
  ]);
  assert.deepEqual(agent.answers, [
    "granted",
    "invalid_input", // of no length
    "invalid_input", // longer than a day
    "invalid_input", // over
    "invalid_input", // a break outside
    "invalid_input", // a break over another
    "shift_overlap",
    "granted",
    "invalid_transition", // has not begun
    "not_found",
    "invalid_transition", // has begun
    "shift_active",
  ]);
  assert.deepEqual(agent.shifts.map(({ id }) => id), ["s", "t"]);
});

Deno.test("what ended as it began takes up no time", () => {
  const { answers } = lived([
    ["08:00", { verb: "start", shiftId: "s", end: null }],
    ["08:00", { verb: "end", shiftId: "s" }],
    ["08:10", schedule("t", "07:50", "09:00")],
  ]);
  assert.deepEqual(answers, ["granted", "granted", "granted"]);
});

Deno.test("a shift is given another plan: the current one, else the next, else there is a new one", () => {
  const agent = lived([
    ["08:00", setShift("10:00", "12:00", [lunch("11:00", "11:10")])],
    ["08:10", setShift("09:00", "12:00")],
    ["09:10", setShift("09:20", "12:00")],
    ["09:10", setShift("09:00", "11:05")],
    ["09:10", setShift("09:00", "13:00", [])],
    ["09:10", schedule("t", "14:00", "15:00")],
    ["09:20", setShift("09:00", "14:01")],
  ]);
  assert.deepEqual(agent.answers, [
    "granted",
    "granted",
    "shift_active", // to put off what has begun
    "conflict", // the break does not fit
    "granted",
    "granted",
    "shift_overlap",
  ]);
  const [shift] = agent.shifts;
  assert.deepEqual([timeOf(shift?.start), timeOf(shift?.end)], ["2 09:00", "2 13:00"]);
  assert.deepEqual(shift?.breaks, []);
});

Deno.test("what was told of one end is told again of another, and what is too near is left out", () => {
  const ending = (done: readonly Done[]): string[] =>
    told(lived([["08:00", schedule("s", "09:00", "12:00")], ...done]))
      .filter((each) => each.includes("ing"));
  assert.deepEqual(ending([["11:40", setShift("09:00", "12:30")]]), [
    "2 08:45 shift_starting",
    "2 11:30 shift_ending 30",
    "2 12:00 shift_ending 30",
    "2 12:25 shift_ending 5",
  ]);
  assert.deepEqual(ending([["11:40", setShift("09:00", "12:09")]]).slice(2), [
    "2 12:04 shift_ending 5",
  ]);
  assert.deepEqual(ending([["08:50", setShift("08:55", "12:00")]]).slice(0, 2), [
    "2 08:45 shift_starting",
    "2 08:50 shift_starting",
  ]);
});

Deno.test("a shift of less than half an hour is told no half hour, until it begins earlier", () => {
  const short: Done = ["08:00", schedule("s", "09:40", "10:00")];
  assert.deepEqual(told(lived([short])), [
    "2 09:25 shift_starting",
    "2 09:40 shift.started",
    "2 09:55 shift_ending 5",
    "2 10:00 shift.ended",
  ]);
  const longer = lived([short, ["08:10", setShift("09:00", "10:00")]]);
  assert.ok(told(longer).includes("2 09:30 shift_ending 30"));
});

Deno.test("a shift that is planned when it is near, or has begun, is told and begins at once", () => {
  assert.deepEqual(told(lived([["08:50", schedule("s", "09:00", "12:00")]])).slice(0, 2), [
    "2 08:50 shift_starting",
    "2 09:00 shift.started",
  ]);
  const begun = lived([["08:50", schedule("s", "08:00", "12:00")], ["08:50", online]]);
  assert.deepEqual(told(begun).slice(0, 1), ["2 08:50 shift.started"]);
  assert.equal(begun.adherence(clock("00:00"), clock("24:00")).scheduled, 190);
});

Deno.test("who starts by hand is refused where there is no room for the shift", () => {
  const { answers } = lived([
    ["06:00", schedule("s", "08:00", "09:00", [lunch("08:50", "09:00")])],
    ["06:00", schedule("t", "10:00", "11:00")],
    ["06:30", start("06:30")],
    ["06:30", start("08:01")],
    ["07:30", start("08:00")],
    ["07:30", start("08:55")],
    ["07:30", start("10:01")],
    ["07:30", start("10:00")],
    ["07:31", start()],
  ]);
  assert.deepEqual(answers.slice(2), [
    "invalid_input", // ends as it begins
    "shift_overlap",
    "invalid_input", // the next shift would end as it begins
    "conflict", // its break would lie outside
    "shift_overlap",
    "granted",
    "shift_active",
  ]);
});

Deno.test("who is deactivated leaves at once, is told nothing, and has no shift when one would start", () => {
  const agent = lived([
    ["08:00", schedule("s", "09:00", "12:00", [lunch("10:00", "10:30")])],
    ["08:00", schedule("t", "13:00", "14:00")],
    ["08:00", schedule("u", "15:00", "16:00")],
    ["08:58", online],
    ["10:10", { verb: "deactivate" }],
    ["10:20", online],
    ["10:20", start()],
    ["10:20", schedule("", "18:00", "19:00")],
    ["10:20", setShift("13:00", "14:30")],
    ["14:00", { verb: "reactivate" }],
    ["14:10", online],
  ]);
  assert.deepEqual(agent.answers.slice(5, 9), Array(4).fill("agent_unavailable"));
  assert.deepEqual(agent.shifts.map(({ status }) => status), [
    "completed",
    "cancelled",
    "completed",
  ]);
  assert.deepEqual(told(agent).slice(3), [
    "2 10:00 break.started",
    "2 10:10 break.ended",
    "2 10:10 shift.ended",
    "2 14:45 shift_starting",
    "2 15:00 shift.started",
    "2 15:30 shift_ending 30",
    "2 15:55 shift_ending 5",
    "2 16:00 shift.ended",
  ]);
  assert.deepEqual(agent.absences, [
    { wentAt: clock("10:10"), cameAt: clock("14:10"), deactivatedAt: clock("10:10") },
    { wentAt: clock("16:00"), cameAt: null, deactivatedAt: null },
  ]);
  assert.deepEqual(looks(agent, "10:10", "14:09", "14:10", "15:00"), [
    "10:10 offline",
    "14:09 offline",
    "14:10 online",
    "15:00 online on duty",
  ]);
});
