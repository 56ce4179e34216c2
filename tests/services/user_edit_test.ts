import assert from "node:assert/strict";
import { ensureAdministrator } from "../../domain/services/users.ts";
import { editUser, type UserEdit } from "../../domain/services/user_edit.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { granted, openDesk, PASSWORD, type Person, refusalOf } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { agentId, dataOf, look, openFor, ticketOf } from "../support/work.ts";

Deno.test("of administrators who take each other away at once, one always stays", async () => {
  const ways: UserEdit[] = [{ active: false }, { role: "user" }];
  for (const edit of ways) {
    for (const count of [2, 3, 6]) {
      await using desk = await openDesk();
      const admins: Person[] = [];
      for (let index = 0; index < count; index++) admins.push(await desk.join("admin"));
      // Each by the next one, the last by the first.
      const outcomes = await Promise.all(admins.map(({ actor }, index) => {
        const victim = admins[(index + 1) % count]?.actor.userId ?? "";
        return editUser(desk.desk, actor, victim, edit);
      }));
      const refused = outcomes.filter(isRefusal);
      assert.deepEqual(refused.map(refusalOf), ["conflict"]);
      await desk.assertSound();
    }
  }
});

Deno.test("the last administrator stays one, whoever else was one before", async () => {
  await using desk = await openDesk();
  const [one, two] = [await desk.join("admin"), await desk.join("admin")];
  granted(await editUser(desk.desk, one.actor, two.actor.userId, { active: false }));
  for (const edit of [{ active: false }, { role: "agent" }] as const) {
    const outcome = await editUser(desk.desk, one.actor, one.actor.userId, edit);
    assert.equal(refusalOf(outcome), "conflict");
  }
  granted(await editUser(desk.desk, one.actor, two.actor.userId, { active: true }));
  granted(await editUser(desk.desk, one.actor, one.actor.userId, { role: "supervisor" }));
  const account = { email: two.email, password: PASSWORD };
  assert.equal(granted(await ensureAdministrator(desk.desk, account)).role, "admin");
  await desk.assertSound();
});

Deno.test("who is deactivated is out at once and cannot come in, until reactivated with a new login", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const person = await desk.join("user", { name: "Ada" });
  const login = { email: person.email, password: PASSWORD };
  const ticket = { title: "A ticket", description: "It does not work." };
  const opened = dataOf(await desk.call(person, "POST", "/api/tickets", ticket), 201);
  const path = `/api/users/${person.actor.userId}`;
  const gone = await desk.call(admin, "DELETE", path);
  assert.equal(dataOf(gone, 200).active, false);
  assertProblem(await desk.call(person, "GET", "/api/auth/me"), 401, "unauthenticated");
  const refresh = { refreshToken: person.refreshToken };
  const refreshed = await desk.call(null, "POST", "/api/auth/refresh", refresh);
  assertProblem(refreshed, 401, "unauthenticated");
  const denied = await desk.call(null, "POST", "/api/auth/login", login);
  assertProblem(denied, 401, "invalid_credentials");
  // Deactivated once more it is the same user, since the same moment.
  desk.clock.advance(1_000);
  assert.deepEqual((await desk.call(admin, "DELETE", path)).json, gone.json);
  assert.equal((await ticketOf(desk, admin, opened)).createdBy.name, "Ada");

  assert.equal(dataOf(await desk.call(admin, "PUT", path, { active: true }), 200).active, true);
  assertProblem(await desk.call(person, "GET", "/api/auth/me"), 401, "unauthenticated");
  desk.clock.advance(1_000);
  assert.equal((await desk.call(null, "POST", "/api/auth/login", login)).status, 200);
  await desk.assertSound();
});

Deno.test("a password that an administrator sets ends the sessions of before, and is the good one", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const person = await desk.join("user");
  const path = `/api/users/${person.actor.userId}`;
  const password = "another horse battery";
  dataOf(await desk.call(admin, "PUT", path, { password }), 200);
  assertProblem(await desk.call(person, "GET", "/api/auth/me"), 401, "unauthenticated");
  desk.clock.advance(1_000);
  const login = (word: string) =>
    desk.call(null, "POST", "/api/auth/login", { email: person.email, password: word });
  assertProblem(await login(PASSWORD), 401, "invalid_credentials");
  assert.equal((await login(password)).status, 200);
  await desk.assertSound();
});

Deno.test("a new role holds at once: the old token is refused, the session makes one for the new role", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const person = await desk.join("user");
  dataOf(await desk.call(person, "GET", "/api/auth/me"), 200);
  const path = `/api/users/${person.actor.userId}`;
  dataOf(await desk.call(admin, "PUT", path, { role: "supervisor" }), 200);
  assertProblem(await desk.call(person, "GET", "/api/auth/me"), 401, "token_expired");
  const refresh = { refreshToken: person.refreshToken };
  const { status, json } = await desk.call(null, "POST", "/api/auth/refresh", refresh);
  assert.equal(status, 200);
  const now = { ...person, token: json.token };
  dataOf(await desk.call(now, "GET", "/api/agents"), 200);
  await desk.assertSound();
});

Deno.test("whoever becomes an agent has a record, and loses it with its tickets when no agent any more", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const customer = await desk.join("user");
  const person = await desk.join("user", { name: "Ada" });
  const { userId } = person.actor;
  const path = `/api/users/${userId}`;
  dataOf(await desk.call(admin, "PUT", path, { role: "agent", name: "Ada L." }), 200);
  const record = await look(desk, admin, `/api/agents/user/${userId}`);
  assert.deepEqual([record.name, record.status, record.active], ["Ada L.", "offline", true]);
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const ticket = await openFor(desk, customer, agent, admin);
  const answer = await desk.call(admin, "PUT", `/api/users/${agent.actor.userId}`, {
    role: "supervisor",
    email: "Boss@Example.com",
  });
  assert.equal(dataOf(answer, 200).email, "boss@example.com");
  assert.deepEqual(answer.json.requeued, [ticket.id]);
  const former = await look(desk, admin, `/api/agents/${agentId(agent)}`);
  assert.deepEqual([former.active, former.email], [false, "boss@example.com"]);
  const again = await desk.call(admin, "PUT", `/api/users/${agent.actor.userId}`, {
    role: "agent",
  });
  assert.deepEqual(again.json.requeued, []);
  assert.equal((await look(desk, admin, `/api/agents/${agentId(agent)}`)).active, true);
  await desk.assertSound();
});

Deno.test("an address that somebody has is refused, whatever else is asked for with it", async () => {
  await using desk = await openDesk();
  const admin = await desk.join("admin");
  const [one, two] = [await desk.join("user"), await desk.join("user")];
  const path = `/api/users/${one.actor.userId}`;
  const before = await look(desk, admin, path);
  const taken = await desk.call(admin, "PUT", path, { name: "Eve", email: ` ${two.email} ` });
  assertProblem(taken, 409, "email_taken");
  assert.deepEqual(await look(desk, admin, path), before);
  dataOf(await desk.call(admin, "PUT", path, { email: one.email.toUpperCase() }), 200);
  await desk.assertSound();
});
