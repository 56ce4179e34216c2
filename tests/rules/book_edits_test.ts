import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { bringUpToDate, hoursOf, isBehind } from "../../domain/rules/sla_course.ts";
import { calendarFor } from "../../domain/rules/sla_configuration.ts";
import { EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { anActor } from "../support/builders.ts";
import { someHours } from "../support/calendars.ts";
import {
  type ConfigurationChanges,
  Course,
  editedBook,
  NINE_TO_FIVE,
  on,
  timeText,
} from "../support/course.ts";

/** On a Monday at nine. */
const OPENED = on("5 09:00");
const PROMISE = { responseTime: 480, nextReplyTime: 480, resolutionTime: 960 };
/** Open an hour less in the morning and an hour more in the evening. */
const LATER: Calendar = { ...NINE_TO_FIVE, ...someHours("UTC", [["10:00", "18:00"]]) };

function aCourse(calendar: Calendar = NINE_TO_FIVE, more: ConfigurationChanges = {}): Course {
  return new Course(OPENED, calendar, { ...PROMISE, ...more }).ask(OPENED).begin(OPENED);
}

function dues({ ticket: { sla } }: Course): (string | null)[] {
  const { response, nextReply, resolution } = sla;
  return [response, nextReply, resolution].map((clock) => clock && timeText(clock.dueAt));
}

function breaches({ history }: Course): unknown[] {
  return history.filter(({ action }) => action === "sla_breach")
    .map(({ at, details }) => [timeText(at), details["clock"], details["reason"]]);
}

Deno.test("a ticket keeps the promise that it was opened with, whatever is configured later", () => {
  const course = aCourse();
  const { sla } = course.ticket;
  course.configure(on("5 10:00"), { configuration: { responseTime: 1, resolutionTime: 1 } });
  assert.equal(isBehind(course.ticket, course.book), false);
  assert.equal(course.pass(on("5 11:00")).ticket.sla, sla);
  const fresh = new Course(on("5 11:00"), NINE_TO_FIVE, { responseTime: 1 });
  assert.equal(timeText(fresh.ticket.sla.response.dueAt), "5 11:01");
});

Deno.test("what is applied to open tickets holds from the instant of the edit on", () => {
  const course = aCourse().configure(on("5 11:00"), {
    configuration: { responseTime: 180, nextReplyTime: 60, resolutionTime: 120 },
    applyToOpen: true,
  });
  assert.ok(isBehind(course.ticket, course.book));
  course.pass(on("6 00:00"));
  assert.ok(!isBehind(course.ticket, course.book));
  assert.deepEqual(dues(course), ["5 12:00", "5 10:00", "5 11:00"]);
  assert.deepEqual(breaches(course), [
    ["5 11:00", "nextReply", "target_change"],
    ["5 11:00", "resolution", undefined],
    ["5 12:00", "response", undefined],
  ]);
});

Deno.test("up to the edit a ticket went on as it was, however late it is seen", () => {
  const course = aCourse().configure(on("6 10:00"), {
    configuration: { responseTime: 4_800, nextReplyTime: 4_800 },
    applyToOpen: true,
  });
  // Both had run out an evening before anybody promised more.
  course.pass(on("6 17:00"));
  assert.deepEqual(breaches(course), [
    ["5 17:00", "response", undefined],
    ["5 17:00", "nextReply", undefined],
  ]);
  assert.deepEqual(dues(course), ["16 17:00", "16 17:00", "6 17:00"]);
});

Deno.test("with an edit that is applied a ticket gets its rules for waits and replies too", () => {
  for (const pauseOnPending of [true, false]) {
    const course = aCourse(NINE_TO_FIVE, { pauseOnPending: !pauseOnPending }).move(
      on("5 10:00"),
      "pending",
    );
    course.configure(on("5 12:00"), {
      configuration: { pauseOnPending, replyOnly: true },
      applyToOpen: true,
    }).pass(on("5 14:00"));
    const { sla } = course.ticket;
    assert.deepEqual([sla.pauseOnPending, sla.replyOnly], [pauseOnPending, true]);
    // Paused at the edit after three hours, or gone on then with one.
    const states = [sla.response.state, sla.nextReply?.state, sla.resolution.state];
    const state = pauseOnPending ? "paused" : "active";
    assert.deepEqual(states, ["active", state, state]);
    assert.equal(sla.resolution.consumedMs, (pauseOnPending ? 3 : 1) * 3_600_000);
    course.move(on("5 15:00"), "in-progress");
    assert.equal(
      timeText(course.ticket.sla.resolution.dueAt),
      pauseOnPending ? "7 12:00" : "7 11:00",
    );
  }
});

Deno.test("an edited calendar counts the running stretch anew, from where it began", () => {
  const course = aCourse().configure(on("5 12:00"), { calendars: [LATER] });
  course.pass(on("5 12:00") + 1);
  assert.deepEqual(dues(course), ["5 18:00", "5 18:00", "6 18:00"]);
  assert.deepEqual(breaches(course), []);
});

Deno.test("of a clock that stood still an edited calendar leaves what it had used up", () => {
  const course = aCourse().move(on("5 10:00"), "pending").move(on("5 12:00"), "in-progress");
  course.configure(on("5 13:00"), { calendars: [LATER] }).pass(on("5 13:00") + 1);
  // One hour by the old hours; fifteen are left from noon on by the new ones.
  assert.equal(timeText(course.ticket.sla.resolution.dueAt), "7 11:00");
});

Deno.test("a deadline that an edited calendar moves into the past is broken at the edit", () => {
  const course = aCourse(NINE_TO_FIVE, { responseTime: 540 });
  course.configure(on("5 22:00"), {
    calendars: [{ ...NINE_TO_FIVE, alwaysOpen: true, weekly: {} }],
  });
  course.pass(on("7 09:00"));
  assert.deepEqual(breaches(course), [
    ["5 17:00", "nextReply", undefined],
    ["5 22:00", "response", "calendar_change"],
    ["6 01:00", "resolution", undefined],
  ]);
});

Deno.test("clocks that are done are never counted anew, and a breach never goes away", () => {
  const course = aCourse().reply(on("5 10:00")).ask(on("5 10:00")).pass(on("6 09:00"));
  const { response, nextReply } = course.ticket.sla;
  assert.equal(nextReply?.breachedAt, null);
  course.pass(on("6 12:00"));
  course.configure(on("6 12:00"), {
    calendars: [{ ...NINE_TO_FIVE, holidays: ["2026-01-05", "2026-01-06"] }],
  });
  course.pass(on("6 12:00") + 1);
  assert.equal(course.ticket.sla.response, response);
  assert.equal(course.ticket.sla.nextReply?.breachedAt, on("6 10:00"));
  assert.deepEqual(dues(course), ["5 17:00", "7 17:00", "8 17:00"]);
});

Deno.test("of a ticket that is not open a changed book is noted, and holds once it is reopened", () => {
  for (const end of ["resolved", "closed"] as const) {
    const course = aCourse().reply(on("5 10:00")).move(on("5 11:00"), "resolved");
    if (end === "closed") course.move(on("5 11:00"), "closed");
    const { response, nextReply, resolution } = course.ticket.sla;
    course.configure(on("5 12:00"), { calendars: [LATER] });
    course.configure(on("5 13:00"), { configuration: { resolutionTime: 60 }, applyToOpen: true });
    course.pass(on("5 14:00"));
    assert.ok(!isBehind(course.ticket, course.book));
    const { sla } = course.ticket;
    assert.deepEqual([sla.response, sla.nextReply, sla.resolution], [
      response,
      nextReply,
      resolution,
    ]);
    course.move(on("6 09:00"), "assigned", anActor("admin"));
    // Fourteen hours of the sixteen that were promised are left, by the hours of now.
    assert.equal(timeText(course.ticket.sla.resolution.dueAt), "7 16:00", end);
    assert.deepEqual(breaches(course), []);
  }
});

Deno.test("a calendar that names a department counts for its tickets, the open ones too", () => {
  const nights: Calendar = {
    ...NINE_TO_FIVE,
    ...someHours("UTC", [["18:00", "22:00"]]),
    id: "nights",
    departments: ["  Night Shift "],
  };
  const course = new Course(OPENED, NINE_TO_FIVE, PROMISE, { department: "night shift" });
  assert.equal(timeText(course.ticket.sla.response.dueAt), "5 17:00");
  course.configure(on("5 12:00"), { calendars: [nights] }).pass(on("5 12:00") + 1);
  assert.equal(course.ticket.sla.calendar.id, "nights");
  // Three hours by day, and five in the evenings.
  assert.equal(timeText(course.ticket.sla.response.dueAt), "6 19:00");
  course.configure(on("5 19:00"), { calendars: [{ ...nights, departments: [] }] }).pass(
    on("6 00:00"),
  );
  assert.equal(timeText(course.ticket.sla.response.dueAt), "6 13:00");
});

Deno.test("when a calendar is deleted its tickets go on by the default one, as it is by now", () => {
  const course = aCourse();
  const byDefault = { ...LATER, id: DEFAULT_CALENDAR.id };
  course.configure(on("5 10:00"), { calendars: [byDefault] }).pass(on("5 10:00") + 1);
  assert.equal(course.ticket.sla.calendar.id, NINE_TO_FIVE.id);
  course.configure(on("5 12:00"), { calendars: [{ ...NINE_TO_FIVE, deletedAt: on("5 12:00") }] });
  course.pass(on("5 12:00") + 1);
  // Three hours by the deleted one, and thirteen by the default one.
  assert.equal(timeText(course.ticket.sla.resolution.dueAt), "6 17:00");
  assert.equal(hoursOf(course.book, course.ticket), course.book.calendars.get(DEFAULT_CALENDAR.id));
  assert.ok(!isBehind(course.ticket, course.book));
  assert.equal(calendarFor(EMPTY_BOOK, "general", NINE_TO_FIVE.id), DEFAULT_CALENDAR);
});

Deno.test("a ticket that the book says nothing new about stays the very same", () => {
  const course = aCourse();
  const book = editedBook(course.book, {
    pair: [3, "billing"],
    configuration: PROMISE,
    applyToOpen: true,
  }, on("5 10:00"));
  for (const status of STATUSES) {
    const ticket = { ...course.ticket, status };
    assert.equal(bringUpToDate(ticket, book), ticket, status);
  }
});
