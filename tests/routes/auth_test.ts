import assert from "node:assert/strict";
import bcrypt from "bcryptjs";
import { users } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { read } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { type Answer, granted, openDesk, PASSWORD, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, dataOf, look } from "../support/work.ts";

const ACCOUNT = { name: " Ada Lovelace ", email: "  Ada@Example.ORG ", password: PASSWORD };

function register(desk: TestDesk, more: object = {}): Promise<Answer> {
  return desk.call(null, "POST", "/api/auth/register", { ...ACCOUNT, ...more });
}

function login(desk: TestDesk, email: string, password: string): Promise<Answer> {
  return desk.call(null, "POST", "/api/auth/login", { email, password });
}

Deno.test("to register gives tokens at the top level beside a user without secrets", async () => {
  await using desk = await openDesk();
  const { status, json } = await register(desk);
  assert.equal(status, 201, JSON.stringify(json));
  assert.deepEqual(Object.keys(json).sort(), [
    "data",
    "expiresIn",
    "refreshToken",
    "success",
    "token",
  ]);
  assert.equal(json.success, true);
  assert.equal(json.expiresIn, 12 * 60 * 60);
  const { id, createdAt } = json.data;
  const user = { id, _id: id, name: "Ada Lovelace", email: "ada@example.org", role: "user" };
  assert.deepEqual(json.data, { ...user, active: true, createdAt });
  assert.equal(createdAt, new Date(desk.clock.now()).toISOString());
  const headers = { Authorization: `Bearer ${json.token}` };
  const me = await (await desk.app.request("/api/auth/me", { headers })).json();
  assert.deepEqual(me, { success: true, data: json.data });
  await desk.assertSound();
});

Deno.test("an address logs in however it is spelt, and with the right password alone", async () => {
  await using desk = await openDesk();
  const { data } = (await register(desk)).json;
  for (const email of ["ada@example.org", " ADA@EXAMPLE.ORG\t"]) {
    const { status, json } = await login(desk, email, PASSWORD);
    assert.equal(status, 200);
    assert.deepEqual(json.data, data);
    assert.equal(typeof json.token, "string");
    assert.equal(typeof json.refreshToken, "string");
    assert.equal(json.expiresIn, 12 * 60 * 60);
  }
  for (const password of ["", `${PASSWORD} `, PASSWORD.toUpperCase(), "x".repeat(1_000)]) {
    assertProblem(await login(desk, "ada@example.org", password), 401, "invalid_credentials");
  }
  await desk.assertSound();
});

Deno.test("an unknown address and a wrong password get the same answer", async () => {
  await using desk = await openDesk();
  await register(desk);
  const wrong = await login(desk, "ada@example.org", "wrong password");
  const unknown = await login(desk, "nobody@example.org", "wrong password");
  assertProblem(wrong, 401, "invalid_credentials");
  assert.deepEqual(
    { ...wrong.json, requestId: "" },
    { ...unknown.json, requestId: "" },
  );
  assert.equal(wrong.headers.get("WWW-Authenticate"), unknown.headers.get("WWW-Authenticate"));
  await desk.assertSound();
});

Deno.test("an address is taken in every spelling, and of two who register at once one gets it", async () => {
  await using desk = await openDesk();
  const answers = await Promise.all([register(desk), register(desk), register(desk)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
  for (const answer of answers.filter(({ status }) => status === 409)) {
    assertProblem(answer, 409, "email_taken");
  }
  assertProblem(await register(desk, { email: "ADA@example.org" }), 409, "email_taken");
  const rows = desk.desk.store.reader.list({ prefix: ["user"] });
  assert.equal((await Array.fromAsync(rows)).length, 1);
  await desk.assertSound();
});

Deno.test("only an administrator makes an agent, and the agent's record comes with it", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const boss = await desk.join("supervisor");
  assertProblem(await register(desk, { role: "agent" }), 403, "forbidden");
  const input = { ...ACCOUNT, role: "agent" };
  assertProblem(await desk.call(boss, "POST", "/api/auth/register", input), 403, "forbidden");
  const { id } = dataOf(await desk.call(admin, "POST", "/api/auth/register", input), 201);
  const agent = await look(desk, admin, `/api/agents/user/${id}`);
  assert.equal(agent.user, id);
  assert.equal(agent.name, "Ada Lovelace");
  assert.equal(agent.email, "ada@example.org");
  assert.equal(agent.department, "Support");
  assert.equal(agent.status, "offline");
  assert.equal(agent.maxTickets, 5);
  await desk.assertSound();
});

Deno.test("to make a plain user one needs nobody's leave", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const made = await desk.call(customer, "POST", "/api/auth/register", {
    ...ACCOUNT,
    role: "user",
  });
  assert.equal(dataOf(made, 201).role, "user");
  await desk.assertSound();
});

Deno.test("to log out ends that session's access token at once, and no other's", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const elsewhere = (await login(desk, customer.email, PASSWORD)).json;
  const other = { ...customer, token: elsewhere.token };
  assert.equal((await desk.call(customer, "GET", "/api/auth/me")).status, 200);
  assert.equal((await desk.call(customer, "POST", "/api/auth/logout")).status, 200);
  assertProblem(await desk.call(customer, "GET", "/api/auth/me"), 401, "unauthenticated");
  const { refreshToken } = customer;
  const refreshed = await desk.call(null, "POST", "/api/auth/refresh", { refreshToken });
  assertProblem(refreshed, 401, "unauthenticated");
  assert.equal((await desk.call(other, "GET", "/api/auth/me")).status, 200);
  await desk.assertSound();
});

Deno.test("to log out everywhere ends every session of the user, and of nobody else", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const stranger = await desk.join("user");
  const tokens = [];
  for (let count = 0; count < 3; count++) {
    tokens.push((await login(desk, customer.email, PASSWORD)).json);
  }
  const path = "/api/auth/logout?all=true";
  assert.equal((await desk.call(customer, "POST", path)).status, 200);
  for (const { token, refreshToken } of [customer, ...tokens]) {
    const gone = { ...customer, token };
    assertProblem(await desk.call(gone, "GET", "/api/auth/me"), 401, "unauthenticated");
    const refreshed = await desk.call(null, "POST", "/api/auth/refresh", { refreshToken });
    assertProblem(refreshed, 401, "unauthenticated");
  }
  assert.equal((await desk.call(stranger, "GET", "/api/auth/me")).status, 200);
  desk.clock.advance(1);
  assert.equal((await login(desk, customer.email, PASSWORD)).status, 200);
  await desk.assertSound();
});

Deno.test("whoever is logged out already logs out with success", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (const person of [customer, customer, null, { ...customer, token: "nonsense" }]) {
    const { status, json } = await desk.call(person, "POST", "/api/auth/logout");
    assert.equal(status, 200);
    assert.equal(json.success, true);
  }
  await desk.assertSound();
});

Deno.test("a password hashed by the predecessor is good, and is hashed anew at the first login", async () => {
  await using desk = await openDesk();
  const { store } = desk.desk;
  const customer = await desk.join("user");
  const { userId } = customer.actor;
  const passwordHash = await bcrypt.hash("an imported password", 4);
  granted(
    await transact(store, async (tx) => {
      const user = await tx.get(users, keys.user(userId));
      assert.ok(user !== null);
      tx.put(users, { ...user, passwordHash });
      return "imported";
    }),
  );
  assertProblem(await login(desk, customer.email, PASSWORD), 401, "invalid_credentials");
  assert.equal((await read(store, users, keys.user(userId)))?.passwordHash, passwordHash);
  const two = await Promise.all(
    [1, 2].map(() => login(desk, customer.email, "an imported password")),
  );
  assert.deepEqual(two.map(({ status }) => status), [200, 200]);
  const rehashed = (await read(store, users, keys.user(userId)))?.passwordHash ?? "";
  assert.match(rehashed, /^\$scrypt\$/);
  assert.equal((await login(desk, customer.email, "an imported password")).status, 200);
  assert.equal((await read(store, users, keys.user(userId)))?.passwordHash, rehashed);
  await desk.assertSound();
});

Deno.test("what an agent may see follows its record at once, not its next login", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const agent = await desk.join("agent", { agent: { status: "busy", department: "Here" } });
  const input = { title: "A ticket", description: "Elsewhere.", department: "There" };
  const ticket = dataOf(await desk.call(boss, "POST", "/api/tickets", input), 201);
  const path = `/api/tickets/${ticket.id}`;
  assertProblem(await desk.call(agent, "GET", path), 404, "not_found");
  const edit = { teams: ["THERE "] };
  dataOf(await desk.call(boss, "PUT", `/api/agents/${agentId(agent)}`, edit), 200);
  dataOf(await desk.call(agent, "GET", path), 200);
  await desk.assertSound();
});

Deno.test("the connection test needs no token", async () => {
  await using desk = await openDesk();
  assert.equal((await desk.call(null, "GET", "/api/auth/test")).status, 200);
  await desk.assertSound();
});
