import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, iso, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { type Answer, openDesk, PASSWORD, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { dataOf, type View, walk } from "../support/work.ts";

async function login(desk: TestDesk, person: Person): Promise<Person> {
  const answer = await desk.call(null, "POST", "/api/auth/login", {
    email: person.email,
    password: PASSWORD,
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  const { token, refreshToken } = answer.json;
  return { ...person, token, refreshToken };
}

function me(desk: TestDesk, person: Person): Promise<Answer> {
  return desk.call(person, "GET", "/api/auth/me");
}

Deno.test("one's sessions are listed, the newest first, with the one that asks marked", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const start = desk.clock.now();
  desk.clock.advance(HOUR_MS);
  const second = await login(desk, customer);
  desk.clock.advance(HOUR_MS);
  await login(desk, await desk.join("user"));
  const { refreshToken } = customer;
  await desk.call(null, "POST", "/api/auth/refresh", { refreshToken });
  const list = await desk.call(second, "GET", "/api/auth/sessions");
  const shown = dataOf(list, 200).map(({ id: _, _id, ...session }: View) => session);
  assert.deepEqual(shown, [
    {
      createdAt: iso(start + HOUR_MS),
      lastRefreshedAt: iso(start + HOUR_MS),
      expiresAt: iso(start + HOUR_MS + 30 * DAY_MS),
      current: true,
    },
    {
      createdAt: iso(start),
      lastRefreshedAt: iso(start + 2 * HOUR_MS),
      expiresAt: iso(start + 2 * HOUR_MS + 30 * DAY_MS),
      current: false,
    },
  ]);
  assert.doesNotMatch(JSON.stringify(list.json), /[hH]ash|[tT]oken/);
  for (let count = 0; count < 5; count++) await login(desk, customer);
  const walked = await walk(desk, customer, "/api/auth/sessions?limit=3");
  assert.deepEqual(walked.length, 7);
  assert.deepEqual(walked.filter(({ current }) => current).map(({ id }) => id), [
    customer.actor.sessionId,
  ]);
  await desk.assertSound();
});

Deno.test("sessions that have ended or expired are neither listed nor there to be ended", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  desk.clock.advance(29 * DAY_MS);
  const second = await login(desk, customer);
  const third = await login(desk, customer);
  await desk.call(third, "POST", "/api/auth/logout");
  desk.clock.advance(DAY_MS);
  const fourth = await login(desk, second);
  const list = dataOf(await desk.call(fourth, "GET", "/api/auth/sessions"), 200);
  assert.equal(list.length, 2);
  const path = `/api/auth/sessions/${customer.actor.sessionId}`;
  assertProblem(await desk.call(fourth, "DELETE", path), 404, "not_found");
  await desk.assertSound();
});

Deno.test("a session of one's own can be ended from another, at once and once", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const other = await login(desk, customer);
  const path = `/api/auth/sessions/${customer.actor.sessionId}`;
  assert.equal((await me(desk, customer)).status, 200);
  const ended = dataOf(await desk.call(other, "DELETE", path), 200);
  assert.deepEqual([ended.id, ended.current], [customer.actor.sessionId, false]);
  assertProblem(await me(desk, customer), 401, "unauthenticated");
  assertProblem(await desk.call(other, "DELETE", path), 404, "not_found");
  const [own] = dataOf(await desk.call(other, "GET", "/api/auth/sessions"), 200);
  assert.equal(
    dataOf(await desk.call(other, "DELETE", `/api/auth/sessions/${own.id}`), 200).current,
    true,
  );
  assertProblem(await me(desk, other), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("the predecessor's refresh gives a new token for the same refresh token, for thirty days", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const { refreshToken } = customer;
  const refresh = (): Promise<Answer> =>
    desk.call(null, "POST", "/api/auth/refresh-token", { refreshToken });
  for (const milliseconds of [0, HOUR_MS, 10 * DAY_MS, 20 * DAY_MS - HOUR_MS - SECOND_MS]) {
    desk.clock.advance(milliseconds);
    const { status, json } = await refresh();
    assert.equal(status, 200);
    assert.equal(json.refreshToken, refreshToken);
    const renewed = { ...customer, token: json.token };
    const [session] = dataOf(await desk.call(renewed, "GET", "/api/auth/sessions"), 200);
    assert.equal(session.lastRefreshedAt, iso(desk.clock.now()));
  }
  desk.clock.advance(SECOND_MS);
  assertProblem(await refresh(), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("once a session has rotated the predecessor's refresh is over, and a replay ends it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const old = customer.refreshToken;
  const { refreshToken, token } =
    (await desk.call(null, "POST", "/api/auth/refresh", { refreshToken: old })).json;
  for (const each of [old, refreshToken]) {
    const reused = await desk.call(null, "POST", "/api/auth/refresh-token", { refreshToken: each });
    assertProblem(reused, 401, "unauthenticated");
  }
  assert.equal((await me(desk, { ...customer, token })).status, 200);
  desk.clock.advance(MINUTE_MS);
  const replayed = await desk.call(null, "POST", "/api/auth/refresh-token", { refreshToken: old });
  assertProblem(replayed, 401, "unauthenticated");
  assertProblem(await me(desk, { ...customer, token }), 401, "unauthenticated");
  await desk.assertSound();
});
