import assert from "node:assert/strict";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { dataOf, look, open, ticketOf, type View } from "../support/work.ts";

const OFFICE = "/api/sla/calendars/office-berlin";
const HOURS = {
  name: "Office Berlin",
  timezone: "Europe/Berlin",
  weekly: { mon: [["09:00", "12:00"], ["13:00", "17:30"]], fri: [["22:00", "24:00"]] },
};

/** A PUT that must succeed, once open tickets have what it says. */
async function put(
  desk: TestDesk,
  person: Person,
  path: string,
  body: object,
  status = 200,
): Promise<View> {
  const data = dataOf(await desk.call(person, "PUT", path, body), status);
  await desk.background.idle();
  return data;
}

Deno.test("a calendar is made with 201 and where it is, and shown as it was said", async () => {
  await using desk = await openDesk();
  const [admin, agent] = [await desk.join("admin"), await desk.join("agent")];
  assertProblem(await desk.call(agent, "GET", OFFICE), 404, "not_found");
  const made = await desk.call(admin, "PUT", OFFICE, { ...HOURS, holidays: ["2026-12-25"] });
  await desk.background.idle();
  assert.equal(made.headers.get("Location"), OFFICE);
  const at = new Date(desk.clock.now()).toISOString();
  assert.deepEqual(dataOf(made, 201), {
    id: "office-berlin",
    _id: "office-berlin",
    ...HOURS,
    alwaysOpen: false,
    holidays: ["2026-12-25"],
    departments: [],
    isDefault: false,
    version: 1,
    createdAt: at,
    updatedAt: at,
  });
  assert.deepEqual(await look(desk, agent, OFFICE), made.json.data);
  const listed = await look(desk, agent, "/api/sla/calendars");
  assert.deepEqual(listed.map(({ id }: View) => id), ["default", "office-berlin"]);
  assert.deepEqual(listed[1], made.json.data);
  await desk.assertSound();
});

Deno.test("the calendar of the start is always open; it can be edited and not deleted", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const path = "/api/sla/calendars/default";
  const before = await look(desk, admin, path);
  assert.deepEqual([before.alwaysOpen, before.isDefault, before.version], [true, true, 0]);
  assert.deepEqual(["createdAt" in before, "updatedAt" in before], [false, false]);
  const changed = await put(desk, admin, path, { ...HOURS, alwaysOpen: false });
  assert.deepEqual([changed.alwaysOpen, changed.isDefault, changed.weekly], [
    false,
    true,
    HOURS.weekly,
  ]);
  // It was there from the start, whoever changed it since.
  assert.equal("createdAt" in changed, false);
  assert.equal(changed.updatedAt, new Date(desk.clock.now()).toISOString());
  assertProblem(await desk.call(admin, "DELETE", path), 409, "conflict");
  assert.deepEqual(await look(desk, admin, path), changed);
  await desk.assertSound();
});

Deno.test("a PUT keeps what it does not name", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const made = await put(desk, admin, OFFICE, HOURS, 201);
  const changed = await put(desk, admin, OFFICE, { departments: ["Billing"] });
  const { version, updatedAt: _, departments, ...rest } = changed;
  assert.deepEqual({ ...made, ...rest }, { ...made });
  assert.deepEqual([departments, version], [["Billing"], 2]);
  assert.deepEqual(await put(desk, admin, OFFICE, {}), changed);
  await desk.assertSound();
});

Deno.test("a calendar that somebody counts by stays; the others go, and are gone", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const made = await put(desk, admin, OFFICE, HOURS, 201);
  const config = "/api/sla/config/1/billing";
  await put(desk, admin, config, { calendar: "office-berlin" });
  const used = await desk.call(admin, "DELETE", OFFICE);
  assertProblem(used, 409, "conflict");
  assert.match(used.json.detail, /1-billing/);
  await put(desk, admin, config, { calendar: "default" });
  const deleted = dataOf(await desk.call(admin, "DELETE", OFFICE), 200);
  assert.equal(deleted.name, made.name);
  await desk.background.idle();
  for (const method of ["GET", "DELETE"]) {
    assertProblem(await desk.call(admin, method, OFFICE), 404, "not_found");
  }
  const unknown = await desk.call(admin, "PUT", config, { calendar: "office-berlin" });
  assertProblem(unknown, 400, "invalid_input");
  assert.deepEqual(unknown.json.errors.map(({ path }: View) => path), ["calendar"]);
  const { weekly } = await put(desk, admin, OFFICE, {
    ...HOURS,
    weekly: { sun: [["00:00", "24:00"]] },
  }, 201);
  assert.deepEqual(weekly, { sun: [["00:00", "24:00"]] });
  await desk.assertSound();
});

Deno.test("open tickets are due by the new hours, from the edit on", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const ticket = await open(desk, admin, { priority: 1 });
  const openedAt = Date.parse(ticket.createdAt);
  assert.equal(Date.parse(ticket.sla.responseDeadline), openedAt + 3_600_000);
  // Open for one hour a week, on the day after tomorrow.
  const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
  const opens = new Date(openedAt + 2 * 86_400_000);
  const weekly = { [days[opens.getUTCDay()] ?? ""]: [["10:00", "11:00"]] };
  const hours = { alwaysOpen: false, timezone: "UTC", weekly };
  await put(desk, admin, "/api/sla/calendars/default", hours);
  const { sla } = await ticketOf(desk, admin, ticket);
  assert.equal(sla.responseDeadline, `${opens.toISOString().slice(0, 10)}T11:00:00.000Z`);
  await desk.assertSound();
});

Deno.test("an edit that comes while another is on its way to open tickets is told to wait", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  await desk.background.stop();
  // Open tickets of the department count by it, and nobody carries it to them.
  dataOf(await desk.call(admin, "PUT", OFFICE, { ...HOURS, departments: ["Support"] }), 201);
  const others = [
    ["PUT", OFFICE, { timezone: "Asia/Tokyo" }],
    ["DELETE", OFFICE, undefined],
    ["PUT", "/api/sla/config/1/billing", { responseTime: 5 }],
  ] as const;
  const answers = others.map(([method, path, body]) => desk.call(admin, method, path, body));
  for (const answer of await Promise.all(answers)) assertProblem(answer, 409, "conflict");
  await desk.assertSound();
});
