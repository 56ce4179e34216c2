import assert from "node:assert/strict";
import type { Agent } from "../../domain/rules/agent.ts";
import { agentShifts } from "../../domain/rules/agent_shifts.ts";
import { advanceShifts, nextShiftInstant } from "../../domain/rules/shift_advance.ts";
import { DAY_MS } from "../../domain/rules/time.ts";
import {
  advanced,
  aShift,
  assertSound,
  breakOf,
  clock,
  type Course,
  lunch,
  only,
  type Roster,
  rostered,
  told,
  withShift,
} from "../support/shifts.ts";

/** What may be different about the agent, and what it is then. */
function stateOf({ agent }: { readonly agent: Agent }): unknown[] {
  return [agent.status, agent.onBreak, agent.currentShiftId ?? null];
}

/** The roster is sound after each minute. */
function byMinutes(from: string, to: string, roster = rostered()): Course {
  const happened: Course["happened"][number][] = [];
  let current = roster;
  for (let at = clock(from); at <= clock(to); at += 60_000) {
    const course = advanced(current, at);
    happened.push(...course.happened);
    assertSound(course);
    current = course;
  }
  return { ...current, happened };
}

Deno.test("a shift notifies, starts, warns twice of its end, and ends, each at its own instant", () => {
  const course = byMinutes("08:00", "18:00");
  assert.deepEqual(told(course.happened), [
    "08:45 starting",
    "09:00 started",
    "16:30 ending_30",
    "16:55 ending_5",
    "17:00 ended",
  ]);
  const { status, startedAt, endedAt, nextAt } = only(course);
  assert.deepEqual([status, startedAt, endedAt, nextAt], [
    "completed",
    clock("09:00"),
    clock("17:00"),
    null,
  ]);
});

Deno.test("what is noticed days later happened as it would have in time", () => {
  const roster = rostered({ breaks: [lunch()], agent: { onlineAtShiftStart: true } });
  const late = advanced(roster, clock("09:00") + 3 * DAY_MS);
  const inTime = byMinutes("08:00", "18:00", roster);
  assert.deepEqual([late.agent, late.shifts], [inTime.agent, inTime.shifts]);
  assert.deepEqual(told(late.happened), told(inTime.happened));
});

Deno.test("a status stays at the start of a shift, unless an agent who is offline wants to be online", () => {
  for (
    const [status, wish, expected] of [
      ["offline", {}, "offline"],
      ["offline", { onlineAtShiftStart: true }, "online"],
      ["busy", { onlineAtShiftStart: true }, "busy"],
      ["online", {}, "online"],
    ] as const
  ) {
    const course = advanced(rostered({ agent: { status, ...wish } }), "09:00");
    assert.deepEqual(stateOf(course), [expected, false, "shift-1"], `${status} ${wish}`);
    assert.equal(only(course).attendance.length, expected === "offline" ? 0 : 1);
    assertSound(course);
  }
});

Deno.test("a break reminds, begins and ends; the agent is busy meanwhile and then as before", () => {
  for (const status of ["online", "busy"] as const) {
    const roster = rostered({ breaks: [lunch()], agent: { status } });
    const before = advanced(roster, "11:59");
    assert.deepEqual(told(before.happened).slice(2), ["11:55 break_reminder"]);
    const during = advanced(before, "12:00");
    assert.deepEqual(stateOf(during), ["busy", true, "shift-1"]);
    assert.equal(during.agent.statusBeforeBreak, status);
    assertSound(during);
    const back = advanced(during, "12:30");
    assert.deepEqual(told(back.happened), ["12:30 break_ended"]);
    assert.deepEqual(stateOf(back), [status, false, "shift-1"]);
    assert.equal(back.agent.statusBeforeBreak, undefined);
    const { startedAt, endedAt } = breakOf(back);
    assert.deepEqual([startedAt, endedAt, breakOf(back).status], [
      clock("12:00"),
      clock("12:30"),
      "completed",
    ]);
    assert.deepEqual(only(back).attendance, [{ from: clock("09:00"), to: null }]);
    assertSound(back);
  }
});

Deno.test("whoever is offline misses its break, and stays offline", () => {
  const course = advanced(rostered({ breaks: [lunch()] }), "12:31");
  assert.deepEqual(stateOf(course), ["offline", false, "shift-1"]);
  const { status, missed, startedAt } = breakOf(course);
  assert.deepEqual([status, missed, startedAt], ["cancelled", true, null]);
  assert.deepEqual(only(course).attendance, []);
  assertSound(course);
});

Deno.test("breaks that touch are taken one after the other, and the status of the first returns", () => {
  const breaks = [lunch("12:00", "12:30"), lunch("12:30", "12:45")];
  const course = advanced(rostered({ breaks, agent: { status: "online" } }), "12:30");
  assert.deepEqual(told(course.happened).slice(2), [
    "11:55 break_reminder",
    "12:00 break_started",
    "12:25 break_reminder",
    "12:30 break_ended",
    "12:30 break_started",
  ]);
  assert.equal(course.agent.statusBeforeBreak, "online");
  assert.deepEqual(stateOf(advanced(course, "12:45")), ["online", false, "shift-1"]);
});

Deno.test("a break that lasts until the shift ends is over before it, and the agent leaves", () => {
  const breaks = [lunch("16:30", "17:00")];
  const course = advanced(rostered({ breaks, agent: { status: "online" } }), "17:00");
  assert.deepEqual(told(course.happened).slice(-2), ["17:00 break_ended", "17:00 ended"]);
  assert.deepEqual(stateOf(course), ["offline", false, null]);
  assertSound(course);
});

Deno.test("a short shift is warned about once, and nothing is told before it starts", () => {
  const cases: [string, string[]][] = [
    ["09:31", ["09:01 ending_30", "09:26 ending_5", "09:31 ended"]],
    ["09:30", ["09:00 ending_30", "09:25 ending_5", "09:30 ended"]],
    ["09:29", ["09:24 ending_5", "09:29 ended"]],
    ["09:05", ["09:00 ending_5", "09:05 ended"]],
    ["09:01", ["09:00 ending_5", "09:01 ended"]],
  ];
  for (const [to, expected] of cases) {
    const course = advanced(rostered({ to }), "10:00");
    assert.deepEqual(told(course.happened), ["08:45 starting", "09:00 started", ...expected], to);
  }
});

Deno.test("a shift planned in its last quarter of an hour notifies at once, one that has begun does not", () => {
  const at = clock("08:50");
  const soon = advanced(rostered({ at }), at, at);
  assert.deepEqual(told(soon.happened), ["08:50 starting"]);
  const begun = rostered({ at: clock("09:10") });
  const course = advanced(begun, clock("09:10"), clock("09:10"));
  assert.deepEqual(told(course.happened), ["09:10 started"]);
  assert.equal(only(course).startedAt, clock("09:10"));
  assertSound(course);
});

Deno.test("breaks that a shift planned late finds begun or over begin then or are missed", () => {
  const at = clock("12:10");
  const breaks = [lunch("10:00", "10:15"), lunch("12:00", "12:30")];
  const course = advanced(rostered({ breaks, at, agent: { status: "online" } }), at, at);
  assert.deepEqual(told(course.happened), ["12:10 started", "12:10 break_started"]);
  assert.equal(breakOf(course, "break-10:00").missed, true);
  assert.deepEqual(told(advanced(course, "12:30").happened), ["12:30 break_ended"]);
  assertSound(course);
});

Deno.test("where the next shift starts as one ends, the agent stays at work", () => {
  for (const status of ["online", "busy"] as const) {
    const first = rostered({ to: "13:00", agent: { status } });
    const roster = withShift(first, aShift({ id: "shift-2", from: "13:00", to: "17:00" }));
    const course = advanced(roster, "13:00");
    assert.deepEqual(told(course.happened).slice(-2), ["13:00 ended", "13:00 started"]);
    assert.deepEqual(stateOf(course), [status, false, "shift-2"]);
    assertSound(course);
    assertSound(advanced(course, "17:00"));
  }
});

Deno.test("many shifts of one agent come one after the other, however late", () => {
  let roster = rostered({ from: "01:00", to: "02:00", agent: { status: "online" } });
  for (const hour of ["03", "05", "07"]) {
    const shift = aShift({ id: `shift-${hour}`, from: `${hour}:00`, to: `${hour}:30` });
    roster = withShift(roster, shift);
  }
  const course = advanced(roster, "08:00");
  const edges = told(course.happened).filter((line) => /started|ended/.test(line));
  assert.deepEqual(edges, [
    "01:00 started",
    "02:00 ended",
    "03:00 started",
    "03:30 ended",
    "05:00 started",
    "05:30 ended",
    "07:00 started",
    "07:30 ended",
  ]);
  assertSound(course);
});

Deno.test("overtime gives way to the next shift, and the agent stays as it is", () => {
  const first = advanced(rostered({ to: "12:00", agent: { status: "online" } }), "11:00");
  const [shift] = first.shifts;
  assert.ok(shift);
  const overtime = { ...shift, overtime: true as const, end: clock("10:00") };
  const roster = withShift(
    { ...first, shifts: [{ ...overtime, nextAt: nextShiftInstant(overtime) }] },
    aShift({ id: "shift-2", from: "14:00", to: "18:00" }),
  );
  const course = advanced(roster, "14:00");
  assert.deepEqual(told(course.happened), ["13:45 starting", "14:00 ended", "14:00 started"]);
  assert.deepEqual(stateOf(course), ["online", false, "shift-2"]);
  assert.equal(course.shifts.find(({ id }) => id === "shift-1")?.endedAt, clock("14:00"));
  assertSound(course);
});

Deno.test("overtime that nobody ends is over a day after the shift started", () => {
  const begun = advanced(rostered({ agent: { status: "online" } }), "10:00");
  const shift = { ...only(begun), overtime: true as const };
  const roster = { ...begun, shifts: [{ ...shift, nextAt: nextShiftInstant(shift) }] };
  const course = advanced(roster, clock("09:00") + 2 * DAY_MS);
  assert.deepEqual(course.happened.map(({ kind, at }) => [kind, at]), [
    ["ended", clock("09:00") + DAY_MS],
  ]);
  assert.equal(course.agent.status, "offline");
});

Deno.test("the shift of who was deactivated is cancelled when it would start, and nobody is told", () => {
  const roster = rostered({ breaks: [lunch()], agent: { deactivatedAt: clock("08:00") } });
  const course = advanced(roster, "18:00");
  assert.deepEqual(told(course.happened), []);
  assert.deepEqual([only(course).status, only(course).startedAt], ["cancelled", null]);
  assert.equal(breakOf(course).status, "cancelled");
  assertSound(course);
});

Deno.test("a shift in progress that nobody read is no reason to go on", () => {
  const agent = { ...rostered().agent, currentShiftId: "another" };
  assert.throws(
    () => advanceShifts(agent, [aShift()], clock("09:00")),
    /is in progress and unread/,
  );
});

Deno.test("an agent is another one when a shift or break starts or ends, and not when it is told of one", () => {
  let roster: Roster = rostered({ breaks: [lunch()], agent: { status: "online" } });
  const edges: string[] = [];
  for (let at = clock("08:00"); at <= clock("18:00"); at += 60_000) {
    const { edgeAt } = agentShifts(roster.shifts) ?? { edgeAt: null };
    const course = advanced(roster, at);
    const isEdge = edgeAt !== null && edgeAt <= at;
    assert.equal(isEdge, JSON.stringify(stateOf(course)) !== JSON.stringify(stateOf(roster)));
    if (isEdge) edges.push(new Date(at).toISOString().slice(11, 16));
    roster = course;
  }
  assert.deepEqual(edges, ["09:00", "12:00", "12:30", "17:00"]);
});
