import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { DISABLED_AFTER_MS, PROBE_EVERY_MS } from "../../domain/rules/webhook_delivery.ts";
import { deliverOnce } from "../../domain/services/webhook_deliverer.ts";
import { changeWebhook, findWebhook, progressOf } from "../../domain/services/webhooks.ts";
import { deliverWebhooks } from "../../jobs/deliver_webhooks.ts";
import { granted } from "../support/desk.ts";
import { dyingAfter } from "../support/interruption.ts";
import { assertSigned, idOf, logOf, numbersOf, openHooked } from "../support/webhooks.ts";
import { move, open, say } from "../support/work.ts";

const LEASE_OVER_MS = 20 * SECOND_MS;

Deno.test("what happens to a ticket arrives in order, signed, and only what was asked for", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const eventTypes = ["ticket.created", "ticket.commented", "ticket.resolved"] as const;
  const customer = await test.join("user");
  const agent = await test.join("agent", { agent: { status: "busy" } });
  await open(test, customer);
  const webhook = await here.add({ eventTypes });
  const ticket = await open(test, customer);
  await move(test, agent, ticket, "assigned");
  await say(test, agent, ticket, "Between us.", "internal");
  await move(test, agent, ticket, "resolved");
  assert.equal(await deliverOnce(desk), 3);
  const bodies = receiver.got.map(({ body }) => JSON.parse(body));
  assert.deepEqual(bodies.map(({ type }) => type), eventTypes);
  for (const { data, timestamp } of bodies) {
    assert.equal(data.ticketId, ticket.id, "what was before the webhook is not told");
    assert.equal(timestamp, new Date(test.clock.now()).toISOString());
  }
  assert.equal(new Set(receiver.got.map(idOf)).size, 3);
  for (const request of receiver.got) assertSigned(request, webhook.secret);
  assert.equal(await deliverOnce(desk), 0);
});

Deno.test("an event that fails holds back the later ones, and nothing is sent before its time", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1, 2, 3);
  let failures = 0;
  receiver.answer = ({ body }) => {
    const fails = JSON.parse(body).data.number === 2 && failures < 4;
    failures += fails ? 1 : 0;
    return { status: fails ? 503 : 200 };
  };
  for (let round = 1; round <= 4; round++) {
    await deliverOnce(desk);
    assert.deepEqual(numbersOf(receiver.got).slice(1), Array(round).fill(2));
    const [newest] = await logOf(desk, webhook);
    assert.deepEqual([newest?.status, newest?.tries], ["waiting", round]);
    const { nextTryAt } = await progressOf(desk, webhook.id);
    test.clock.advance(nextTryAt - test.clock.now() - 1);
    assert.equal(await deliverOnce(desk), 0);
    assert.equal(receiver.got.length, round + 1);
    test.clock.advance(1);
  }
  assert.equal(await deliverOnce(desk), 2);
  assert.deepEqual(numbersOf(receiver.got), [1, 2, 2, 2, 2, 2, 3]);
  const twos = receiver.got.slice(1, 6);
  assert.equal(new Set(twos.map(idOf)).size, 1, "every try has the same id");
  for (const request of twos) assertSigned(request, webhook.secret);
  const log = await logOf(desk, webhook);
  assert.deepEqual(log.map(({ status, tries }) => [status, tries]), [
    ["delivered", 1],
    ["delivered", 5],
    ["delivered", 1],
  ]);
});

Deno.test("one webhook that fails, or hangs, holds up no other", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const urls = ["https://good.example.com/", "https://bad.example.com/"];
  for (const url of urls) await here.add({ url });
  await here.tell(1, 2, 3);
  const others = Promise.withResolvers<void>();
  receiver.answer = async ({ url, body }) => {
    if (url !== urls[0]) {
      await others.promise;
      return { failure: "timeout" };
    }
    if (JSON.parse(body).data.number === 3) others.resolve();
    return { status: 200 };
  };
  assert.equal(await deliverOnce(desk), 3);
  assert.equal(receiver.got.length, 4);
});

Deno.test("who dies between delivery and its commit has the event sent again, under the same id", async () => {
  // It takes the lease, then commits each event: what is sent beyond that it cannot write down.
  for (const commits of [1, 2, 3]) {
    await using here = await openHooked();
    const { test, desk, receiver } = here;
    await here.add();
    await here.tell(1, 2, 3);
    await assert.rejects(deliverOnce(dyingAfter(desk, commits)), /died/);
    assert.deepEqual(numbersOf(receiver.got), [1, 2, 3].slice(0, commits));
    assert.equal(await deliverOnce(desk), 0, "the dead one still has the lease");
    test.clock.advance(LEASE_OVER_MS);
    assert.deepEqual(await deliverWebhooks(desk), { delivered: 4 - commits });
    assert.deepEqual(numbersOf(receiver.got), [
      ...[1, 2, 3].slice(0, commits),
      ...[1, 2, 3].slice(commits - 1),
    ]);
    assert.equal(new Set(receiver.got.map(idOf)).size, 3);
  }
});

Deno.test("of two processes at once one delivers, and each event arrives once", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  await here.add();
  await here.tell(...Array.from({ length: 250 }, (_, n) => n));
  const delivered = await Promise.all([1, 2, 3].map(() => deliverOnce(desk)));
  assert.equal(delivered.reduce((sum, count) => sum + count, 0), 250);
  assert.deepEqual(numbersOf(receiver.got), Array.from({ length: 250 }, (_, n) => n));
});

Deno.test("a process that was held up over its lease's end does no harm but a second delivery", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1, 2);
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  receiver.answer = async () => {
    if (receiver.got.length > 1) return { status: 200 };
    asked.resolve();
    await held.promise;
    return { status: 500 };
  };
  const slow = deliverOnce(desk);
  await asked.promise;
  test.clock.advance(LEASE_OVER_MS);
  assert.equal(await deliverOnce(desk), 2);
  held.resolve();
  assert.equal(await slow, 0);
  assert.deepEqual(numbersOf(receiver.got), [1, 1, 2]);
  assert.equal(new Set(receiver.got.map(idOf)).size, 2);
  // What the slow one heard came too late to count.
  assert.equal((await progressOf(desk, webhook.id)).failures, 0);
  assert.deepEqual((await logOf(desk, webhook)).map(({ status }) => status), [
    "delivered",
    "delivered",
  ]);
});

Deno.test("who is gone is left alone; made active again it goes on where it was", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1, 2);
  receiver.answer = () => ({ status: 410 });
  await deliverOnce(desk);
  const { record } = granted(await findWebhook(desk, webhook.id));
  assert.deepEqual(record.state, { status: "disabled", at: test.clock.now(), reason: "gone" });
  receiver.answer = () => ({ status: 200 });
  test.clock.advance(DAY_MS);
  await here.tell(3);
  assert.equal(await deliverOnce(desk), 0);
  granted(await changeWebhook(desk, webhook.id, { active: true }));
  assert.equal(await deliverOnce(desk), 3);
  assert.deepEqual(numbersOf(receiver.got), [1, 1, 2, 3]);
});

Deno.test("who fails for a day is probed seldom, then disabled, and what was not given up is not lost", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  // Chance decides how many are given up before the day is over, but not this many.
  await here.tell(1, 2, 3, 4, 5, 6);
  const startedAt = test.clock.now();
  const triedAt: number[] = [];
  receiver.answer = () => {
    triedAt.push(test.clock.now() - startedAt);
    return { failure: "unreachable" };
  };
  // Looks far more often than anything is due.
  while (test.clock.now() - startedAt < DISABLED_AFTER_MS + 5 * HOUR_MS) {
    await deliverOnce(desk);
    test.clock.advance(MINUTE_MS);
  }
  const { record } = granted(await findWebhook(desk, webhook.id));
  assert.ok(record.state.status === "disabled" && record.state.reason === "failing");
  assert.ok(triedAt.length < 60, `${triedAt.length} tries`);
  const later = triedAt.slice(5);
  for (const [index, at] of later.entries()) {
    assert.ok(at - (triedAt[index + 4] ?? at) >= PROBE_EVERY_MS, "the circuit is open");
  }
  receiver.answer = () => ({ status: 200 });
  receiver.got.length = 0;
  granted(await changeWebhook(desk, webhook.id, { active: true }));
  await deliverOnce(desk);
  const statuses = (await logOf(desk, webhook)).map(({ status }) => status);
  assert.equal(numbersOf(receiver.got).at(-1), 6);
  assert.equal(statuses.length, 6);
  assert.ok(statuses.every((status) => status === "delivered" || status === "given-up"));
});
