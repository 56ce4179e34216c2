import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { isBreached } from "../../domain/rules/clock.ts";
import type { SlaClocks } from "../../domain/rules/sla.ts";
import { hasBreach } from "../../domain/rules/ticket.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { anActor } from "../support/builders.ts";
import {
  type ConfigurationChanges,
  Course,
  NINE_TO_FIVE,
  on,
  timeText,
} from "../support/course.ts";

/** On a Monday at nine, and Ada has answered what the ticket itself asked. */
const OPENED = on("5 09:00");
const PROMISE = { responseTime: 480, nextReplyTime: 60, resolutionTime: 4_800 };
const CALENDARS = [DEFAULT_CALENDAR, NINE_TO_FIVE];

function aCourse(
  configuration: ConfigurationChanges = {},
  calendar: Calendar = NINE_TO_FIVE,
): Course {
  return new Course(OPENED, calendar, { ...PROMISE, ...configuration }).begin(OPENED).reply(OPENED);
}

function nextReplyOf({ ticket }: Course): NonNullable<SlaClocks["nextReply"]> {
  const { nextReply } = ticket.sla;
  if (nextReply === null) throw new Error("Nobody waits for a reply");
  return nextReply;
}

Deno.test("the clock starts at the customer's comment, and only where it is configured", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse({}, calendar);
    assert.equal(course.ticket.sla.nextReply, null);
    assert.equal(timeText(nextReplyOf(course.ask(on("5 10:00"))).dueAt), "5 11:00");
    assert.equal(nextReplyOf(course).startedAt, on("5 10:00"));
    const without = aCourse({ nextReplyTime: null }, calendar).ask(on("5 10:00"));
    assert.equal(without.ticket.sla.nextReply, null);
  }
});

Deno.test("a comment in the evening is counted from the next morning on", () => {
  const course = aCourse().ask(on("5 16:40")).ask(on("5 22:00"));
  assert.equal(timeText(nextReplyOf(course).dueAt), "6 09:40");
  assert.equal(timeText(nextReplyOf(aCourse().ask(on("9 22:00"))).dueAt), "12 10:00");
});

Deno.test("the oldest comment without an answer counts: further ones do not restart the clock", () => {
  for (const calendar of CALENDARS) {
    const course = aCourse({}, calendar).ask(on("5 10:00"));
    const first = nextReplyOf(course);
    assert.deepEqual(nextReplyOf(course.ask(on("5 10:20")).ask(on("5 10:40"))), first);
    course.pass(on("5 12:00"));
    assert.deepEqual(course.news, ["5 10:48 warning nextReply", "5 11:00 breach nextReply"]);
    assert.equal(nextReplyOf(course.ask(on("5 12:00"))).startedAt, on("5 10:00"));
  }
});

Deno.test("a public reply of staff ends it, in time at the deadline itself", () => {
  for (const late of [0, 1]) {
    const course = aCourse().ask(on("5 10:00")).reply(on("5 11:00") + late);
    const clock = nextReplyOf(course);
    assert.ok(clock.state === "fulfilled");
    assert.equal(clock.met, late === 0);
    assert.equal(clock.breachedAt, late === 0 ? null : on("5 11:00"));
    assert.equal(course.ticket.sla.response.state, "fulfilled");
  }
});

Deno.test("nothing but a public reply of staff ends it", () => {
  const course = aCourse().ask(on("5 10:00"));
  const clock = nextReplyOf(course);
  course.reply(on("5 10:10"), "internal").move(on("5 10:15"), "in-progress");
  course.edit(on("5 10:20"), { title: "Another" }).ask(on("5 10:30"));
  assert.deepEqual(nextReplyOf(course), clock);
  course.move(on("5 10:40"), "escalated", anActor("supervisor"));
  assert.deepEqual(nextReplyOf(course), clock);
});

Deno.test("it pauses on pending where the configuration says so, and goes on with the next word", () => {
  const course = aCourse().ask(on("5 10:00")).move(on("5 10:20"), "pending");
  assert.equal(nextReplyOf(course).state, "paused");
  course.pass(on("6 15:00")).ask(on("6 15:00"));
  assert.equal(timeText(nextReplyOf(course).dueAt), "6 15:40");
  assert.deepEqual(course.news, []);
  const running = aCourse({ pauseOnPending: false }).ask(on("5 10:00")).move(
    on("5 10:20"),
    "pending",
  );
  assert.equal(nextReplyOf(running).state, "active");
});

Deno.test("a reply on a ticket that waits for its customer keeps the promise", () => {
  const course = aCourse().ask(on("5 10:00")).move(on("5 10:20"), "pending").reply(on("8 10:00"));
  const clock = nextReplyOf(course);
  assert.ok(clock.state === "fulfilled" && clock.met);
  assert.equal(clock.consumedMs, 20 * MINUTE_MS);
});

Deno.test("each stretch begins anew and counts one outcome", () => {
  const course = aCourse();
  const stretches = [
    { asked: "5 10:00", replied: "5 10:30", isBroken: false },
    { asked: "5 11:00", replied: "5 13:00", isBroken: true },
    { asked: "5 14:00", replied: "5 16:00", isBroken: true },
  ];
  for (const { asked, replied, isBroken } of stretches) {
    course.ask(on(asked));
    const begun = nextReplyOf(course);
    assert.deepEqual([begun.isCounted, begun.warnedAt, begun.breachedAt], [false, null, null]);
    // A breach is counted when it happens, all else when the reply comes.
    assert.equal(nextReplyOf(course.pass(on(replied))).isCounted, isBroken, asked);
    const done = nextReplyOf(course.reply(on(replied)));
    assert.ok(done.state === "fulfilled" && done.isCounted && done.met !== isBroken, asked);
  }
  assert.deepEqual(course.news.filter((line) => /breach/.test(line)), [
    "5 12:00 breach nextReply",
    "5 15:00 breach nextReply",
  ]);
});

Deno.test("the breach of an earlier stretch stays to be seen, the first of them", () => {
  const course = aCourse().ask(on("5 10:00")).reply(on("5 12:00"));
  const later = [["5 13:00", "5 13:10"], ["5 14:00", "5 16:00"], ["6 09:00", "6 09:10"]] as const;
  for (const [asked, replied] of later) {
    course.ask(on(asked));
    assert.ok(isBreached(nextReplyOf(course), on(asked)));
    assert.equal(nextReplyOf(course.reply(on(replied))).brokenBefore, on("5 11:00"));
  }
  const clock = nextReplyOf(course);
  assert.ok(clock.state === "fulfilled" && clock.met, "this stretch was in time");
  assert.ok(hasBreach(course.ticket, on("6 09:10")));
});

Deno.test("to resolve a ticket answers what its customer waits for", () => {
  const course = aCourse().ask(on("5 10:00")).move(on("5 10:30"), "resolved");
  const clock = nextReplyOf(course);
  assert.ok(clock.state === "fulfilled" && clock.met);
  course.ask(on("6 10:00"));
  assert.equal(
    timeText(nextReplyOf(course).dueAt),
    "6 11:00",
    "the comment that reopens it counts",
  );
});

/** Resolved without a word, although one was waited for. */
function resolvedInSilence(): Course {
  return aCourse({ replyOnly: true }).ask(on("5 10:00")).move(on("5 10:30"), "resolved");
}

Deno.test("where only replies count, what is unanswered waits on when the ticket is reopened", () => {
  const course = resolvedInSilence();
  assert.equal(nextReplyOf(course).state, "cancelled");
  assert.equal(timeText(nextReplyOf(course.ask(on("6 10:00"))).dueAt), "6 10:30");
});

Deno.test("where only replies count, a reply after the resolution answers too", () => {
  const course = resolvedInSilence().reply(on("5 10:40"));
  assert.equal(nextReplyOf(course).state, "cancelled");
  assert.equal(nextReplyOf(course).isCounted, false);
  const again = course.ask(on("6 10:00"));
  assert.equal(
    timeText(nextReplyOf(again).dueAt),
    "6 11:00",
    "the new comment has an hour of its own",
  );
});

Deno.test("a first reply that comes after the resolution is the response, and none is waited for again", () => {
  const course = new Course(OPENED, NINE_TO_FIVE, { ...PROMISE, replyOnly: true }).begin(OPENED);
  course.move(on("5 10:00"), "resolved").reply(on("5 10:10")).ask(on("6 10:00"));
  assert.equal(course.ticket.firstResponseAt, on("5 10:10"));
  assert.equal(course.ticket.sla.response.state, "cancelled");
  course.reply(on("6 10:10")).pass(on("30 10:00"));
  assert.ok(!course.news.some((line) => / response$/.test(line)), course.news.join());
});

Deno.test("where no next reply is promised any more, none is waited for again", () => {
  const course = aCourse().ask(on("5 10:00"));
  course.configure(on("5 10:10"), { configuration: { nextReplyTime: null }, applyToOpen: true });
  course.pass(on("5 10:10") + 1);
  assert.equal(nextReplyOf(course).state, "cancelled");
  course.move(on("5 10:30"), "resolved").ask(on("6 10:00"));
  assert.equal(nextReplyOf(course).state, "cancelled");
});

Deno.test("a resolution answers what was promised no more when it came", () => {
  const course = aCourse().ask(on("5 10:00"));
  const technical = { responseTime: 480, nextReplyTime: null, calendarId: NINE_TO_FIVE.id };
  course.configure(OPENED, { pair: [2, "technical"], configuration: technical });
  course.edit(on("5 10:10"), { category: "technical" });
  assert.equal(nextReplyOf(course).state, "cancelled");
  course.move(on("5 10:30"), "resolved").edit(on("5 10:40"), { category: "general" });
  course.ask(on("6 10:00"));
  assert.equal(timeText(nextReplyOf(course).dueAt), "6 11:00", "the new comment counts");
});

Deno.test("where it is promised anew, the next comment begins it, whatever the ticket is at", () => {
  for (const status of ["in-progress", "pending"] as const) {
    const course = aCourse().ask(on("5 10:00"));
    for (const [at, nextReplyTime] of [["5 10:10", null], ["5 10:20", 60]] as const) {
      course.configure(on(at), { configuration: { nextReplyTime }, applyToOpen: true });
      course.pass(on(at) + 1);
    }
    assert.equal(nextReplyOf(course).state, "cancelled");
    course.move(on("5 10:30"), status).ask(on("6 10:00"));
    assert.equal(timeText(nextReplyOf(course).dueAt), "6 11:00", status);
  }
});
