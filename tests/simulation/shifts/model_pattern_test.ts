import assert from "node:assert/strict";
import type { PatternPlan } from "../../../domain/rules/shift_pattern.ts";
import type { ShiftDeed } from "./diary.ts";
import type { ModelAgent } from "./model_result.ts";
import { clock, lived, schedule, timeOf } from "./model_scene.ts";

const EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Nights in Berlin, unless told. */
function recur(patternId: string, more: Partial<PatternPlan> = {}): ShiftDeed {
  const plan: PatternPlan = {
    agentId: "ada",
    timezone: "Europe/Berlin",
    weekdays: ["sat"],
    startTime: "22:00",
    endTime: "06:00",
    breaks: [],
    startDate: "2026-03-01",
    endDate: null,
    ...more,
  };
  return { verb: "recur", patternId, plan };
}

function spans({ shifts }: ModelAgent): string[] {
  return shifts.map(({ id, start, end }) =>
    `${id} ${timeOf(start)}–${timeOf(end)} ${(end - start) / 3_600_000} h`
  );
}

Deno.test("a night of which the clock leaves out an hour has seven, and keeps local time", () => {
  const recurring = [
    { shiftId: "first", patternId: "p", breakIds: ["first-break"] },
    { shiftId: "second", patternId: "p", breakIds: ["second-break"] },
  ];
  const breaks = [{ type: "lunch" as const, startTime: "02:00", endTime: "02:30" }];
  const agent = lived([["12:00", recur("p", { startDate: "2026-03-21", breaks })]], {
    days: 30,
    recurring,
  });
  assert.deepEqual(spans(agent).slice(0, 3), [
    "first 21 21:00–22 05:00 8 h",
    "second 28 21:00–29 04:00 7 h",
    "p 2 4 20:00–5 04:00 8 h",
  ]);
  assert.deepEqual(
    agent.shifts.slice(0, 2).flatMap(({ breaks }) => breaks)
      .map(({ id, start, end }) => `${id} ${timeOf(start)}–${timeOf(end)}`),
    // It is 02:00, which is left out, when the clock shows 03:00; so it is at 02:30 half an hour later.
    ["first-break 22 01:00–22 01:30", "second-break 29 01:00–29 01:30"],
  );
});

Deno.test("of a break that the clock leaves nothing of there is none that night", () => {
  const breaks = [{ type: "training" as const, startTime: "02:00", endTime: "03:00" }];
  const agent = lived([["12:00", recur("p", { startDate: "2026-03-28", breaks })]], { days: 20 });
  assert.deepEqual(agent.shifts[0]?.breaks, []);
});

Deno.test("there are shifts of two weeks, and of another day when a day begins where they are", () => {
  const daily = recur("p", { weekdays: EVERY_DAY, startDate: "2026-03-02" });
  const shiftsAfter = (days: number): number => lived([["12:00", daily]], { days }).shifts.length;
  // From the 2nd to the 16th; in Berlin the 3rd begins at 23:00.
  assert.equal(shiftsAfter(1), 16);
  assert.equal(lived([["12:00", daily]], { days: 0.5 }).shifts.length, 15);
  assert.equal(shiftsAfter(2), 17);
  const bounded = recur("p", { weekdays: EVERY_DAY, endDate: "2026-03-05" });
  // That of the 1st, which went on into the 2nd, is over at noon.
  assert.deepEqual(
    lived([["12:00", bounded]], { days: 10 }).shifts.map(({ start }) => timeOf(start)),
    ["2 21:00", "3 21:00", "4 21:00", "5 21:00"],
  );
});

Deno.test("what began yesterday and goes on begins with its pattern", () => {
  const [shift] = lived([["02:00", recur("p", { weekdays: ["sun"] })]]).shifts;
  assert.deepEqual([timeOf(shift?.start), timeOf(shift?.startedAt)], ["1 21:00", "2 02:00"]);
});

Deno.test("a day on which another shift is in the way is left out, and takes no id", () => {
  const daily = recur("p", { weekdays: EVERY_DAY });
  const plan = { start: clock("22:00", 20), end: clock("23:00", 20), breaks: [] };
  const agent = lived([
    ["12:00", daily],
    ["13:00", { verb: "schedule", shiftId: "s", plan }],
  ], { days: 10 });
  const ids = agent.shifts.filter(({ id }) => id.startsWith("p"));
  assert.deepEqual(ids.slice(18).map(({ id, start }) => `${id} ${timeOf(start)}`).slice(0, 4), [
    "p 18 20 21:00",
    "p 19 21 21:00",
    "p 20 23 21:00",
    "p 21 24 21:00",
  ]);
});

Deno.test("a pattern that is stopped makes no more shifts, and what is scheduled of it is cancelled", () => {
  const agent = lived([
    ["12:00", recur("p", { weekdays: EVERY_DAY })],
    ["22:00", { verb: "stop_recurring", patternId: "p" }],
    ["22:00", { verb: "stop_recurring", patternId: "p" }],
    ["22:00", recur("q", { weekdays: EVERY_DAY, startDate: "2026-03-03" })],
  ], { days: 3 });
  assert.deepEqual(agent.answers, ["granted", "granted", "not_found", "granted"]);
  const statuses = agent.shifts.filter(({ id }) => id.startsWith("p")).map(({ status }) => status);
  assert.deepEqual(statuses, ["completed", ...Array(14).fill("cancelled")]);
});

Deno.test("a pattern that is none, or lies over another or over a shift, is refused", () => {
  const lunch = { type: "lunch" as const, startTime: "05:00", endTime: "06:30" };
  const { answers } = lived([
    ["12:00", recur("p")],
    ["12:00", recur("", { startTime: "06:00", endTime: "06:00" })],
    ["12:00", recur("", { startTime: "06:00", endTime: "05:01" })],
    ["12:00", recur("", { endDate: "2026-02-28" })],
    ["12:00", recur("", { breaks: [lunch] })],
    ["12:00", recur("", { weekdays: ["sun"], startTime: "05:59", endTime: "08:00" })],
    ["12:00", recur("q", { weekdays: ["sun"], startTime: "06:00", endTime: "08:00" })],
    ["12:00", schedule("s", "13:00", "14:00")],
    ["12:00", recur("", { weekdays: ["mon"], startTime: "14:59", endTime: "16:00" })],
    ["12:00", recur("r", { weekdays: ["mon"], startTime: "15:00", endTime: "16:00" })],
    ["12:00", { verb: "deactivate" }],
    ["12:00", recur("", { weekdays: ["tue"] })],
  ]);
  assert.deepEqual(answers, [
    "granted",
    "invalid_input", // a day long
    "invalid_input", // longer than 23 hours
    "invalid_input", // ends before it begins
    "invalid_input", // its break is longer than it
    "shift_overlap",
    "granted",
    "granted",
    "shift_overlap", // 13:59 to 15:00 in UTC
    "granted",
    "granted",
    "agent_unavailable",
  ]);
});
