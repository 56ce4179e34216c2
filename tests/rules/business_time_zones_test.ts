import assert from "node:assert/strict";
import { addBusinessTime, businessTimeBetween } from "../../domain/rules/business_time.ts";
import { WEEKDAYS, type Window } from "../../domain/rules/calendar.ts";
import { DAY_MS, iso, MINUTE_MS } from "../../domain/rules/time.ts";
import { someHours } from "../support/calendars.ts";

/** How many minutes a window is open on a date on which, or beside which, clocks are changed. */
const changed: readonly (readonly [zone: string, date: string, Window, minutes: number])[] = [
  ["Europe/Berlin", "2026-03-29", ["00:00", "06:00"], 300],
  ["Europe/Berlin", "2026-10-25", ["00:00", "06:00"], 420],
  ["America/New_York", "2026-03-08", ["00:00", "08:00"], 420],
  ["America/New_York", "2026-11-01", ["00:00", "08:00"], 540],
  ["Australia/Lord_Howe", "2026-10-04", ["00:00", "08:00"], 450],
  ["Australia/Lord_Howe", "2026-04-05", ["00:00", "08:00"], 510],
  ["Antarctica/Troll", "2026-03-29", ["00:00", "06:00"], 240],
  ["Antarctica/Troll", "2026-10-25", ["00:00", "06:00"], 480],
  // An hour more or less for the month of Ramadan.
  ["Africa/Casablanca", "2026-02-15", ["00:00", "06:00"], 420],
  ["Africa/Casablanca", "2026-03-22", ["00:00", "06:00"], 300],
  ["Pacific/Chatham", "2026-04-05", ["00:00", "06:00"], 420],
  ["Pacific/Chatham", "2026-09-27", ["00:00", "06:00"], 300],
  // The day begins at 01:00, or has its first hour twice.
  ["America/Havana", "2026-03-08", ["00:00", "06:00"], 300],
  ["America/Havana", "2026-11-01", ["00:00", "06:00"], 420],
  ["Atlantic/Azores", "2026-03-29", ["00:00", "06:00"], 300],
  ["Atlantic/Azores", "2026-10-25", ["00:00", "06:00"], 420],
  ["Africa/Cairo", "2026-04-24", ["00:00", "06:00"], 300],
  ["America/Santiago", "2026-09-06", ["00:00", "06:00"], 300],
  // The day has its last hour twice, or not at all.
  ["Africa/Cairo", "2026-10-29", ["18:00", "24:00"], 420],
  ["America/Santiago", "2026-04-04", ["18:00", "24:00"], 420],
  ["America/Nuuk", "2026-10-24", ["22:00", "24:00"], 180],
  ["America/Nuuk", "2026-03-28", ["18:00", "24:00"], 300],
  // Clocks went back over midnight: the next day begins when it is first shown.
  ["America/St_Johns", "2010-11-06", ["18:00", "24:00"], 360],
  ["America/St_Johns", "2010-11-07", ["00:00", "06:00"], 420],
  // Of a time that is left out, as much later as is left out: 02:30 is 03:30.
  ["America/New_York", "2026-03-08", ["02:30", "04:00"], 30],
  ["America/New_York", "2026-03-08", ["01:00", "02:30"], 90],
  ["America/New_York", "2026-03-08", ["02:30", "02:45"], 15],
  ["America/New_York", "2026-03-08", ["02:30", "03:15"], 0],
  // Of a time that is shown twice, the first.
  ["America/New_York", "2026-11-01", ["01:15", "01:45"], 30],
  ["America/New_York", "2026-11-01", ["01:30", "02:30"], 120],
  ["America/New_York", "2026-11-01", ["00:30", "01:30"], 60],
  // What would be in the next day is not open, nor is a day that the place never had.
  ["America/Nuuk", "2026-03-28", ["23:15", "23:45"], 0],
  ["Pacific/Apia", "2011-12-30", ["09:00", "17:00"], 0],
  ["Pacific/Apia", "2011-12-31", ["09:00", "17:00"], 480],
];

for (const [zone, date, [open, close], minutes] of changed) {
  Deno.test(`${open} to ${close} on ${date} in ${zone} is ${minutes} minutes`, () => {
    const day = Temporal.PlainDate.from(date);
    const weekday = WEEKDAYS[day.dayOfWeek - 1] ?? "mon";
    const hours = someHours(zone, [[open, close]], [weekday]);
    const noon = day.toZonedDateTime("UTC").epochMilliseconds + DAY_MS / 2;
    const [from, to] = [noon - 2 * DAY_MS, noon + 2 * DAY_MS];
    assert.equal(businessTimeBetween(hours, from, to), minutes * MINUTE_MS);
  });
}

Deno.test("windows that come to lie in one another when clocks are changed are open once", () => {
  // The first is 03:30 to 03:45 by then, in the midst of the second; the third begins in it too.
  const windows = [["02:30", "02:45"], ["03:00", "04:00"], ["02:50", "05:00"]] as const;
  const apart = [["02:30", "02:45"], ["03:00", "04:00"]] as const;
  const [from, to] = [Date.UTC(2026, 2, 8, 5), Date.UTC(2026, 2, 8, 12)];
  const minutesOf = (some: readonly Window[]): number =>
    businessTimeBetween(someHours("America/New_York", some, ["sun"]), from, to) / MINUTE_MS;
  assert.equal(minutesOf(apart), 60);
  assert.equal(minutesOf(windows), 120);
});

Deno.test("eight hours that begin before clocks are changed end when eight have passed", () => {
  const hours = someHours("Europe/Berlin", [["00:00", "24:00"]], WEEKDAYS);
  const eve = Date.UTC(2026, 2, 28, 23);
  assert.equal(iso(addBusinessTime(hours, eve, 480 * MINUTE_MS)), "2026-03-29T07:00:00.000Z");
});

Deno.test("a holiday on which clocks are changed is over when the next day begins", () => {
  const hours = someHours("Africa/Cairo", [["00:00", "24:00"]], WEEKDAYS, ["2026-10-29"]);
  // The Thursday lasts 25 hours, from 21:00 UTC in summer to 22:00 UTC in winter.
  const [start, end] = [Date.UTC(2026, 9, 28, 21), Date.UTC(2026, 9, 29, 22)];
  assert.equal(businessTimeBetween(hours, start, end), 0);
  assert.equal(addBusinessTime(hours, start - MINUTE_MS, MINUTE_MS), start);
  assert.equal(addBusinessTime(hours, start, MINUTE_MS), end + MINUTE_MS);
});

Deno.test("a millisecond before the local New Year and one after it are in two years, and both count", () => {
  for (const zone of ["Pacific/Kiritimati", "Europe/Berlin", "UTC", "Pacific/Pago_Pago"]) {
    const hours = someHours(zone, [["00:00", "24:00"]], WEEKDAYS);
    for (let year = 1950; year < 2150; year++) {
      const newYear = new Temporal.PlainDate(year, 1, 1).toZonedDateTime(zone).epochMilliseconds;
      assert.equal(businessTimeBetween(hours, newYear - 1, newYear + 1), 2, `${year} in ${zone}`);
      assert.equal(addBusinessTime(hours, newYear - 1, 1), newYear);
      assert.equal(addBusinessTime(hours, newYear - 1, 2), newYear + 1);
    }
  }
});
