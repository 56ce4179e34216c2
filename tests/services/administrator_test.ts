import assert from "node:assert/strict";
import { firstAdministrator } from "../../domain/services/administrator.ts";
import { granted, openDesk, refusalOf } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { dataOf } from "../support/work.ts";

Deno.test("an administrator is made up where there is none, and its password told this one time", async () => {
  await using desk = await openDesk();
  assert.equal(await firstAdministrator(desk.desk, false), "missing");
  const first = granted(await firstAdministrator(desk.desk, true));
  assert(first !== "missing");
  const [, email, password] = /: (\S+), with the password (\S+),/.exec(first.said ?? "") ?? [];
  const login = await desk.call(null, "POST", "/api/auth/login", { email, password });
  dataOf(login, 200);
  const headers = { Authorization: `Bearer ${login.json.token}` };
  assert.equal((await desk.app.request("/api/classification", { headers })).status, 200);
  const before = await stored(desk.desk.store);
  for (const invents of [false, true]) {
    assert.deepEqual(await firstAdministrator(desk.desk, invents), { said: null });
  }
  assert.deepEqual(await stored(desk.desk.store), before);
  await desk.assertSound();
});

Deno.test("an administrator whom the configuration names is made as named, and none is made up", async () => {
  const named = { ADMIN_EMAIL: "boss@example.com", ADMIN_PASSWORD: "a password of its own" };
  await using desk = await openDesk(named);
  assert.deepEqual(await firstAdministrator(desk.desk, true), { said: null });
  const login = { email: named.ADMIN_EMAIL, password: named.ADMIN_PASSWORD };
  dataOf(await desk.call(null, "POST", "/api/auth/login", login), 200);
  const made = { email: "admin@example.com", password: named.ADMIN_PASSWORD };
  assert.equal((await desk.call(null, "POST", "/api/auth/login", made)).status, 401);
});

Deno.test("an address that belongs to somebody else makes no administrator", async () => {
  const password = "a password of its own";
  await using desk = await openDesk({ ADMIN_EMAIL: "user1@example.com", ADMIN_PASSWORD: password });
  await desk.join("user");
  assert.equal(refusalOf(await firstAdministrator(desk.desk, true)), "conflict");
  await using made = await openDesk();
  const customer = { name: "Ada", email: "admin@example.com", password };
  assert.equal((await made.call(null, "POST", "/api/auth/register", customer)).status, 201);
  assert.equal(refusalOf(await firstAdministrator(made.desk, true)), "conflict");
});
