import assert from "node:assert/strict";
import type { Weekday } from "../../domain/rules/calendar.ts";
import {
  type ShiftPattern,
  unroll,
  type Unrolled,
  UNROLLED_DAYS,
} from "../../domain/rules/shift_pattern.ts";
import { DAY_MS, HOUR_MS, type Instant, iso } from "../../domain/rules/time.ts";
import { aPattern, at } from "../support/shift_patterns.ts";

/** The shifts of a night or day as far as it is looked ahead. */
function shiftsFrom(pattern: ShiftPattern, now: string): Unrolled["shifts"] {
  return unroll(pattern, at(now)).shifts;
}

function hours({ start, end }: { readonly start: Instant; readonly end: Instant }): number {
  return (end - start) / HOUR_MS;
}

Deno.test("a pattern makes the shifts of two weeks, on its weekdays, at its local times", () => {
  const weekdays: Weekday[] = ["mon", "wed"];
  const shifts = shiftsFrom(aPattern({ weekdays }), "2026-01-05T00:00Z");
  assert.deepEqual(shifts.map(({ start, end }) => [iso(start), iso(end)]), [
    ["2026-01-05T08:00:00.000Z", "2026-01-05T16:00:00.000Z"],
    ["2026-01-07T08:00:00.000Z", "2026-01-07T16:00:00.000Z"],
    ["2026-01-12T08:00:00.000Z", "2026-01-12T16:00:00.000Z"],
    ["2026-01-14T08:00:00.000Z", "2026-01-14T16:00:00.000Z"],
    ["2026-01-19T08:00:00.000Z", "2026-01-19T16:00:00.000Z"],
  ]);
});

Deno.test("a night over which the clocks change has its real length, and local times stay", () => {
  const night = { startTime: "22:00", endTime: "06:00" };
  const cases: [string, string, number, string][] = [
    ["2026-03-27", "2026-03-27T21:00Z", 8, "2026-03-28T05:00:00.000Z"],
    ["2026-03-28", "2026-03-28T21:00Z", 7, "2026-03-29T04:00:00.000Z"],
    ["2026-03-29", "2026-03-29T20:00Z", 8, "2026-03-30T04:00:00.000Z"],
    ["2026-10-24", "2026-10-24T20:00Z", 9, "2026-10-25T05:00:00.000Z"],
  ];
  for (const [date, start, length, end] of cases) {
    const pattern = aPattern({ ...night, startDate: date, endDate: date });
    const [shift, ...more] = shiftsFrom(pattern, `${date}T00:00Z`);
    assert.ok(shift);
    assert.deepEqual([shift.start, hours(shift), iso(shift.end)], [at(start), length, end], date);
    assert.equal(more.length, 0);
  }
});

Deno.test("a time that the clock passes over is later, one that it shows twice the first", () => {
  const sundays = (date: string, startTime: string, endTime: string): string[] => {
    const pattern = aPattern({ startTime, endTime, startDate: date, endDate: date });
    return shiftsFrom(pattern, `${date}T00:00Z`).map(({ start, end }) =>
      `${iso(start)} ${iso(end)}`
    );
  };
  assert.deepEqual(sundays("2026-03-29", "02:30", "04:00"), [
    "2026-03-29T01:30:00.000Z 2026-03-29T02:00:00.000Z",
  ]);
  assert.deepEqual(sundays("2026-10-25", "02:30", "04:00"), [
    "2026-10-25T00:30:00.000Z 2026-10-25T03:00:00.000Z",
  ]);
  // There is no such hour.
  assert.deepEqual(sundays("2026-03-29", "02:00", "03:00"), []);
});

Deno.test("breaks keep local time too, behind midnight as well, and those for which there is none fall away", () => {
  const breaks = [
    { type: "lunch", startTime: "23:30", endTime: "00:00" },
    { type: "short-break", startTime: "02:15", endTime: "02:45" },
    { type: "meeting", startTime: "05:00", endTime: "06:00" },
  ] as const;
  const night = { startTime: "22:00", endTime: "06:00", breaks };
  const usual = aPattern({ ...night, startDate: "2026-01-05", endDate: "2026-01-05" });
  const [shift] = shiftsFrom(usual, "2026-01-05T00:00Z");
  assert.deepEqual(shift?.breaks.map(({ type, start }) => `${type} ${iso(start)}`), [
    "lunch 2026-01-05T22:30:00.000Z",
    "short-break 2026-01-06T01:15:00.000Z",
    "meeting 2026-01-06T04:00:00.000Z",
  ]);
  const changing = aPattern({ ...night, startDate: "2026-03-28", endDate: "2026-03-28" });
  const [short] = shiftsFrom(changing, "2026-03-28T00:00Z");
  assert.deepEqual(
    short?.breaks.map(({ type, start, end }) => `${type} ${iso(start)} ${iso(end)}`),
    [
      "lunch 2026-03-28T22:30:00.000Z 2026-03-28T23:00:00.000Z",
      "short-break 2026-03-29T01:15:00.000Z 2026-03-29T01:45:00.000Z",
      "meeting 2026-03-29T03:00:00.000Z 2026-03-29T04:00:00.000Z",
    ],
  );
  const lost = { type: "lunch" as const, startTime: "02:00", endTime: "03:00" };
  const without = aPattern({
    ...night,
    breaks: [lost],
    startDate: "2026-03-28",
    endDate: "2026-03-28",
  });
  assert.deepEqual(shiftsFrom(without, "2026-03-28T00:00Z")[0]?.breaks, []);
});

Deno.test("a pattern begins and ends with its dates, and waits for nothing then", () => {
  const dates = { startDate: "2026-01-10", endDate: "2026-01-12" };
  const { pattern, shifts } = unroll(aPattern(dates), at("2026-01-05T00:00Z"));
  assert.deepEqual(shifts.map(({ start }) => iso(start).slice(0, 10)), [
    "2026-01-10",
    "2026-01-11",
    "2026-01-12",
  ]);
  assert.equal(pattern.nextAt, null);
  assert.deepEqual(unroll(pattern, at("2026-01-06T00:00Z")).shifts, []);
});

Deno.test("one that begins in the far future waits until that is near", () => {
  const pattern = aPattern({ startDate: "2026-06-01" });
  const waits = unroll(pattern, at("2026-01-05T00:00Z"));
  assert.deepEqual(waits.shifts, []);
  assert.equal(waits.pattern.nextAt, at("2026-05-17T22:00Z"));
  const near = unroll(waits.pattern, at("2026-05-17T22:00Z"));
  assert.deepEqual(near.shifts.map(({ start }) => iso(start)), ["2026-06-01T07:00:00.000Z"]);
});

Deno.test("what is made day by day is made once each, and the same as in one go", () => {
  for (const timezone of ["Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"]) {
    const whole = aPattern({ timezone, startTime: "23:00", endTime: "07:00" });
    let pattern = whole;
    const made: Unrolled["shifts"][number][] = [];
    const begins = at("2026-03-01T00:00Z");
    let now = begins;
    for (let step = 0; step < 60; step++) {
      if (step > 0) {
        assert.ok(pattern.nextAt !== null && pattern.nextAt > now);
        now = pattern.nextAt;
      }
      const unrolled = unroll(pattern, now);
      pattern = unrolled.pattern;
      made.push(...unrolled.shifts);
      // Nothing more comes of it a second time.
      assert.deepEqual(unroll(pattern, now), { pattern, shifts: [] });
    }
    const starts = made.map(({ start }) => start);
    assert.equal(new Set(starts).size, made.length);
    assert.deepEqual(starts, starts.toSorted((a, b) => a - b));
    const all = made.filter(({ end }) => end > now);
    assert.deepEqual(all, unroll(whole, now).shifts);
    // One a day, and so many days ahead.
    assert.equal(Math.ceil((now - begins) / DAY_MS), 59);
    const ahead = (starts.at(-1) ?? 0) - now;
    assert.ok(ahead > (UNROLLED_DAYS - 1) * DAY_MS && ahead < (UNROLLED_DAYS + 1) * DAY_MS);
  }
});

Deno.test("what nobody made in time and is over is not made any more", () => {
  const { shifts } = unroll(aPattern(), at("2026-02-02T12:00Z"));
  assert.equal(iso(shifts[0]?.start ?? 0), "2026-02-02T08:00:00.000Z");
  const evening = unroll(aPattern(), at("2026-02-02T17:00Z"));
  assert.equal(iso(evening.shifts[0]?.start ?? 0), "2026-02-03T08:00:00.000Z");
});
