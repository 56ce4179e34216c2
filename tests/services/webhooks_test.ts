import assert from "node:assert/strict";
import { DAY_MS } from "../../domain/rules/time.ts";
import { PREVIOUS_SECRET_SIGNS_MS } from "../../domain/rules/webhook.ts";
import { deliverOnce } from "../../domain/services/webhook_deliverer.ts";
import { DELIVERIES_KEPT_MAX, TRIM_EVERY } from "../../domain/services/webhook_log.ts";
import { replayDelivery, testWebhook } from "../../domain/services/webhook_trials.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  moveWebhook,
  progressOf,
  rotateWebhookSecret,
  WEBHOOKS_MAX,
} from "../../domain/services/webhooks.ts";
import { exportLines, importLines } from "../../domain/store/backup.ts";
import { faultsOf, granted, refusalOf } from "../support/desk.ts";
import { assertSigned, idOf, logOf, numbersOf, openHooked } from "../support/webhooks.ts";
import { entriesOf, memoryStore } from "../store/samples.ts";

const INPUT = { url: "https://example.com/hook", eventTypes: ["ticket.updated"] } as const;

Deno.test("of two that would both be the last webhook only one is made", async () => {
  await using here = await openHooked();
  const { desk, admin } = here;
  for (let count = 1; count < WEBHOOKS_MAX; count++) await here.add();
  const outcomes = await Promise.all([1, 2, 3].map(() => createWebhook(desk, admin.actor, INPUT)));
  const refused = outcomes.filter((outcome) => "refused" in outcome);
  assert.deepEqual(refused.map(refusalOf), ["conflict", "conflict"]);
  const all = await listWebhooks(desk);
  assert.equal(all.length, WEBHOOKS_MAX);
  granted(await deleteWebhook(desk, all[0]?.webhook.id ?? ""));
  await here.add();
});

Deno.test("every webhook has a secret of its own, or the one that it is given", async () => {
  await using here = await openHooked();
  const [one, two] = [await here.add(), await here.add()];
  assert.match(one.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.notEqual(one.secret, two.secret);
  const secret = `whsec_${btoa("x".repeat(24))}`;
  const given = granted(await createWebhook(here.desk, here.admin.actor, { ...INPUT, secret }));
  assert.equal(given.webhook.secret, secret);
});

Deno.test("a URL that leads inside is refused when it is given, and when it is changed", async () => {
  await using here = await openHooked();
  const { desk, admin } = here;
  const webhook = await here.add();
  for (const url of ["http://localhost/", "http://10.0.0.1/", "http://[::1]:80/"]) {
    assert.equal(
      refusalOf(await createWebhook(desk, admin.actor, { ...INPUT, url })),
      "invalid_input",
    );
    assert.equal(refusalOf(await changeWebhook(desk, webhook.id, { url })), "invalid_input");
  }
  assert.equal(granted(await findWebhook(desk, webhook.id)).record.url, INPUT.url);
});

Deno.test("while a secret is replaced both sign; a day later the old one is good for nothing", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const { id, secret } = await here.add();
  const { webhook } = granted(await rotateWebhookSecret(desk, id));
  assert.notEqual(webhook.secret, secret);
  await here.tell(1);
  await deliverOnce(desk);
  test.clock.advance(PREVIOUS_SECRET_SIGNS_MS);
  await here.tell(2);
  await deliverOnce(desk);
  const [during, after] = receiver.got;
  assert.ok(during !== undefined && after !== undefined);
  assertSigned(during, secret);
  for (const request of [during, after]) assertSigned(request, webhook.secret);
  assert.throws(() => assertSigned(after, secret));
});

Deno.test("a test says what came of it, moves nothing, and brings forward what waits", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1);
  receiver.answer = () => ({ status: 500 });
  for (let tries = 0; tries < 6; tries++) {
    await deliverOnce(desk);
    test.clock.advance((await progressOf(desk, webhook.id)).nextTryAt - test.clock.now());
  }
  await deliverOnce(desk);
  const before = await progressOf(desk, webhook.id);
  const failed = granted(await testWebhook(desk, webhook));
  assert.deepEqual([failed.status, failed.lastTry?.outcome], ["given-up", { status: 500 }]);
  assert.equal((await progressOf(desk, webhook.id)).nextTryAt, before.nextTryAt);
  receiver.answer = () => ({ status: 200 });
  const arrived = granted(await testWebhook(desk, webhook));
  assert.equal(arrived.status, "delivered");
  const ping = receiver.got.at(-1);
  assert.ok(ping !== undefined);
  assert.equal(JSON.parse(ping.body).type, "ping");
  assertSigned(ping, webhook.secret);
  assert.equal((await progressOf(desk, webhook.id)).place, before.place);
  assert.equal(await deliverOnce(desk), 1, "the waiting event need not wait any longer");
});

Deno.test("a replay sends the same under the same id, and is noted in the same line of the log", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1, 2);
  await deliverOnce(desk);
  const [, first] = await logOf(desk, webhook);
  assert.ok(first !== undefined);
  const replayed = granted(await replayDelivery(desk, webhook, first.id));
  assert.deepEqual([replayed.id, replayed.tries, replayed.status], [first.id, 2, "delivered"]);
  assert.deepEqual(numbersOf(receiver.got), [1, 2, 1]);
  assert.equal(receiver.got.map(idOf)[2], receiver.got.map(idOf)[0]);
  assert.equal((await logOf(desk, webhook)).length, 2);
  assert.equal(refusalOf(await replayDelivery(desk, webhook, webhook.id)), "not_found");
  const other = await here.add();
  assert.equal(refusalOf(await replayDelivery(desk, other, first.id)), "not_found");
});

Deno.test("what still waits for its turn is not replayed past it", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1);
  receiver.answer = () => ({ status: 500 });
  await deliverOnce(desk);
  const [waiting] = await logOf(desk, webhook);
  assert.equal(
    refusalOf(await replayDelivery(desk, webhook, waiting?.id ?? "")),
    "conflict",
  );
  assert.equal(receiver.got.length, 1);
});

Deno.test("a log keeps its newest lines, and none for longer than a week", async () => {
  await using here = await openHooked();
  const { test, desk } = here;
  const webhook = await here.add();
  const count = DELIVERIES_KEPT_MAX + 3 * TRIM_EVERY;
  await here.tell(...Array.from({ length: count + 7 }, (_, n) => n));
  await deliverOnce(desk);
  const log = await logOf(desk, webhook);
  assert.equal(log.length, DELIVERIES_KEPT_MAX + 7);
  assert.deepEqual(numbersOf(log.map(({ message }) => ({ body: JSON.stringify(message) }))), [
    ...Array.from({ length: log.length }, (_, n) => count + 6 - n),
  ]);
  test.clock.advance(7 * DAY_MS);
  assert.deepEqual(await logOf(desk, webhook), []);
});

Deno.test("a webhook that is deleted leaves nothing behind and is told nothing more", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1);
  await deliverOnce(desk);
  // One that is deleted while it is told of something is deleted all the same.
  await here.tell(2, 3);
  receiver.answer = async () => {
    granted(await deleteWebhook(desk, webhook.id));
    return { status: 200 };
  };
  assert.equal(await deliverOnce(desk), 0);
  assert.equal(refusalOf(await deleteWebhook(desk, webhook.id)), "not_found");
  assert.deepEqual(await listWebhooks(desk), []);
  assert.deepEqual(numbersOf(receiver.got), [1, 2]);
  const left = await entriesOf(desk.store.reader as Deno.Kv);
  assert.deepEqual(left.filter(({ key }) => key.includes(webhook.id)), []);
});

Deno.test("a webhook is not moved to a place that is yet to come", async () => {
  await using here = await openHooked();
  const webhook = await here.add();
  await here.tell(1);
  const moved = await moveWebhook(here.desk, webhook.id, `${"f".repeat(20)}-0`);
  assert.equal(refusalOf(moved), "invalid_input");
});

Deno.test("a webhook out of a backup is told of what happens in the store it is restored into", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1, 2, 3);
  await deliverOnce(desk);
  using memory = await memoryStore();
  granted(await importLines(memory.store, exportLines(desk.store)));
  assert.deepEqual(await faultsOf(memory.store), []);
  const restored = { ...desk, store: memory.store };
  const [found] = await listWebhooks(restored);
  assert.deepEqual(found?.webhook, webhook);
  assert.equal(await deliverOnce(restored), 0);
  const { store } = memory;
  await store.committer.submit({
    checks: [],
    mutations: [],
    events: [{ type: "user.changed", userId: "u", role: "user" }],
  });
  assert.equal(await deliverOnce(restored), 0);
  assert.equal(receiver.got.length, 3);
});
