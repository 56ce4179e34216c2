import assert from "node:assert/strict";
import { MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { users } from "../../domain/store/kinds.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import {
  type Answer,
  granted,
  openDesk,
  PASSWORD,
  type Person,
  type TestDesk,
} from "../support/desk.ts";
import { assertProblem, stored } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";

const HOME = "192.0.2.1";
const AWAY = "198.51.100.7";
const BEHIND_PROXY = { TRUST_PROXY: "1" };
const WRONG = "not the password";

/** A request that comes, by the proxy's word, from this address. */
function from(
  desk: TestDesk,
  address: string,
  person: Person | null,
  route: string,
  body: object,
): Promise<Answer> {
  const [method = "", path = ""] = route.split(" ");
  const headers = { "X-Forwarded-For": address };
  return callRaw(desk, person, path, { method, body: JSON.stringify(body), headers });
}

function login(desk: TestDesk, email: string, password: string, address = AWAY): Promise<Answer> {
  return from(desk, address, null, "POST /api/auth/login", { email, password });
}

async function fail(desk: TestDesk, email: string, count: number, address = AWAY): Promise<void> {
  for (let attempt = 0; attempt < count; attempt++) {
    assertProblem(await login(desk, email, WRONG, address), 401, "invalid_credentials");
  }
}

Deno.test("ten failures lock an address for fifteen minutes, with the right password too", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const { email } = await desk.join("user");
  await fail(desk, email, 9);
  desk.clock.advance(MINUTE_MS);
  await fail(desk, email.toUpperCase(), 1);
  for (const password of [PASSWORD, WRONG]) {
    const locked = await login(desk, email, password);
    assertProblem(locked, 429, "locked_out");
    assert.equal(locked.json.retryAfter, 15 * 60);
    assert.equal(locked.headers.get("Retry-After"), String(15 * 60));
  }
  // To try on does not prolong it.
  desk.clock.advance(15 * MINUTE_MS - SECOND_MS);
  assert.equal((await login(desk, email, PASSWORD)).json.retryAfter, 1);
  desk.clock.advance(SECOND_MS);
  assert.equal((await login(desk, email, PASSWORD)).status, 200);
  await desk.assertSound();
});

Deno.test("whether there is an account does not show, neither before the lock nor in it", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const { email } = await desk.join("user");
  for (let attempt = 0; attempt < 12; attempt++) {
    const [known, unknown] = await Promise.all([
      login(desk, email, WRONG),
      login(desk, "nobody@example.org", WRONG),
    ]);
    assert.deepEqual({ ...known?.json, requestId: "" }, { ...unknown?.json, requestId: "" });
    assert.equal(known?.status, attempt < 10 ? 401 : 429);
  }
  const kept = [...(await stored(desk.desk.store)).keys()].join();
  assert.doesNotMatch(kept, /nobody@example\.org/);
  await desk.assertSound();
});

Deno.test("of fifty guesses at once ten are looked at, and no more", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const { email } = await desk.join("user");
  const guesses = Array.from({ length: 50 }, (_, index) => login(desk, email, `guess ${index}`));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 401).length, 10);
  assert.equal(statuses.filter((status) => status === 429).length, 40);
  await desk.assertSound();
});

Deno.test("a lock made by strangers does not keep a user out from where it has logged in", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const { email } = await desk.join("user");
  assert.equal((await login(desk, email, PASSWORD, HOME)).status, 200);
  await fail(desk, email, 10);
  assertProblem(await login(desk, email, PASSWORD, "203.0.113.9"), 429, "locked_out");
  // Mistyped a few times, too.
  await fail(desk, email, 9, HOME);
  assert.equal((await login(desk, email, PASSWORD, HOME)).status, 200);
  await fail(desk, email, 10, HOME);
  assertProblem(await login(desk, email, PASSWORD, HOME), 429, "locked_out");
  await desk.assertSound();
});

Deno.test("a wrong current password counts as a failed login, and a right one does not", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const customer = await desk.join("user");
  const change = (currentPassword: string): Promise<Answer> => {
    const passwords = { currentPassword, newPassword: "another long password" };
    return from(desk, AWAY, customer, "PUT /api/auth/change-password", passwords);
  };
  for (let attempt = 0; attempt < 4; attempt++) {
    assertProblem(await change(WRONG), 401, "invalid_credentials");
  }
  await fail(desk, customer.email, 6);
  assertProblem(await change(PASSWORD), 429, "locked_out");
  assertProblem(await login(desk, customer.email, PASSWORD), 429, "locked_out");
  desk.clock.advance(15 * MINUTE_MS);
  assert.equal((await change(PASSWORD)).status, 200);
  await fail(desk, customer.email, 10);
  assertProblem(await change("another long password"), 429, "locked_out");
  await desk.assertSound();
});

Deno.test("failures go with the account to a new address: to move gives no new guesses", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const customer = await desk.join("user");
  assert.equal((await login(desk, customer.email, PASSWORD, HOME)).status, 200);
  await fail(desk, customer.email, 10);
  const email = "moved@example.org";
  const moved = await from(desk, AWAY, customer, "PUT /api/auth/profile", { email });
  assert.equal(moved.status, 200);
  assertProblem(await login(desk, email, PASSWORD), 429, "locked_out");
  assert.equal((await login(desk, email, PASSWORD, HOME)).status, 200);
  await desk.assertSound();
});

Deno.test("a deactivated user neither logs in nor acts, and gets the answer of a wrong password", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const customer = await desk.join("user");
  const { store } = desk.desk;
  assert.equal((await desk.call(customer, "GET", "/api/auth/me")).status, 200);
  granted(
    await transact(store, async (tx) => {
      const user = await tx.get(users, keys.user(customer.actor.userId));
      assert.ok(user !== null);
      tx.put(users, { ...user, deactivatedAt: store.now() });
      tx.emit({ type: "user.changed", userId: user.id, role: user.role });
      return "deactivated";
    }),
  );
  assertProblem(await login(desk, customer.email, PASSWORD), 401, "invalid_credentials");
  assertProblem(await desk.call(customer, "GET", "/api/auth/me"), 401, "unauthenticated");
  const { refreshToken } = customer;
  for (const path of ["/api/auth/refresh", "/api/auth/refresh-token"]) {
    const refreshed = await desk.call(null, "POST", path, { refreshToken });
    assertProblem(refreshed, 401, "unauthenticated");
  }
  await desk.assertSound();
});

Deno.test("strangers do not lock a new customer out of where the account was made", async () => {
  await using desk = await openDesk(BEHIND_PROXY);
  const account = { name: "Ada", email: "ada@example.org", password: PASSWORD };
  const made = await from(desk, HOME, null, "POST /api/auth/register", account);
  assert.equal(made.status, 201);
  await fail(desk, account.email, 10);
  assertProblem(await login(desk, account.email, PASSWORD), 429, "locked_out");
  assert.equal((await login(desk, account.email, PASSWORD, HOME)).status, 200);
  await desk.assertSound();
});

Deno.test("thirty attempts a minute and address pass, over all routes that try a password", async () => {
  await using desk = await openDesk({ ...BEHIND_PROXY, AUTH_RATE_LIMIT_PER_MINUTE: "30" });
  const customer = await desk.join("user");
  const attempts: [route: string, body: object, status: number][] = [
    ["POST /api/auth/login", { email: customer.email, password: PASSWORD }, 200],
    ["PUT /api/auth/change-password", { currentPassword: WRONG, newPassword: PASSWORD }, 401],
  ];
  for (let round = 0; round < 16; round++) {
    for (const [index, [route, body, status]] of attempts.entries()) {
      const answer = await from(desk, AWAY, customer, route, body);
      if (round * attempts.length + index < 30) assert.equal(answer.status, status);
      else assertProblem(answer, 429, "rate_limited");
    }
  }
  const limited = await login(desk, customer.email, PASSWORD);
  assert.equal(limited.headers.get("Retry-After"), String(limited.json.retryAfter));
  assert.ok(limited.json.retryAfter > 0 && limited.json.retryAfter <= 62);
  assert.equal((await login(desk, customer.email, PASSWORD, HOME)).status, 200);
  const policy = limited.headers.get("RateLimit-Policy") ?? "";
  assert.match(policy, /"login";q=30;w=60/);
  assert.match(limited.headers.get("RateLimit") ?? "", /"login";r=0;t=\d+/);
  // Nothing else is limited with them: a refresh token cannot be guessed.
  const { refreshToken } = customer;
  const refreshed = await from(desk, AWAY, null, "POST /api/auth/refresh-token", { refreshToken });
  assert.equal(refreshed.status, 200);
  assert.equal((await desk.call(customer, "GET", "/api/auth/me")).status, 200);
  desk.clock.advance(limited.json.retryAfter * SECOND_MS);
  assert.equal((await login(desk, customer.email, PASSWORD)).status, 200);
  await desk.assertSound();
});

Deno.test("ten registrations a minute and address pass; an administrator's are not counted", async () => {
  await using desk = await openDesk({ ...BEHIND_PROXY, AUTH_RATE_LIMIT_PER_MINUTE: "30" });
  const admin = await desk.join("admin");
  let accounts = 0;
  const register = (person: Person | null, address = AWAY): Promise<Answer> => {
    accounts += 1;
    const account = { name: "Ada", email: `ada${accounts}@example.org`, password: PASSWORD };
    return from(desk, address, person, "POST /api/auth/register", account);
  };
  for (let count = 0; count < 15; count++) assert.equal((await register(admin)).status, 201);
  for (let count = 0; count < 10; count++) assert.equal((await register(null)).status, 201);
  assertProblem(await register(null), 429, "rate_limited");
  assertProblem(await register(await desk.join("supervisor")), 429, "rate_limited");
  assert.equal((await register(admin)).status, 201);
  assert.equal((await register(null, HOME)).status, 201);
  await desk.assertSound();
});
