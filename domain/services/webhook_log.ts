import { notFound, type Refusal } from "../rules/refusal.ts";
import type { WebhookDelivery, WebhookProgress } from "../rules/webhook_delivery.ts";
import { webhookDeliveries } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { type Page, readPage } from "../store/page.ts";
import { inBatches, read, readList, type Store, withoutRiders } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** The log of a webhook keeps so many deliveries, and up to as many more as pass between trims. */
export const DELIVERIES_KEPT_MAX = 500;
export const TRIM_EVERY = 50;
const DELIVERIES_READ_MAX = DELIVERIES_KEPT_MAX + 2 * TRIM_EVERY;
const DROPPED_AT_ONCE = 200;

/** A page of what a webhook was told, newest first. */
export function listDeliveries(
  { store }: Desk,
  webhookId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<Page<WebhookDelivery>> {
  const now = store.now();
  return readPage<WebhookDelivery>(store, ["webhook_delivery", webhookId], {
    place: page.before,
    limit: page.limit,
    reverse: true,
    keeps: ({ expiresAt }) => expiresAt > now,
  });
}

export async function getDelivery(
  { store }: Desk,
  webhookId: string,
  id: string,
): Promise<WebhookDelivery | Refusal> {
  const found = await read(store, webhookDeliveries, keys.webhookDelivery(webhookId, id));
  return found !== null && found.expiresAt > store.now() ? found : notFound("delivery");
}

/** Writes a line that is new, or what has become of one. */
export async function logDelivery(tx: Transaction, delivery: WebhookDelivery): Promise<void> {
  const known = await tx.get(webhookDeliveries, keyOf(delivery));
  if (known === null) tx.add(webhookDeliveries, delivery);
  else tx.put(webhookDeliveries, delivery);
}

/** Removes the oldest lines beyond the limit, now and then. */
export async function trimLog(
  store: Store,
  { webhookId, logged }: Pick<WebhookProgress, "webhookId" | "logged">,
): Promise<void> {
  if (logged === 0 || logged % TRIM_EVERY !== 0) return;
  const newest = await readList<WebhookDelivery>(store, ["webhook_delivery", webhookId], {
    limit: DELIVERIES_READ_MAX,
    reverse: true,
  });
  await drop(store, newest.slice(DELIVERIES_KEPT_MAX).map(({ value }) => value));
}

/** Removes the whole log; what is left when the process dies over it expires. */
export async function dropLog(store: Store, webhookId: string): Promise<void> {
  const all = await readList<WebhookDelivery>(store, ["webhook_delivery", webhookId], {
    limit: DELIVERIES_READ_MAX,
  });
  await drop(store, all.map(({ value }) => value));
}

async function drop(of: Store, deliveries: readonly WebhookDelivery[]): Promise<void> {
  const store = withoutRiders(of); // to tidy up is no part of what was asked for
  for await (const some of inBatches(deliveries, DROPPED_AT_ONCE)) {
    await transact(store, (tx) => {
      for (const delivery of some) tx.delete(keyOf(delivery));
      return Promise.resolve();
    });
  }
}

function keyOf({ webhookId, id }: WebhookDelivery): KvKey {
  return keys.webhookDelivery(webhookId, id);
}
