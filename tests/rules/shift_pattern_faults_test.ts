import assert from "node:assert/strict";
import fc from "fast-check";
import { WEEKDAYS } from "../../domain/rules/calendar.ts";
import { doOverlap } from "../../domain/rules/shift.ts";
import {
  doPatternsOverlap,
  type PatternPlan,
  refusePattern,
  unroll,
} from "../../domain/rules/shift_pattern.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { aPattern, at } from "../support/shift_patterns.ts";

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
  const NOW = at("2026-01-01T00:00Z");
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
    [{ weekdays: ["tue"], startDate: "2025-01-07", endDate: "2025-12-31" }, false],
  ];
  for (const [changes, expected] of cases) {
    const other = aPattern(changes);
    assert.equal(doPatternsOverlap(days, other, NOW), expected, JSON.stringify(changes));
    assert.equal(doPatternsOverlap(other, days, NOW), expected, JSON.stringify(changes));
  }
});

Deno.test("a pattern that has just ended is in nobody's way", () => {
  const ended = aPattern({ weekdays: ["tue"], startDate: "2026-01-01", endDate: "2026-01-06" });
  const fresh = aPattern({ weekdays: ["tue"], startDate: "2026-01-06" });
  for (
    const [now, expected] of [["2026-01-06T12:00Z", true], ["2026-01-07T12:00Z", false]] as const
  ) {
    assert.equal(doPatternsOverlap(ended, fresh, at(now)), expected, now);
    assert.equal(doPatternsOverlap(fresh, ended, at(now)), expected, now);
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
