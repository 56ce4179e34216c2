import assert from "node:assert/strict";
import type { Hours, Weekday, Window } from "../../domain/rules/calendar.ts";
import { HOUR_MS, MINUTE_MS } from "../../domain/rules/time.ts";
import { afterOpen, openBetween } from "./model_hours.ts";
import { judge } from "./verdict.ts";

/** `deno task simulate` runs ten weeks of five thousand. */
const WEEKS = 2;
/** When each desk begins, by its seed: the clocks are put in most of these weeks, or a year ends. */
const DESKS = [
  [1, Date.UTC(2026, 11, 20, 7, 30)],
  [2, Date.UTC(2026, 1, 28, 23)], // America's are put forward.
  [3, Date.UTC(2026, 2, 24, 13, 45)], // Europe's are put forward, Australia's back.
  [4, Date.UTC(2026, 9, 20, 5, 15)], // Europe's and America's are put back.
] as const;
const TICKETS = 110;

for (const [seed, beginsAt] of DESKS) {
  Deno.test(`what becomes due happens once and at its instant, and is counted, on desk ${seed}`, async () => {
    const { counts, differences, explained } = await judge({
      seed,
      weeks: WEEKS,
      tickets: TICKETS,
      beginsAt,
    });
    assert.equal(differences.length, 0, explained.join("\n\n"));
    assert.equal(counts.get("tickets"), TICKETS);
    assert.ok((counts.get("analytics") ?? 0) > 10_000);
    const happened = ["sla_warning", "sla_breach", "escalated", "requeued", "closed"] as const;
    for (const what of happened) assert.ok((counts.get(what) ?? 0) > 0, `nothing of ${what}`);
  });
}

const ALL_DAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function hoursOf(timezone: string, days: readonly Weekday[], ...windows: Window[]): Hours {
  const weekly = Object.fromEntries(days.map((day) => [day, windows]));
  return { timezone, alwaysOpen: false, weekly, holidays: [] };
}

function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

Deno.test("the model's hours are those of the specification", () => {
  const weekdays = ALL_DAYS.slice(0, 5);
  const office = hoursOf("UTC", weekdays, ["09:00", "17:00"]);
  const ends: [Hours, string, number, string][] = [
    [office, "2026-01-09T16:30Z", 1, "2026-01-12T09:30Z"],
    [hoursOf("UTC", weekdays, ["08:00", "18:00"]), "2026-01-12T17:00Z", 4, "2026-01-13T11:00Z"],
    [hoursOf("UTC", weekdays, ["08:00", "18:00"]), "2026-01-12T17:00Z", 3, "2026-01-13T10:00Z"],
    [
      hoursOf("UTC", weekdays, ["09:00", "12:00"], ["13:00", "17:00"]),
      "2026-01-12T11:30Z",
      1,
      "2026-01-12T13:30Z",
    ],
    [office, "2026-01-12T03:00Z", 8, "2026-01-12T17:00Z"],
  ];
  for (const [hours, from, open, end] of ends) {
    assert.equal(afterOpen(hours, at(from), open * HOUR_MS), at(end), `${from} and ${open} hours`);
    assert.equal(openBetween(hours, at(from), at(end)), open * HOUR_MS, `${from} to ${end}`);
  }
});

Deno.test("the model's days are as long as the specification's where the clock changes", () => {
  const days: [string, Window, string, number][] = [
    ["Europe/Berlin", ["00:00", "06:00"], "2026-03-29", 300],
    ["Europe/Berlin", ["00:00", "06:00"], "2026-10-25", 420],
    ["America/New_York", ["00:00", "08:00"], "2026-03-08", 420],
    ["America/New_York", ["00:00", "08:00"], "2026-11-01", 540],
    ["America/New_York", ["02:30", "04:00"], "2026-03-08", 30],
    ["Australia/Lord_Howe", ["00:00", "08:00"], "2026-10-04", 450],
  ];
  for (const [timezone, window, date, minutes] of days) {
    const day = Temporal.PlainDate.from(date);
    const [from, to] = [day, day.add({ days: 1 })].map((each) =>
      each.toZonedDateTime(timezone).epochMilliseconds
    );
    assert(from !== undefined && to !== undefined);
    const open = openBetween(hoursOf(timezone, ALL_DAYS, window), from, to);
    assert.equal(open / MINUTE_MS, minutes, `${timezone} ${date}`);
  }
});
