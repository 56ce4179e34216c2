import assert from "node:assert/strict";
import { startSlaTimer } from "../../domain/services/sla_timer.ts";
import { keys } from "../../domain/store/keys.ts";
import { transact } from "../../domain/store/transact.ts";
import { openPromised, type PromisedDesk } from "../support/promises.ts";
import type { View } from "../support/work.ts";

/** The timer looks once a second: nothing here takes as long as this. */
const TURNS_MAX = 2_000;
const TURN_MS = 10;

/** Waits until this stands in the ticket's history; fails when it does not come. */
async function comes(scene: PromisedDesk, ticket: View, line: string): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    if ((await scene.history(ticket)).includes(line)) return;
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
  }
  throw new Error(`There is no ${line}`);
}

Deno.test("with the timer alone what becomes due happens, again and again", async () => {
  await using scene = await openPromised();
  const timer = startSlaTimer(scene.desk.desk);
  try {
    const ticket = await scene.wait();
    scene.pass(49);
    await comes(scene, ticket, "48 sla_warning response");
    scene.pass(12);
    await comes(scene, ticket, "60 sla_breach response");
    // What is opened since is seen too, though something else was to come first.
    const other = await scene.wait({ category: "urgent" });
    scene.pass(25);
    await comes(scene, other, "85 sla_warning response");
  } finally {
    await timer.stop();
  }
});

Deno.test("a sweep that fails does not stop the timer", async () => {
  await using scene = await openPromised();
  const { store } = scene.desk.desk;
  const [unreadable, other] = [await scene.wait(), await scene.wait()];
  const key = keys.ticket(unreadable.id);
  const { value: record } = await store.reader.get<object>(key);
  const write = (value: unknown): Promise<unknown> =>
    transact(store, (tx) => Promise.resolve(tx.set(key, value)));
  await write({ ...record, schema: 99 });
  const timer = startSlaTimer(scene.desk.desk);
  try {
    scene.pass(61);
    await comes(scene, other, "60 sla_breach response");
    await write(record);
    await comes(scene, unreadable, "60 sla_breach response");
  } finally {
    await timer.stop();
  }
});

Deno.test("a timer that is stopped in the middle of a long sweep leaves the rest to the next", async () => {
  await using scene = await openPromised();
  const { store } = scene.desk.desk;
  const tickets: View[] = [];
  while (tickets.length < 100) tickets.push(await scene.wait());
  scene.pass(61);
  const timer = startSlaTimer(scene.desk.desk);
  await new Promise<void>((resolve) => {
    const unsubscribe = store.committer.onCommit(({ events }) => {
      if (!events.some(({ type }) => type === "sla.breach")) return;
      unsubscribe();
      timer.stop().then(resolve);
    });
  });
  const { tickets: left } = await scene.sweep();
  assert.ok(left > 0 && left < tickets.length, `${left} are left`);
});

Deno.test({
  name: "a timer that is stopped leaves nothing behind, and sweeps no more",
  sanitizeOps: true,
  sanitizeResources: true,
  async fn() {
    await using scene = await openPromised();
    const ticket = await scene.wait();
    scene.pass(61);
    const timers = [startSlaTimer(scene.desk.desk), startSlaTimer(scene.desk.desk)];
    await timers[0]?.stop();
    await comes(scene, ticket, "60 sla_breach response");
    await timers[1]?.stop();
    scene.pass(1_000);
    const { tickets } = await scene.sweep();
    assert.equal(tickets, 1, "nobody else has swept it");
  },
});
