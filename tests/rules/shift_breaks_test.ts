import assert from "node:assert/strict";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { type BreakPlan, BREAKS_MAX, overtimeEndsAt } from "../../domain/rules/shift.ts";
import { addBreak, cancelBreak, endBreak, startBreak } from "../../domain/rules/shift_breaks.ts";
import type { Duty, ShiftHappening } from "../../domain/rules/shift_edges.ts";
import { type Instant, iso } from "../../domain/rules/time.ts";
import {
  advanced,
  after,
  assertSound,
  breakOf,
  clock,
  done,
  lunch,
  only,
  type Roster,
  rostered,
  told,
} from "../support/shifts.ts";

type Outcome = ShiftHappening | Refusal;
type Verb = (duty: Duty, at: Instant) => Outcome;

/** What comes of a verb at a time of the day. */
function act(roster: Roster, time: string, verb: Verb): Roster | Refusal {
  const at = clock(time);
  const before = advanced(roster, at);
  const outcome = verb({ agent: before.agent, shift: only(before) }, at);
  if (isRefusal(outcome)) return outcome;
  const result = advanced(after(before, done(outcome)), at, at);
  assertSound(result);
  return result;
}

function acted(roster: Roster, time: string, verb: Verb): Roster {
  const outcome = act(roster, time, verb);
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.detail}`);
  return outcome;
}

function refusal(outcome: Roster | Refusal): string {
  if (!isRefusal(outcome)) throw new Error("not refused");
  return [outcome.refused, ...outcome.errors?.map(({ path }) => path) ?? []].join(" ");
}

const add = (plan: BreakPlan & { id: string }): Verb => (duty, at) => addBreak(duty, plan, at);
const start: Verb = (duty, at) => startBreak(duty, breakOf(rosterOf(duty)), at);
const end: Verb = (duty, at) => endBreak(duty, breakOf(rosterOf(duty)), at);
const cancel: Verb = (duty, at) => cancelBreak(duty, breakOf(rosterOf(duty)), at);

function rosterOf({ agent, shift }: Duty): Roster {
  return { agent, shifts: [shift] };
}

const ONLINE = { agent: { status: "online" } } as const;

Deno.test("a break is added inside its shift, before or while it goes on, and not over another", () => {
  const roster = rostered({ ...ONLINE, breaks: [lunch()] });
  const cases: [string, string, string, string | null][] = [
    ["08:00", "13:00", "13:15", null],
    ["10:00", "13:00", "13:15", null],
    ["10:00", "12:30", "12:45", null],
    ["10:00", "16:45", "17:00", null],
    ["08:00", "08:59", "09:15", "invalid_input start"],
    ["08:00", "16:50", "17:01", "invalid_input end"],
    ["08:00", "13:00", "13:00", "invalid_input end"],
    ["10:00", "09:30", "10:00", "invalid_input end"],
    ["10:00", "12:29", "12:45", "conflict"],
    ["10:00", "11:00", "14:00", "conflict"],
    ["17:00", "16:45", "17:00", "invalid_transition"],
  ];
  for (const [time, from, to, expected] of cases) {
    const outcome = act(roster, time, add(lunch(from, to)));
    assert.equal(isRefusal(outcome) ? refusal(outcome) : null, expected, `${time} ${from} ${to}`);
  }
});

Deno.test("a shift has no more breaks than the limit, cancelled ones counted", () => {
  let roster = rostered(ONLINE);
  for (let index = 0; index < BREAKS_MAX; index++) {
    roster = acted(roster, "08:00", add(lunch()));
    roster = acted(roster, "08:00", (duty, at) => {
      const last = duty.shift.breaks.at(-1);
      assert.ok(last);
      return cancelBreak(duty, last, at);
    });
    const [{ breaks } = only(roster)] = roster.shifts;
    roster = { ...roster, shifts: [{ ...only(roster), breaks: breaks.map(named) }] };
  }
  assert.equal(refusal(act(roster, "08:00", add(lunch()))), "conflict");
});

function named<T>(each: T, index: number): T & { id: string } {
  return { ...each, id: `break-${index}` };
}

Deno.test("a break that begins now begins at once, one that has begun as of now", () => {
  for (const from of ["11:50", "12:00"]) {
    const roster = acted(rostered(ONLINE), "12:00", add(lunch(from, "12:30")));
    assert.equal(roster.agent.onBreak, true);
    assert.equal(breakOf(roster, `break-${from}`).startedAt, clock("12:00"));
    assert.deepEqual(told(advanced(roster, "13:00").happened), ["12:30 break_ended"]);
  }
});

Deno.test("a break that is added at short notice reminds at once", () => {
  const at = clock("11:58");
  const before = advanced(rostered(ONLINE), at);
  const [happening] = done(addBreak({ ...before, shift: only(before) }, lunch(), at));
  assert.ok(happening);
  const course = advanced(after(before, [happening]), at, at);
  assert.deepEqual(told(course.happened), ["11:58 break_reminder"]);
  assert.deepEqual(told(advanced(course, "12:00").happened), ["12:00 break_started"]);
});

Deno.test("a break is taken early and is as long as it was planned to be", () => {
  const begun = acted(rostered({ ...ONLINE, breaks: [lunch()] }), "11:40", start);
  assert.deepEqual([begun.agent.status, begun.agent.onBreak], ["busy", true]);
  assert.deepEqual(told(advanced(begun, "13:00").happened), ["12:10 break_ended"]);
  assertSound(advanced(begun, "13:00"));
});

Deno.test("a break is taken in its shift alone, by who is there, and not into another", () => {
  const roster = rostered({ ...ONLINE, breaks: [lunch()] });
  assert.equal(refusal(act(roster, "08:00", start)), "invalid_transition");
  assert.equal(refusal(act(roster, "12:00", start)), "invalid_transition");
  assert.equal(refusal(act(roster, "12:40", start)), "invalid_transition");
  const away = rostered({ breaks: [lunch()] });
  assert.equal(refusal(act(away, "11:00", start)), "agent_unavailable");
  const breaks = [lunch("11:00", "11:15"), lunch()];
  const two = rostered({ ...ONLINE, breaks });
  assert.equal(refusal(act(two, "10:40", start)), "conflict");
  assert.equal(refusal(act(two, "11:10", start)), "conflict");
  assert.equal(acted(two, "10:30", start).agent.onBreak, true);
});

Deno.test("whoever is refused a break over another is told when that one really is", () => {
  const begun = acted(rostered({ ...ONLINE, breaks: [lunch()] }), "11:40", start);
  const outcome = act(begun, "11:45", add(lunch("12:05", "12:20")));
  assert.ok(isRefusal(outcome));
  const [from, to] = [iso(clock("11:40")), iso(clock("12:10"))];
  assert.equal(outcome.detail, `There is a break (lunch) from ${from} to ${to}.`);
});

Deno.test("a break ends by hand before its time, and only while it is taken", () => {
  const roster = rostered({ ...ONLINE, breaks: [lunch()] });
  const back = acted(roster, "12:10", end);
  assert.deepEqual([back.agent.status, back.agent.onBreak], ["online", false]);
  assert.equal(breakOf(back).endedAt, clock("12:10"));
  assert.deepEqual(told(advanced(back, "13:00").happened), []);
  for (const time of ["08:00", "11:59", "12:30"]) {
    assert.equal(refusal(act(roster, time, end)), "invalid_transition", time);
  }
});

Deno.test("the time that is left of a break that ended early is free for another", () => {
  const back = acted(rostered({ ...ONLINE, breaks: [lunch()] }), "12:10", end);
  assert.equal(refusal(act(back, "12:10", add(lunch("12:05", "12:20")))), "conflict");
  acted(back, "12:10", add(lunch("12:10", "12:25")));
  const atOnce = acted(rostered({ ...ONLINE, breaks: [lunch()] }), "12:00", end);
  acted(atOnce, "12:00", add(lunch("11:50", "12:25")));
});

Deno.test("a planned break is cancelled, one that was taken is not, and nothing comes of it then", () => {
  const roster = rostered({ ...ONLINE, breaks: [lunch()] });
  const without = acted(roster, "10:00", cancel);
  assert.deepEqual([breakOf(without).status, breakOf(without).missed], ["cancelled", undefined]);
  assert.deepEqual(told(advanced(without, "13:00").happened), []);
  for (const time of ["12:00", "12:30"]) {
    assert.equal(refusal(act(roster, time, cancel)), "invalid_transition", time);
  }
  assert.equal(refusal(act(without, "10:00", cancel)), "invalid_transition");
  acted(without, "10:00", add(lunch()));
});

Deno.test("in overtime breaks may be taken too", () => {
  const begun = advanced(rostered(ONLINE), "10:00");
  const overtime = { ...only(begun), overtime: true as const };
  const late = { ...begun, shifts: [{ ...overtime, nextAt: overtimeEndsAt(overtime) }] };
  const roster = acted(late, "18:00", add(lunch("18:30", "19:00")));
  assert.deepEqual(told(advanced(roster, "20:00").happened), [
    "18:25 break_reminder",
    "18:30 break_started",
    "19:00 break_ended",
  ]);
});
