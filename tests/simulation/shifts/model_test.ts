import assert from "node:assert/strict";
import {
  busy,
  clock,
  type Done,
  figures,
  lived,
  looks,
  lunch,
  offline,
  online,
  schedule,
  timeOf,
  told,
} from "./model_scene.ts";

// What is expected here was worked out by hand.

Deno.test("an agent is told once of all that comes in a shift, at its minute", () => {
  const agent = lived([
    ["08:00", schedule("s", "09:00", "17:00", [lunch("12:00", "12:30")])],
    ["08:58", online],
  ]);
  assert.deepEqual(told(agent), [
    "2 08:45 shift_starting",
    "2 09:00 shift.started",
    "2 11:55 break_reminder",
    "2 12:00 break.started",
    "2 12:30 break.ended",
    "2 16:30 shift_ending 30",
    "2 16:55 shift_ending 5",
    "2 17:00 shift.ended",
  ]);
  assert.deepEqual(looks(agent, "08:59", "09:00", "11:59", "12:00", "12:29", "12:30", "17:00"), [
    "08:59 online",
    "09:00 online on duty",
    "11:59 online on duty",
    "12:00 busy on a break",
    "12:29 busy on a break",
    "12:30 online on duty",
    "17:00 offline",
  ]);
});

Deno.test("who works without shifts is on duty as its status says", () => {
  const agent = lived([["09:00", online], ["10:00", busy], ["11:00", offline]]);
  assert.deepEqual(looks(agent, "08:59", "09:00", "10:00", "11:00"), [
    "08:59 offline",
    "09:00 online on duty",
    "10:00 busy at work",
    "11:00 offline",
  ]);
  assert.deepEqual(agent.absences, [{ wentAt: clock("11:00"), cameAt: null, deactivatedAt: null }]);
});

Deno.test("a shift that was cancelled is none, so that its agent works without shifts again", () => {
  const agent = lived([
    ["08:00", online],
    ["08:30", schedule("s", "12:00", "13:00")],
    ["09:00", { verb: "cancel", shiftId: "s" }],
  ]);
  assert.deepEqual(looks(agent, "08:29", "08:30", "09:00"), [
    "08:29 online on duty",
    "08:30 online",
    "09:00 online on duty",
  ]);
});

Deno.test("who does not come has a shift all the same, misses its breaks, and has worked nothing", () => {
  const agent = lived([["08:00", schedule("s", "09:00", "17:00", [lunch("12:00", "12:30")])]]);
  const [shift] = agent.shifts;
  assert.equal(shift?.status, "completed");
  assert.deepEqual(
    shift?.breaks.map(({ status, missed, startedAt }) => [status, missed, startedAt]),
    [["cancelled", true, null]],
  );
  assert.deepEqual(agent.absences, []);
  assert.deepEqual(figures(agent), {
    shifts: 1,
    scheduled: 450,
    worked: 0,
    conformed: 0,
    overtime: 0,
  });
  assert.deepEqual(agent.adherence(clock("00:00"), clock("24:00")).breaks.lunch, {
    scheduled: 30,
    taken: 0,
  });
});

Deno.test("adherence counts the minutes of a range: what was planned, worked, both, and beyond", () => {
  const agent = lived([
    ["08:00", schedule("s", "09:00", "17:00", [lunch("12:00", "12:30")])],
    ["09:07", online],
    // Half an hour of lunch that began twelve minutes early.
    ["11:48", { verb: "start_break", shiftId: "s", breakId: "lunch" }],
    ["15:00", offline],
    ["15:20", online],
    ["17:10", online],
    ["17:31", offline],
  ]);
  // There from 9:07 to 15:00 (353) and from 15:20 to 17:00 (100), of this 30 at lunch; 21 of overtime.
  assert.deepEqual(figures(agent), {
    shifts: 1,
    scheduled: 450,
    worked: 353 + 100 - 30 + 21,
    // From 12:18 to 12:30 it worked, and was to be at lunch.
    conformed: 353 + 100 - 30 - 12,
    overtime: 21,
  });
  assert.deepEqual(agent.adherence(clock("12:00"), clock("12:20")).breaks.lunch, {
    scheduled: 20,
    taken: 18,
  });
  assert.deepEqual(figures(agent, "17:05", "17:15"), {
    shifts: 1,
    scheduled: 0,
    worked: 5,
    conformed: 0,
    overtime: 5,
  });
  assert.equal(figures(agent, "18:00", "19:00").shifts, 0);
});

Deno.test("overtime is what is gone on with within an hour, and gives way to the next shift", () => {
  const agent = lived([
    ["08:00", schedule("a", "09:00", "12:00")],
    ["08:10", schedule("b", "14:00", "15:00")],
    ["08:59", online],
    ["13:00", online],
  ]);
  assert.deepEqual(told(agent).slice(-6), [
    "2 13:45 shift_starting",
    "2 14:00 shift.ended",
    "2 14:00 shift.started",
    "2 14:30 shift_ending 30",
    "2 14:55 shift_ending 5",
    "2 15:00 shift.ended",
  ]);
  assert.deepEqual(looks(agent, "12:59", "13:00", "14:00"), [
    "12:59 offline",
    "13:00 online on duty",
    "14:00 online on duty",
  ]);
  assert.deepEqual(agent.shifts.map(({ overtime, endedAt }) => [overtime, timeOf(endedAt)]), [
    [true, "2 14:00"],
    [false, "2 15:00"],
  ]);
});

Deno.test("who comes an hour and a minute after its shift, or had ended it by hand, is off shift", () => {
  const late = lived([["08:00", schedule("s", "09:00", "12:00")], ["13:01", online]]);
  const tired = lived([
    ["08:00", schedule("s", "09:00", "12:00")],
    ["11:59", { verb: "end", shiftId: "s" }],
    ["13:01", online],
  ]);
  for (const agent of [late, tired]) {
    assert.deepEqual(looks(agent, "13:01"), ["13:01 online"]);
    assert.equal(agent.shifts[0]?.overtime, false);
  }
});

Deno.test("overtime ends when its agent goes, and a day after the shift began at the latest", () => {
  const done: Done[] = [["08:00", schedule("s", "09:00", "12:00")], ["12:30", online]];
  const gone = lived([...done, ["13:00", offline]]);
  assert.deepEqual(told(gone).slice(-2), ["2 12:30 shift.started", "2 13:00 shift.ended"]);
  assert.equal(told(lived(done, { days: 2 })).at(-1), "3 09:00 shift.ended");
});

Deno.test("a shift that begins at the end of another keeps its agent at work", () => {
  const agent = lived([
    ["08:00", schedule("a", "09:00", "12:00")],
    ["08:00", schedule("b", "12:00", "13:00")],
    ["08:59", busy],
  ]);
  assert.deepEqual(looks(agent, "11:59", "12:00", "13:00"), [
    "11:59 busy at work",
    "12:00 busy at work",
    "13:00 offline",
  ]);
  assert.deepEqual(agent.absences.map(({ wentAt }) => timeOf(wentAt)), ["2 13:00"]);
});

Deno.test("who starts within an hour of its shift starts that one, and is online then", () => {
  const agent = lived([
    ["08:00", schedule("s", "09:00", "17:00")],
    ["08:00", { verb: "start", shiftId: "s", end: null }],
  ]);
  const [shift, ...more] = agent.shifts;
  assert.equal(more.length, 0);
  assert.deepEqual([shift?.startedAt, shift?.start], [clock("08:00"), clock("09:00")]);
  assert.deepEqual(looks(agent, "08:00"), ["08:00 online on duty"]);
  assert.deepEqual(figures(agent), {
    shifts: 1,
    scheduled: 480,
    worked: 540,
    conformed: 480,
    overtime: 60,
  });
});

Deno.test("who starts more than an hour before its shift starts another, until that", () => {
  const agent = lived([
    ["06:00", schedule("s", "09:00", "17:00")],
    ["07:59", { verb: "start", shiftId: "early", end: null }],
  ]);
  assert.deepEqual(
    agent.shifts.map(({ id, start, end }) => `${id} ${timeOf(start)}–${timeOf(end)}`),
    ["s 2 09:00–2 17:00", "early 2 07:59–2 09:00"],
  );
  const alone = lived([["07:59", { verb: "start", shiftId: "early", end: null }]]);
  assert.equal(timeOf(alone.shifts[0]?.end), "2 15:59");
});

Deno.test("an agent that wishes it is online when its shift starts, unless it is there already", () => {
  const wish: Done = ["07:00", { verb: "prefer", online: true }];
  const shift: Done = ["08:00", schedule("s", "09:00", "10:00")];
  assert.deepEqual(looks(lived([wish, shift]), "08:59", "09:00"), [
    "08:59 offline",
    "09:00 online on duty",
  ]);
  assert.deepEqual(looks(lived([wish, shift, ["08:30", busy]]), "09:00"), ["09:00 busy at work"]);
});
