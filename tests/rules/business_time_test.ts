import assert from "node:assert/strict";
import { addBusinessTime, businessTimeBetween } from "../../domain/rules/business_time.ts";
import { DEFAULT_CALENDAR, type Hours, WEEKDAYS } from "../../domain/rules/calendar.ts";
import { DAY_MS, HOUR_MS, type Instant, iso, MINUTE_MS } from "../../domain/rules/time.ts";
import { someHours } from "../support/calendars.ts";

const NINE_TO_FIVE = someHours("Europe/Berlin", [["09:00", "17:00"]]);
const EIGHT_TO_SIX = someHours("Europe/Berlin", [["08:00", "18:00"]]);
const WITH_LUNCH = someHours("Europe/Berlin", [["09:00", "12:00"], ["13:00", "17:00"]]);
const NIGHTS = someHours("Europe/Berlin", [["00:00", "06:00"], ["22:00", "24:00"]]);
const NEW_YEAR = someHours("Europe/Berlin", [["09:00", "17:00"]], undefined, [
  "2025-12-25",
  "2025-12-26",
  "2026-01-01",
]);

/** The 5th of January 2026 is a Monday; Berlin is an hour ahead of UTC in winter. */
const added:
  readonly (readonly [what: string, Hours, from: string, minutes: number, to: string])[] = [
    ["over a weekend", NINE_TO_FIVE, "2026-01-09T16:30+01:00", 60, "2026-01-12T09:30+01:00"],
    ["over a night", EIGHT_TO_SIX, "2026-01-05T17:00+01:00", 240, "2026-01-06T11:00+01:00"],
    ["3 of 4 hours over it", EIGHT_TO_SIX, "2026-01-05T17:00+01:00", 180, "2026-01-06T10:00+01:00"],
    ["over lunch", WITH_LUNCH, "2026-01-05T11:30+01:00", 60, "2026-01-05T13:30+01:00"],
    ["from the night", NINE_TO_FIVE, "2026-01-05T03:00+01:00", 60, "2026-01-05T10:00+01:00"],
    ["to the opening's first", NINE_TO_FIVE, "2026-01-05T03:00+01:00", 1, "2026-01-05T09:01+01:00"],
    ["to a close", NINE_TO_FIVE, "2026-01-05T16:00+01:00", 60, "2026-01-05T17:00+01:00"],
    ["past a close", NINE_TO_FIVE, "2026-01-05T16:00+01:00", 61, "2026-01-06T09:01+01:00"],
    ["to a close at noon", WITH_LUNCH, "2026-01-05T09:00+01:00", 180, "2026-01-05T12:00+01:00"],
    ["from a close", NINE_TO_FIVE, "2026-01-05T17:00+01:00", 60, "2026-01-06T10:00+01:00"],
    ["from an opening", NINE_TO_FIVE, "2026-01-05T09:00+01:00", 480, "2026-01-05T17:00+01:00"],
    ["through midnight", NIGHTS, "2026-01-05T23:00+01:00", 120, "2026-01-06T01:00+01:00"],
    ["to 24:00", NIGHTS, "2026-01-05T22:00+01:00", 120, "2026-01-06T00:00+01:00"],
    ["24:00 of a Friday", NIGHTS, "2026-01-09T23:00+01:00", 61, "2026-01-12T00:01+01:00"],
    ["over Christmas", NEW_YEAR, "2025-12-24T16:00+01:00", 120, "2025-12-29T10:00+01:00"],
    ["from a holiday", NEW_YEAR, "2025-12-25T12:00+01:00", 60, "2025-12-29T10:00+01:00"],
    ["over New Year", NEW_YEAR, "2025-12-31T16:30+01:00", 60, "2026-01-02T09:30+01:00"],
    ["to a close of the year", NEW_YEAR, "2025-12-31T16:00+01:00", 60, "2025-12-31T17:00+01:00"],
    ["a year", NINE_TO_FIVE, "2026-01-01T00:00+01:00", 261 * 480, "2026-12-31T17:00+01:00"],
    ["ten years", NINE_TO_FIVE, "2016-01-01T00:00+01:00", 2_609 * 480, "2025-12-31T17:00+01:00"],
    ["before 1970", NINE_TO_FIVE, "1965-01-01T12:00+01:00", 360, "1965-01-04T10:00+01:00"],
    ["no time", NINE_TO_FIVE, "2026-01-05T03:00+01:00", 0, "2026-01-05T03:00+01:00"],
    ["less than none", NINE_TO_FIVE, "2026-01-05T12:00+01:00", -60, "2026-01-05T12:00+01:00"],
  ];

for (const [what, hours, from, minutes, to] of added) {
  Deno.test(`business time is added: ${what}`, () => {
    const end = addBusinessTime(hours, at(from), minutes * MINUTE_MS);
    assert.equal(iso(end), iso(at(to)));
    const passed = businessTimeBetween(hours, at(from), end);
    assert.equal(passed, Math.max(0, minutes) * MINUTE_MS);
  });
}

Deno.test("a window has its opening and not its close", () => {
  const [open, close] = [at("2026-01-05T09:00+01:00"), at("2026-01-05T17:00+01:00")];
  assert.equal(businessTimeBetween(NINE_TO_FIVE, open - 5, open), 0);
  assert.equal(businessTimeBetween(NINE_TO_FIVE, open, open + 1), 1);
  assert.equal(businessTimeBetween(NINE_TO_FIVE, close - 1, close), 1);
  assert.equal(businessTimeBetween(NINE_TO_FIVE, close, close + 5), 0);
});

Deno.test("between an instant and itself, or one before it, no time has passed", () => {
  const noon = at("2026-01-05T12:00+01:00");
  for (const hours of [NINE_TO_FIVE, DEFAULT_CALENDAR]) {
    assert.equal(businessTimeBetween(hours, noon, noon), 0);
    assert.equal(businessTimeBetween(hours, noon, noon - DAY_MS), 0);
  }
});

Deno.test("a holiday is the local day, wherever UTC has its midnight", () => {
  const ever = [["00:00", "24:00"]] as const;
  const days = [["Pacific/Auckland", "+13:00"], ["Pacific/Honolulu", "-10:00"]] as const;
  for (const [timezone, offset] of days) {
    const hours = someHours(timezone, ever, WEEKDAYS, ["2026-01-07"]);
    const [start, end] = [at(`2026-01-07T00:00${offset}`), at(`2026-01-08T00:00${offset}`)];
    assert.equal(businessTimeBetween(hours, start, end), 0);
    assert.equal(businessTimeBetween(hours, start - HOUR_MS, end + HOUR_MS), 2 * HOUR_MS);
    assert.equal(addBusinessTime(hours, start - HOUR_MS, HOUR_MS), start);
    assert.equal(addBusinessTime(hours, start - HOUR_MS, HOUR_MS + 1), end + 1);
  }
});

Deno.test("on the default calendar, and on any that is always open, all time counts", () => {
  const named = { ...NEW_YEAR, alwaysOpen: true };
  const christmas = at("2025-12-25T03:00+01:00");
  for (const hours of [DEFAULT_CALENDAR, named]) {
    for (const ms of [1, MINUTE_MS, 400 * DAY_MS]) {
      assert.equal(addBusinessTime(hours, christmas, ms), christmas + ms);
      assert.equal(businessTimeBetween(hours, christmas, christmas + ms), ms);
    }
    assert.equal(addBusinessTime(hours, christmas, 0), christmas);
    assert.equal(addBusinessTime(hours, christmas, -1), christmas);
  }
});

Deno.test("time that is not found in a hundred years ends at the horizon, and no more is counted", () => {
  const minuteAWeek = someHours("Europe/Berlin", [["09:00", "09:01"]], ["mon"]);
  const from = at("2026-06-01T12:00+02:00");
  const horizon = at("2126-01-01T00:00+01:00");
  assert.equal(addBusinessTime(minuteAWeek, from, 10_000 * MINUTE_MS), horizon);
  assert.equal(addBusinessTime(minuteAWeek, from, Infinity), horizon);
  const passed = businessTimeBetween(minuteAWeek, from, horizon);
  // The Mondays behind the first of June 2026 and before the year 2126.
  assert.equal(passed, 5_196 * MINUTE_MS);
  assert.equal(businessTimeBetween(minuteAWeek, from, horizon + 5_000 * DAY_MS), passed);
  assert.equal(addBusinessTime(minuteAWeek, from, passed), at("2125-12-31T09:01+01:00"));
});

Deno.test("what was forgotten for more hours and years than are kept is found the same again", () => {
  const ask = (): string[] =>
    Array.from({ length: 100 }, (_, index) => {
      const close = `17:${String(index % 60).padStart(2, "0")}`;
      const hours = someHours(index < 60 ? "Europe/Berlin" : "Asia/Tokyo", [["09:00", close]]);
      const from = Date.UTC(1990 + index, 5, 1);
      return iso(addBusinessTime(hours, from, index * 100 * HOUR_MS));
    });
  const first = ask();
  assert.deepEqual(ask(), first);
  assert.equal(new Set(first).size, 100);
  const years = Array.from({ length: 40 }, (_, index) => Date.UTC(2000 + index, 0, 1));
  const passed = years.map((from) => businessTimeBetween(NINE_TO_FIVE, from, from + 400 * DAY_MS));
  for (const [index, from] of [...years.entries()].reverse()) {
    assert.equal(businessTimeBetween(NINE_TO_FIVE, from, from + 400 * DAY_MS), passed[index]);
  }
});

function at(text: string): Instant {
  return Temporal.Instant.from(text).epochMilliseconds;
}
