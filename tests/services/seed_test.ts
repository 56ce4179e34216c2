import assert from "node:assert/strict";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { seedDesk } from "../../domain/services/seed.ts";
import { openDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { dataOf, look, type View, walk } from "../support/work.ts";

Deno.test("a seeded desk is a sound month of work, and to seed it again changes nothing", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const lines = await Array.fromAsync(seedDesk(desk.desk));
  assert.match(lines.join("\n"), /password "a demo password"/);
  await desk.assertSound();

  const boss = await desk.join("supervisor");
  const tickets = await walk(desk, boss, "/api/tickets?limit=100");
  assert.equal(tickets.length, 150);
  const seen = new Set(tickets.map(({ status }) => status));
  assert.deepEqual([...STATUSES].filter((status) => !seen.has(status)), []);
  assert.ok(tickets.every(({ createdAt }) => Date.parse(createdAt) <= desk.clock.now()));
  const days = (desk.clock.now() - Date.parse(tickets.at(-1)?.createdAt)) / 86_400_000;
  assert.ok(days > 28 && days < 31, `${days} days`);
  for (const field of ["responseTimeMet", "isBreached"]) {
    const values = new Set(tickets.map(({ sla }) => sla[field]));
    assert.deepEqual(values, new Set([true, false]), field);
  }
  const agents = await look(desk, boss, "/api/agents");
  assert.equal(agents.length, 8);
  assert.ok(agents.every(({ skills }: View) => skills.length > 0));
  assert.ok(agents.some(({ performance }: View) => performance.ticketsResolved > 0));

  const before = await stored(desk.desk.store);
  assert.deepEqual(await Array.fromAsync(seedDesk(desk.desk)), [
    "The demonstration desk is there already.",
  ]);
  assert.deepEqual(await stored(desk.desk.store), before);
});

Deno.test("the people of a seeded desk log in with the password that was told, and find their work", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const told = (await Array.fromAsync(seedDesk(desk.desk))).join("\n");
  const emails = told.match(/[\w.]+@example\.com/g) ?? [];
  assert.equal(emails.length, 3);
  for (const email of emails) {
    const password = /password "(.*)"/.exec(told)?.[1];
    const login = await desk.call(null, "POST", "/api/auth/login", { email, password });
    dataOf(login, 200);
    const headers = { Authorization: `Bearer ${login.json.token}` };
    const listed = await (await desk.app.request("/api/tickets", { headers })).json();
    assert.ok(listed.total > 0, email);
  }
  await desk.assertSound();
});
