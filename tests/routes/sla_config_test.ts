import assert from "node:assert/strict";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { dataOf, look, open, type View } from "../support/work.ts";

const BILLING = "/api/sla/config/1/billing";
const RETURNS = "/api/sla/config/3/returns";
const RULES = [
  { level: 1, threshold: 30, notifyRoles: ["agent"] },
  {
    level: 3,
    threshold: 90,
    notifyRoles: ["supervisor", "admin"],
    on: "resolution",
    reassign: true,
  },
];

function put(desk: TestDesk, person: Person, path: string, body: object): Promise<View> {
  return desk.call(person, "PUT", path, body);
}

Deno.test("a configuration is set as it was sent, and shown so in the list and by itself", async () => {
  await using desk = await openDesk();
  const [admin, agent] = [await desk.join("admin"), await desk.join("agent")];
  const body = {
    responseTime: 15,
    nextReplyTime: 45,
    resolutionTime: 90,
    pauseOnPending: false,
    replyOnly: true,
    escalationRules: RULES,
    calendar: "default",
    applyToOpen: false,
    unknown: "is passed over",
  };
  const set = dataOf(await put(desk, admin, BILLING, body), 200);
  assert.deepEqual(set, {
    id: "1-billing",
    _id: "1-billing",
    priority: 1,
    category: "billing",
    responseTime: 15,
    nextReplyTime: 45,
    resolutionTime: 90,
    pauseOnPending: false,
    replyOnly: true,
    escalationRules: [{ ...RULES[0], on: "response", reassign: false }, RULES[1]],
    calendar: "default",
    isDefault: false,
    version: 1,
    updatedAt: new Date(desk.clock.now()).toISOString(),
  });
  assert.deepEqual(await look(desk, agent, BILLING), set);
  const listed = await look(desk, agent, "/api/sla/config");
  assert.deepEqual(listed.find(({ id }: View) => id === "1-billing"), set);
  assert.equal(listed.length, 12);
  await desk.assertSound();
});

Deno.test("a PUT keeps what it does not name, and takes the next reply away by null", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  await put(desk, admin, BILLING, { nextReplyTime: 45, replyOnly: true });
  const kept = dataOf(await put(desk, admin, BILLING, { responseTime: 15 }), 200);
  assert.deepEqual([kept.nextReplyTime, kept.replyOnly, kept.responseTime], [45, true, 15]);
  const taken = dataOf(await put(desk, admin, BILLING, { nextReplyTime: null }), 200);
  assert.equal("nextReplyTime" in taken, false);
  const same = dataOf(await put(desk, admin, BILLING, {}), 200);
  assert.deepEqual(same, taken);
  await desk.assertSound();
});

Deno.test("a new pair is made with 201 and where it is, and its category can be given to tickets", async () => {
  await using desk = await openDesk();
  const [admin, customer] = [await desk.join("admin"), await desk.join("user")];
  const ticket = { title: "A ticket", description: "Too large.", category: "returns" };
  const early = await desk.call(customer, "POST", "/api/tickets", ticket);
  assertProblem(early, 400, "invalid_input");
  assert.deepEqual(early.json.errors.map(({ path }: View) => path), ["category"]);
  assertProblem(await desk.call(admin, "GET", RETURNS), 404, "not_found");
  const made = await put(desk, admin, RETURNS, { responseTime: 20 });
  assert.equal(made.headers.get("Location"), RETURNS);
  assert.equal(dataOf(made, 201).resolutionTime, 1_440, "as `general` of the priority has it");
  assert.deepEqual(await look(desk, admin, RETURNS), made.json.data);
  assert.equal((await put(desk, admin, RETURNS, { responseTime: 25 })).status, 200);
  const { id, category, sla, createdAt } = await open(desk, customer, { ...ticket, priority: 3 });
  assert.equal(category, "returns");
  assert.equal(Date.parse(sla.responseDeadline) - Date.parse(createdAt), 25 * 60_000);
  const edited = await desk.call(admin, "PATCH", `/api/tickets/${id}`, { category: "refunds" });
  assertProblem(edited, 400, "invalid_input");
  assert.deepEqual(edited.json.errors.map(({ path }: View) => path), ["category"]);
  assert.equal(
    (await desk.call(admin, "PATCH", `/api/tickets/${id}`, { category: "billing" })).status,
    200,
  );
  await desk.assertSound();
});

Deno.test("a ticket's category is refused before anything is looked up, when it cannot be one", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (const category of ["", "Billing", "two words", "-", "a--b", "x".repeat(61), 7, null]) {
    const ticket = { title: "A ticket", description: "Too large.", category };
    const answer = await desk.call(customer, "POST", "/api/tickets", ticket);
    assertProblem(answer, 400, "invalid_input");
    assert.deepEqual(answer.json.errors.map(({ path }: View) => path), ["category"]);
  }
  await desk.assertSound();
});

Deno.test("only administrators write; agents read, and customers do not know of it", async () => {
  await using desk = await openDesk();
  const people = await Promise.all(
    (["user", "agent", "supervisor"] as const).map((role) => desk.join(role)),
  );
  for (const [index, person] of people.entries()) {
    const refused = await put(desk, person, BILLING, { responseTime: 1 });
    assertProblem(refused, 403, "forbidden");
    assert.equal((await desk.call(person, "GET", BILLING)).status, index === 0 ? 403 : 200);
  }
  await desk.assertSound();
});

Deno.test("an edit meets a version only, when it names one, also of what was never edited", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const etagOf = async (path: string): Promise<string> => {
    const etag = (await desk.call(admin, "GET", path)).headers.get("ETag");
    assert(etag !== null);
    return etag;
  };
  const putIf = async (etag: string, path: string, body: object): Promise<Response> =>
    await desk.app.request(path, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${admin.token}`,
        "Content-Type": "application/json",
        "If-Match": etag,
      },
      body: JSON.stringify(body),
    });
  const first = await etagOf(BILLING);
  assert.equal((await putIf(first, BILLING, { responseTime: 1 })).status, 200);
  assert.equal((await putIf(first, BILLING, { responseTime: 2 })).status, 412);
  assert.equal(
    (await putIf(`W/${await etagOf(BILLING)}`, BILLING, { responseTime: 3 })).status,
    200,
  );
  assert.equal((await putIf("*", BILLING, { responseTime: 4 })).status, 200);
  // What is wrong in the body, or not allowed, is told first.
  assert.equal((await putIf(first, BILLING, { responseTime: -1 })).status, 400);
  assert.equal((await look(desk, admin, BILLING)).responseTime, 4);
  const calendar = "/api/sla/calendars/default";
  const old = await etagOf(calendar);
  assert.equal((await putIf(old, calendar, { name: "All day" })).status, 200);
  assert.equal((await putIf(old, calendar, { name: "Every day" })).status, 412);
  await desk.assertSound();
});

Deno.test("a reader is told in short that nothing has changed", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  for (const path of [BILLING, "/api/sla/calendars/default"]) {
    const etag = (await desk.call(admin, "GET", path)).headers.get("ETag") ?? "";
    const again = await desk.app.request(path, {
      headers: { Authorization: `Bearer ${admin.token}`, "If-None-Match": etag },
    });
    assert.equal(again.status, 304, path);
  }
});
