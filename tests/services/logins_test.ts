import assert from "node:assert/strict";
import { refuse } from "../../domain/rules/refusal.ts";
import { login } from "../../domain/services/logins.ts";
import type { Passwords } from "../../domain/services/passwords.ts";
import { granted, openDesk, PASSWORD, refusalOf, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";

const HERE = "192.0.2.1";

Deno.test("who is turned away because too many log in has not guessed, however often", async () => {
  await using desk = await openDesk();
  const { email } = await desk.join("user");
  const tooMany = () => Promise.resolve(refuse("unavailable", "Too many logins at once."));
  const passwords: Passwords = { hash: tooMany, verify: tooMany };
  const busy = { ...desk.desk, passwords };
  for (let attempt = 0; attempt < 12; attempt++) {
    const outcome = await login(busy, { email, password: PASSWORD }, HERE);
    assert.equal(refusalOf(outcome), "unavailable");
  }
  granted(await login(desk.desk, { email, password: PASSWORD }, HERE));
  await desk.assertSound();
});

Deno.test("a guess that a dying process never answered counts, and leaves no session", async () => {
  await using desk = await openDesk();
  const { email, actor } = await desk.join("user");
  for (let attempt = 0; attempt < 10; attempt++) {
    await assert.rejects(login(dyingAfter(desk.desk, 1), { email, password: PASSWORD }, HERE));
  }
  const locked = await login(desk.desk, { email, password: PASSWORD }, HERE);
  assert.equal(refusalOf(locked), "locked_out");
  assert.equal(await sessionsOf(desk, actor.userId), 1);
  await desk.assertSound();
});

Deno.test("many logins of one user at once, from many addresses, all begin a session", async () => {
  await using desk = await openDesk();
  const { email, actor } = await desk.join("user");
  const addresses = Array.from({ length: 10 }, (_, index) => `192.0.2.${index}`);
  const grants = await Promise.all(
    addresses.map((address) => login(desk.desk, { email, password: PASSWORD }, address)),
  );
  assert.equal(new Set(grants.map((grant) => granted(grant).token)).size, 10);
  assert.equal(await sessionsOf(desk, actor.userId), 11);
  await desk.assertSound();
});

async function sessionsOf({ desk }: TestDesk, userId: string): Promise<number> {
  const rows = desk.store.reader.list({ prefix: ["session", userId] });
  return (await Array.fromAsync(rows)).length;
}
