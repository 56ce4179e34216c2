import assert from "node:assert/strict";
import type { Session } from "../../domain/rules/user.ts";
import { changePassword } from "../../domain/services/logins.ts";
import { endAllSessions, removeVoidSessions } from "../../domain/services/session_endings.ts";
import { beginSession, grant } from "../../domain/services/sessions.ts";
import { users } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { readList } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { openIntents } from "../../domain/services/intents.ts";
import { resumeIntents } from "../../jobs/resume_intents.ts";
import { granted, openDesk, PASSWORD, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter, NOTHING_RESUMED } from "../support/interruption.ts";
import { assertProblem } from "../support/problem.ts";

const SESSIONS = 1_000;
/** By one commit. */
const REMOVED_AT_ONCE = 8;
const CHANGE = { currentPassword: PASSWORD, newPassword: "another long password" };
const HERE = "192.0.2.1";

/** More sessions of the same person, as logins begin them; some of them with their tokens. */
async function logInOften(desk: TestDesk, person: Person, count: number): Promise<Person[]> {
  const { store } = desk.desk;
  const begun = await Promise.all(
    Array.from({ length: count }, () =>
      transact(store, async (tx) => {
        const user = await tx.peek(users, keys.user(person.actor.userId));
        if (user === null) throw new Error("There is no such user");
        return beginSession(desk.desk, tx, user);
      })),
  );
  const some = begun.filter((_, index) => index % Math.ceil(count / 5) === 0);
  return await Promise.all(some.map(async (session) => {
    const { token, refreshToken } = await grant(desk.desk, granted(session));
    return { ...person, token, refreshToken };
  }));
}

async function sessionIds(desk: TestDesk, person: Person): Promise<string[]> {
  const prefix = ["session", person.actor.userId];
  const rows = await readList<Session>(desk.desk.store, prefix, { limit: 2 * SESSIONS });
  return rows.map(({ value }) => value.id);
}

async function assertRefused(desk: TestDesk, people: readonly Person[]): Promise<void> {
  for (const person of people) {
    assertProblem(await desk.call(person, "GET", "/api/auth/me"), 401, "unauthenticated");
    for (const path of ["/api/auth/refresh", "/api/auth/refresh-token"]) {
      const refreshed = await desk.call(null, "POST", path, { refreshToken: person.refreshToken });
      assertProblem(refreshed, 401, "unauthenticated");
    }
  }
}

Deno.test("of a thousand sessions none is accepted after a log-out that was cut off, and all are removed once", async () => {
  for (const commits of [1, 2, 60]) {
    await using desk = await openDesk();
    const customer = await desk.join("user");
    const others = await logInOften(desk, customer, SESSIONS - 1);
    // Known to the process from before, as those of people at work are.
    for (const other of others) {
      assert.equal((await desk.call(other, "GET", "/api/auth/me")).status, 200);
    }
    await assert.rejects(endAllSessions(dyingAfter(desk.desk, commits), customer.actor));
    await assertRefused(desk, [customer, ...others]);
    const left = SESSIONS - REMOVED_AT_ONCE * (commits - 1);
    assert.equal((await sessionIds(desk, customer)).length, left);
    assert.deepEqual(await openIntents(desk.desk, "end_sessions"), [customer.actor.userId]);
    assert.deepEqual(await resumeIntents(desk.desk), { ...NOTHING_RESUMED, loggedOut: 1 });
    assert.deepEqual(await sessionIds(desk, customer), []);
    assert.deepEqual(await openIntents(desk.desk, "end_sessions"), []);
    assert.equal(await removeVoidSessions(desk.desk, customer.actor.userId), 0);
    await assertRefused(desk, others);
    await desk.assertSound();
  }
});

Deno.test("a changed password leaves of a thousand sessions its own, though it was cut off", async () => {
  // The attempt, then the change, then the removal of ten sessions at a time.
  for (const commits of [2, 3, 60]) {
    await using desk = await openDesk();
    const customer = await desk.join("user");
    const others = await logInOften(desk, customer, SESSIONS - 1);
    const dying = dyingAfter(desk.desk, commits);
    await assert.rejects(changePassword(dying, customer.actor, CHANGE, HERE));
    await assertRefused(desk, others);
    assert.equal((await desk.call(customer, "GET", "/api/auth/me")).status, 200);
    assert.equal(
      (await sessionIds(desk, customer)).length,
      SESSIONS - REMOVED_AT_ONCE * (commits - 2),
    );
    // Who logs in meanwhile stays too.
    const login = { email: customer.email, password: CHANGE.newPassword };
    const { json } = await desk.call(null, "POST", "/api/auth/login", login);
    const again = { ...customer, token: json.token };
    assert.deepEqual(await resumeIntents(desk.desk), { ...NOTHING_RESUMED, loggedOut: 1 });
    for (const person of [customer, again]) {
      assert.equal((await desk.call(person, "GET", "/api/auth/me")).status, 200);
    }
    assert.equal((await sessionIds(desk, customer)).length, 2);
    await desk.assertSound();
  }
});

Deno.test("a password change that was cut off before its commit has changed nothing", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const others = await logInOften(desk, customer, 5);
  for (const commits of [0, 1]) {
    const dying = dyingAfter(desk.desk, commits);
    await assert.rejects(changePassword(dying, customer.actor, CHANGE, HERE));
  }
  for (const person of [customer, ...others]) {
    assert.equal((await desk.call(person, "GET", "/api/auth/me")).status, 200);
  }
  const login = { email: customer.email, password: PASSWORD };
  assert.equal((await desk.call(null, "POST", "/api/auth/login", login)).status, 200);
  await desk.assertSound();
});

Deno.test("of three removals at once each session is removed by one", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  await logInOften(desk, customer, 199);
  await assert.rejects(endAllSessions(dyingAfter(desk.desk, 1), customer.actor));
  const { userId } = customer.actor;
  const removed = await Promise.all([1, 2, 3].map(() => removeVoidSessions(desk.desk, userId)));
  assert.equal(removed.reduce((sum, count) => sum + count, 0), 200);
  assert.deepEqual(await sessionIds(desk, customer), []);
  await desk.assertSound();
});
