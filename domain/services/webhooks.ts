import { randomBytes } from "node:crypto";
import type { Actor } from "../rules/actor.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../rules/refusal.ts";
import {
  changeWebhook as decideChange,
  checkWebhookUrl,
  newWebhook,
  rotateSecret,
  type Webhook,
  type WebhookChanges,
  type WebhookInput,
} from "../rules/webhook.ts";
import {
  movePlace,
  restartTries,
  startProgress,
  type WebhookProgress,
} from "../rules/webhook_delivery.ts";
import { CURSOR_START, eventCursor, feedEnd, lastCursor, newestEntry } from "../store/feed.ts";
import { webhookProgress, webhooks } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { isKvU64 } from "../store/open.ts";
import { read, readList, readVersioned, type Store, type Versioned } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { dropLog } from "./webhook_log.ts";

export const WEBHOOKS_MAX = 100;
const SECRET_PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A webhook and how it goes. */
export interface Supervised {
  readonly webhook: Webhook;
  readonly progress: WebhookProgress;
}

/**
 * Makes a webhook that is told of what happens from now on. Refuses with `invalid_input` a URL that
 * webhooks do not call, and with `conflict` one webhook too many. One check, 3 writes.
 */
export async function createWebhook(
  desk: Desk,
  actor: Actor,
  input: WebhookInput & { readonly secret?: string | undefined },
): Promise<Supervised | Refusal> {
  const { store, config } = desk;
  const badUrl = checkWebhookUrl(input.url, config.webhooksMayBePrivate);
  if (badUrl !== null) return badUrl;
  const secret = input.secret ?? newSecret();
  return await transact(store, async (tx) => {
    // Read with a check: of two at once that would be the last only one is made.
    const count = await tx.getValue(keys.webhookCount());
    if (isKvU64(count) && count.value >= WEBHOOKS_MAX) {
      return refuse("conflict", `There are ${WEBHOOKS_MAX} webhooks already, which is the most.`);
    }
    const now = store.now();
    const identity = { id: store.newId(), secret, createdBy: actor.userId };
    const webhook = newWebhook(input, identity, now);
    const progress = startProgress(webhook.id, await feedCursor(store), now);
    tx.add(webhooks, webhook);
    tx.add(webhookProgress, progress);
    return { webhook, progress };
  });
}

/** Every webhook, oldest first: 2 reads. */
export async function listWebhooks({ store }: Desk): Promise<Supervised[]> {
  const [found, courses] = await Promise.all([
    readList<Webhook>(store, ["webhook"], { limit: WEBHOOKS_MAX }),
    readList<WebhookProgress>(store, ["webhook_progress"], { limit: WEBHOOKS_MAX }),
  ]);
  const byId = new Map(courses.map(({ value }) => [value.webhookId, value]));
  return found.map(({ value: webhook }) => ({
    webhook,
    progress: byId.get(webhook.id) ?? progressFromStart(store, webhook.id),
  }));
}

export async function findWebhook(
  { store }: Desk,
  id: string,
): Promise<Versioned<Webhook> | Refusal> {
  return await readVersioned(store, webhooks, keys.webhook(id)) ?? notFound("webhook");
}

/** How a webhook goes; one that came out of a backup begins where this store's feed does. */
export async function progressOf({ store }: Desk, id: string): Promise<WebhookProgress> {
  return await read(store, webhookProgress, keys.webhookProgress(id)) ??
    progressFromStart(store, id);
}

function progressFromStart(store: Store, id: string): WebhookProgress {
  return startProgress(id, CURSOR_START, store.now());
}

/**
 * Sets what is named and keeps the rest. Another URL, or to say `active` of one that was not, lets
 * what waits be tried at once: 2 checks, 2 writes.
 */
export async function changeWebhook(
  desk: Desk,
  id: string,
  changes: WebhookChanges,
): Promise<Supervised | Refusal> {
  const { store, config } = desk;
  const badUrl = changes.url === undefined
    ? null
    : checkWebhookUrl(changes.url, config.webhooksMayBePrivate);
  if (badUrl !== null) return badUrl;
  return await change(desk, id, ({ webhook, progress }) => {
    const now = store.now();
    const changed = decideChange(webhook, changes, now);
    const isNew = changed.url !== webhook.url || changed.state.status !== webhook.state.status;
    return { webhook: changed, progress: isNew ? restartTries(progress, now) : progress };
  });
}

/** Gives a webhook a new secret; for a day the one before signs too. 2 checks, one write. */
export function rotateWebhookSecret(desk: Desk, id: string): Promise<Supervised | Refusal> {
  const secret = newSecret();
  return change(desk, id, ({ webhook, progress }) => {
    return { webhook: rotateSecret(webhook, secret, desk.store.now()), progress };
  });
}

/**
 * Lets a webhook go on behind another cursor: an earlier one sends again what was sent since, a
 * later one leaves out what waits. Refuses with `invalid_input` a cursor that is yet to come.
 */
export async function moveWebhook(
  desk: Desk,
  id: string,
  after: string,
): Promise<Supervised | Refusal> {
  const [versionstamp = "", index = ""] = after.split("-");
  if (versionstamp > await feedEnd(desk.store)) {
    const message = "Must be a cursor of an event that has happened";
    return {
      ...refuse("invalid_input", `Invalid after: ${message}`),
      errors: [{ path: "after", code: "custom", message }],
    };
  }
  const place = eventCursor(versionstamp, Number(index));
  return await change(desk, id, ({ webhook, progress }) => {
    return { webhook, progress: movePlace(progress, place, desk.store.now()) };
  });
}

/** Removes a webhook: 2 checks, 3 writes, and then its log. */
export async function deleteWebhook(desk: Desk, id: string): Promise<Supervised | Refusal> {
  const removed = await transact(desk.store, async (tx) => {
    const found = await getSupervised(desk, tx, id);
    if (isRefusal(found)) return found;
    tx.remove(webhooks, found.webhook);
    tx.delete(keys.webhookProgress(id));
    return found;
  });
  if (!isRefusal(removed)) await dropLog(desk.store, id);
  return removed;
}

/** The webhook and its progress, read with checks. */
export async function getSupervised(
  { store }: Desk,
  tx: Transaction,
  id: string,
): Promise<Supervised | Refusal> {
  const webhook = await tx.get(webhooks, keys.webhook(id));
  if (webhook === null) return notFound("webhook");
  const progress = await tx.get(webhookProgress, keys.webhookProgress(id));
  return { webhook, progress: progress ?? progressFromStart(store, id) };
}

/** Writes what has changed of them. */
export async function putSupervised(
  tx: Transaction,
  before: Supervised,
  { webhook, progress }: Supervised,
): Promise<void> {
  if (webhook !== before.webhook) tx.put(webhooks, webhook);
  if (progress === before.progress) return;
  const key = keys.webhookProgress(progress.webhookId);
  if (await tx.get(webhookProgress, key) === null) tx.add(webhookProgress, progress);
  else tx.put(webhookProgress, progress);
}

function change(
  desk: Desk,
  id: string,
  decide: (found: Supervised) => Supervised,
): Promise<Supervised | Refusal> {
  return transact(desk.store, async (tx) => {
    const found = await getSupervised(desk, tx, id);
    if (isRefusal(found)) return found;
    const changed = decide(found);
    await putSupervised(tx, found, changed);
    return changed;
  });
}

/** The cursor of the newest event. */
async function feedCursor(store: Store): Promise<string> {
  const newest = await newestEntry(store);
  return newest === null ? CURSOR_START : lastCursor(newest);
}

function newSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString("base64")}`;
}
