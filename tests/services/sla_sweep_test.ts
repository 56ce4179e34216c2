import assert from "node:assert/strict";
import { sweepAlone, sweepDue } from "../../domain/services/sla_sweep.ts";
import { keys } from "../../domain/store/keys.ts";
import type { Kv } from "../../domain/store/open.ts";
import { transact } from "../../domain/store/transact.ts";
import { dyingAfter } from "../support/interruption.ts";
import { stored } from "../support/problem.ts";
import { openPromised, type PromisedDesk } from "../support/promises.ts";
import { look, move, say, ticketOf, type View } from "../support/work.ts";

/** All that comes by itself to a ticket of priority 1 on which nobody does anything. */
const EVERYTHING = [
  "48 sla_warning response",
  "60 sla_breach response",
  "60 escalated 1",
  "120 escalated 2",
  "384 sla_warning resolution",
  "480 sla_breach resolution",
];

function byItself(history: readonly string[]): string[] {
  return history.filter((line) => /sla_|escalated/.test(line));
}

Deno.test("a sweep in time lets each thing happen at its instant", async () => {
  await using scene = await openPromised();
  const ticket = await scene.wait();
  for (let minutes = 0; minutes < 500; minutes += 2) {
    scene.pass(2);
    await scene.sweep();
  }
  assert.deepEqual(byItself(await scene.history(ticket)), EVERYTHING);
});

Deno.test("a sweep that comes hours late tells the same, as of the same instants", async () => {
  await using scene = await openPromised();
  const ticket = await scene.wait();
  scene.pass(1_000);
  assert.deepEqual(await scene.sweep(), { tickets: 1, warning: 2, breach: 2, level: 2, close: 0 });
  assert.deepEqual(byItself(await scene.history(ticket)), EVERYTHING);
  const check = await look(scene.desk, scene.customer, `/api/sla/check/${ticket.id}`);
  assert.deepEqual(check.clocks.map(({ breachedAt, deadline }: View) => breachedAt === deadline), [
    true,
    true,
  ]);
  assert.deepEqual(await scene.sweep(), { tickets: 0, warning: 0, breach: 0, level: 0, close: 0 });
});

Deno.test("of sweeps at once each thing happens in one of them", async () => {
  await using scene = await openPromised();
  const tickets: View[] = [];
  for (let count = 0; count < 6; count++) tickets.push(await scene.wait());
  scene.pass(1_000);
  const sweeps = await Promise.all([1, 2, 3, 4].map(() => scene.sweep()));
  const sum = (kind: "warning" | "breach" | "level"): number =>
    sweeps.reduce((total, swept) => total + swept[kind], 0);
  assert.deepEqual([sum("warning"), sum("breach"), sum("level")], [12, 12, 12]);
  for (const ticket of tickets) {
    assert.deepEqual(byItself(await scene.history(ticket)), EVERYTHING);
  }
});

Deno.test("a sweep that is cut off after any of its commits is finished by the next", async () => {
  for (const commits of [0, 1, 2, 3, 4]) {
    await using scene = await openPromised();
    const tickets = [
      await scene.wait(),
      await scene.hold(),
      await scene.hold(),
      await scene.wait(),
    ];
    scene.pass(1_000);
    const dying = sweepDue(dyingAfter(scene.desk.desk, commits));
    if (commits < tickets.length) await assert.rejects(dying, /died/);
    else await dying;
    const swept = await scene.sweep();
    assert.equal(swept.tickets, tickets.length - commits);
    for (const ticket of tickets) {
      assert.deepEqual(byItself(await scene.history(ticket)), EVERYTHING);
    }
  }
});

Deno.test("while one process sweeps another one leaves it alone, and takes over when it has died", async () => {
  await using scene = await openPromised();
  const ticket = await scene.wait();
  scene.pass(1_000);
  const { desk } = scene.desk;
  // It dies once it has said that it is at it.
  await assert.rejects(sweepAlone(dyingAfter(desk, 1)), /died/);
  assert.equal((await sweepAlone(desk)).tickets, 0);
  scene.pass(1);
  assert.equal((await sweepAlone(desk)).tickets, 1);
  assert.deepEqual(byItself(await scene.history(ticket)), EVERYTHING);
});

Deno.test("a ticket that cannot be read keeps no other from what is due, and the sweep says so", async () => {
  await using scene = await openPromised();
  const [unreadable, other] = [await scene.wait(), await scene.wait()];
  const { store } = scene.desk.desk;
  const key = keys.ticket(unreadable.id);
  const { value: record } = await store.reader.get<object>(key);
  const write = (value: unknown): Promise<unknown> =>
    transact(store, (tx) => Promise.resolve(tx.set(key, value)));
  await write({ ...record, schema: 99 });
  scene.pass(1_000);
  await assert.rejects(scene.sweep(), /Cannot sweep 1 tickets/);
  assert.deepEqual(byItself(await scene.history(other)), EVERYTHING);
  await write(record);
  await scene.sweep();
  assert.deepEqual(byItself(await scene.history(unreadable)), EVERYTHING);
});

Deno.test("a due entry without a ticket is passed over", async () => {
  await using scene = await openPromised();
  const ticket = await scene.wait();
  const { store } = scene.desk.desk;
  const stray = keys.due(scene.desk.clock.now(), "nothing");
  await transact(store, (tx) => Promise.resolve(tx.set(stray, "pointer")));
  scene.pass(1_000);
  await scene.sweep();
  assert.deepEqual(byItself(await scene.history(ticket)), EVERYTHING);
  await transact(store, (tx) => Promise.resolve(tx.delete(stray)));
});

Deno.test("a sweep with nothing due writes nothing", async () => {
  await using scene = await openPromised();
  await scene.wait();
  await scene.desk.background.idle();
  scene.pass(47);
  const before = await stored(scene.desk.desk.store);
  assert.equal((await scene.sweep()).tickets, 0);
  assert.equal((await sweepAlone(scene.desk.desk)).tickets, 0);
  assert.deepEqual(await stored(scene.desk.desk.store), before);
});

/** The ids of the tickets that are read from now on. */
function ticketsRead({ desk }: PromisedDesk): { readonly read: string[]; watched: Kv } {
  const { reader } = desk.desk.store;
  const read: string[] = [];
  const watched = new Proxy(reader, {
    get(target, name) {
      const found = Reflect.get(target, name);
      if (typeof found !== "function") return found;
      return (...rest: unknown[]) => {
        const [key] = rest;
        if (name === "get" && Array.isArray(key) && key[0] === "ticket") read.push(key[1]);
        return found.apply(target, rest);
      };
    },
  });
  return { read, watched };
}

Deno.test("a sweep reads the tickets on which something is due, and no other", async () => {
  await using scene = await openPromised();
  const due: View[] = [];
  for (let count = 0; count < 3; count++) due.push(await scene.wait());
  scene.pass(40);
  for (let count = 0; count < 20; count++) await scene.wait();
  scene.pass(10);
  const { read, watched } = ticketsRead(scene);
  const { desk } = scene.desk;
  await sweepDue({ ...desk, store: { ...desk.store, reader: watched } });
  assert.deepEqual(read.sort(), due.map(({ id }) => id).sort());
});

Deno.test("a reply that races with a sweep finds the promise broken, whoever comes first", async () => {
  await using scene = await openPromised();
  const tickets: View[] = [];
  for (let count = 0; count < 5; count++) tickets.push(await scene.hold());
  scene.pass(61);
  const replies = tickets.map((ticket) => say(scene.desk, scene.agent, ticket, "At last."));
  await Promise.all([...replies, scene.sweep(), scene.sweep()]);
  for (const ticket of tickets) {
    const history = await scene.history(ticket);
    assert.deepEqual(history.slice(2), [
      "48 sla_warning response",
      "60 sla_breach response",
      "60 escalated 1",
      "61 commented",
    ]);
    assert.equal((await ticketOf(scene.desk, scene.boss, ticket)).sla.responseTimeMet, false);
  }
});

Deno.test("what stands still or is done is not swept, and what goes on is", async () => {
  await using scene = await openPromised();
  const { desk, agent } = scene;
  const pending = await scene.hold();
  await say(desk, agent, pending, "What is your name?");
  await move(desk, agent, pending, "pending");
  scene.pass(10_000);
  assert.equal((await scene.sweep()).tickets, 0);
  await say(desk, scene.customer, pending, "Ada.");
  scene.pass(480);
  assert.equal((await scene.sweep()).warning, 1);
  scene.pass(1);
  assert.equal((await scene.sweep()).breach, 1);
});
