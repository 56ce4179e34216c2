import assert from "node:assert/strict";
import type { ShiftDeed } from "./diary.ts";
import type { ModelAgent } from "./model_result.ts";
import {
  busy,
  clock,
  type Done,
  lived,
  looks,
  lunch,
  offline,
  online,
  schedule,
  timeOf,
  told,
} from "./model_scene.ts";

const nine: Done = ["08:00", schedule("s", "09:00", "17:00", [lunch("12:00", "12:30")])];

function addBreak(from: string, to: string, id = "more"): ShiftDeed {
  return { verb: "add_break", shiftId: "s", planned: lunch(from, to, id) };
}

function onBreak(verb: "start_break" | "end_break" | "cancel_break", id = "lunch"): ShiftDeed {
  return { verb, shiftId: "s", breakId: id };
}

/** Each break with its status and when it was taken. */
function breaks({ shifts }: ModelAgent): string[] {
  return shifts.flatMap(({ breaks }) => breaks).map((each) =>
    [
      each.id,
      each.missed ? "missed" : each.status,
      ...(each.startedAt === null ? [] : [timeOf(each.startedAt), timeOf(each.endedAt)]),
    ].join(" ")
  );
}

Deno.test("to be online ends a break, to be busy is what it comes back to, to be offline ends both", () => {
  const start: Done[] = [nine, ["08:58", online]];
  const back = lived([...start, ["12:10", online]]);
  assert.deepEqual(breaks(back), ["lunch completed 2 12:00 2 12:10"]);
  const later = lived([...start, ["12:10", busy]]);
  assert.deepEqual(looks(later, "12:29", "12:30"), ["12:29 busy on a break", "12:30 busy at work"]);
  const gone = lived([...start, ["12:10", offline]]);
  assert.deepEqual(breaks(gone), ["lunch completed 2 12:00 2 12:10"]);
  assert.deepEqual(looks(gone, "12:10"), ["12:10 offline"]);
  assert.equal(told(gone).at(-1), "2 17:00 shift.ended");
});

Deno.test("a break begun early is as long as it was to be, and one begun late ends when it was to", () => {
  const early = lived([nine, ["08:58", online], ["11:00", onBreak("start_break")]]);
  assert.deepEqual(breaks(early), ["lunch completed 2 11:00 2 11:30"]);
  assert.equal(told(early).filter((each) => each.endsWith("break_reminder")).length, 0);
  const late = lived([nine, ["08:58", online], ["13:00", addBreak("12:50", "13:20")]]);
  assert.deepEqual(breaks(late)[1], "more completed 2 13:00 2 13:20");
});

Deno.test("a break is reminded of at once where it is near, and never where it begins with its shift", () => {
  const agent = lived([
    ["08:00", schedule("s", "09:00", "17:00", [lunch("09:00", "09:10", "first")])],
    ["08:58", online],
    ["10:00", addBreak("10:03", "10:10")],
  ]);
  assert.deepEqual(told(agent).filter((each) => each.includes("break")), [
    "2 09:00 break.started",
    "2 09:10 break.ended",
    "2 10:00 break_reminder",
    "2 10:03 break.started",
    "2 10:10 break.ended",
  ]);
});

Deno.test("what was planned beyond the end of a shift is missed, and what ran ends with it", () => {
  const agent = lived([
    nine,
    ["08:58", online],
    ["09:00", addBreak("14:00", "14:30")],
    ["12:10", { verb: "end", shiftId: "s" }],
  ]);
  assert.deepEqual(breaks(agent), ["lunch completed 2 12:00 2 12:10", "more missed"]);
  assert.deepEqual(told(agent).slice(-2), ["2 12:10 break.ended", "2 12:10 shift.ended"]);
});

Deno.test("a break that somebody cancelled was not missed, and is planned no more", () => {
  const agent = lived([nine, ["08:10", onBreak("cancel_break")], ["08:58", online]]);
  assert.deepEqual(breaks(agent), ["lunch cancelled"]);
  assert.equal(agent.adherence(clock("00:00"), clock("24:00")).scheduled, 480);
});

Deno.test("a break that cannot be planned, taken or ended is refused with the reason", () => {
  const { answers } = lived([
    nine,
    ["08:00", addBreak("08:50", "09:10")],
    ["08:00", addBreak("16:50", "17:10")],
    ["08:00", addBreak("10:10", "10:10")],
    ["08:00", addBreak("12:20", "12:40")],
    ["08:00", addBreak("12:30", "12:40")],
    ["08:00", onBreak("start_break")],
    ["09:30", onBreak("start_break")],
    ["09:30", addBreak("09:10", "09:30", "past")],
    ["09:31", online],
    ["09:31", onBreak("end_break")],
    ["09:31", onBreak("start_break", "unknown")],
    ["12:25", onBreak("start_break", "more")],
    ["12:25", onBreak("end_break")],
    ["12:25", onBreak("cancel_break")],
    ["17:00", addBreak("17:00", "17:10", "late")],
  ]);
  assert.deepEqual(answers, [
    "granted",
    "invalid_input", // before the shift
    "invalid_input", // behind it
    "invalid_input", // of no length
    "conflict", // over the lunch
    "granted",
    "invalid_transition", // the shift has not begun
    "agent_unavailable", // is offline
    "invalid_input", // is over
    "granted",
    "invalid_transition", // does not run
    "not_found",
    "conflict", // another one runs
    "granted",
    "invalid_transition", // is over
    "invalid_transition", // the shift is over
  ]);
});
