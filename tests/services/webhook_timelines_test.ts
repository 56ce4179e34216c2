import assert from "node:assert/strict";
import type { Desk } from "../../domain/services/desk.ts";
import { replayDelivery, testWebhook } from "../../domain/services/webhook_trials.ts";
import { createWebhook } from "../../domain/services/webhooks.ts";
import { deliverWebhooks } from "../../jobs/deliver_webhooks.ts";
import { granted, openDesk, refusalOf } from "../support/desk.ts";
import { logOf, makeReceiver } from "../support/webhooks.ts";
import { open } from "../support/work.ts";

const INPUT = { url: "https://example.com/hook", eventTypes: ["ticket.created"] } as const;

for (const timeline of ["git-branch/restored", "preview/4tqf3nc1"]) {
  Deno.test(`a desk on ${timeline} calls no webhook, and loses nothing by it`, async () => {
    const receiver = makeReceiver();
    await using test = await openDesk({ DENO_TIMELINE: timeline }, receiver.send);
    const { desk, background } = test;
    const admin = await test.join("admin");
    const { webhook } = granted(await createWebhook(desk, admin.actor, INPUT));
    await open(test, await test.join("user"));
    await background.idle();
    assert.deepEqual(await deliverWebhooks(desk), { delivered: 0 });
    assert.equal(refusalOf(await testWebhook(desk, webhook)), "conflict");
    assert.deepEqual([receiver.got, await logOf(desk, webhook)], [[], []]);

    // The same store, served by production.
    assert.deepEqual(await deliverWebhooks(onProduction(desk)), { delivered: 1 });
    assert.equal(receiver.got.length, 1);
    const [delivery] = await logOf(desk, webhook);
    assert.ok(delivery !== undefined);
    assert.equal(refusalOf(await replayDelivery(desk, webhook, delivery.id)), "conflict");
    assert.equal(receiver.got.length, 1);
    await test.assertSound();
  });
}

function onProduction(desk: Desk): Desk {
  return { ...desk, config: { ...desk.config, callsWebhooks: true } };
}
