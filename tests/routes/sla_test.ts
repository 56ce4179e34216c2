import assert from "node:assert/strict";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { look, move, open, openFor, say, ticketOf, type View } from "../support/work.ts";

/** Response and resolution minutes, as the specification lists them. */
const TARGETS: readonly [priority: number, category: string, number, number][] = [
  [1, "urgent", 30, 120],
  [1, "technical", 45, 240],
  [1, "billing", 60, 240],
  [1, "general", 60, 480],
  [2, "urgent", 60, 240],
  [2, "technical", 120, 480],
  [2, "billing", 120, 480],
  [2, "general", 240, 720],
  [3, "urgent", 120, 480],
  [3, "technical", 480, 1440],
  [3, "billing", 480, 1440],
  [3, "general", 480, 1440],
];

interface Scene extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
  /** Assigned; its response is due after 60 minutes, its resolution after 480. */
  readonly ticket: View;
  pass(minutes: number): void;
  check(): Promise<View>;
}

/** Clocks are looked at days later, by people who stay logged in. */
const PATIENT = { ACCESS_TOKEN_TTL: "90d" };

async function setScene(): Promise<Scene> {
  const desk = await openDesk(PATIENT);
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy" } });
  const boss = await desk.join("supervisor");
  const ticket = await openFor(desk, customer, agent, boss, { priority: 1 });
  return {
    desk,
    customer,
    agent,
    boss,
    ticket,
    pass: (minutes) => desk.clock.advance(minutes * MINUTE_MS),
    check: () => look(desk, customer, `/api/sla/check/${ticket.id}`),
    async [Symbol.asyncDispose]() {
      await desk.assertSound();
      await desk[Symbol.asyncDispose]();
    },
  };
}

function after({ ticket }: Scene, minutes: number): string {
  return new Date(Date.parse(ticket.createdAt) + minutes * MINUTE_MS).toISOString();
}

Deno.test("every priority and category has the documented targets, in the list and on tickets", async () => {
  await using desk = await openDesk();
  const boss = await desk.join("supervisor");
  const listed = await look(desk, boss, "/api/sla/config");
  assert.equal(listed.length, TARGETS.length);
  for (const [priority, category, responseTime, resolutionTime] of TARGETS) {
    const fits = (each: View): boolean => each.priority === priority && each.category === category;
    const { escalationRules, ...found } = listed.find(fits);
    assert.equal(escalationRules.length, [2, 1, 0][priority - 1]);
    assert.deepEqual(found, {
      id: `${priority}-${category}`,
      _id: `${priority}-${category}`,
      priority,
      category,
      responseTime,
      resolutionTime,
      pauseOnPending: true,
      replyOnly: false,
      calendar: "default",
      isDefault: true,
      version: 0,
    });
    const { sla, createdAt } = await open(desk, boss, { priority, category });
    const minutes = (deadline: string): number =>
      (Date.parse(deadline) - Date.parse(createdAt)) / MINUTE_MS;
    assert.equal(minutes(sla.responseDeadline), responseTime);
    assert.equal(minutes(sla.resolutionDeadline), resolutionTime);
  }
  await desk.assertSound();
});

Deno.test("a first reply exactly at the deadline is in time, a millisecond later it is late", async () => {
  for (const late of [0, 1]) {
    await using scene = await setScene();
    const { desk, agent, ticket } = scene;
    scene.pass(60);
    desk.clock.advance(late);
    await say(desk, agent, ticket, "I am looking into it.");
    const check = await scene.check();
    assert.equal(check.responseTimeMet, late === 0);
    assert.equal(check.isBreached, late === 1);
    const [response] = check.clocks;
    assert.equal(response.state, "fulfilled");
    assert.equal(response.breachedAt, late === 1 ? after(scene, 60) : null);
    assert.equal(response.fulfilledAt, new Date(desk.clock.now()).toISOString());
    const read = await ticketOf(desk, agent, ticket);
    assert.equal(read.firstResponseTime, response.fulfilledAt);
    assert.equal(read.sla.responseTimeMet, late === 0);
  }
});

Deno.test("to take a ticket in hand and to resolve it are first responses too", async () => {
  for (const status of ["in-progress", "resolved"] as const) {
    await using scene = await setScene();
    scene.pass(10);
    const { firstResponseTime } = await move(scene.desk, scene.agent, scene.ticket, status);
    assert.equal(firstResponseTime, after(scene, 10));
    assert.equal((await scene.check()).responseTimeMet, true);
  }
});

Deno.test("notes, the customer's own words, and a bare wait for the customer are no first response", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, ticket } = scene;
  await say(desk, agent, ticket, "Between us.", "internal");
  await say(desk, customer, ticket, "Hello?");
  await move(desk, agent, ticket, "pending");
  const read = await ticketOf(desk, agent, ticket);
  assert.equal(read.firstResponseTime, null);
  assert.equal((await scene.check()).clocks[0].state, "active");
});

Deno.test("only the first response counts: a later one neither moves nor mends it", async () => {
  await using scene = await setScene();
  const { desk, agent, boss, ticket } = scene;
  scene.pass(61);
  await say(desk, agent, ticket, "Sorry for the wait.");
  scene.pass(1);
  await say(desk, agent, ticket, "Once more.");
  // The broken promise has escalated it, which a supervisor ends.
  await move(desk, boss, ticket, "in-progress");
  const read = await ticketOf(desk, agent, ticket);
  assert.equal(read.firstResponseTime, after(scene, 61));
  assert.equal(read.sla.responseTimeMet, false);
  assert.equal(read.sla.isBreached, true);
});

Deno.test("an open deadline that passes is a breach for whoever looks, dated at the deadline", async () => {
  await using scene = await setScene();
  scene.pass(60);
  assert.equal((await scene.check()).isBreached, false);
  scene.pass(30);
  const check = await scene.check();
  assert.equal(check.isBreached, true);
  assert.equal(check.clocks[0].breachedAt, after(scene, 60));
  assert.equal(check.clocks[1].isBreached, false);
  const breached = await look(scene.desk, scene.customer, "/api/tickets?breached=true");
  assert.deepEqual(breached.map(({ id }: View) => id), [scene.ticket.id]);
});

Deno.test("while a ticket waits for the customer its resolution clock stands, its response clock runs", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, ticket } = scene;
  scene.pass(50);
  await move(desk, agent, ticket, "pending");
  assert.equal((await scene.check()).paused, true);
  scene.pass(1_000);
  const waiting = await scene.check();
  assert.equal(waiting.clocks[1].state, "paused");
  assert.equal(waiting.clocks[1].isBreached, false);
  assert.equal(waiting.clocks[0].isBreached, true);
  await say(desk, customer, ticket, "Here I am again.");
  const resumed = await scene.check();
  assert.equal(resumed.paused, false);
  assert.equal(resumed.resolutionDeadline, after(scene, 480 + 1_000));
  scene.pass(430);
  await move(desk, agent, ticket, "resolved");
  assert.equal((await scene.check()).resolutionTimeMet, true);
});

Deno.test("a ticket resolved late stays broken, and one reopened goes on with what it had used", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, ticket } = scene;
  scene.pass(100);
  await move(desk, agent, ticket, "resolved");
  scene.pass(10_000);
  await say(desk, customer, ticket, "It is not.");
  assert.equal((await scene.check()).resolutionDeadline, after(scene, 480 + 10_000));
  scene.pass(381);
  await move(desk, agent, ticket, "resolved");
  const check = await scene.check();
  assert.equal(check.resolutionTimeMet, false);
  assert.equal(check.clocks[1].breachedAt, after(scene, 480 + 10_000));
  await say(desk, customer, ticket, "Still not.");
  await move(desk, agent, ticket, "resolved");
  assert.equal((await scene.check()).resolutionTimeMet, false);
});

Deno.test("a cancelled ticket's clocks are cancelled and never break", async () => {
  await using desk = await openDesk(PATIENT);
  const customer = await desk.join("user");
  const ticket = await open(desk, customer);
  await move(desk, customer, ticket, "closed");
  desk.clock.advance(10_000 * MINUTE_MS);
  const check = await look(desk, customer, `/api/sla/check/${ticket.id}`);
  assert.deepEqual(check.clocks.map(({ state }: View) => state), ["cancelled", "cancelled"]);
  assert.equal(check.isBreached, false);
  await desk.assertSound();
});
