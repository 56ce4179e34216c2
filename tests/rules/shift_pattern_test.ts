import assert from "node:assert/strict";
import fc from "fast-check";
import { type Weekday, WEEKDAYS } from "../../domain/rules/calendar.ts";
import { doOverlap } from "../../domain/rules/shift.ts";
import {
  doPatternsOverlap,
  newPattern,
  type PatternPlan,
  refusePattern,
  type ShiftPattern,
  unroll,
  type Unrolled,
  UNROLLED_DAYS,
} from "../../domain/rules/shift_pattern.ts";
import { DAY_MS, HOUR_MS, type Instant, iso, MINUTE_MS } from "../../domain/rules/time.ts";

const EVERY_DAY: readonly Weekday[] = WEEKDAYS;

function aPattern(changes: Partial<PatternPlan> = {}): ShiftPattern {
  const plan: PatternPlan = {
    agentId: "agent-ada",
    timezone: "Europe/Berlin",
    weekdays: EVERY_DAY,
    startTime: "09:00",
    endTime: "17:00",
    breaks: [],
    startDate: "2026-01-05",
    endDate: null,
    ...changes,
  };
  return newPattern(plan, "pattern-1", 0);
}

function at(text: string): Instant {
  return Date.parse(text);
}

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

Deno.test("a pattern is refused with the path of each fault", () => {
  const lunch = (startTime: string, endTime: string) => ({
    type: "lunch" as const,
    startTime,
    endTime,
  });
  const cases: [Partial<PatternPlan>, string[]][] = [
    [{}, []],
    [{ startTime: "22:00", endTime: "06:00" }, []],
    [{ startTime: "09:00", endTime: "08:00" }, []],
    [{ startTime: "09:00", endTime: "08:01" }, ["endTime"]],
    [{ startTime: "09:00", endTime: "09:00" }, ["endTime"]],
    [{ endDate: "2026-01-05" }, []],
    [{ endDate: "2026-01-04" }, ["endDate"]],
    [{ breaks: [lunch("09:00", "09:30"), lunch("16:30", "17:00")] }, []],
    [{ breaks: [lunch("08:00", "09:30")] }, ["breaks.0"]],
    [{ breaks: [lunch("16:30", "17:01")] }, ["breaks.0"]],
    [{ breaks: [lunch("12:00", "12:00")] }, ["breaks.0"]],
    [{ breaks: [lunch("12:00", "12:30"), lunch("12:29", "12:40")] }, ["breaks.1"]],
    [{ startTime: "22:00", endTime: "06:00", breaks: [lunch("23:50", "00:10")] }, []],
  ];
  for (const [changes, expected] of cases) {
    const refusal = refusePattern(aPattern(changes));
    assert.deepEqual(
      refusal?.errors?.map(({ path }) => path) ?? [],
      expected,
      JSON.stringify(changes),
    );
  }
});

Deno.test("two patterns overlap where shifts of theirs do", () => {
  const days = aPattern({ weekdays: ["mon", "tue"] });
  const cases: [Partial<PatternPlan>, boolean][] = [
    [{ weekdays: ["wed"] }, false],
    [{ weekdays: ["tue"] }, true],
    [{ weekdays: ["tue"], startTime: "17:00", endTime: "22:00" }, false],
    [{ weekdays: ["mon"], startTime: "22:00", endTime: "09:01" }, true],
    [{ weekdays: ["mon"], startTime: "22:00", endTime: "09:00" }, false],
    [{ weekdays: ["tue"], startDate: "2027-01-01" }, true],
    [{ weekdays: ["tue"], timezone: "Asia/Kolkata" }, true],
    [{ weekdays: ["tue"], timezone: "Asia/Tokyo" }, false],
    [{ weekdays: ["tue"], timezone: "America/Los_Angeles" }, false],
    [{ weekdays: ["tue"], startDate: "2026-01-07", endDate: "2026-01-12" }, false],
    [{ weekdays: ["tue"], startDate: "2026-01-07", endDate: "2026-01-13" }, true],
  ];
  for (const [changes, expected] of cases) {
    const other = aPattern(changes);
    assert.equal(doPatternsOverlap(days, other), expected, JSON.stringify(changes));
    assert.equal(doPatternsOverlap(other, days), expected, JSON.stringify(changes));
  }
});

Deno.test("any pattern makes shifts of a day at most, in order, each on a weekday of it, with breaks inside", () => {
  const time = fc.record({ hour: fc.nat(23), minute: fc.nat(59) }).map(({ hour, minute }) =>
    `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
  );
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
  const patterns = fc.record({
    timezone: fc.constantFrom(...zones),
    startTime: time,
    endTime: time,
    breaks: fc.array(
      fc.record({ type: fc.constant("lunch" as const), startTime: time, endTime: time }),
      {
        maxLength: 3,
      },
    ),
    weekdays: fc.subarray([...WEEKDAYS], { minLength: 1 }),
  }).map((changes) => aPattern({ ...changes, startDate: "2026-03-01" }));
  const moments = fc.integer({ min: at("2026-03-01T00:00Z"), max: at("2026-12-31T00:00Z") });
  fc.assert(fc.property(patterns, moments, (pattern, now) => {
    if (refusePattern(pattern) !== null) return;
    const { shifts } = unroll(pattern, now);
    let until = -Infinity;
    for (const { start, end, breaks } of shifts) {
      assert.ok(start >= until && end - start >= MINUTE_MS && end - start <= DAY_MS);
      until = end;
      const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(
        pattern.timezone,
      );
      assert.ok(pattern.weekdays.includes(WEEKDAYS[local.dayOfWeek - 1] ?? "mon"));
      for (const [index, each] of breaks.entries()) {
        assert.ok(each.start >= start && each.end <= end && each.end > each.start);
        assert.ok(!breaks.slice(0, index).some((other) => doOverlap(other, each)));
      }
    }
  }));
});
