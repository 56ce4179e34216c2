import assert from "node:assert/strict";
import { client } from "../support/client.ts";
import { type Answer, faultsOf } from "../support/desk.ts";
import { openStoreFile, startServer, temporaryStorePath } from "../support/server.ts";
import { connect } from "../support/socket.ts";

const PASSWORD = "correct horse battery";
const CHANGE = { currentPassword: PASSWORD, newPassword: "another long password" };
const ACCOUNT = { name: "Ada", email: "ada@example.org", password: PASSWORD };

/** Asks until the answer has this status: another process need not know at once. */
async function eventually(status: number, ask: () => Promise<Answer>): Promise<void> {
  let seen = 0;
  for (let turn = 0; turn < 100 && seen !== status; turn++) {
    seen = (await ask()).status;
    if (seen !== status) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(seen, status);
}

Deno.test("what one process ends or locks holds in the others, and after a restart", async () => {
  await using store = await temporaryStorePath();
  const env = { TRUST_PROXY: "1" };
  {
    await using one = await startServer(store.path, env);
    await using two = await startServer(store.path, env);

    const registered = await client(one.url, null).call("POST", "/api/auth/register", ACCOUNT);
    const { email } = ACCOUNT;
    const elsewhere = await client(two.url, null).call("POST", "/api/auth/login", {
      email,
      password: PASSWORD,
    });
    const changing = client(one.url, registered.json.token);
    const cut = client(two.url, elsewhere.json.token);
    await cut.get("/api/auth/me");
    await using socket = await connect(two.url, elsewhere.json.token);
    await socket.hear(({ type }) => type === "ready");
    await changing.put("/api/auth/change-password", CHANGE);
    await eventually(401, () => cut.call("GET", "/api/auth/me"));
    assert.equal(await socket.closed(), 4403);
    await changing.get("/api/auth/me");
    await client(two.url, registered.json.token).get("/api/auth/me");

    // Ten guesses, taken in turns by the two, from an address apiece.
    for (let guess = 0; guess < 10; guess++) {
      const url = guess % 2 === 0 ? one.url : two.url;
      const answer = await guessFrom(url, `198.51.100.${guess}`, "nobody@example.org");
      assert.equal(answer.code, "invalid_credentials");
    }
    for (const { url } of [one, two]) {
      const answer = await guessFrom(url, "203.0.113.9", "nobody@example.org");
      assert.equal(answer.code, "locked_out");
    }
    await one.stop();
    await two.stop("SIGKILL");
  }
  {
    await using again = await startServer(store.path, env);
    const locked = await guessFrom(again.url, "203.0.113.11", "nobody@example.org");
    assert.equal(locked.code, "locked_out");
    assert.ok(locked.retryAfter > 0 && locked.retryAfter <= 15 * 60);
    await again.stop();
  }
  using file = await openStoreFile(store.path);
  assert.deepEqual(await faultsOf(file), []);
});

// deno-lint-ignore no-explicit-any -- whatever the server says, for assertions
async function guessFrom(url: string, address: string, email: string): Promise<any> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-For": address },
    body: JSON.stringify({ email, password: "not the password" }),
  });
  return await response.json();
}
