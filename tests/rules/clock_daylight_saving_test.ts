import assert from "node:assert/strict";
import {
  type Calendar,
  DEFAULT_CALENDAR,
  WEEKDAYS,
  type Window,
} from "../../domain/rules/calendar.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { someHours } from "../support/calendars.ts";
import { Course } from "../support/course.ts";

/** The same windows on every day of the week, in a place. */
function daily(timezone: string, ...windows: readonly Window[]): Calendar {
  const hours = someHours(timezone, windows, WEEKDAYS);
  return { ...DEFAULT_CALENDAR, ...hours, id: "nights", name: "Nights" };
}

/** The instant of a local time that tells its offset: "2026-03-29T03:00+02:00". */
function at(text: string): Instant {
  return Date.parse(text);
}

function aCourse(opened: string, calendar: Calendar, resolutionTime = 9_600): Course {
  const promise = { responseTime: 9_600, resolutionTime, escalationRules: [] };
  return new Course(at(opened), calendar, promise).begin(at(opened));
}

/** The minutes that a ticket's resolution has used up when it is made to wait. */
function usedBy(course: Course, until: string): number {
  return course.move(at(until), "pending").ticket.sla.resolution.consumedMs / MINUTE_MS;
}

const BERLIN = daily("Europe/Berlin", ["00:00", "06:00"]);

Deno.test("a clock that runs over a change of clocks uses up the time that there was", () => {
  const nights: readonly [string, Calendar, string, string, number][] = [
    ["Berlin, forward", BERLIN, "2026-03-29T00:00+01:00", "2026-03-29T12:00+02:00", 300],
    ["Berlin, back", BERLIN, "2026-10-25T00:00+02:00", "2026-10-25T12:00+01:00", 420],
    [
      "New York, forward",
      daily("America/New_York", ["00:00", "08:00"]),
      "2026-03-08T00:00-05:00",
      "2026-03-08T12:00-04:00",
      420,
    ],
    [
      "New York, back",
      daily("America/New_York", ["00:00", "08:00"]),
      "2026-11-01T00:00-04:00",
      "2026-11-01T12:00-05:00",
      540,
    ],
    [
      "New York, a window whose opening is skipped",
      daily("America/New_York", ["02:30", "04:00"]),
      "2026-03-08T00:00-05:00",
      "2026-03-08T12:00-04:00",
      30,
    ],
    [
      "Lord Howe, forward by half an hour",
      daily("Australia/Lord_Howe", ["00:00", "08:00"]),
      "2026-10-04T00:00+10:30",
      "2026-10-04T12:00+11:00",
      450,
    ],
  ];
  for (const [name, calendar, opened, until, minutes] of nights) {
    assert.equal(usedBy(aCourse(opened, calendar), until), minutes, name);
  }
});

Deno.test("a deadline behind a change of clocks lies where so much time has passed", () => {
  const dueOf = ({ ticket }: Course): Instant => ticket.sla.resolution.dueAt;
  const forward = aCourse("2026-03-29T00:00+01:00", BERLIN, 240);
  assert.equal(dueOf(forward), at("2026-03-29T05:00+02:00"));
  const back = aCourse("2026-10-25T00:00+02:00", BERLIN, 240);
  assert.equal(dueOf(back), at("2026-10-25T03:00+01:00"));
  const allHours = aCourse("2026-03-29T00:00+01:00", DEFAULT_CALENDAR, 240);
  assert.equal(dueOf(allHours), at("2026-03-29T05:00+02:00"));
});

Deno.test("a wait over a change of clocks costs nothing, and gives nothing back", () => {
  // Half an hour is used on the day before, and the rest after the jump.
  const forward = aCourse("2026-03-28T05:30+01:00", BERLIN, 90);
  forward.move(at("2026-03-28T06:00+01:00"), "pending");
  forward.move(at("2026-03-29T04:30+02:00"), "in-progress");
  assert.equal(forward.ticket.sla.resolution.dueAt, at("2026-03-29T05:30+02:00"));
  const back = aCourse("2026-10-25T00:00+02:00", BERLIN, 240);
  back.move(at("2026-10-25T01:00+02:00"), "pending");
  back.move(at("2026-10-25T03:30+01:00"), "in-progress");
  assert.equal(back.ticket.sla.resolution.dueAt, at("2026-10-26T00:30+01:00"));
});

Deno.test("an hour that comes twice is told apart by its instants, not by its name", () => {
  // It waits from half past two to half past two.
  const waiting = aCourse("2026-10-25T00:00+02:00", BERLIN, 240);
  waiting.move(at("2026-10-25T02:30+02:00"), "pending");
  assert.equal(waiting.ticket.sla.resolution.consumedMs, 150 * MINUTE_MS);
  waiting.move(at("2026-10-25T02:30+01:00"), "in-progress");
  assert.equal(waiting.ticket.sla.resolution.dueAt, at("2026-10-25T04:00+01:00"));
  // It runs from half past two to half past two.
  assert.equal(usedBy(aCourse("2026-10-25T02:30+02:00", BERLIN), "2026-10-25T02:30+01:00"), 60);
});

Deno.test("warning and breach in a night of a change of clocks come at their instants", () => {
  const course = aCourse("2026-10-25T00:00+02:00", BERLIN, 300);
  course.pass(at("2026-10-26T00:00+01:00"));
  assert.deepEqual(course.happened.map((each) => [each.kind, each.at]), [
    ["warning", at("2026-10-25T03:00+01:00")],
    ["breach", at("2026-10-25T04:00+01:00")],
  ]);
});
