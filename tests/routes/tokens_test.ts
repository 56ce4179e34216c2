import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { makeTokens } from "../../domain/services/tokens.ts";
import {
  type Answer,
  openDesk,
  PASSWORD,
  type Person,
  testConfig,
  type TestDesk,
} from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";

const SECRET = "a secret of at least thirty-two bytes";
const OTHER_SECRET = "another secret of thirty-two bytes or so";

function refresh(desk: TestDesk, refreshToken: string): Promise<Answer> {
  return desk.call(null, "POST", "/api/auth/refresh", { refreshToken });
}

function me(desk: TestDesk, person: Person, token: string): Promise<Answer> {
  return desk.call({ ...person, token }, "GET", "/api/auth/me");
}

Deno.test("a refresh gives a new pair, and both access tokens are good until they end", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  desk.clock.advance(HOUR_MS);
  const { status, json } = await refresh(desk, customer.refreshToken);
  assert.equal(status, 200, JSON.stringify(json));
  const fields = ["success", "token", "refreshToken", "expiresIn", "data"];
  assert.deepEqual(Object.keys(json).sort(), fields.sort());
  assert.notEqual(json.refreshToken, customer.refreshToken);
  assert.notEqual(json.token, customer.token);
  assert.equal(json.data.id, customer.actor.userId);
  for (const token of [customer.token, json.token]) {
    assert.equal((await me(desk, customer, token)).status, 200);
  }
  await desk.assertSound();
});

Deno.test("within thirty seconds of a rotation the old token gets the same successor", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const [one, two] = await Promise.all([1, 2].map(() => refresh(desk, customer.refreshToken)));
  assert.equal(one?.status, 200);
  assert.equal(two?.json.refreshToken, one?.json.refreshToken);
  desk.clock.advance(30 * SECOND_MS);
  const third = await refresh(desk, customer.refreshToken);
  assert.equal(third.json.refreshToken, one?.json.refreshToken);
  assert.equal((await refresh(desk, third.json.refreshToken)).status, 200);
  await desk.assertSound();
});

Deno.test("a token replayed after thirty seconds ends its session, and no other", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const elsewhere = await desk.join("user");
  const { refreshToken, token } = (await refresh(desk, customer.refreshToken)).json;
  desk.clock.advance(30 * SECOND_MS + 1);
  assertProblem(await refresh(desk, customer.refreshToken), 401, "unauthenticated");
  assertProblem(await refresh(desk, refreshToken), 401, "unauthenticated");
  assertProblem(await me(desk, customer, token), 401, "unauthenticated");
  assert.equal((await me(desk, elsewhere, elsewhere.token)).status, 200);
  await desk.assertSound();
});

Deno.test("a replay of any older ancestor ends the session, however early", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  let newest = customer.refreshToken;
  for (let turn = 0; turn < 4; turn++) newest = (await refresh(desk, newest)).json.refreshToken;
  assertProblem(await refresh(desk, customer.refreshToken), 401, "unauthenticated");
  assertProblem(await refresh(desk, newest), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("a forged refresh token gets nothing and ends nothing", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const [userId, sessionId, secret = "", seal = ""] = customer.refreshToken.split(".");
  const forged = [
    "",
    ".",
    "...",
    "nonsense",
    `${userId}.${sessionId}`,
    `${userId}.${sessionId}.${secret}`,
    `${userId}.${sessionId}.${secret}.`,
    `${userId}.${sessionId}.${"A".repeat(secret.length)}.${seal}`,
    `${userId}.${sessionId}.${secret}.${"A".repeat(seal.length)}`,
    `${sessionId}.${userId}.${secret}.${seal}`,
    customer.token,
  ];
  for (const token of forged) {
    assertProblem(await refresh(desk, token), 401, "unauthenticated");
  }
  assert.equal((await me(desk, customer, customer.token)).status, 200);
  assert.equal((await refresh(desk, customer.refreshToken)).status, 200);
  await desk.assertSound();
});

Deno.test("a refresh token lives thirty days from its rotation", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  desk.clock.advance(30 * DAY_MS - 1);
  const { refreshToken } = (await refresh(desk, customer.refreshToken)).json;
  desk.clock.advance(30 * DAY_MS - 1);
  const last = (await refresh(desk, refreshToken)).json.refreshToken;
  desk.clock.advance(30 * DAY_MS);
  assertProblem(await refresh(desk, last), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("an access token that has ended says so, and the refresh token still renews it", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  desk.clock.advance(12 * HOUR_MS - SECOND_MS);
  assert.equal((await me(desk, customer, customer.token)).status, 200);
  desk.clock.advance(SECOND_MS);
  const expired = await me(desk, customer, customer.token);
  assertProblem(expired, 401, "token_expired");
  assert.match(expired.headers.get("WWW-Authenticate") ?? "", /error="invalid_token"/);
  const { token } = (await refresh(desk, customer.refreshToken)).json;
  assert.equal((await me(desk, customer, token)).status, 200);
  await desk.assertSound();
});

Deno.test("a token of another key, algorithm, issuer or audience is no token of ours", async () => {
  await using desk = await openDesk({ JWT_SECRET: SECRET });
  const customer = await desk.join("user");
  const kid = keyId(SECRET);
  const claims = { role: "admin", sid: customer.actor.sessionId };
  const whole = { issuer: "smart-ticketing", audience: "smart-ticketing-api" };
  const sign = (secret: string, header: object, part: Partial<typeof whole>): Promise<string> => {
    const { issuer, audience } = { ...whole, ...part };
    return new SignJWT({ ...claims, role: "user" })
      .setProtectedHeader({ alg: "HS256", kid, ...header })
      .setSubject(customer.actor.userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(desk.clock.now() / SECOND_MS)
      .setExpirationTime(desk.clock.now() / SECOND_MS + 60)
      .sign(new TextEncoder().encode(secret));
  };
  // The same by hand is accepted: what follows is refused for its one difference.
  assert.equal((await me(desk, customer, await sign(SECRET, {}, {}))).status, 200);
  const unsigned = new UnsecuredJWT({ ...claims, role: "user" })
    .setSubject(customer.actor.userId)
    .setIssuer(whole.issuer)
    .setAudience(whole.audience)
    .setIssuedAt(desk.clock.now() / SECOND_MS)
    .setExpirationTime(desk.clock.now() / SECOND_MS + 60)
    .encode();
  const [head, payload, signature] = customer.token.split(".");
  const raised = { sub: customer.actor.userId, ...claims, iss: whole.issuer, aud: whole.audience };
  const bad = [
    unsigned,
    await sign(OTHER_SECRET, {}, {}),
    await sign(OTHER_SECRET, { kid: keyId(OTHER_SECRET) }, {}),
    await sign(SECRET, { kid: "unknown" }, {}),
    await sign(`${SECRET}${SECRET}`, { alg: "HS512" }, {}),
    await sign(SECRET, { alg: "HS384" }, {}),
    await sign(SECRET, {}, { audience: "another-api" }),
    await sign(SECRET, {}, { issuer: "another-issuer" }),
    `${head}.${encode({ ...raised, iat: 1, exp: 4_000_000_000 })}.${signature}`,
    `${encode({ alg: "none", kid })}.${payload}.`,
    `${head}.${payload}.`,
    `${head}.${payload}`,
    "nonsense",
    "x".repeat(5_000),
  ];
  for (const token of bad) assertProblem(await me(desk, customer, token), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("a header that carries no bearer token is no authentication", async () => {
  await using desk = await openDesk();
  const { token } = await desk.join("user");
  for (const header of ["", "Bearer", "Bearer ", `Basic ${token}`, token, `Bearer ${token} more`]) {
    const headers = { Authorization: header };
    const response = await desk.app.request("/api/auth/me", { headers });
    const answer = { status: response.status, headers: response.headers };
    assertProblem({ ...answer, json: await response.json() }, 401, "unauthenticated");
  }
  const headers = { authorization: `bearer  ${token}` };
  assert.equal((await desk.app.request("/api/auth/me", { headers })).status, 200);
  await desk.assertSound();
});

Deno.test("tokens of the previous secret stay good while it is named, and new ones have the new key", async () => {
  await using desk = await openDesk({ JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: OTHER_SECRET });
  const { store } = desk.desk;
  const customer = await desk.join("user");
  const { userId, sessionId } = customer.actor;
  const former = await makeTokens(store, testConfig({ JWT_SECRET: OTHER_SECRET }));
  const old = await former.sign({ userId, sessionId, role: "user" });
  assert.equal((await me(desk, customer, old)).status, 200);
  const kid = (token: string): string => JSON.parse(atob(token.split(".")[0] ?? "")).kid;
  assert.equal(kid(old), keyId(OTHER_SECRET));
  assert.equal(kid(customer.token), keyId(SECRET));
  const unrelated = await makeTokens(store, testConfig({ JWT_SECRET: `${SECRET}, and more` }));
  const foreign = await unrelated.sign({ userId, sessionId, role: "user" });
  assertProblem(await me(desk, customer, foreign), 401, "unauthenticated");
  await desk.assertSound();
});

/** As the desk names its keys: nothing of the secret can be told from it. */
function keyId(secret: string): string {
  return createHash("sha256").update("key id").update(secret).digest("hex").slice(0, 12);
}

function encode(value: object): string {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

Deno.test("a refresh token with something appended is none, and ends nothing", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  for (const more of [".x", ".", "x"]) {
    assertProblem(await refresh(desk, `${customer.refreshToken}${more}`), 401, "unauthenticated");
  }
  assert.equal((await refresh(desk, customer.refreshToken)).status, 200);
  await desk.assertSound();
});

Deno.test("an access token that has expired is still good to log out with", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  desk.clock.advance(13 * HOUR_MS);
  assertProblem(await me(desk, customer, customer.token), 401, "token_expired");
  assert.equal((await desk.call(customer, "POST", "/api/auth/logout")).status, 200);
  assertProblem(await refresh(desk, customer.refreshToken), 401, "unauthenticated");
  await desk.assertSound();
});

Deno.test("a session that has ended has no say over the others of its user", async () => {
  await using desk = await openDesk();
  const customer = await desk.join("user");
  const login = { email: customer.email, password: PASSWORD };
  const { token } = (await desk.call(null, "POST", "/api/auth/login", login)).json;
  await desk.call(customer, "POST", "/api/auth/logout");
  assert.equal((await desk.call(customer, "POST", "/api/auth/logout?all=true")).status, 200);
  assert.equal((await me(desk, customer, token)).status, 200);
  await desk.assertSound();
});
