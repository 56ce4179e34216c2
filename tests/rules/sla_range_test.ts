import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type HourRange,
  PACK_LEVELS,
  packEnd,
  packStart,
  type Part,
  partsOf,
} from "../../domain/rules/sla_range.ts";
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
    const third = level === "third" ? end.getUTCDate() : null;
    if (level === "month" || third === 21) end.setUTCMonth(end.getUTCMonth() + 1, 1);
    else if (third !== null) end.setUTCDate(third + 10);
    else end.setTime(start + hours.to * HOUR_MS);
    const first = level === "hours" ? start + hours.from * HOUR_MS : start;
    for (const hour of hoursBetween(first, end.getTime())) {
      // Nothing has happened yet in the hours to come.
      if (hour <= now) counts.set(hour, (counts.get(hour) ?? 0) + sign);
    }
  }
  return new Map([...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b));
}

/** In short: `+2026-02` a month, `+2026-02-01…` a third, `-2026-02-03` a day, ` 5-8` its hours. */
function inShort(range: HourRange, now: Instant): string[] {
  return partsOf(range, now).map(({ level, start, sign, hours }) => {
    const date = new Date(start).toISOString().slice(0, level === "month" ? 7 : 10);
    const told = { month: "", third: "…", day: "", hours: ` ${hours.from}-${hours.to}` };
    return `${sign === 1 ? "+" : "-"}${date}${told[level]}`;
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
  ["this month until yesterday", "2026-02-01T00:00", "2026-02-15T00:00", at("2026-02-15T09:30"), [
    "+2026-02",
    "-2026-02-15",
  ]],
  ["a third", "2026-02-11T00:00", "2026-02-21T00:00", LATER, ["+2026-02-11…"]],
  ["the last third of a month", "2026-01-21T00:00", "2026-02-01T00:00", LATER, ["+2026-01-21…"]],
  ["the second half of a month", "2026-01-17T00:00", "2026-02-01T00:00", LATER, [
    "+2026-01-17",
    "+2026-01-18",
    "+2026-01-19",
    "+2026-01-20",
    "+2026-01-21…",
  ]],
  ["nearly a third", "2026-02-12T00:00", "2026-02-20T04:00", LATER, [
    "+2026-02-11…",
    "-2026-02-11",
    "-2026-02-20",
    "+2026-02-20 0-4",
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

Deno.test("at each end of a range few packs are read, and of the months between their own", () => {
  fc.assert(fc.property(hour, hour, (a, b) => {
    const range = { start: Math.min(a, b), end: Math.max(a, b) };
    const parts = partsOf(range, LATER).filter(({ level }) => level !== "month");
    const byMonth = Map.groupBy(parts, ({ start }) => packStart("month", start));
    const months = new Set([range.start, range.end - 1].map((each) => packStart("month", each)));
    for (const [month, ofMonth] of byMonth) {
      assert.ok(months.has(month), "only at the ends");
      // Both ends may lie in one month.
      assert.ok(ofMonth.length <= (months.size === 1 ? 13 : 8), `${ofMonth.length}`);
    }
  }));
});

Deno.test("a pack begins with its month or day of UTC", () => {
  const now = at("2026-02-28T23:59:59.999");
  assert.equal(packStart("month", now), at("2026-02-01T00:00"));
  assert.equal(packStart("day", now), at("2026-02-28T00:00"));
  assert.equal(packStart("hours", now), at("2026-02-28T00:00"));
  assert.equal(packStart("day", -1), -DAY_MS);
  const thirds = ["01", "10", "11", "20", "21", "28"].map((day) =>
    packStart("third", at(`2026-02-${day}T23:59`))
  );
  const days = ["01", "01", "11", "11", "21", "21"];
  assert.deepEqual(thirds, days.map((day) => at(`2026-02-${day}T00:00`)));
});

Deno.test("packs of each level follow each other without a gap", () => {
  fc.assert(fc.property(instant, fc.constantFrom(...PACK_LEVELS), (now, level) => {
    const start = packStart(level, now);
    const end = packEnd(level, start);
    assert.ok(start <= now && now < end);
    assert.equal(packStart(level, end), end);
    assert.equal(packStart(level, end - 1), start);
  }));
});
