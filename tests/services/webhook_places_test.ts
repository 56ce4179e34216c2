import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS } from "../../domain/rules/time.ts";
import { deliverOnce } from "../../domain/services/webhook_deliverer.ts";
import { changeWebhook, moveWebhook, progressOf } from "../../domain/services/webhooks.ts";
import { CURSOR_START, eventCursor, newestEntry } from "../../domain/store/feed.ts";
import { keys } from "../../domain/store/keys.ts";
import { granted } from "../support/desk.ts";
import { type HookedDesk, idOf, logOf, numbersOf, openHooked } from "../support/webhooks.ts";

/** As the platform does with what has expired. */
async function pruneFeed({ desk }: HookedDesk): Promise<void> {
  for await (const { key } of desk.store.reader.list({ prefix: keys.feed() })) {
    await (desk.store.reader as Deno.Kv).delete(key); // in memory it is the one that writes
  }
}

Deno.test("a webhook that is paused is told nothing, and afterwards everything", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const webhook = await here.add();
  granted(await changeWebhook(desk, webhook.id, { active: false }));
  await here.tell(1, 2);
  assert.equal(await deliverOnce(desk), 0);
  granted(await changeWebhook(desk, webhook.id, { active: true }));
  assert.equal(await deliverOnce(desk), 2);
  assert.deepEqual(numbersOf(receiver.got), [1, 2]);
});

Deno.test("a webhook that is moved back is told again, moved on it is told only what is new", async () => {
  await using here = await openHooked();
  const { desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1, 2, 3);
  assert.equal(await deliverOnce(desk), 3);
  granted(await moveWebhook(desk, webhook.id, CURSOR_START));
  assert.equal(await deliverOnce(desk), 3);
  assert.deepEqual(numbersOf(receiver.got), [1, 2, 3, 1, 2, 3]);
  assert.equal(new Set(receiver.got.map(idOf)).size, 3);
  await here.tell(4);
  const newest = await newestEntry(desk.store);
  granted(await moveWebhook(desk, webhook.id, eventCursor(newest?.versionstamp ?? "", 0)));
  await here.tell(5);
  assert.equal(await deliverOnce(desk), 1);
  assert.equal(numbersOf(receiver.got).at(-1), 5);
});

Deno.test("whoever comes back after the feed was pruned goes on, and the log tells of the gap", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1);
  await deliverOnce(desk);
  granted(await changeWebhook(desk, webhook.id, { active: false }));
  await here.tell(2);
  test.clock.advance(8 * DAY_MS);
  await pruneFeed(here);
  await here.tell(3);
  granted(await changeWebhook(desk, webhook.id, { active: true }));
  assert.equal(await deliverOnce(desk), 1);
  assert.deepEqual(numbersOf(receiver.got), [1, 3]);
  const [delivered, gap] = await logOf(desk, webhook);
  assert.equal(delivered?.status, "delivered");
  assert.equal(gap?.status, "missed");
  assert.equal(gap?.message.type, "gap");
});

Deno.test("a long quiet, or a long time of what concerns it not, is no gap", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add();
  await here.tell(1);
  for (let hours = 0; hours < 9 * 24; hours += 2) {
    await deliverOnce(desk);
    test.clock.advance(2 * HOUR_MS);
  }
  await pruneFeed(here);
  await here.tell(2);
  assert.equal(await deliverOnce(desk), 1);
  assert.deepEqual(numbersOf(receiver.got), [1, 2]);
  assert.deepEqual((await logOf(desk, webhook)).map(({ status }) => status), ["delivered"]);
});

Deno.test("a place is written down now and then, though nothing concerns the webhook", async () => {
  await using here = await openHooked();
  const { test, desk, receiver } = here;
  const webhook = await here.add({ eventTypes: ["ticket.closed"] });
  const placeOf = async (): Promise<string> => (await progressOf(desk, webhook.id)).place;
  const start = await placeOf();
  await here.tell(1, 2, 3);
  await deliverOnce(desk);
  assert.equal(await placeOf(), start);
  test.clock.advance(HOUR_MS);
  await deliverOnce(desk);
  const newest = await newestEntry(desk.store);
  assert.equal(await placeOf(), eventCursor(newest?.versionstamp ?? "", 0));
  await here.tell(...Array.from({ length: 1_001 }, (_, n) => n));
  await deliverOnce(desk);
  assert.notEqual(await placeOf(), eventCursor(newest?.versionstamp ?? "", 0));
  assert.deepEqual(receiver.got, []);
});
