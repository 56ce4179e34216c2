import assert from "node:assert/strict";
import fc from "fast-check";
import { type Adherence, adherenceOf, conformance } from "../../domain/rules/adherence.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import { BREAK_TYPES, type Shift, type Span } from "../../domain/rules/shift.ts";
import { cancelBreak, endBreak, startBreak } from "../../domain/rules/shift_breaks.ts";
import { endShift, setStatus } from "../../domain/rules/shift_verbs.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { anAgent } from "../support/builders.ts";
import { make, moves } from "../support/shift_moves.ts";
import {
  advanced,
  after,
  aShift,
  breakOf,
  clock,
  done,
  lunch,
  NINE,
  only,
  type Roster,
  rostered,
} from "../support/shifts.ts";

const DAY: Span = { start: clock("00:00"), end: clock("24:00") };
const ONLINE = { agent: { status: "online" } } as const;

/** Minutes, as far as anything of it is not nothing. */
function minutes(roster: Roster, range: Span = DAY, now = clock("24:00")): Record<string, number> {
  const figures = adherenceOf(roster.shifts, range, now);
  const { scheduledMs, workedMs, conformedMs, overtimeMs } = figures;
  const all = {
    shifts: figures.shifts * MINUTE_MS,
    scheduled: scheduledMs,
    worked: workedMs,
    conformed: conformedMs,
    overtime: overtimeMs,
    lunchPlanned: figures.breaks.lunch.scheduledMs,
    lunchTaken: figures.breaks.lunch.takenMs,
  };
  const entries = Object.entries(all).map(([name, ms]) => [name, ms / MINUTE_MS] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== 0));
}

Deno.test("whoever works as planned conforms, with its breaks taken apart", () => {
  const roster = advanced(rostered({ ...ONLINE, breaks: [lunch()] }), "18:00");
  assert.deepEqual(minutes(roster), {
    shifts: 1,
    scheduled: 450,
    worked: 450,
    conformed: 450,
    lunchPlanned: 30,
    lunchTaken: 30,
  });
  assert.equal(conformance(adherenceOf(roster.shifts, DAY, clock("18:00"))), 100);
});

Deno.test("who does not come has worked nothing of what was planned", () => {
  const roster = advanced(rostered({ breaks: [lunch()] }), "18:00");
  assert.deepEqual(minutes(roster), { shifts: 1, scheduled: 450, lunchPlanned: 30 });
  assert.equal(conformance(adherenceOf(roster.shifts, DAY, clock("18:00"))), 0);
});

Deno.test("minutes late, away and gone early are missing to the minute", () => {
  let roster = status(rostered(), "online", "09:07");
  roster = status(roster, "offline", "11:00");
  roster = status(roster, "busy", "11:13");
  const before = advanced(roster, "16:30");
  const end = endShift({ agent: before.agent, shift: only(before) }, clock("16:30"));
  assert.deepEqual(minutes(after(before, done(end))), {
    shifts: 1,
    scheduled: 480,
    worked: 480 - 7 - 13 - 30,
    conformed: 480 - 7 - 13 - 30,
  });
});

function status(roster: Roster, to: Agent["status"], time: string): Roster {
  const before = advanced(roster, time);
  const current = before.shifts.find((shift) => shift.status === "in-progress") ?? null;
  const last = before.shifts.find((shift) => shift.status === "completed") ?? null;
  const { agent, happened } = setStatus(before.agent, { current, last }, to, clock(time));
  return after({ ...before, agent }, happened);
}

Deno.test("overtime is worked, and nothing of the plan; so is what comes before it", () => {
  const on = status(advanced(rostered(ONLINE), "17:00"), "online", "17:10");
  const off = status(on, "offline", "18:00");
  assert.deepEqual(minutes(off), {
    shifts: 1,
    scheduled: 480,
    worked: 530,
    conformed: 480,
    overtime: 50,
  });
});

Deno.test("a break taken at another time than planned is work missed then, and work done meanwhile", () => {
  const before = advanced(rostered({ ...ONLINE, breaks: [lunch()] }), "11:40");
  const duty = { agent: before.agent, shift: only(before) };
  const early = after(before, done(startBreak(duty, breakOf(before), clock("11:40"))));
  assert.deepEqual(minutes(advanced(early, "18:00")), {
    shifts: 1,
    scheduled: 450,
    worked: 450,
    conformed: 430,
    lunchPlanned: 30,
    lunchTaken: 30,
  });
});

Deno.test("who comes back early from a break works more than planned, but conforms no more for it", () => {
  const before = advanced(rostered({ ...ONLINE, breaks: [lunch()] }), "12:10");
  const duty = { agent: before.agent, shift: only(before) };
  const back = after(before, done(endBreak(duty, breakOf(before), clock("12:10"))));
  const { worked, conformed, lunchTaken } = minutes(advanced(back, "18:00"));
  assert.deepEqual([worked, conformed, lunchTaken], [470, 450, 10]);
});

Deno.test("a break that was cancelled by somebody is time to work", () => {
  const before = advanced(rostered({ ...ONLINE, breaks: [lunch()] }), "10:00");
  const duty = { agent: before.agent, shift: only(before) };
  const without = after(before, done(cancelBreak(duty, breakOf(before), clock("10:00"))));
  assert.deepEqual(minutes(advanced(without, "18:00")), {
    shifts: 1,
    scheduled: 480,
    worked: 480,
    conformed: 480,
  });
});

Deno.test("only what lies in the range and is past counts", () => {
  const roster = advanced(rostered({ ...ONLINE, breaks: [lunch()] }), "12:10");
  const now = clock("12:10");
  assert.deepEqual(minutes(roster, DAY, now), {
    shifts: 1,
    scheduled: 180,
    worked: 180,
    conformed: 180,
    lunchPlanned: 10,
    lunchTaken: 10,
  });
  const morning = { start: clock("10:00"), end: clock("11:30") };
  assert.deepEqual(minutes(roster, morning, now), {
    shifts: 1,
    scheduled: 90,
    worked: 90,
    conformed: 90,
  });
  assert.deepEqual(minutes(roster, { start: clock("13:00"), end: clock("14:00") }, now), {});
  assert.deepEqual(minutes({ ...roster, shifts: [aShift()] }, DAY, clock("08:00")), {});
  assert.equal(conformance(adherenceOf([], DAY, now)), null);
});

Deno.test("a cancelled shift was not planned, and one planned late only from then on", () => {
  const cancelled = { ...rostered(), shifts: [{ ...aShift(), status: "cancelled" as const }] };
  assert.deepEqual(minutes(cancelled), {});
  const at = clock("10:00");
  const late = advanced(rostered({ ...ONLINE, at }), at, at);
  assert.equal(minutes(advanced(late, "18:00"))["scheduled"], 420);
});

/** The same figures, told minute by minute. */
function counted(shifts: readonly Shift[], range: Span, now: Instant): Omit<Adherence, "shifts"> {
  const figures = { scheduledMs: 0, workedMs: 0, conformedMs: 0, overtimeMs: 0 };
  const breaks = Object.fromEntries(
    BREAK_TYPES.map((type) => [type, { scheduledMs: 0, takenMs: 0 }]),
  ) as Record<(typeof BREAK_TYPES)[number], { scheduledMs: number; takenMs: number }>;
  for (const shift of shifts) {
    if (shift.status === "cancelled") continue;
    const from = Math.max(shift.start, shift.startedAt ?? shift.start);
    for (let at = range.start; at < Math.min(range.end, now); at += MINUTE_MS) {
      const isIn = (start: Instant, end: Instant | null) => start <= at && at < (end ?? now);
      const isPlanned = isIn(from, shift.end);
      const planned = shift.breaks.filter((each) =>
        (each.status !== "cancelled" || each.missed) && isPlanned && isIn(each.start, each.end)
      );
      const taken = shift.breaks.filter(({ startedAt, endedAt }) =>
        startedAt !== null && isIn(startedAt, endedAt)
      );
      const isThere = shift.attendance.some((each) => isIn(each.from, each.to));
      const [isDue, works] = [isPlanned && planned.length === 0, isThere && taken.length === 0];
      if (isDue) figures.scheduledMs += MINUTE_MS;
      if (works) figures.workedMs += MINUTE_MS;
      if (isDue && works) figures.conformedMs += MINUTE_MS;
      if (works && !isPlanned) figures.overtimeMs += MINUTE_MS;
      for (const type of new Set(planned.map((each) => each.type))) {
        breaks[type].scheduledMs += MINUTE_MS;
      }
      for (const { type } of taken) breaks[type].takenMs += MINUTE_MS;
    }
  }
  return { ...figures, breaks };
}

Deno.test("after any moves the figures are those that are counted minute by minute", () => {
  const ranges = fc.record({ from: fc.nat(48 * 60), long: fc.nat(48 * 60) });
  fc.assert(
    fc.property(moves, ranges, (all, { from, long }) => {
      let roster: Roster = { agent: anAgent("Ada"), shifts: [] };
      let at = NINE;
      for (const move of all) {
        at += move.minutes * MINUTE_MS;
        roster = make(advanced(roster, at), move, at).roster;
      }
      const start = NINE + from * MINUTE_MS - DAY_MS;
      const range = { start, end: start + long * MINUTE_MS };
      const { shifts: _, ...figures } = adherenceOf(roster.shifts, range, at);
      assert.deepEqual(figures, counted(roster.shifts, range, at));
    }),
    { numRuns: 100 },
  );
});
