import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import type { Clock } from "../../domain/rules/clock.ts";
import type { ClockName } from "../../domain/rules/sla.ts";
import type { Status } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import {
  type ConfigurationChanges,
  Course,
  NINE_TO_FIVE,
  on,
  timeText,
} from "../support/course.ts";
import { theCustomer } from "../support/builders.ts";

/** Opened on a Monday an hour before closing time. */
const OPENED = on("5 16:00");
const PROMISE = { responseTime: 120, nextReplyTime: 90, resolutionTime: 600 };

/** With Ada from the beginning, who takes no step until she is told to. */
function aCourse(calendar: Calendar, configuration: ConfigurationChanges = {}): Course {
  return new Course(OPENED, calendar, { ...PROMISE, ...configuration }).begin(OPENED);
}

/** A course by each of both calendars, with what is expected of it there. */
function byBoth<T>(
  [allHours, nineToFive]: readonly [allHours: T, nineToFive: T],
  check: (course: Course, expected: T, calendar: Calendar) => void,
  configuration: ConfigurationChanges = {},
): void {
  check(aCourse(DEFAULT_CALENDAR, configuration), allHours, DEFAULT_CALENDAR);
  check(aCourse(NINE_TO_FIVE, configuration), nineToFive, NINE_TO_FIVE);
}

function clockOf({ ticket }: Course, name: ClockName): Clock {
  const clock = ticket.sla[name];
  if (clock === null) throw new Error(`There is no ${name} clock`);
  return clock;
}

function dueOf(course: Course, name: ClockName): string {
  return timeText(clockOf(course, name).dueAt);
}

function usedOf(course: Course, name: ClockName): number {
  return clockOf(course, name).consumedMs / MINUTE_MS;
}

function statesOf({ ticket: { sla } }: Course): (string | undefined)[] {
  return [sla.response.state, sla.nextReply?.state, sla.resolution.state];
}

Deno.test("a ticket's response and resolution run from its creation, by its calendar", () => {
  byBoth([["5 18:00", "6 02:00"], ["6 10:00", "7 10:00"]], (course, [response, resolution]) => {
    assert.equal(dueOf(course, "response"), response);
    assert.equal(dueOf(course, "resolution"), resolution);
    assert.deepEqual(statesOf(course), ["active", undefined, "active"]);
  });
});

Deno.test("what is opened while nobody works counts from the opening of the day", () => {
  const course = new Course(on("5 03:00"), NINE_TO_FIVE, PROMISE);
  assert.equal(dueOf(course, "response"), "5 11:00");
  assert.equal(clockOf(course, "response").startedAt, on("5 03:00"));
  assert.equal(clockOf(course.reply(on("5 09:30")), "response").consumedMs, 30 * MINUTE_MS);
});

Deno.test("while it waits for the customer resolution and next reply stand, the response runs", () => {
  byBoth([[30, 20], [30, 20]], (course, [resolution, nextReply], { name }) => {
    course.ask(on("5 16:10")).move(on("5 16:30"), "pending");
    assert.deepEqual(statesOf(course), ["active", "paused", "paused"], name);
    assert.equal(usedOf(course, "resolution"), resolution, name);
    assert.equal(usedOf(course, "nextReply"), nextReply, name);
    // A month later nothing but the response has run out.
    course.pass(on("31 00:00"));
    assert.deepEqual(course.news.filter((line) => /breach/.test(line)).length, 1, name);
    assert.equal(course.ticket.status, "pending", name);
    assert.equal(clockOf(course, "response").breachedAt, clockOf(course, "response").dueAt);
  });
});

Deno.test("what a clock used up outside of open hours is nothing", () => {
  byBoth([[240, 230], [60, 50]], (course, [resolution, nextReply], { name }) => {
    course.ask(on("5 16:10")).reply(on("5 16:10")).ask(on("5 16:10")).move(
      on("5 20:00"),
      "pending",
    );
    assert.equal(usedOf(course, "resolution"), resolution, name);
    assert.equal(usedOf(course, "nextReply"), nextReply, name);
  }, { nextReplyTime: 600 });
});

Deno.test("where the configuration does not pause, every clock runs on while it is pending", () => {
  byBoth([null, null], (course) => {
    course.ask(on("5 16:10"));
    const before = course.ticket.sla;
    course.move(on("5 16:30"), "pending");
    assert.deepEqual(course.ticket.sla, before);
    assert.deepEqual(statesOf(course), ["active", "active", "active"]);
  }, { pauseOnPending: false });
});

/** The ways out of pending, on a Wednesday at noon. */
const BACK = on("7 12:00");
const WAYS_OUT: Readonly<Record<string, (course: Course) => Course>> = {
  "work goes on": (course) => course.move(BACK, "in-progress"),
  "it is given again": (course) => course.move(BACK, "assigned"),
  "it goes back to the queue": (course) => course.move(BACK, "queued"),
  "somebody escalates it": (course) => course.move(BACK, "escalated"),
  "the customer answers": (course) => course.ask(BACK),
};

Deno.test("whatever ends the wait, clocks go on with what they had used up", () => {
  // Half an hour of ten, and twenty minutes of ninety, were used up on Monday.
  for (const [way, leave] of Object.entries(WAYS_OUT)) {
    byBoth([["7 21:30", "7 13:10"], ["8 13:30", "7 13:10"]], (course, expected, { name }) => {
      leave(course.ask(on("5 16:10")).move(on("5 16:30"), "pending"));
      assert.deepEqual(statesOf(course).slice(1), ["active", "active"], `${way}, ${name}`);
      const due = [dueOf(course, "resolution"), dueOf(course, "nextReply")];
      assert.deepEqual(due, expected, `${way}, ${name}`);
    });
  }
});

Deno.test("a wait that begins and ends while nobody works moves no deadline", () => {
  const course = aCourse(NINE_TO_FIVE).ask(on("5 16:10"));
  const before = [dueOf(course, "resolution"), dueOf(course, "nextReply")];
  course.move(on("5 18:00"), "pending").move(on("6 08:00"), "in-progress");
  assert.deepEqual([dueOf(course, "resolution"), dueOf(course, "nextReply")], before);
});

Deno.test("a ticket that is resolved at its deadline is met, and a millisecond later broken there", () => {
  byBoth(["6 02:00", "7 10:00"], (_course, deadline, calendar) => {
    for (const late of [0, 1]) {
      const course = aCourse(calendar);
      course.reply(on("5 16:30")).move(on(deadline) + late, "resolved");
      const { resolution } = course.ticket.sla;
      assert.ok(resolution.state === "fulfilled");
      assert.equal(resolution.met, late === 0, calendar.name);
      assert.equal(resolution.breachedAt, late === 0 ? null : on(deadline), calendar.name);
      assert.equal(resolution.fulfilledAt, on(deadline) + late, calendar.name);
    }
  });
});

Deno.test("a resolution keeps the response too if there was none, and what a customer waits for", () => {
  byBoth([30, 30], (course, used, { name }) => {
    course.ask(on("5 16:10")).move(on("5 16:30"), "resolved");
    assert.deepEqual(statesOf(course), ["fulfilled", "fulfilled", "fulfilled"], name);
    assert.equal(usedOf(course, "response"), used, name);
  });
});

Deno.test("where only replies count a resolution gives up what no reply came for", () => {
  byBoth([30, 30], (course, used, { name }) => {
    course.ask(on("5 16:10")).move(on("5 16:30"), "resolved");
    assert.deepEqual(statesOf(course), ["cancelled", "cancelled", "fulfilled"], name);
    assert.equal(usedOf(course, "response"), used, name);
    assert.equal(course.ticket.sla.response.isCounted, false, name);
  }, { replyOnly: true });
});

Deno.test("where only replies count neither work nor a wait is a response, and a reply is", () => {
  for (const to of ["in-progress", "pending"] as const) {
    const course = aCourse(NINE_TO_FIVE, { replyOnly: true });
    course.move(on("5 16:20"), to);
    assert.equal(course.ticket.sla.response.state, "active", to);
    assert.equal(course.ticket.firstResponseAt, null, to);
    course.reply(on("5 16:30"));
    assert.equal(course.ticket.sla.response.state, "fulfilled", to);
    assert.equal(course.ticket.firstResponseAt, on("5 16:30"), to);
  }
});

Deno.test("a bare change to pending is no response, whatever the ticket was at", () => {
  for (const from of ["assigned", "in-progress", "escalated"] as const satisfies Status[]) {
    const course = aCourse(NINE_TO_FIVE, { replyOnly: true });
    if (from !== "assigned") course.move(on("5 16:10"), from);
    course.move(on("5 16:30"), "pending");
    assert.equal(course.ticket.firstResponseAt, null, from);
    assert.equal(course.ticket.sla.response.state, "active", from);
  }
});

Deno.test("a reopened ticket goes on with what it had used up, and the time in between is none", () => {
  // Resolved after half an hour, and open again on Wednesday at noon.
  byBoth(["7 21:30", "8 13:30"], (course, due, { name }) => {
    course.move(on("5 16:30"), "resolved").ask(BACK);
    assert.equal(dueOf(course, "resolution"), due, name);
    assert.equal(course.ticket.sla.response.state, "fulfilled", "who was answered stays answered");
    assert.equal(course.ticket.resolvedMs, BACK - on("5 16:30"), name);
    assert.equal(course.ticket.firstResolvedAt, on("5 16:30"), name);
  });
});

Deno.test("a reopened ticket is measured again, and its second resolution may be late", () => {
  byBoth(["7 21:30", "8 13:30"], (course, due, { name }) => {
    course.move(on("5 16:30"), "resolved").ask(BACK).reply(BACK);
    assert.equal(course.ticket.sla.resolution.isCounted, false, name);
    course.move(on(due) + MINUTE_MS, "resolved");
    const { resolution } = course.ticket.sla;
    assert.ok(resolution.state === "fulfilled" && !resolution.met && resolution.isCounted, name);
    assert.equal(resolution.breachedAt, on(due), name);
    assert.equal(course.ticket.firstResolvedAt, on("5 16:30"), "the first one stays the first");
  });
});

Deno.test("a ticket that is closed while queued has its clocks cancelled, and counts for nothing", () => {
  for (const calendar of [DEFAULT_CALENDAR, NINE_TO_FIVE]) {
    const course = new Course(OPENED, calendar, PROMISE).ask(on("5 16:10"));
    course.move(on("5 16:30"), "closed", theCustomer());
    assert.deepEqual(statesOf(course), ["cancelled", "cancelled", "cancelled"]);
    const { response, nextReply, resolution } = course.ticket.sla;
    for (const clock of [response, nextReply, resolution]) assert.equal(clock?.isCounted, false);
    course.pass(on("31 00:00"));
    assert.deepEqual(course.news, []);
    assert.equal(course.ticket.nextAt, null);
  }
});

Deno.test("another calendar breaks nothing of a resolved ticket, and is not said to have", () => {
  const course = aCourse(DEFAULT_CALENDAR).reply(OPENED).move(on("5 20:00"), "resolved");
  // Priority 1 promises four hours less.
  const departments = ["cards"];
  const calendars = [{ ...NINE_TO_FIVE, departments }];
  course.configure(on("5 20:05"), {
    pair: [1, "general"],
    configuration: { ...PROMISE, resolutionTime: 180, escalationRules: [] },
  });
  course.edit(on("5 20:10"), { priority: 1 }).configure(on("5 20:20"), { calendars });
  course.edit(on("5 20:30"), { department: "Cards" }).ask(on("6 14:00"));
  assert.equal(course.ticket.sla.calendar.id, NINE_TO_FIVE.id);
  const breaches = course.history.filter(({ action }) => action === "sla_breach");
  assert.deepEqual(
    breaches.map(({ at, details }) => [timeText(at), details["clock"], details["reason"]]),
    [
      ["6 14:00", "resolution", "target_change"],
    ],
  );
});
