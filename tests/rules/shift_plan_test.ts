import assert from "node:assert/strict";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { BREAKS_MAX, newShift, type ShiftPlan } from "../../domain/rules/shift.ts";
import {
  refuseOverlap,
  refusePlan,
  replan,
  type Replanning,
} from "../../domain/rules/shift_plan.ts";
import { startShift } from "../../domain/rules/shift_verbs.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import {
  advanced,
  after,
  aShift,
  assertSound,
  clock,
  done,
  lunch,
  NIGHT_BEFORE,
  only,
  type Roster,
  rostered,
  told,
} from "../support/shifts.ts";

function pathsOf(refusal: Refusal | null): string[] {
  return refusal?.errors?.map(({ path }) => path) ?? [];
}

function plan(from: string, to: string, breaks: ShiftPlan["breaks"] = []): ShiftPlan {
  return { start: clock(from), end: clock(to), timezone: "UTC", breaks };
}

Deno.test("a plan is refused with the path of each of its faults", () => {
  const cases: [ShiftPlan, string[]][] = [
    [plan("09:00", "17:00"), []],
    [plan("09:00", "33:00"), []],
    [plan("09:00", "09:01"), []],
    [plan("09:00", "09:00"), ["end"]],
    [plan("09:00", "08:00"), ["end"]],
    [plan("09:00", "33:01"), ["end"]],
    [{ ...plan("09:00", "17:00"), end: clock("09:01") - 1 }, ["end"]],
    [plan("00:00", "08:30"), ["end"]],
    [plan("00:00", "08:31"), []],
    [plan("09:00", "17:00", [lunch("09:00", "09:01"), lunch("09:01", "17:00")]), []],
    [plan("09:00", "17:00", [lunch("08:59", "09:10")]), ["breaks.0.start"]],
    [plan("09:00", "17:00", [lunch("16:50", "17:01")]), ["breaks.0.end"]],
    [plan("09:00", "17:00", [lunch("12:00", "12:00")]), ["breaks.0.end"]],
    [plan("09:00", "17:00", [lunch("12:00", "11:00")]), ["breaks.0.end"]],
    [plan("09:00", "17:00", [lunch("12:00", "12:30"), lunch("12:29", "13:00")]), ["breaks.1"]],
    [plan("09:00", "17:00", [lunch("12:10", "12:20"), lunch("12:00", "13:00")]), ["breaks.1"]],
    [plan("09:00", "08:00", [lunch("12:00", "11:00")]), ["end", "breaks.0.end", "breaks.0.end"]],
  ];
  for (const [given, expected] of cases) {
    const refusal = refusePlan(given, clock("08:30"));
    assert.deepEqual(pathsOf(refusal), expected, JSON.stringify(given));
    if (refusal !== null) assert.equal(refusal.refused, "invalid_input");
  }
});

Deno.test("a shift has no more breaks than the limit", () => {
  const breaks = Array.from({ length: BREAKS_MAX }, (_, index) => {
    const start = clock("09:00") + index * MINUTE_MS;
    return { id: `${index}`, type: "training" as const, start, end: start + MINUTE_MS };
  });
  assert.equal(refusePlan(plan("09:00", "17:00", breaks), NIGHT_BEFORE), null);
  const more = [...breaks, lunch()];
  assert.deepEqual(pathsOf(refusePlan(plan("09:00", "17:00", more), NIGHT_BEFORE)), ["breaks"]);
});

Deno.test("a time is refused that another shift takes up, to the millisecond", () => {
  const others = [aShift({ from: "09:00", to: "12:00" })];
  const cases: [string, string, boolean][] = [
    ["07:00", "09:00", false],
    ["12:00", "13:00", false],
    ["07:00", "09:01", true],
    ["11:59", "13:00", true],
    ["10:00", "11:00", true],
    ["08:00", "13:00", true],
  ];
  for (const [from, to, isRefused] of cases) {
    const refusal = refuseOverlap("Ada", plan(from, to), others);
    assert.equal(refusal?.refused, isRefused ? "shift_overlap" : undefined, `${from} ${to}`);
  }
});

Deno.test("what was cancelled takes up no time, and what ended early no more than it took", () => {
  const cancelled = { ...aShift(), status: "cancelled" as const };
  assert.equal(refuseOverlap("Ada", plan("10:00", "11:00"), [cancelled]), null);
  const [startedAt, endedAt] = [clock("08:40"), clock("10:00")];
  const ended = { ...aShift(), status: "completed" as const, startedAt, endedAt };
  assert.equal(refuseOverlap("Ada", plan("10:00", "17:00"), [ended]), null);
  assert.notEqual(refuseOverlap("Ada", plan("08:00", "08:41"), [ended]), null);
  const atOnce = { ...ended, endedAt: startedAt };
  assert.equal(refuseOverlap("Ada", plan("08:00", "10:00"), [atOnce]), null);
});

/** What comes of planning anew at a time; the roster as it is then. */
function replanned(roster: Roster, given: Replanning, time: string): Roster | Refusal {
  const at = clock(time);
  const before = advanced(roster, at);
  const outcome = replan({ agent: before.agent, shift: only(before) }, given, at);
  if (isRefusal(outcome)) return outcome;
  return advanced(after(before, done(outcome)), at, at);
}

function refusalOf(outcome: Roster | Refusal): string {
  if (!isRefusal(outcome)) throw new Error("not refused");
  return outcome.refused;
}

function changed(outcome: Roster | Refusal): Roster {
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.detail}`);
  assertSound(outcome);
  return outcome;
}

Deno.test("a scheduled shift gets other times, and what was told of the former is told anew", () => {
  const moved = changed(replanned(rostered(), plan("10:00", "18:00"), "08:50"));
  assert.deepEqual(told(advanced(moved, "19:00").happened), [
    "09:45 starting",
    "10:00 started",
    "17:30 ending_30",
    "17:55 ending_5",
    "18:00 ended",
  ]);
  const longer = changed(replanned(rostered(), plan("09:00", "18:00"), "08:50"));
  assert.deepEqual(told(advanced(longer, "09:00").happened), ["09:00 started"]);
});

Deno.test("a shift in progress gets another end, and is warned of that", () => {
  const longer = changed(replanned(rostered(), plan("09:00", "18:00"), "16:58"));
  assert.equal(only(longer).startedAt, clock("09:00"));
  assert.deepEqual(told(advanced(longer, "19:00").happened), [
    "17:30 ending_30",
    "17:55 ending_5",
    "18:00 ended",
  ]);
  const shorter = changed(replanned(rostered(), plan("09:00", "12:03"), "12:00"));
  assert.ok(only(shorter).told.includes("ending_5"));
  assert.deepEqual(told(advanced(shorter, "13:00").happened), ["12:03 ended"]);
});

Deno.test("a shift that was too short for a word of half an hour gets it when it begins earlier", () => {
  const short = rostered({ from: "16:40" });
  const longer = changed(replanned(short, plan("16:00", "17:00"), "08:00"));
  assert.deepEqual(told(advanced(longer, "17:00").happened), [
    "15:45 starting",
    "16:00 started",
    "16:30 ending_30",
    "16:55 ending_5",
    "17:00 ended",
  ]);
  const still = changed(replanned(short, plan("16:31", "17:00"), "08:00"));
  assert.ok(only(still).told.includes("ending_30"));
  // What was told is not told again, though the plan has the same end.
  const same = changed(replanned(rostered(), plan("09:00", "17:00", [lunch()]), "16:30"));
  assert.deepEqual(told(advanced(same, "17:00").happened), ["16:55 ending_5", "17:00 ended"]);
});

Deno.test("what has begun cannot be put off, and no plan is over already", () => {
  const later = replanned(rostered(), plan("12:00", "18:00"), "10:00");
  assert.equal(refusalOf(later), "shift_active");
  assert.equal(refusalOf(replanned(rostered(), plan("09:00", "10:00"), "10:00")), "invalid_input");
  // Neither to what is now nor to what has been: the shift would last longer than its plan says.
  for (const start of ["09:01", "09:59", "10:00"]) {
    const passed = replanned(rostered(), plan(start, "18:00"), "10:00");
    assert.equal(refusalOf(passed), "shift_active", start);
  }
});

Deno.test("a shift that was begun early gets another end, and keeps the start that was planned", () => {
  const before = advanced(rostered(), "08:30");
  const asked = { end: undefined, timezone: undefined };
  const made = { id: "shift-2", timezone: "UTC" };
  const started = startShift(before.agent, [only(before)], asked, made, clock("08:30"));
  if (isRefusal(started)) throw new Error(started.detail);
  const begun = after(before, [started]);
  const longer = changed(replanned(begun, plan("09:00", "18:00"), "08:45"));
  const { start, end, startedAt } = only(longer);
  assert.deepEqual([start, end, startedAt], [clock("09:00"), clock("18:00"), clock("08:30")]);
  assert.deepEqual(told(advanced(longer, "19:00").happened).at(-1), "18:00 ended");
  const later = replanned(begun, plan("09:05", "18:00"), "08:45");
  assert.equal(refusalOf(later), "shift_active");
});

Deno.test("breaks that are not named stay, where they fit", () => {
  const roster = rostered({ breaks: [lunch()] });
  const { breaks: _, ...times } = plan("08:30", "17:00");
  assert.equal(only(changed(replanned(roster, times, "08:00"))).breaks.length, 1);
  const short = { ...times, end: clock("12:15") };
  assert.equal(refusalOf(replanned(roster, short, "08:00")), "conflict");
  assert.deepEqual(only(changed(replanned(roster, { ...short, breaks: [] }, "08:00"))).breaks, []);
});

Deno.test("of breaks that are named those stay that are there already, with what came of them", () => {
  const given = [lunch("10:00", "10:15"), lunch("14:00", "14:15")];
  const roster = rostered({ breaks: given, agent: { status: "online" } });
  const again = given.map((each) => ({ ...each, id: `new ${each.id}` }));
  const named = [...again, { ...lunch("15:00", "15:15"), id: "third" }];
  const breaks = only(changed(replanned(roster, plan("09:00", "17:00", named), "12:00"))).breaks;
  assert.deepEqual(breaks.map(({ id, status }) => [id, status]), [
    ["break-10:00", "completed"],
    ["break-14:00", "scheduled"],
    ["third", "scheduled"],
  ]);
  const none = only(changed(replanned(roster, plan("09:00", "17:00", []), "12:00"))).breaks;
  assert.deepEqual(none.map(({ id }) => id), ["break-10:00"]);
});

Deno.test("a break is not planned over one that was taken", () => {
  const roster = rostered({ breaks: [lunch("10:00", "10:15")], agent: { status: "online" } });
  const over = plan("09:00", "17:00", [lunch("10:10", "10:20")]);
  assert.equal(refusalOf(replanned(roster, over, "10:12")), "conflict");
});

Deno.test("a shift that goes on as overtime is an ordinary one with a new end", () => {
  const begun = advanced(rostered({ agent: { status: "online" } }), "10:00");
  const shift = { ...only(begun), overtime: true as const };
  const outcome = replan({ agent: begun.agent, shift }, plan("09:00", "19:00"), clock("18:00"));
  const [happening] = done(outcome);
  assert.ok(happening);
  assert.equal(happening.shift.overtime, undefined);
  assert.equal(happening.shift.end, clock("19:00"));
});

Deno.test("a new shift is scheduled, with its breaks in their order", () => {
  const breaks = [lunch("15:00", "15:30"), lunch("12:00", "12:30")];
  const identity = { id: "shift-1", agentId: "agent-ada" };
  const shift = newShift(plan("09:00", "17:00", breaks), identity, NIGHT_BEFORE);
  assert.deepEqual([shift.status, shift.startedAt, shift.endedAt], ["scheduled", null, null]);
  assert.deepEqual(shift.breaks.map(({ id }) => id), ["break-12:00", "break-15:00"]);
});
