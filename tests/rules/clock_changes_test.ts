import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import type { Clock } from "../../domain/rules/clock.ts";
import type { ClockName } from "../../domain/rules/sla.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { someHours } from "../support/calendars.ts";
import {
  type ConfigurationChanges,
  Course,
  NINE_TO_FIVE,
  on,
  timeText,
  type Told,
} from "../support/course.ts";

/** Opened on a Monday at nine, when both calendars are open until five. */
const OPENED = on("5 09:00");
const LONG = { responseTime: 480, nextReplyTime: 480, resolutionTime: 480 };
const SHORT = { responseTime: 120, nextReplyTime: 120, resolutionTime: 120 };
const CALENDARS = [DEFAULT_CALENDAR, NINE_TO_FIVE];
const CLOCKS = ["response", "nextReply", "resolution"] as const satisfies ClockName[];

/** All three clocks began at nine; priority 1 promises less than priority 2. */
function aCourse(calendar: Calendar, long: ConfigurationChanges = {}): Course {
  const course = new Course(OPENED, calendar, { ...LONG, ...long });
  course.configure(OPENED, {
    pair: [1, "general"],
    configuration: { ...SHORT, escalationRules: [], calendarId: calendar.id },
  });
  return course.ask(OPENED).begin(OPENED);
}

function clockOf({ ticket }: Course, name: ClockName): Clock {
  const clock = ticket.sla[name];
  if (clock === null) throw new Error(`There is no ${name} clock`);
  return clock;
}

function dueOf(course: Course, name: ClockName): string {
  return timeText(clockOf(course, name).dueAt);
}

function breachesOf({ history }: Course): Told[] {
  return history.filter(({ action }) => action === "sla_breach");
}

Deno.test("of 480 minutes 100 are used: with a target of 120 each clock has 20 left", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar).edit(on("5 10:40"), { priority: 1 });
    for (const name of CLOCKS) {
      const clock = clockOf(course, name);
      assert.equal(timeText(clock.dueAt), "5 11:00", name);
      assert.equal(clock.targetMinutes, 120, name);
      assert.equal(clock.breachedAt, null, name);
    }
    assert.deepEqual(breachesOf(course), []);
    assert.equal(breachesOf(course.pass(on("5 11:00"))).length, 0);
    const late = breachesOf(course.pass(on("5 11:00") + 1));
    assert.deepEqual(late.map(({ at, details }) => [timeText(at), details["reason"]]), [
      ["5 11:00", undefined],
      ["5 11:00", undefined],
      ["5 11:00", undefined],
    ]);
  }
});

Deno.test("of 480 minutes 200 are used: a target of 120 is broken at the swap, and says why", () => {
  for (const calendar of CALENDARS) {
    const swap = on("5 12:20");
    const course = aCourse(calendar).edit(swap, { priority: 1 });
    assert.deepEqual(
      breachesOf(course).map(({ at, details }) => [at, details["clock"], details["reason"]]),
      CLOCKS.map((name) => [swap, name, "target_change"]),
    );
    for (const name of CLOCKS) {
      assert.equal(clockOf(course, name).breachedAt, swap, name);
      assert.equal(dueOf(course, name), "5 11:00", `${name}: the deadline that it would have had`);
    }
    assert.equal(course.ticket.status, "escalated");
    // Nothing breaks twice, whatever comes.
    course.edit(swap + 1, { priority: 2 }).pass(on("5 17:00")).edit(on("6 09:00"), { priority: 1 });
    assert.equal(breachesOf(course.pass(on("30 09:00"))).length, 3);
    for (const name of CLOCKS) assert.equal(clockOf(course, name).breachedAt, swap, name);
  }
});

Deno.test("a target counts what was used up by the calendar, over nights and weekends", () => {
  const course = aCourse(NINE_TO_FIVE, { resolutionTime: 4_800 });
  // Ten working days were promised; a week of five is used up on the next Monday at nine.
  course.reply(OPENED).configure(OPENED, {
    pair: [1, "general"],
    configuration: { resolutionTime: 2_460 },
  }).edit(on("12 08:00"), { priority: 1 });
  assert.equal(dueOf(course, "resolution"), "12 10:00");
});

Deno.test("a clock that stands still is swapped too, and goes on with what it had used up", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar).move(on("5 10:40"), "pending").edit(on("7 08:00"), {
      priority: 1,
    });
    assert.deepEqual(breachesOf(course).map(({ details }) => details["clock"]), ["response"]);
    assert.equal(clockOf(course, "resolution").state, "paused");
    course.move(on("7 12:00"), "in-progress");
    for (const name of ["nextReply", "resolution"] as const) {
      assert.equal(dueOf(course, name), "7 12:20", name);
    }
  }
});

Deno.test("what was used up before a clock stood still can break it at the swap", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar).reply(on("5 09:00")).ask(on("5 09:00"));
    course.move(on("5 12:20"), "pending").edit(on("5 18:00"), { priority: 1 });
    const broken = breachesOf(course);
    assert.deepEqual(
      broken.map(({ at, details }) => [timeText(at), details["clock"], details["reason"]]),
      [["5 18:00", "nextReply", "target_change"], ["5 18:00", "resolution", "target_change"]],
    );
    assert.equal(course.ticket.status, "pending");
    course.move(on("6 09:00"), "in-progress").pass(on("30 09:00"));
    assert.equal(breachesOf(course).length, 2);
  }
});

Deno.test("a deadline that a swap moves into the past does not come after the breach", () => {
  // Two hours and more are used up before it waits for its customer, who answers in time or not.
  const answers = ["5 18:00", "6 10:00", null];
  const swap = on("6 10:00");
  for (const calendar of CALENDARS) {
    for (const answer of answers) {
      const course = aCourse(calendar, { resolutionTime: 2_880, nextReplyTime: 2_880 });
      course.move(on("5 12:20"), "pending");
      if (answer !== null) course.move(on(answer), "in-progress");
      course.edit(swap, { priority: 1 });
      for (const name of ["nextReply", "resolution"] as const) {
        const { dueAt, warnAt, breachedAt } = clockOf(course, name);
        assert.equal(breachedAt, swap, name);
        assert.ok(dueAt <= swap, `${name}: due at ${timeText(dueAt)}`);
        assert.ok(warnAt <= swap, `${name}: warned of at ${timeText(warnAt)}`);
      }
    }
  }
});

Deno.test("a clock that stands still tells its deadline as if it went on at the swap", () => {
  const course = aCourse(NINE_TO_FIVE).move(on("5 10:30"), "pending");
  course.edit(on("5 16:50"), { priority: 1 });
  assert.equal(dueOf(course, "resolution"), "6 09:20");
  assert.equal(timeText(clockOf(course, "resolution").warnAt), "5 16:56");
});

Deno.test("a longer target takes no breach back", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar).edit(OPENED, { priority: 1 });
    course.edit(on("5 12:00"), { priority: 2 });
    for (const name of CLOCKS) {
      assert.equal(clockOf(course, name).breachedAt, on("5 11:00"), name);
      assert.equal(dueOf(course, name), "5 17:00", name);
    }
    assert.equal(breachesOf(course).length, 3);
    course.reply(on("5 16:00")).move(on("5 16:30"), "resolved");
    for (const name of CLOCKS) {
      const clock = clockOf(course, name);
      assert.ok(clock.state === "fulfilled" && !clock.met, name);
    }
  }
});

Deno.test("what changed while a ticket was resolved holds for it when it is reopened", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar).move(on("5 10:40"), "resolved").edit(on("5 12:30"), {
      priority: 1,
    });
    const { response } = course.ticket.sla;
    assert.equal(clockOf(course, "resolution").targetMinutes, 480, "what is done is done");
    course.ask(on("5 13:00"));
    assert.equal(dueOf(course, "resolution"), "5 13:20");
    assert.equal(dueOf(course, "nextReply"), "5 15:00");
    assert.equal(course.ticket.sla.response, response);
    assert.deepEqual(breachesOf(course), []);
  }
});

Deno.test("what a change broke of a resolved ticket is broken when it is reopened", () => {
  const rule = { level: 3, threshold: 150, notifyRoles: [], on: "resolution", reassign: false };
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar).configure(OPENED, {
      pair: [1, "general"],
      configuration: { escalationRules: [{ ...rule, on: "resolution" }] },
    });
    course.move(on("5 12:20"), "resolved").edit(on("5 12:30"), { priority: 1 });
    course.pass(on("5 13:00"));
    assert.deepEqual(course.news, [], "it is resolved");
    course.ask(on("5 14:00"));
    assert.deepEqual(course.news, ["5 14:00 breach resolution", "5 14:00 level 3"]);
    assert.equal(breachesOf(course)[0]?.details["reason"], "target_change");
  }
});

Deno.test("another category swaps as another priority does, an unknown one to general's targets", () => {
  const course = aCourse(NINE_TO_FIVE);
  course.configure(OPENED, { pair: [2, "billing"], configuration: SHORT });
  assert.equal(dueOf(course.edit(on("5 09:30"), { category: "billing" }), "resolution"), "5 11:00");
  assert.equal(
    dueOf(course.edit(on("5 09:40"), { category: "gardening" }), "resolution"),
    "5 17:00",
  );
});

Deno.test("an edit of anything else moves no deadline", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse(calendar);
    const { sla } = course.ticket;
    course.edit(on("5 10:00"), { title: "Another", tags: ["new"], estimatedHours: 3, dueDate: 1 });
    assert.equal(course.ticket.sla, sla);
    course.edit(on("5 10:30"), { department: "Billing" });
    assert.equal(course.ticket.sla, sla, "a department without a calendar of its own");
  }
});

Deno.test("another department's calendar counts from the instant of the change on", () => {
  const evenings: Calendar = {
    ...NINE_TO_FIVE,
    ...someHours("UTC", [["18:00", "22:00"]]),
    id: "evenings",
    departments: ["Night"],
  };
  const course = aCourse(NINE_TO_FIVE).configure(OPENED, { calendars: [evenings] });
  // Three hours are used up by day; of the evening's hours four remain on that day, one on the next.
  course.edit(on("5 12:00"), { department: "night" });
  for (const name of CLOCKS) assert.equal(dueOf(course, name), "6 19:00", name);
  // Two hours of the evening, and the rest by day again.
  course.edit(on("5 20:00"), { department: "general" });
  for (const name of CLOCKS) {
    assert.equal(dueOf(course, name), "6 12:00", name);
    assert.equal(clockOf(course, name).consumedMs, 300 * MINUTE_MS, name);
  }
  assert.deepEqual(breachesOf(course), []);
});

Deno.test("of a ticket that stands still another department's calendar counts when it goes on", () => {
  const course = aCourse(DEFAULT_CALENDAR).configure(OPENED, {
    calendars: [{ ...NINE_TO_FIVE, departments: ["Office"] }],
  });
  course.move(on("5 16:00"), "pending").edit(on("5 16:30"), { department: "Office" });
  assert.equal(dueOf(course.move(on("5 16:30"), "in-progress"), "resolution"), "6 09:30");
});
