import assert from "node:assert/strict";
import { HOUR_MS, iso } from "../../domain/rules/time.ts";
import { type Answer, openDesk, PASSWORD, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";
import { agentId, dataOf, look, open } from "../support/work.ts";

const CHANGE = { currentPassword: PASSWORD, newPassword: "another long password" };

async function login(desk: TestDesk, person: Person, password = PASSWORD): Promise<Person> {
  const answer = await desk.call(null, "POST", "/api/auth/login", {
    email: person.email,
    password,
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  const { token, refreshToken } = answer.json;
  return { ...person, token, refreshToken };
}

function me(desk: TestDesk, person: Person): Promise<Answer> {
  return desk.call(person, "GET", "/api/auth/me");
}

function change(desk: TestDesk, person: Person, more: object = {}): Promise<Answer> {
  return desk.call(person, "PUT", "/api/auth/change-password", { ...CHANGE, ...more });
}

function profile(desk: TestDesk, person: Person, changes: object): Promise<Answer> {
  return desk.call(person, "PUT", "/api/auth/profile", changes);
}

Deno.test("a new name and address are those of the user, of its agent and of its next login", async () => {
  await using desk = await openDesk();
  const agent = await desk.join("agent");
  const changes = { name: " Ada King ", email: " Ada.King@Example.ORG" };
  const user = dataOf(await profile(desk, agent, changes), 200);
  assert.deepEqual([user.name, user.email], ["Ada King", "ada.king@example.org"]);
  assert.deepEqual(dataOf(await me(desk, agent), 200), user);
  const record = await look(desk, agent, `/api/agents/${agentId(agent)}`);
  assert.deepEqual([record.name, record.email], ["Ada King", "ada.king@example.org"]);
  await login(desk, { ...agent, email: "ada.king@example.org" });
  const former = { email: agent.email, password: PASSWORD };
  const refused = await desk.call(null, "POST", "/api/auth/login", former);
  assertProblem(refused, 401, "invalid_credentials");
  // The former address is free for somebody else.
  const registration = { name: "Bob", email: agent.email, password: PASSWORD };
  dataOf(await desk.call(null, "POST", "/api/auth/register", registration), 201);
  await desk.assertSound();
});

Deno.test("what a profile does not name stays, and tickets show the new name", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user", { name: "Ada Byron" });
  const ticket = await open(desk, customer);
  const renamed = dataOf(await profile(desk, customer, { name: "Ada King" }), 200);
  assert.deepEqual([renamed.name, renamed.email], ["Ada King", customer.email]);
  const moved = dataOf(await profile(desk, customer, { email: "ada@example.org" }), 200);
  assert.deepEqual([moved.name, moved.email], ["Ada King", "ada@example.org"]);
  assert.deepEqual(dataOf(await profile(desk, customer, {}), 200), moved);
  const shown = await look(desk, customer, `/api/tickets/${ticket.id}`);
  assert.deepEqual(shown.createdBy.name, "Ada King");
  assert.deepEqual(shown.createdBy.email, "ada@example.org");
  await desk.assertSound();
});

Deno.test("an address that somebody has is taken in every spelling; of two at once one gets it", async () => {
  await using desk = await openDesk();
  const [one, two, three] = [
    await desk.join("user"),
    await desk.join("user"),
    await desk.join("agent"),
  ];
  for (const email of [two.email, two.email.toUpperCase()]) {
    assertProblem(await profile(desk, one, { name: "New", email }), 409, "email_taken");
  }
  assert.notEqual(dataOf(await me(desk, one), 200).name, "New");
  assert.equal((await profile(desk, two, { email: two.email.toUpperCase() })).status, 200);
  const wanted = { email: "wanted@example.org" };
  const answers = await Promise.all([one, two, three].map((each) => profile(desk, each, wanted)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
  await desk.assertSound();
});

Deno.test("a profile is written to the version that was read, and to no other", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const { headers } = await me(desk, customer);
  const write = (name: string): Promise<Answer> =>
    callRaw(desk, customer, "/api/auth/profile", {
      method: "PUT",
      body: JSON.stringify({ name }),
      headers: { "If-Match": headers.get("ETag") ?? "" },
    });
  assert.equal((await write("First")).status, 200);
  assertProblem(await write("Second"), 412, "stale");
  assert.equal(dataOf(await me(desk, customer), 200).name, "First");
  await desk.assertSound();
});

Deno.test("a changed password ends every other session at once, and the one that changed it goes on", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const others = [await login(desk, customer), await login(desk, customer)];
  const stranger = await desk.join("user");
  for (const person of [customer, ...others]) {
    assert.equal("passwordChangedAt" in dataOf(await me(desk, person), 200), false);
  }
  desk.clock.advance(HOUR_MS);
  const user = dataOf(await change(desk, customer), 200);
  assert.equal(user.passwordChangedAt, iso(desk.clock.now()));
  assert.deepEqual(dataOf(await me(desk, customer), 200), user);
  for (const { token, refreshToken } of others) {
    assertProblem(await me(desk, { ...customer, token }), 401, "unauthenticated");
    const refreshed = await desk.call(null, "POST", "/api/auth/refresh", { refreshToken });
    assertProblem(refreshed, 401, "unauthenticated");
  }
  assert.equal((await me(desk, stranger)).status, 200);
  const { refreshToken } = customer;
  assert.equal((await desk.call(null, "POST", "/api/auth/refresh", { refreshToken })).status, 200);
  const old = { email: customer.email, password: PASSWORD };
  const refused = await desk.call(null, "POST", "/api/auth/login", old);
  assertProblem(refused, 401, "invalid_credentials");
  // In the same millisecond already.
  const again = await login(desk, customer, CHANGE.newPassword);
  assert.equal((await me(desk, again)).status, 200);
  await desk.assertSound();
});

Deno.test("who changes the password again, or logs out everywhere, ends the one that had stayed", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  dataOf(await change(desk, customer), 200);
  const other = await login(desk, customer, CHANGE.newPassword);
  const back = { currentPassword: CHANGE.newPassword, newPassword: PASSWORD };
  dataOf(await change(desk, other, back), 200);
  assertProblem(await me(desk, customer), 401, "unauthenticated");
  assert.equal((await me(desk, other)).status, 200);
  assert.equal((await desk.call(other, "POST", "/api/auth/logout?all=true")).status, 200);
  assertProblem(await me(desk, other), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("with a wrong current password nothing changes, and of two changes at once one counts", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const other = await login(desk, customer);
  const wrong = await change(desk, customer, { currentPassword: "not the password" });
  assertProblem(wrong, 401, "invalid_credentials");
  for (const person of [customer, other]) assert.equal((await me(desk, person)).status, 200);
  const answers = await Promise.all([customer, other].map((person) => change(desk, person)));
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual([...statuses].sort(), [200, 401]);
  const left = await Promise.all([customer, other].map((person) => me(desk, person)));
  assert.deepEqual(left.map(({ status }) => status), statuses);
  await desk.assertSound();
});

Deno.test("a common password can neither be registered nor changed to, but it can be tried", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (const password of ["password", "Password1", "12345678", "QWERTYUIOP", "iloveyou"]) {
    const account = { name: "Ada", email: "ada@example.org", password };
    const registered = await desk.call(null, "POST", "/api/auth/register", account);
    assertProblem(registered, 400, "invalid_input");
    assert.equal(registered.json.errors[0].path, "password");
    const changed = await change(desk, customer, { newPassword: password });
    assertProblem(changed, 400, "invalid_input");
    assert.equal(changed.json.errors[0].path, "newPassword");
    const tried = await desk.call(null, "POST", "/api/auth/login", { email: "a@b.org", password });
    assertProblem(tried, 401, "invalid_credentials");
  }
  assert.equal((await change(desk, customer, { newPassword: "password, but longer" })).status, 200);
  await desk.assertSound();
});
