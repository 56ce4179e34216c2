import assert from "node:assert/strict";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { assertProblem } from "../support/problem.ts";
import { callRaw } from "../support/raw.ts";

function limited(): Promise<TestDesk> {
  return openDesk({ RATE_LIMIT_PER_MINUTE: "3" });
}

function me(desk: TestDesk, person: Person): ReturnType<TestDesk["call"]> {
  return desk.call(person, "GET", "/api/auth/me");
}

Deno.test("every answer tells what is left, and beyond the limit when to come again", async () => {
  await using desk = await limited();
  const customer = await desk.join("user");
  for (const left of [2, 1, 0]) {
    const { status, headers } = await me(desk, customer);
    assert.equal(status, 200);
    assert.equal(headers.get("RateLimit-Policy"), '"minute";q=3;w=60');
    assert.equal(headers.get("RateLimit"), `"minute";r=${left};t=60`);
  }
  desk.clock.advance(20_500);
  const refused = await me(desk, customer);
  assertProblem(refused, 429, "rate_limited");
  assert.equal(refused.headers.get("Retry-After"), "40");
  assert.equal(refused.headers.get("RateLimit"), '"minute";r=0;t=40');
  desk.clock.advance(39_500);
  const { status, headers } = await me(desk, customer);
  assert.deepEqual([status, headers.get("RateLimit")], [200, '"minute";r=2;t=60']);
});

Deno.test("users are counted each by themselves, and who has no user by address", async () => {
  await using desk = await limited();
  const [customer, other] = [await desk.join("user"), await desk.join("user")];
  for (let times = 0; times < 4; times++) await me(desk, customer);
  assertProblem(await me(desk, customer), 429, "rate_limited");
  assert.equal((await me(desk, other)).status, 200);
  const stranger = { ...customer, token: "nonsense" };
  const statuses: number[] = [];
  for (let times = 0; times < 5; times++) statuses.push((await me(desk, stranger)).status);
  assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
});

Deno.test("only as many proxies are believed as stand in front", async () => {
  for (const [proxies, expected] of [["0", 429], ["1", 401], ["2", 429]] as const) {
    await using desk = await openDesk({ RATE_LIMIT_PER_MINUTE: "3", TRUST_PROXY: proxies });
    const statuses: number[] = [];
    for (let times = 0; times < 5; times++) {
      // Each request says that it comes from elsewhere; the nearest proxy's word is the last.
      const headers = { "X-Forwarded-For": `203.0.113.1, 198.51.100.${times}` };
      const { status } = await callRaw(desk, null, "/api/auth/me", { method: "GET", headers });
      statuses.push(status);
    }
    assert.deepEqual(statuses.slice(0, 3), [401, 401, 401]);
    assert.equal(statuses.at(-1), expected, `${proxies} proxies`);
  }
});

Deno.test("what has no user and guards no secret is not counted", async () => {
  await using desk = await limited();
  for (let times = 0; times < 10; times++) {
    const { status, headers } = await desk.call(null, "GET", "/health");
    assert.deepEqual([status, headers.get("RateLimit")], [200, null]);
  }
});

Deno.test("a limit of nought is none", async () => {
  await using desk = await openDesk({ RATE_LIMIT_PER_MINUTE: "0" });
  const customer = await desk.join("user");
  for (let times = 0; times < 10; times++) {
    const { status, headers } = await me(desk, customer);
    assert.deepEqual([status, headers.get("RateLimit")], [200, null]);
  }
});
