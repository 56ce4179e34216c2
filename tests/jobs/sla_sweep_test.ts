import assert from "node:assert/strict";
import { DAY_MS, SECOND_MS } from "../../domain/rules/time.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { slaSweep } from "../../jobs/sla_sweep.ts";
import { openDesk, type Person, type TestDesk } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { stored } from "../support/problem.ts";
import { look, move, openFor, say, ticketOf, type View } from "../support/work.ts";

/** How many tickets a run of the job closed. */
async function sweep(desk: Desk): Promise<number> {
  return (await slaSweep(desk)).close;
}

interface Scene {
  readonly desk: TestDesk;
  readonly customer: Person;
  readonly agent: Person;
  readonly boss: Person;
  /** Opens a ticket that the agent resolves now. */
  resolve(): Promise<View>;
}

async function setScene(days = "7"): Promise<Scene & AsyncDisposable> {
  // Weeks go by, and nobody logs in again.
  const desk = await openDesk({
    CLOSE_RESOLVED_AFTER_DAYS: days,
    ACCESS_TOKEN_TTL: "90d",
    REFRESH_TOKEN_TTL: "90d",
  });
  const customer = await desk.join("user");
  const agent = await desk.join("agent", { agent: { status: "busy", maxTickets: 100 } });
  const boss = await desk.join("supervisor");
  return {
    desk,
    customer,
    agent,
    boss,
    resolve: async () =>
      await move(desk, agent, await openFor(desk, customer, agent, boss), "resolved"),
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

Deno.test("a resolved ticket closes by itself after the configured days, and not before", async () => {
  for (const days of [1, 7, 30]) {
    await using scene = await setScene(String(days));
    const { desk, boss } = scene;
    const ticket = await scene.resolve();
    desk.clock.advance(days * DAY_MS - 1);
    assert.equal(await sweep(desk.desk), 0);
    assert.equal((await ticketOf(desk, boss, ticket)).status, "resolved");
    desk.clock.advance(1);
    assert.equal(await sweep(desk.desk), 1);
    const { status, history } = await ticketOf(desk, boss, ticket);
    assert.equal(status, "closed");
    assert.equal(history[0].action, "closed");
    assert.equal(history[0].performedBy, null);
    assert.deepEqual(history[0].details, { from: "resolved", to: "closed", by: "age" });
    await desk.assertSound();
  }
});

Deno.test("one that cannot be closed keeps no other from it, and the run says so", async () => {
  await using scene = await setScene();
  const { desk, boss } = scene;
  const unreadable = await scene.resolve();
  const other = await scene.resolve();
  const { store } = desk.desk;
  const key = keys.ticket(unreadable.id);
  const { value: record } = await store.reader.get<object>(key);
  const write = (value: unknown): Promise<unknown> =>
    transact(store, (tx) => Promise.resolve(tx.set(key, value)));
  // As a later version of the program would write it.
  await write({ ...record, schema: 99 });
  desk.clock.advance(7 * DAY_MS);
  await assert.rejects(sweep(desk.desk), /Cannot sweep 1 tickets/);
  assert.equal((await ticketOf(desk, boss, other)).status, "closed");
  await write(record);
  assert.equal(await sweep(desk.desk), 1);
  await desk.assertSound();
});

Deno.test("requester and assignee are told that a ticket closed by itself", async () => {
  await using scene = await setScene();
  const { desk, customer, agent } = scene;
  const ticket = await scene.resolve();
  desk.clock.advance(7 * DAY_MS);
  await sweep(desk.desk);
  for (const person of [customer, agent]) {
    const [told] = await look(desk, person, "/api/notifications/unread");
    assert.equal(told.ticketId, ticket.id);
    assert.deepEqual([told.type, told.metadata.action], ["ticket_updated", "closed"]);
  }
  await desk.assertSound();
});

Deno.test("what was reopened in time counts its days from its new resolution", async () => {
  await using scene = await setScene();
  const { desk, customer, agent, boss } = scene;
  const ticket = await scene.resolve();
  desk.clock.advance(5 * DAY_MS);
  await say(desk, customer, ticket, "It is back.");
  // Its promises stand still while it waits for its customer.
  await move(desk, agent, ticket, "pending");
  desk.clock.advance(5 * DAY_MS);
  assert.equal(await sweep(desk.desk), 0);
  assert.equal((await ticketOf(desk, boss, ticket)).status, "pending");
  await move(desk, agent, ticket, "resolved");
  desk.clock.advance(6 * DAY_MS);
  assert.equal(await sweep(desk.desk), 0);
  desk.clock.advance(DAY_MS);
  assert.equal(await sweep(desk.desk), 1);
  await desk.assertSound();
});

Deno.test("of many runs at once each ticket is closed by one, and told once", async () => {
  await using scene = await setScene();
  const { desk, customer, boss } = scene;
  const opened: View[] = [];
  for (let index = 0; index < 6; index++) opened.push(await scene.resolve());
  desk.clock.advance(7 * DAY_MS);
  const runs = await Promise.all([1, 2, 3].map(() => sweep(desk.desk)));
  assert.equal(runs.reduce((sum, count) => sum + count, 0), opened.length);
  for (const ticket of opened) {
    const { history } = await ticketOf(desk, boss, ticket);
    assert.equal(history.filter(({ action }: View) => action === "closed").length, 1);
  }
  const told = await look(desk, customer, "/api/notifications/unread?limit=100");
  const closed = told.filter(({ metadata }: View) => metadata.action === "closed");
  assert.equal(closed.length, opened.length);
  await desk.assertSound();
});

Deno.test("a run that is cut off is finished by the next, and one with nothing due writes nothing", async () => {
  await using scene = await setScene();
  const { desk, boss } = scene;
  for (let index = 0; index < 5; index++) await scene.resolve();
  const later = await scene.resolve();
  desk.clock.advance(7 * DAY_MS - 1);
  await move(desk, boss, later, "assigned");
  await move(desk, boss, later, "resolved");
  desk.clock.advance(1);
  // The first commit takes the lease, which nobody gives back.
  await assert.rejects(sweep(dyingAfter(desk.desk, 3)), /died/);
  desk.clock.advance(2 * SECOND_MS);
  assert.equal(await sweep(desk.desk), 3);
  await desk.background.idle();
  const before = await stored(desk.desk.store);
  assert.equal(await sweep(desk.desk), 0);
  assert.deepEqual(await stored(desk.desk.store), before);
  assert.equal((await ticketOf(desk, boss, later)).status, "resolved");
  await desk.assertSound();
});

Deno.test("a ticket that its customer comments on as it is due is either reopened or closed", async () => {
  await using scene = await setScene();
  const { desk, customer, boss } = scene;
  const ticket = await scene.resolve();
  desk.clock.advance(7 * DAY_MS);
  const [, { status }] = await Promise.all([
    sweep(desk.desk),
    desk.call(customer, "POST", `/api/tickets/${ticket.id}/comments`, { body: "Not yet." }),
  ]);
  // Whichever came first: closed and the comment refused, or reopened.
  const read = await ticketOf(desk, boss, ticket);
  assert.equal(read.status, status === 201 ? "in-progress" : "closed");
  assert.equal(read.commentCount, status === 201 ? 1 : 0);
  await desk.assertSound();
});
