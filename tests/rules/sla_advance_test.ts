import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR, type Window } from "../../domain/rules/calendar.ts";
import type { ClockName } from "../../domain/rules/sla.ts";
import { advance } from "../../domain/rules/sla_advance.ts";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { iso } from "../../domain/rules/time.ts";
import { anAgent, aTicketIn, HOURS, minute } from "../support/builders.ts";
import { someHours } from "../support/calendars.ts";
import {
  type ConfigurationChanges,
  Course,
  NINE_TO_FIVE,
  on,
  timeText,
} from "../support/course.ts";

/** On a Monday at nine. */
const OPENED = on("5 09:00");

function aCourse(promise: ConfigurationChanges, calendar = NINE_TO_FIVE, percent = 80): Course {
  const none = { escalationRules: [] };
  return new Course(OPENED, calendar, { ...none, ...promise }, {}, percent);
}

function rule(level: number, threshold: number, on: EscalationRule["on"]): EscalationRule {
  return { level, threshold, on, notifyRoles: ["supervisor"], reassign: false };
}

function hours(windows: readonly Window[]): Calendar {
  return { ...NINE_TO_FIVE, ...someHours("UTC", windows) };
}

/** The test vectors: windows, when it was opened, minutes, percent; when it is due and warned of. */
const VECTORS: readonly [readonly Window[], string, number, number, string, string][] = [
  [[["09:00", "17:00"]], "9 16:30", 60, 80, "12 09:30", "12 09:18"],
  [[["08:00", "18:00"]], "5 17:00", 240, 75, "6 11:00", "6 10:00"],
  [[["09:00", "12:00"], ["13:00", "17:00"]], "5 11:30", 60, 50, "5 13:30", "5 12:00"],
  [[["09:00", "17:00"]], "5 03:00", 60, 80, "5 10:00", "5 09:48"],
  [[["09:00", "17:00"]], "5 16:00", 60, 80, "5 17:00", "5 16:48"],
];

Deno.test("warnings and breaches come at the instants of the specification's examples", () => {
  for (const [windows, opened, minutes, percent, due, warned] of VECTORS) {
    const promise = { responseTime: minutes, resolutionTime: 9_600, escalationRules: [] };
    const course = new Course(on(opened), hours(windows), promise, {}, percent);
    course.pass(on("20 00:00"));
    assert.deepEqual(course.news, [`${warned} warning response`, `${due} breach response`], opened);
  }
});

Deno.test("what comes at one instant comes in order: breaches, levels from below, warnings", () => {
  const course = aCourse({
    responseTime: 60,
    resolutionTime: 75,
    escalationRules: [
      rule(3, 60, "resolution"),
      rule(1, 60, "response"),
      rule(2, 60, "resolution"),
    ],
  });
  course.pass(on("5 10:00") + 1);
  assert.deepEqual(course.news, [
    "5 09:48 warning response",
    "5 10:00 breach response",
    "5 10:00 level 1",
    "5 10:00 level 2",
    "5 10:00 level 3",
    "5 10:00 warning resolution",
  ]);
});

Deno.test("of clocks that run out together the response is the first, the resolution the last", () => {
  const course = aCourse({ responseTime: 60, nextReplyTime: 60, resolutionTime: 60 }).ask(OPENED);
  course.pass(on("6 00:00"));
  const clocks: ClockName[] = ["response", "nextReply", "resolution"];
  assert.deepEqual(course.news, [
    ...clocks.map((name) => `5 09:48 warning ${name}`),
    ...clocks.map((name) => `5 10:00 breach ${name}`),
  ]);
});

Deno.test("a promise that is broken needs no warning", () => {
  const course = aCourse({ responseTime: 60, resolutionTime: 9_600 }, NINE_TO_FIVE, 100);
  assert.deepEqual(course.pass(on("6 00:00")).news, ["5 10:00 breach response"]);
});

Deno.test("whoever acts in the very millisecond is faster than what would happen by itself", () => {
  for (const instant of ["5 09:48", "5 10:00"]) {
    const promise = { responseTime: 60, resolutionTime: 9_600 };
    const escalationRules = [rule(1, 48, "response"), rule(2, 60, "response")];
    const course = aCourse({ ...promise, escalationRules }).begin(OPENED).reply(on(instant));
    course.pass(on("6 00:00"));
    assert.ok(!course.news.some((line) => line.startsWith(instant)), course.news.join());
    const late = aCourse({ ...promise, escalationRules }).begin(OPENED).reply(on(instant) + 1);
    assert.equal(late.news.filter((line) => line.startsWith(instant)).length, 2);
  }
});

Deno.test("a warning tells the clock and its deadline, and changes nothing but that it was given", () => {
  const course = aCourse({ responseTime: 60, resolutionTime: 9_600 }).begin(OPENED);
  const before = course.ticket;
  course.pass(on("5 09:50"));
  const [happening] = course.happened;
  assert.deepEqual(happening?.decision.facts, [{
    event: "sla.warning",
    action: "sla_warning",
    details: { clock: "response", dueAt: iso(on("5 10:00")) },
  }]);
  assert.deepEqual(happening.decision.agents, []);
  const { sla, updatedAt, nextAt, ...rest } = course.ticket;
  assert.deepEqual({ ...before, ...rest }, before);
  assert.equal(sla.response.warnedAt, on("5 09:48"));
  assert.deepEqual([updatedAt, nextAt], [on("5 09:50"), on("5 10:00")]);
});

Deno.test("a breach escalates a ticket to the first level at least, and a pending one keeps its status", () => {
  for (const status of ["queued", "assigned", "in-progress", "pending", "escalated"] as const) {
    const course = aCourse({ responseTime: 9_600, resolutionTime: 60, pauseOnPending: false });
    if (status !== "queued") course.begin(OPENED);
    if (status !== "queued" && status !== "assigned") course.move(on("5 09:30"), status);
    course.pass(on("5 12:00"));
    const { ticket } = course;
    const to = status === "pending" ? "pending" : "escalated";
    assert.deepEqual([ticket.status, ticket.escalationLevel], [to, 1], status);
    const breach = course.happened.at(-1)?.decision;
    assert.deepEqual(breach?.facts, [{
      event: "sla.breach",
      action: "sla_breach",
      details: { clock: "resolution", dueAt: iso(on("5 10:00")), from: status, to, level: 1 },
    }]);
    // It stays with whoever has it, who works on it no longer.
    assert.equal(ticket.assignee?.agentId, status === "queued" ? undefined : Course.ADA.id);
    assert.equal(course.holder?.currentTicketId ?? null, null);
    assert.equal(ticket.waitingSince, status === "queued" ? OPENED : null);
    assert.equal(ticket.sla.resolution.breachedAt, on("5 10:00"));
  }
});

Deno.test("a breach leaves a level that is higher already", () => {
  const course = aCourse({ responseTime: 60, resolutionTime: 120 });
  for (const at of ["5 09:10", "5 09:20"]) course.move(on(at), "escalated");
  assert.equal(course.pass(on("6 00:00")).ticket.escalationLevel, 2);
});

Deno.test("a late resolution between two sweeps is a breach at the deadline, before the resolution", () => {
  const course = aCourse({ responseTime: 9_600, resolutionTime: 60 }).begin(OPENED);
  course.move(on("5 10:30"), "resolved");
  const told = course.history.map(({ at, action }) => `${timeText(at)} ${action}`);
  assert.deepEqual(told, [
    "5 09:00 assigned",
    "5 09:48 sla_warning",
    "5 10:00 sla_breach",
    "5 10:30 resolved",
  ]);
  const { resolution } = course.ticket.sla;
  assert.ok(resolution.state === "fulfilled" && !resolution.met);
  assert.equal(course.ticket.credit?.met, false);
});

Deno.test("what was resolved or closed comes to nothing but its closing", () => {
  const holder = anAgent("Ada");
  for (const status of STATUSES) {
    const ticket = aTicketIn(status, holder);
    const kinds = new Set(advance(ticket, holder, HOURS, minute(1e6)).map(({ kind }) => kind));
    const isDone = status === "resolved" || status === "closed";
    assert.equal(kinds.has("breach"), !isDone, status);
    assert.equal(kinds.has("warning"), !isDone, status);
  }
});

Deno.test("by all hours the same comes, earlier", () => {
  const course = aCourse({ responseTime: 600, resolutionTime: 9_600 }, DEFAULT_CALENDAR);
  assert.deepEqual(course.pass(on("6 00:00")).news, [
    "5 17:00 warning response",
    "5 19:00 breach response",
  ]);
});
