import assert from "node:assert/strict";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import { isWaiting, laneOf } from "../../domain/rules/ticket.ts";
import { anActor } from "../support/builders.ts";
import {
  type ConfigurationChanges,
  Course,
  NINE_TO_FIVE,
  on,
  timeText,
} from "../support/course.ts";

/** On a Monday at nine; nothing but the rule is due for weeks. */
const OPENED = on("5 09:00");
const FIRES = on("5 10:00");
const BOSS = anActor("supervisor");
const RULE: EscalationRule = {
  level: 2,
  threshold: 60,
  notifyRoles: ["supervisor"],
  on: "resolution",
  reassign: true,
};

function aCourse(rule: Partial<EscalationRule> = {}, more: ConfigurationChanges = {}): Course {
  const escalationRules = [{ ...RULE, ...rule }];
  const promise = { responseTime: 9_600, resolutionTime: 9_600, escalationRules, ...more };
  return new Course(OPENED, NINE_TO_FIVE, promise);
}

/** What the history tells of the rule. */
function toldOf({ history }: Course): unknown[] {
  return history.filter(({ at }) => at === FIRES).map(({ action, details }) => [action, details]);
}

const ESCALATED = { by: "rule", level: 2, clock: "resolution", threshold: 60 };

Deno.test("a rule that reassigns sends a held ticket back to the head of the queue", () => {
  for (const status of ["assigned", "in-progress", "escalated"] as const) {
    const course = aCourse().begin(OPENED);
    if (status !== "assigned") course.move(on("5 09:30"), status);
    course.pass(on("5 11:00"));
    const { ticket } = course;
    assert.deepEqual([ticket.status, ticket.assignee], ["queued", null], status);
    assert.ok(isWaiting(ticket) && laneOf(ticket) === 0, status);
    assert.deepEqual([ticket.waitingSince, ticket.releasedBy], [FIRES, Course.ADA.id], status);
    const requeued = { from: status, to: "queued", agent: Course.ADA.id };
    assert.deepEqual(toldOf(course), [["escalated", ESCALATED], ["requeued", requeued]], status);
    const [ada] = course.happened[0]?.decision.agents ?? [];
    assert.deepEqual([ada?.activeTickets, ada?.currentTicketId], [[], null], status);
  }
});

Deno.test("whoever loses a ticket to a rule is named, so that it is told", () => {
  const course = aCourse().begin(OPENED).pass(on("5 11:00"));
  const facts = course.happened[0]?.decision.facts ?? [];
  assert.deepEqual(facts.map(({ formerAssignee }) => formerAssignee), [
    undefined,
    Course.ADA.userId,
  ]);
});

Deno.test("a pending ticket goes back too, and its clocks go on from that instant", () => {
  const course = aCourse({ on: "response" }, { resolutionTime: 480 }).begin(OPENED);
  course.move(on("5 09:30"), "pending").pass(on("5 11:00"));
  const { status, waitingSince, sla } = course.ticket;
  assert.deepEqual([status, waitingSince], ["queued", FIRES]);
  assert.ok(sla.resolution.state === "active" && sla.resolution.activeSince === FIRES);
  assert.equal(timeText(sla.resolution.dueAt), "6 09:30");
});

Deno.test("a pending ticket that nobody has goes back to the queue as well", () => {
  const course = aCourse({ on: "response" }).move(on("5 09:10"), "escalated", BOSS);
  course.move(on("5 09:30"), "pending", BOSS).pass(on("5 11:00"));
  const { ticket } = course;
  assert.deepEqual([ticket.status, ticket.waitingSince, ticket.releasedBy], [
    "queued",
    FIRES,
    null,
  ]);
  assert.equal(ticket.sla.resolution.state, "active");
});

Deno.test("what waits in the queue already stays there, at its head now", () => {
  for (const status of ["queued", "escalated"] as const) {
    const course = aCourse();
    if (status === "escalated") course.move(on("5 09:10"), status, BOSS);
    course.pass(on("5 11:00"));
    const { ticket } = course;
    assert.deepEqual([ticket.status, ticket.waitingSince, ticket.escalationLevel], [
      status,
      OPENED,
      2,
    ]);
    assert.equal(laneOf(ticket), 0);
    assert.deepEqual(toldOf(course), [["escalated", ESCALATED]]);
  }
});

Deno.test("what follows from a ticket going back is reckoned from the rule's instant, however late it is seen", () => {
  // The clock that stood still goes on at ten and runs out, long before anybody looks.
  const course = aCourse({ on: "response" }, { resolutionTime: 90 });
  course.begin(OPENED).move(on("5 09:30"), "pending").pass(on("8 09:00"));
  assert.deepEqual(course.news, [
    "5 10:00 level 2",
    "5 10:42 warning resolution",
    "5 11:00 breach resolution",
  ]);
  assert.equal(course.ticket.status, "escalated");
  assert.equal(course.ticket.waitingSince, FIRES);
});
