import assert from "node:assert/strict";
import { STATUSES } from "../../domain/rules/ticket.ts";
import { HOUR_MS } from "../../domain/rules/time.ts";
import { seedDesk } from "../../domain/services/seed.ts";
import { rollOver } from "../../domain/services/shift_rollover.ts";
import { packMeasurements } from "../../domain/services/sla_packing.ts";
import { holdLease, releaseLease } from "../../domain/store/lease.ts";
import { openDesk } from "../support/desk.ts";
import { stored } from "../support/problem.ts";
import { dataOf, look, move, open, ticketOf, type View, walk } from "../support/work.ts";

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

Deno.test("some agents of a seeded desk work in shifts, which they have kept more or less, and go on to", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  await Array.fromAsync(seedDesk(desk.desk));
  const boss = await desk.join("supervisor");
  const patterns = await look(desk, boss, "/api/shifts/patterns");
  const workers: string[] = patterns.map(({ agent }: View) => agent);
  assert.ok(new Set(patterns.map(({ timezone }: View) => timezone)).size >= 3);
  const seen = new Set<string>();
  let onShift = 0;
  for (const id of workers) {
    const shifts = await look(desk, boss, `/api/shifts/agent/${id}`);
    const over = shifts.filter(({ status }: View) => status === "completed");
    assert.ok(over.length > 15 && shifts.length - over.length >= 10, `${over.length} are over`);
    // As of their own instants, although the desk looked after them every hour alone.
    for (const { start, end, startedAt, endedAt, overtime } of over) {
      assert.equal(startedAt, start);
      assert.ok(overtime ? endedAt > end : endedAt === end);
      if (overtime) seen.add("overtime");
    }
    const current = await desk.call(boss, "GET", `/api/shifts/current/${id}`);
    if (current.status === 200) onShift += 1;
  }
  // The clock of this desk shows a Monday morning.
  assert.equal(onShift, 1);
  for (const { agent, shifts, conformance } of await look(desk, boss, "/api/shifts/adherence")) {
    assert.equal(shifts > 0, workers.includes(agent));
    if (shifts === 0) continue;
    assert.ok(conformance > 75, `${conformance} %`);
    seen.add(conformance === 100 ? "punctual" : "late");
  }
  assert.deepEqual(seen, new Set(["overtime", "punctual", "late"]));
  await desk.assertSound();
});

Deno.test("at whatever hour of the week, somebody of a seeded desk takes what customers ask", async () => {
  await using desk = await openDesk({ ACCESS_TOKEN_TTL: "90d", REFRESH_TOKEN_TTL: "90d" });
  await Array.fromAsync(seedDesk(desk.desk));
  const [boss, customer] = [await desk.join("supervisor"), await desk.join("user")];
  const departments = ["general", "Billing", "Technical", "Support"];
  for (let turn = 0; turn < 24; turn++) {
    // Seven hours at a time come to another hour each day of the week.
    desk.clock.advance(7 * HOUR_MS);
    await rollOver(desk.desk);
    const department = departments[turn % departments.length];
    const ticket = await open(desk, customer, { department });
    const { status } = await ticketOf(desk, boss, ticket);
    assert.equal(status, "assigned", `${department}, ${new Date(desk.clock.now()).toUTCString()}`);
    await move(desk, boss, ticket, "resolved");
  }
  await desk.assertSound();
});

Deno.test("of a seeded month most customers are content and some come back, and the next week is foreseen", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  await Array.fromAsync(seedDesk(desk.desk));
  const boss = await desk.join("supervisor");
  const tickets = await walk(desk, boss, "/api/tickets?limit=100");
  const ratings = tickets.flatMap(({ rating }) => rating ?? []);
  assert.ok(ratings.length > 50 && ratings.length < 120, `${ratings.length} ratings`);
  const scores = new Set(ratings.map(({ score }) => score));
  assert.deepEqual(scores, new Set([1, 2, 3, 4, 5]));
  const average = ratings.reduce((sum, { score }) => sum + score, 0) / ratings.length;
  assert.ok(average > 3.8 && average < 4.6, `${average}`);
  const commented = ratings.filter(({ comment }) => typeof comment === "string").length;
  assert.ok(commented > 15 && commented < ratings.length, `${commented} comments`);
  const { totals: { reopened } } = await look(desk, boss, "/api/analytics/tickets");
  assert.ok(reopened > 2 && reopened < 10, `${reopened} reopened`);
  // All of its figures are packed, so that the next week is foreseen at once.
  assert.equal(await packMeasurements(desk.desk), 0);
  const { method, ticketTrends, nextWeekLoad } = await look(
    desk,
    boss,
    "/api/workload/predictions",
  );
  assert.notEqual(method, "insufficient_history");
  assert.equal(ticketTrends.direction, "steady");
  const { predictedTotal } = nextWeekLoad;
  assert.ok(predictedTotal > 20 && predictedTotal < 50, `${predictedTotal} tickets`);
  await desk.assertSound();
});

Deno.test("what a seed cannot pack it leaves to the desk, and says so", async () => {
  await using desk = await openDesk();
  await desk.background.stop();
  const { store } = desk.desk;
  const terms = { forMs: HOUR_MS, leftMs: 0 };
  assert.ok(await holdLease(store, "packing", "another", terms));
  const told = (await Array.fromAsync(seedDesk(desk.desk))).join("\n");
  assert.match(told, /figures are not whole yet/);
  await releaseLease(store, "packing", "another");
  assert.ok(await packMeasurements(desk.desk) > 0);
  await desk.assertSound();
});
