import assert from "node:assert/strict";
import { DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { resolveEscalation } from "../../domain/rules/escalation.ts";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import { anActor, theCustomer } from "../support/builders.ts";
import { Course, NINE_TO_FIVE, on } from "../support/course.ts";

/** On a Monday at nine; nothing else is due for weeks. */
const OPENED = on("5 09:00");
const FAR = { responseTime: 9_600, resolutionTime: 9_600 };

const RULE: EscalationRule = {
  level: 2,
  threshold: 60,
  notifyRoles: ["supervisor"],
  on: "response",
  reassign: false,
};

function aCourse(rules: readonly Partial<EscalationRule>[], calendar = NINE_TO_FIVE): Course {
  const escalationRules = rules.map((rule) => ({ ...RULE, ...rule }));
  return new Course(OPENED, calendar, { ...FAR, escalationRules });
}

Deno.test("a rule fires when so many business minutes have run on its clock, and not before", () => {
  for (const clock of ["response", "resolution"] as const) {
    for (
      const [calendar, instant] of [[DEFAULT_CALENDAR, "5 18:00"], [
        NINE_TO_FIVE,
        "6 10:00",
      ]] as const
    ) {
      const course = aCourse([{ threshold: 540, on: clock }], calendar);
      assert.deepEqual(course.pass(on(instant)).news, []);
      assert.equal(course.ticket.nextAt, on(instant));
      course.pass(on(instant) + 1);
      assert.deepEqual(course.news, [`${instant} level 2`]);
      const fact = { by: "rule", level: 2, clock, threshold: 540 };
      assert.deepEqual(course.history, [{ at: on(instant), action: "escalated", details: fact }]);
      assert.equal(course.ticket.escalationLevel, 2);
      assert.equal(course.ticket.status, "queued", "a level alone changes no status");
    }
  }
});

Deno.test("a rule names the roles that it tells", () => {
  const course = aCourse([{ notifyRoles: ["agent", "admin"] }]).pass(on("6 00:00"));
  const [happening] = course.happened;
  assert.deepEqual(happening?.decision.facts.map(({ event, tells }) => [event, tells]), [
    ["ticket.escalated", ["agent", "admin"]],
  ]);
});

Deno.test("a clock that is done in time fires nothing, and one that goes on fires what is beyond", () => {
  const rules = [{ on: "response" }, { on: "resolution", level: 3, threshold: 120 }] as const;
  const course = aCourse(rules).begin(OPENED).reply(on("5 10:00"));
  assert.deepEqual(course.pass(on("6 00:00")).news, ["5 11:00 level 3"]);
  assert.deepEqual(
    aCourse(rules).move(on("5 10:00"), "closed", theCustomer()).pass(on("9 00:00")).news,
    [],
  );
});

Deno.test("a clock that stands still fires nothing until it goes on", () => {
  const course = aCourse([{ on: "resolution" }]).begin(OPENED).move(on("5 09:30"), "pending");
  assert.deepEqual(course.pass(on("7 10:00")).news, []);
  assert.deepEqual(course.move(on("7 10:00"), "in-progress").pass(on("7 12:00")).news, [
    "7 10:30 level 2",
  ]);
});

Deno.test("a level fires once for a ticket, though its escalation was resolved since", () => {
  const course = aCourse([{}, { on: "resolution", level: 2, threshold: 120 }, {
    level: 3,
    threshold: 180,
  }]);
  course.pass(on("5 10:30"));
  course.do(
    on("5 10:30"),
    ({ ticket, hours }) =>
      resolveEscalation(ticket, null, anActor("supervisor"), on("5 10:30"), hours),
  );
  assert.equal(course.ticket.escalationLevel, 0);
  assert.deepEqual(course.pass(on("9 09:00")).news, ["5 10:00 level 2", "5 12:00 level 3"]);
  assert.deepEqual(course.ticket.sla.firedLevels, [2, 3]);
  assert.equal(course.ticket.escalationLevel, 3);
});

Deno.test("a level fires once though the ticket is reopened, or gets another configuration", () => {
  const course = aCourse([{ on: "resolution" }]).begin(OPENED).move(on("5 11:00"), "resolved");
  course.ask(on("6 11:00")).configure(on("6 11:00"), {
    configuration: { escalationRules: [{ ...RULE, on: "resolution", threshold: 180 }] },
    applyToOpen: true,
  });
  assert.deepEqual(course.pass(on("16 09:00")).news, ["5 10:00 level 2"]);
});

Deno.test("a level below the present one tells its roles, and lowers nothing", () => {
  const course = aCourse([{ level: 1 }]);
  for (const at of ["5 09:10", "5 09:20", "5 09:30"]) course.move(on(at), "escalated");
  assert.equal(course.ticket.escalationLevel, 3);
  assert.deepEqual(course.pass(on("5 11:00")).news, ["5 10:00 level 1"]);
  assert.equal(course.ticket.escalationLevel, 3);
});

Deno.test("levels beyond the deadline fire while the promise is still open", () => {
  const course = new Course(OPENED, NINE_TO_FIVE, {
    ...FAR,
    responseTime: 60,
    escalationRules: [{ ...RULE, level: 1, threshold: 60 }, { ...RULE, level: 4, threshold: 120 }],
  });
  assert.deepEqual(course.pass(on("6 00:00")).news, [
    "5 09:48 warning response",
    "5 10:00 breach response",
    "5 10:00 level 1",
    "5 11:00 level 4",
  ]);
});
