import assert from "node:assert/strict";
import fc from "fast-check";
import { type HourRange, packStart, type Part, partsOf } from "../../domain/rules/sla_range.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../domain/rules/time.ts";

function at(text: string): Instant {
  return Date.parse(`${text}Z`);
}

function hoursBetween(start: Instant, end: Instant): Instant[] {
  const hours: Instant[] = [];
  for (let hour = start; hour < end; hour += HOUR_MS) hours.push(hour);
  return hours;
}

/** How often each hour is counted by the parts, without those that come to nothing. */
function counted(parts: readonly Part[], now: Instant): Map<Instant, number> {
  const counts = new Map<Instant, number>();
  for (const { level, start, hours, sign } of parts) {
    const end = new Date(start);
    if (level === "month") end.setUTCMonth(end.getUTCMonth() + 1);
    else end.setTime(start + hours.to * HOUR_MS);
    const first = level === "hours" ? start + hours.from * HOUR_MS : start;
    for (const hour of hoursBetween(first, end.getTime())) {
      // Nothing has happened yet in the hours to come.
      if (hour <= now) counts.set(hour, (counts.get(hour) ?? 0) + sign);
    }
  }
  return new Map([...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b));
}

/** The parts in short: `+2026-02` is a month, `-2026-02-03` a day, `+2026-02-03 5-8` its hours. */
function inShort(range: HourRange, now: Instant): string[] {
  return partsOf(range, now).map(({ level, start, sign, hours }) => {
    const date = new Date(start).toISOString().slice(0, level === "month" ? 7 : 10);
    const told = level === "hours" ? ` ${hours.from}-${hours.to}` : "";
    return `${sign === 1 ? "+" : "-"}${date}${told}`;
  });
}

const LATER = at("2030-01-01T00:00");

const CASES: readonly (readonly [
  what: string,
  start: string,
  end: string,
  now: Instant,
  parts: string[],
])[] = [
  ["nothing", "2026-02-01T00:00", "2026-02-01T00:00", LATER, []],
  ["a month", "2026-02-01T00:00", "2026-03-01T00:00", LATER, ["+2026-02"]],
  ["a year", "2025-12-01T00:00", "2026-02-01T00:00", LATER, ["+2025-12", "+2026-01"]],
  ["a day", "2026-02-03T00:00", "2026-02-04T00:00", LATER, ["+2026-02-03"]],
  ["some hours", "2026-02-03T05:00", "2026-02-03T08:00", LATER, ["+2026-02-03 5-8"]],
  ["nearly a day", "2026-02-03T02:00", "2026-02-04T00:00", LATER, [
    "+2026-02-03",
    "-2026-02-03 0-2",
  ]],
  ["hours around midnight", "2026-02-03T23:00", "2026-02-04T01:00", LATER, [
    "+2026-02-03 23-24",
    "+2026-02-04 0-1",
  ]],
  ["nearly a month", "2026-02-02T00:00", "2026-02-28T00:00", LATER, [
    "+2026-02",
    "-2026-02-01",
    "-2026-02-28",
  ]],
  ["a month of Berlin", "2026-01-31T23:00", "2026-02-28T23:00", LATER, [
    "+2026-01-31 23-24",
    "+2026-02",
    "-2026-02-28 23-24",
  ]],
  ["this month so far", "2026-02-01T00:00", "2026-02-05T10:00", at("2026-02-05T09:30"), [
    "+2026-02",
  ]],
  ["this month until yesterday", "2026-02-01T00:00", "2026-02-05T00:00", at("2026-02-05T09:30"), [
    "+2026-02",
    "-2026-02-05",
  ]],
  ["this month and years to come", "2026-02-01T00:00", "2028-02-01T00:00", at("2026-02-05T09:30"), [
    "+2026-02",
  ]],
  ["what is to come", "2026-03-01T00:00", "2026-04-01T00:00", at("2026-02-05T09:30"), []],
];

for (const [what, start, end, now, parts] of CASES) {
  Deno.test(`${what} is read as ${parts.join(", ") || "nothing"}`, () => {
    assert.deepEqual(inShort({ start: at(start), end: at(end) }, now), parts);
  });
}

const hour = fc.integer({
  min: at("2025-11-01T00:00") / HOUR_MS,
  max: at("2026-04-01T00:00") / HOUR_MS,
})
  .map((hours) => hours * HOUR_MS);
const instant = fc.integer({ min: at("2025-11-01T00:00"), max: at("2026-04-01T00:00") });

Deno.test("the parts of a range count each hour of it once, as far as anything has happened", () => {
  fc.assert(fc.property(hour, hour, instant, (a, b, now) => {
    const range = { start: Math.min(a, b), end: Math.max(a, b) };
    const expected = hoursBetween(range.start, Math.min(range.end, now + 1));
    assert.deepEqual(counted(partsOf(range, now), now), new Map(expected.map((each) => [each, 1])));
  }));
});

Deno.test("a range takes no more than half the days of a month, and none of the months between", () => {
  fc.assert(fc.property(hour, hour, (a, b) => {
    const range = { start: Math.min(a, b), end: Math.max(a, b) };
    const parts = partsOf(range, LATER);
    const days = new Set(parts.filter(({ level }) => level !== "month").map(({ start }) => start));
    const byMonth = Map.groupBy(days, (day) => packStart("month", day));
    assert.ok(byMonth.size <= 2, "only at the edges");
    for (const ofMonth of byMonth.values()) assert.ok(ofMonth.length <= 17, `${ofMonth.length}`);
  }));
});

Deno.test("a pack begins with its month or day of UTC", () => {
  const now = at("2026-02-28T23:59:59.999");
  assert.equal(packStart("month", now), at("2026-02-01T00:00"));
  assert.equal(packStart("day", now), at("2026-02-28T00:00"));
  assert.equal(packStart("hours", now), at("2026-02-28T00:00"));
  assert.equal(packStart("day", -1), -DAY_MS);
});
