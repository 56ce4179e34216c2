import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { pingMessage, type Webhook } from "../rules/webhook.ts";
import {
  judgeExtraTry,
  newDelivery,
  type SendOutcome,
  type WebhookDelivery,
} from "../rules/webhook_delivery.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { getDelivery, logDelivery, trimLog } from "./webhook_log.ts";
import { signedHeaders } from "./webhook_signing.ts";
import { getSupervised, putSupervised } from "./webhooks.ts";

/**
 * Sends a `ping` now, whatever the webhook's state, and says what came of it. One that arrives lets
 * what waits be tried at once. Refuses with `conflict` where webhooks are not called. Takes as long
 * as the receiver, then 2 checks and 2 writes.
 */
export function testWebhook(desk: Desk, webhook: Webhook): Promise<WebhookDelivery | Refusal> {
  const { store } = desk;
  const now = store.now();
  const id = store.newId();
  const identity = { id, messageId: `${webhook.id}_ping_${id}` };
  return sendExtra(
    desk,
    webhook,
    newDelivery(webhook.id, identity, pingMessage(webhook, now), now),
  );
}

/**
 * Sends what was sent before once more, under its id of then: who has it already can tell. Refuses
 * with `conflict` what still waits for its turn, a gap, and where webhooks are not called. Costs as
 * `testWebhook`.
 */
export async function replayDelivery(
  desk: Desk,
  webhook: Webhook,
  id: string,
): Promise<WebhookDelivery | Refusal> {
  const delivery = await getDelivery(desk, webhook.id, id);
  if (isRefusal(delivery)) return delivery;
  if (delivery.status === "missed") return refuse("conflict", "A gap cannot be sent.");
  if (delivery.status === "waiting") {
    return refuse("conflict", "It still waits: a test that arrives brings its next try forward.");
  }
  return await sendExtra(desk, webhook, delivery);
}

async function sendExtra(
  desk: Desk,
  webhook: Webhook,
  delivery: WebhookDelivery,
): Promise<WebhookDelivery | Refusal> {
  const { store, config } = desk;
  if (!config.callsWebhooks) {
    return refuse("conflict", "Only the production timeline calls webhooks; this is another.");
  }
  const outcome = await sendMessage(desk, webhook, delivery);
  let logged = 0;
  const sent = await transact(store, async (tx) => {
    const found = await getSupervised(desk, tx, webhook.id);
    if (isRefusal(found)) return found;
    const judged = judgeExtraTry(found.progress, delivery, outcome, store.now());
    await putSupervised(tx, found, { ...found, progress: judged.progress });
    await logDelivery(tx, judged.delivery);
    logged = judged.progress.logged;
    return judged.delivery;
  });
  if (!isRefusal(sent)) await trimLog(store, { webhookId: webhook.id, logged });
  return sent;
}

/** Signs a logged message with the time of now and sends it. */
export function sendMessage(
  { store, sendWebhook }: Desk,
  webhook: Webhook,
  { messageId, message }: Pick<WebhookDelivery, "messageId" | "message">,
  signal?: AbortSignal,
): Promise<SendOutcome> {
  const body = JSON.stringify(message);
  const headers = signedHeaders(webhook, messageId, body, store.now());
  const request = { url: webhook.url, headers, body };
  return sendWebhook(signal === undefined ? request : { ...request, signal });
}
