import assert from "node:assert/strict";
import type { Agent, AgentStatus } from "../../domain/rules/agent.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import type { Shift } from "../../domain/rules/shift.ts";
import {
  cancelShift,
  endShift,
  setStatus,
  type Starting,
  startShift,
} from "../../domain/rules/shift_verbs.ts";
import { DAY_MS, HOUR_MS } from "../../domain/rules/time.ts";
import { anAgent } from "../support/builders.ts";
import {
  advanced,
  after,
  aShift,
  assertSound,
  breakOf,
  clock,
  type Course,
  done,
  lunch,
  only,
  type Roster,
  rostered,
  told,
  withShift,
} from "../support/shifts.ts";

const MADE = { id: "made", timezone: "Europe/Berlin" };
const NOBODY: Roster = { agent: anAgent("Ada", { status: "offline" }), shifts: [] };

function start(roster: Roster, time: string, starting: Partial<Starting> = {}): Roster | Refusal {
  const at = clock(time);
  const before = advanced(roster, at);
  const scheduled = before.shifts.filter(({ status }) => status === "scheduled");
  const outcome = startShift(
    before.agent,
    scheduled,
    { timezone: undefined, ...starting },
    MADE,
    at,
  );
  if (isRefusal(outcome)) return outcome;
  const roster_ = after(before, done(outcome));
  assertSound(roster_);
  return roster_;
}

function started(roster: Roster, time: string, starting: Partial<Starting> = {}): Roster {
  const outcome = start(roster, time, starting);
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.detail}`);
  return outcome;
}

function codeOf(outcome: unknown): string {
  if (!isRefusal(outcome)) throw new Error("not refused");
  return outcome.refused;
}

function shiftOf({ shifts }: Roster, id: string): Shift {
  const found = shifts.find((shift) => shift.id === id);
  if (found === undefined) throw new Error(`There is no shift ${id}`);
  return found;
}

Deno.test("a shift started by hand is of eight hours in the desk's time zone, and its agent online", () => {
  const roster = started(NOBODY, "10:00");
  const { id, start, end, startedAt, timezone, status } = only(roster);
  assert.deepEqual([id, timezone, status], ["made", "Europe/Berlin", "in-progress"]);
  assert.deepEqual([start, startedAt, end - start], [clock("10:00"), clock("10:00"), 8 * HOUR_MS]);
  assert.deepEqual([roster.agent.status, roster.agent.currentShiftId], ["online", "made"]);
});

Deno.test("whoever is busy starts its shift busy", () => {
  const busy = { ...NOBODY, agent: { ...NOBODY.agent, status: "busy" as const } };
  assert.equal(started(busy, "10:00").agent.status, "busy");
});

Deno.test("a shift is started until a named end, or until the next one", () => {
  const roster = withShift(NOBODY, aShift({ from: "14:00", to: "18:00" }));
  assert.equal(shiftOf(started(roster, "09:00"), "made").end, clock("14:00"));
  const short = started(roster, "09:00", { end: clock("11:00"), timezone: "UTC" });
  assert.deepEqual([shiftOf(short, "made").end, shiftOf(short, "made").timezone], [
    clock("11:00"),
    "UTC",
  ]);
  assert.equal(codeOf(start(roster, "09:00", { end: clock("14:01") })), "shift_overlap");
  assert.equal(codeOf(start(roster, "09:00", { end: clock("09:00") })), "invalid_input");
  assert.equal(codeOf(start(NOBODY, "09:00", { end: clock("33:01") })), "invalid_input");
});

Deno.test("the scheduled shift is started where it begins within an hour", () => {
  const early = started(rostered(), "08:00");
  assert.deepEqual([only(early).start, only(early).startedAt], [clock("09:00"), clock("08:00")]);
  const earlier = started(rostered(), "07:59");
  assert.equal(shiftOf(earlier, "shift-1").status, "scheduled");
  const course = advanced(early, "17:00");
  assert.deepEqual(told(course.happened), ["16:30 ending_30", "16:55 ending_5", "17:00 ended"]);
  assert.equal(only(started(rostered(), "08:30", { end: clock("12:00") })).end, clock("12:00"));
  const two = withShift(rostered(), aShift({ id: "shift-2", from: "18:00", to: "20:00" }));
  assert.equal(codeOf(start(two, "08:30", { end: clock("18:01") })), "shift_overlap");
});

Deno.test("nobody is on two shifts, and who was deactivated on none", () => {
  assert.equal(codeOf(start(rostered(), "09:00")), "shift_active");
  assert.equal(codeOf(start(started(NOBODY, "10:00"), "10:00")), "shift_active");
  const gone = { ...NOBODY, agent: { ...NOBODY.agent, deactivatedAt: clock("08:00") } };
  assert.equal(codeOf(start(gone, "10:00")), "agent_unavailable");
});

Deno.test("a shift ended by hand ends its break, misses those to come, and its agent leaves", () => {
  const breaks = [lunch("12:00", "12:30"), lunch("15:00", "15:15")];
  const roster = advanced(rostered({ breaks, agent: { status: "online" } }), "12:10");
  const outcome = endShift({ agent: roster.agent, shift: only(roster) }, clock("12:10"));
  const ended = after(roster, done(outcome));
  assertSound(ended);
  assert.deepEqual(told(done(outcome)), ["12:10 break_ended", "12:10 ended"]);
  assert.deepEqual([ended.agent.status, ended.agent.onBreak], ["offline", false]);
  assert.equal(breakOf(ended, "break-15:00").missed, true);
  assert.deepEqual(told(advanced(ended, "20:00").happened), []);
});

Deno.test("what is not in progress cannot be ended, what is not scheduled not cancelled", () => {
  const scheduled = rostered();
  const duty = (roster: Roster) => ({ agent: roster.agent, shift: only(roster) });
  const begun = advanced(scheduled, "09:00");
  const over = advanced(scheduled, "17:00");
  for (const roster of [scheduled, over]) {
    assert.equal(codeOf(endShift(duty(roster), clock("17:00"))), "invalid_transition");
  }
  for (const roster of [begun, over]) {
    assert.equal(codeOf(cancelShift(duty(roster), clock("17:00"))), "invalid_transition");
  }
  const cancelled = after(scheduled, done(cancelShift(duty(scheduled), clock("08:00"))));
  assertSound(cancelled);
  assert.equal(codeOf(cancelShift(duty(cancelled), clock("08:00"))), "invalid_transition");
  assert.deepEqual(told(advanced(cancelled, "20:00").happened), []);
});

/** What comes of setting a status at a time of the day. */
function set(roster: Roster, status: AgentStatus, time: string): Course {
  const at = clock(time);
  const before = advanced(roster, at);
  const current = before.shifts.find((shift) => shift.status === "in-progress") ?? null;
  const last = before.shifts.find((shift) => shift.status === "completed") ?? null;
  const { agent, happened } = setStatus(before.agent, { current, last }, status, at);
  const result = { ...after({ ...before, agent }, happened), happened };
  assertSound(result);
  return result;
}

function attended(roster: Roster): (string | null)[][] {
  const time = (at: number | null) => at === null ? null : new Date(at).toISOString().slice(11, 16);
  return only(roster).attendance.map(({ from, to }) => [time(from), time(to)]);
}

Deno.test("an agent is there while it is online or busy, and away while it is offline", () => {
  let roster: Roster = set(rostered(), "online", "09:10");
  roster = set(roster, "busy", "10:00");
  roster = set(roster, "offline", "11:00");
  roster = set(roster, "offline", "11:30");
  roster = set(roster, "busy", "12:00");
  assert.deepEqual(attended(roster), [["09:10", "11:00"], ["12:00", null]]);
  assert.deepEqual(attended(advanced(roster, "18:00")), [["09:10", "11:00"], ["12:00", "17:00"]]);
});

Deno.test("to be online ends a break, to be busy is what follows it, to be offline ends it too", () => {
  const roster = rostered({ breaks: [lunch()], agent: { status: "online" } });
  const back = set(roster, "online", "12:10");
  assert.deepEqual([back.agent.status, back.agent.onBreak], ["online", false]);
  assert.deepEqual(told(back.happened), ["12:10 break_ended"]);
  const busy = set(roster, "busy", "12:10");
  assert.deepEqual([busy.agent.status, busy.agent.onBreak], ["busy", true]);
  assert.equal(advanced(busy, "12:30").agent.status, "busy");
  const gone = set(roster, "offline", "12:10");
  assert.deepEqual([gone.agent.status, gone.agent.onBreak], ["offline", false]);
  assert.deepEqual(attended(gone), [["09:00", "12:10"]]);
  assert.equal(breakOf(gone).endedAt, clock("12:10"));
});

Deno.test("whoever goes on within an hour of the end takes up its shift again, as overtime", () => {
  const roster = rostered({ agent: { status: "online" } });
  for (
    const [status, time] of [["online", "17:00"], ["busy", "17:20"], ["online", "18:00"]] as const
  ) {
    const on = set(roster, status, time);
    assert.deepEqual(told(on.happened), [`${time} started`]);
    assert.deepEqual([on.agent.status, on.agent.currentShiftId], [status, "shift-1"]);
    const { overtime, endedAt, startedAt } = only(on);
    assert.deepEqual([overtime, endedAt, startedAt], [true, null, clock("09:00")]);
    assert.deepEqual(told(advanced(on, "23:00").happened), []);
    const off = set(on, "offline", "20:00");
    assert.deepEqual(told(off.happened), ["20:00 ended"]);
    assert.equal(only(off).endedAt, clock("20:00"));
  }
});

Deno.test("there is no overtime of a shift that ended long ago or by hand, or lasts a day already", () => {
  const online = { agent: { status: "online" } } as const;
  assert.equal(set(rostered(online), "online", "18:01").agent.currentShiftId, undefined);
  const begun = advanced(rostered(online), "16:50");
  const ended = after(begun, done(endShift({ ...begun, shift: only(begun) }, clock("16:50"))));
  const back = set(ended, "online", "17:05");
  assert.deepEqual([back.agent.status, back.agent.currentShiftId], ["online", undefined]);
  const long = rostered({ ...online, to: "33:00" });
  assert.equal(set(long, "online", "33:10").agent.currentShiftId, undefined);
});

Deno.test("overtime ends with the day, with the next shift, and with its own end", () => {
  const on = set(rostered({ agent: { status: "online" } }), "online", "17:10");
  const end = endShift({ agent: on.agent, shift: only(on) }, clock("19:00"));
  assert.deepEqual(told(done(end)), ["19:00 ended"]);
  const course = advanced(on, clock("09:00") + DAY_MS);
  assert.deepEqual(told(course.happened), ["09:00 ended"]);
  assert.equal(course.agent.status, "offline");
});

Deno.test("without shifts a status is what is set, and nothing else comes of it", () => {
  const agent: Agent = anAgent("Ada");
  for (const status of ["online", "busy", "offline"] as const) {
    const result = setStatus(agent, { current: null, last: null }, status, clock("10:00"));
    assert.deepEqual(result, { agent: { ...agent, status }, happened: [] });
  }
});
