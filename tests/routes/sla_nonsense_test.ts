import assert from "node:assert/strict";
import { HOLIDAYS_MAX } from "../../domain/rules/calendar.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import type { View } from "../support/work.ts";
import { entriesOf } from "../store/samples.ts";

const CONFIG = "/api/sla/config/1/billing";
const CALENDAR = "/api/sla/calendars/office";
const HOURS = { name: "Office", timezone: "UTC", weekly: { mon: [["09:00", "17:00"]] } };
const RULE = { level: 1, threshold: 30, notifyRoles: ["supervisor"] };

interface Stage {
  readonly desk: TestDesk;
  readonly admin: Person;
}

/** A desk with a calendar and a configuration that somebody has edited, and nothing under way. */
async function setStage(): Promise<Stage> {
  const desk = await openDesk();
  const admin = await desk.join("admin");
  for (const [path, body] of [[CALENDAR, HOURS], [CONFIG, { responseTime: 30 }]] as const) {
    assert((await desk.call(admin, "PUT", path, body)).status < 300);
    await desk.background.idle();
  }
  return { desk, admin };
}

/** The body is refused with these paths, and the store is as it was. */
async function assertNonsense(
  { desk, admin }: Stage,
  path: string,
  body: object,
  paths: readonly string[],
): Promise<void> {
  const { reader } = desk.desk.store;
  const before = await entriesOf(reader);
  const answer = await desk.call(admin, "PUT", path, body);
  const what = JSON.stringify(body).slice(0, 200);
  assertProblem(answer, 400, "invalid_input");
  // One value can have more than one fault.
  assert.deepEqual([...new Set(answer.json.errors.map((fault: View) => fault.path))], paths, what);
  assert(answer.json.errors.every((fault: View) => fault.message.trim() !== ""), what);
  assert.deepEqual(await entriesOf(reader), before, what);
}

const BAD_MINUTES: readonly unknown[] = [0, -1, 1.5, 525_601, 1e300, "30", true, [30], {}];

for (const field of ["responseTime", "nextReplyTime", "resolutionTime"]) {
  Deno.test(`${field} is a whole number of minutes, of one to those of a year`, async () => {
    const stage = await setStage();
    await using desk = stage.desk;
    for (const value of BAD_MINUTES) {
      await assertNonsense(stage, CONFIG, { [field]: value }, [field]);
    }
    if (field !== "nextReplyTime") await assertNonsense(stage, CONFIG, { [field]: null }, [field]);
    for (const value of [1, 525_600]) {
      assert.equal((await desk.call(stage.admin, "PUT", CONFIG, { [field]: value })).status, 200);
    }
    await desk.assertSound();
  });
}

const BAD_RULES: readonly [what: string, rules: unknown, paths: readonly string[]][] = [
  ["a level twice", [RULE, { ...RULE, threshold: 60 }], ["escalationRules.1.level"]],
  ["a level three times", [RULE, { ...RULE, level: 2 }, RULE, RULE], [
    "escalationRules.2.level",
    "escalationRules.3.level",
  ]],
  ["a level of nothing", [{ ...RULE, level: 0 }], ["escalationRules.0.level"]],
  ["a level above the highest", [{ ...RULE, level: 11 }], ["escalationRules.0.level"]],
  ["half a level", [{ ...RULE, level: 1.5 }], ["escalationRules.0.level"]],
  ["a negative threshold", [{ ...RULE, threshold: -5 }], ["escalationRules.0.threshold"]],
  ["a threshold of no time", [{ ...RULE, threshold: 0 }], ["escalationRules.0.threshold"]],
  ["nobody who is told", [{ ...RULE, notifyRoles: [] }], ["escalationRules.0.notifyRoles"]],
  ["a role twice", [{ ...RULE, notifyRoles: ["admin", "admin"] }], [
    "escalationRules.0.notifyRoles",
  ]],
  ["a role that is not told", [{ ...RULE, notifyRoles: ["user"] }], [
    "escalationRules.0.notifyRoles.0",
  ]],
  ["a clock that has no rules", [{ ...RULE, on: "next_reply" }], ["escalationRules.0.on"]],
  ["a word for a yes", [{ ...RULE, reassign: "yes" }], ["escalationRules.0.reassign"]],
  ["no level", [{ threshold: 5, notifyRoles: ["admin"] }], ["escalationRules.0.level"]],
  ["several at once", [{ ...RULE, level: 0 }, { ...RULE, threshold: -1 }], [
    "escalationRules.0.level",
    "escalationRules.1.threshold",
  ]],
  ["eleven", Array.from({ length: 11 }, () => RULE), ["escalationRules"]],
  ["no list", { 0: RULE }, ["escalationRules"]],
  ["nothing", null, ["escalationRules"]],
];

Deno.test("rules of escalation are refused that nobody could follow, each with its path", async () => {
  const stage = await setStage();
  await using desk = stage.desk;
  for (const [, escalationRules, paths] of BAD_RULES) {
    await assertNonsense(stage, CONFIG, { escalationRules }, paths);
  }
  await desk.assertSound();
});

Deno.test("a configuration is refused whole: what is right in it is not set either", async () => {
  const stage = await setStage();
  await using desk = stage.desk;
  const body = { responseTime: 5, resolutionTime: -1, replyOnly: "no", calendar: "Not a slug" };
  await assertNonsense(stage, CONFIG, body, ["resolutionTime", "replyOnly", "calendar"]);
  await assertNonsense(stage, CONFIG, { responseTime: 5, calendar: "never-made" }, ["calendar"]);
  await assertNonsense(stage, CONFIG, { applyToOpen: "true" }, ["applyToOpen"]);
  await desk.assertSound();
});

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function on(day: string, ...windows: [string, string][]): object {
  return { weekly: { [day]: windows } };
}

/** Days that exist, one after the other. */
function days(count: number): string[] {
  const first = Date.UTC(2026, 0, 1);
  return Array.from(
    { length: count },
    (_, index) => new Date(first + index * 86_400_000).toISOString().slice(0, 10),
  );
}

const BAD_HOURS: readonly [what: string, body: object, paths: readonly string[]][] = [
  ["no open time", { weekly: {} }, ["weekly"]],
  ["days without windows", { weekly: Object.fromEntries(WEEK.map((day) => [day, []])) }, [
    "weekly",
  ]],
  ["windows that overlap", on("mon", ["09:00", "12:00"], ["11:59", "13:00"]), ["weekly.mon.1"]],
  ["one window twice", on("tue", ["09:00", "12:00"], ["09:00", "12:00"]), ["weekly.tue.1"]],
  ["a window within another", on("wed", ["10:00", "11:00"], ["09:00", "12:00"]), ["weekly.wed.1"]],
  ["an hour that no day has", on("mon", ["09:00", "25:00"]), ["weekly.mon.0.1"]],
  ["a minute that no hour has", on("mon", ["09:60", "17:00"]), ["weekly.mon.0.0"]],
  ["a beginning at the end of the day", on("mon", ["24:00", "24:00"]), ["weekly.mon.0.0"]],
  ["a time that is no time", on("mon", ["nine", "9:00"]), ["weekly.mon.0.0", "weekly.mon.0.1"]],
  ["a window past midnight", on("mon", ["22:00", "06:00"]), ["weekly.mon.0"]],
  ["a window of no length", on("mon", ["09:00", "09:00"]), ["weekly.mon.0"]],
  ["a day that no week has", { weekly: { mon: HOURS.weekly.mon, monday: [] } }, ["weekly.monday"]],
  [
    "a day that no week has, where it is always open",
    { alwaysOpen: true, weekly: { monday: [] } },
    [
      "weekly.monday",
    ],
  ],
  ["a time zone that is nowhere", { timezone: "Mars/Olympus" }, ["timezone"]],
  ["an offset for a time zone", { timezone: "+01:00" }, ["timezone"]],
  ["no time zone", { timezone: "" }, ["timezone"]],
  ["ten thousand holidays", { holidays: days(10_000) }, ["holidays"]],
  ["one holiday too many", { holidays: days(HOLIDAYS_MAX + 1) }, ["holidays"]],
  ["a holiday twice", { holidays: ["2026-12-25", "2026-12-25"] }, ["holidays.1"]],
  ["a day that does not exist", { holidays: ["2026-02-30"] }, ["holidays.0"]],
  ["windows where it is always open", { alwaysOpen: true }, ["weekly"]],
  ["a department twice", { departments: ["Cards", "cards"] }, ["departments.1"]],
  ["everything at once", {
    timezone: "Mars/Olympus",
    weekly: { mon: [["25:00", "26:00"]], tue: [["09:00", "12:00"], ["10:00", "11:00"]] },
    holidays: ["2026-02-30"],
    departments: ["Cards", "cards"],
  }, [
    "timezone",
    "weekly.mon.0.0",
    "weekly.mon.0.1",
    "weekly.tue.1",
    "holidays.0",
    "departments.1",
  ]],
  ["numbers for times", on("mon", [9, 17] as never), ["weekly.mon.0.0", "weekly.mon.0.1"]],
  ["a window of three", { weekly: { mon: [["09:00", "12:00", "13:00"]] } }, ["weekly.mon.0"]],
  ["windows that are no list", { weekly: { mon: { from: "09:00" } } }, ["weekly.mon"]],
  ["days in a list", { weekly: [] }, ["weekly"]],
  ["holidays in a text", { holidays: "2026-12-25" }, ["holidays"]],
  ["a name of blanks", { name: "  " }, ["name"]],
  ["departments of nobody", { departments: [""] }, ["departments.0"]],
  ["fifty-one departments", {
    departments: Array.from({ length: 51 }, (_, index) => `D ${index}`),
  }, ["departments"]],
];

Deno.test("hours are refused by which nobody could count, each fault with its path", async () => {
  const stage = await setStage();
  await using desk = stage.desk;
  for (const [, body, paths] of BAD_HOURS) await assertNonsense(stage, CALENDAR, body, paths);
  await desk.assertSound();
});

Deno.test("a calendar that is not there yet is refused for the same, and not made", async () => {
  const stage = await setStage();
  await using desk = stage.desk;
  const path = "/api/sla/calendars/another";
  await assertNonsense(stage, path, {}, ["name", "timezone", "weekly"]);
  for (const [what, body, paths] of BAD_HOURS) {
    if (what.endsWith("always open")) continue;
    await assertNonsense(stage, path, { ...HOURS, ...body }, paths);
  }
  assert.equal((await desk.call(stage.admin, "GET", path)).status, 404);
  await desk.assertSound();
});

Deno.test("paths are refused that name no priority, no category and no calendar", async () => {
  const { desk, admin } = await setStage();
  await using _ = desk;
  const bad: [path: string, faults: string[]][] = [
    ["/api/sla/config/0/billing", ["priority"]],
    ["/api/sla/config/4/billing", ["priority"]],
    ["/api/sla/config/1.0/billing", ["priority"]],
    ["/api/sla/config/1/Billing", ["category"]],
    ["/api/sla/config/1/-billing", ["category"]],
    ["/api/sla/config/1/bill%20ing", ["category"]],
    [`/api/sla/config/1/${"x".repeat(61)}`, ["category"]],
    ["/api/sla/config/high/Billing", ["priority", "category"]],
    ["/api/sla/calendars/Office", ["id"]],
    ["/api/sla/calendars/a--b", ["id"]],
    [`/api/sla/calendars/${"x".repeat(61)}`, ["id"]],
  ];
  for (const [path, faults] of bad) {
    for (const method of ["GET", "PUT"]) {
      const answer = await desk.call(admin, method, path, method === "GET" ? undefined : HOURS);
      assertProblem(answer, 400, "invalid_input");
      assert.deepEqual(answer.json.errors.map((fault: View) => fault.path), faults, path);
    }
  }
  await desk.assertSound();
});
