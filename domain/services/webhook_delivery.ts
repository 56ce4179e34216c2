import { isRefusal } from "../rules/refusal.ts";
import { DAY_MS, HOUR_MS, type Instant, iso, SECOND_MS } from "../rules/time.ts";
import { messageOf, type Webhook, type WebhookMessage } from "../rules/webhook.ts";
import {
  judgeTry,
  newDelivery,
  type SendOutcome,
  type WebhookDelivery,
  type WebhookProgress,
} from "../rules/webhook_delivery.ts";
import { eventCursor, readEvents, readFeed } from "../store/feed.ts";
import { webhookDeliveries, webhooks } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { holdLease } from "../store/lease.ts";
import { read } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { logDelivery, trimLog } from "./webhook_log.ts";
import { sendMessage } from "./webhook_trials.ts";
import { getSupervised, progressOf, putSupervised, type Supervised } from "./webhooks.ts";

/** Short, so that what a dead process left is taken up soon; kept alive while a try lasts. */
const LEASE_MS = 6 * SECOND_MS;
const LEASE_LEFT_MS = 4 * SECOND_MS;
const LEASE_KEPT_EVERY_MS = SECOND_MS;

/** Commits of the feed that one read takes. */
const COMMITS_AT_ONCE = 100;
/** Others come to their turn after so many deliveries in a row. */
export const DELIVERIES_AT_ONCE = 100;

/** What concerns nobody is passed over in memory; the place is written down this often. */
const PLACE_KEPT_EVERY_MS = HOUR_MS;
const EVENTS_PASSED_MAX = 1_000;

/** Whoever delivers, and how far it has looked for each webhook. */
export interface Courier {
  /** Names it among all processes. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** By webhook: from which place on, up to where, nothing concerns it. */
  readonly passed: Map<string, Passed>;
}

interface Passed {
  readonly place: string;
  readonly end: string;
  readonly events: number;
}

export function leaseName(webhookId: string): string {
  return `webhook ${webhookId}`;
}

/**
 * Delivers what is due to one webhook, in the order of the feed; how many were delivered or given
 * up. The place moves on in the commit that logs what came of a try, after it: whoever dies in
 * between has the event sent again under the same `webhook-id`. While somebody else has the lease
 * nothing is done. An event costs the lease's read, now and then its write, 3 checks and 3 writes.
 */
export async function deliverDue(desk: Desk, courier: Courier, webhookId: string): Promise<number> {
  for (let done = 0;; done++) {
    const next = done < DELIVERIES_AT_ONCE ? await nextDelivery(desk, courier, webhookId) : null;
    if (next === null || !await holds(desk, courier, webhookId)) return done;
    const outcome = await send(desk, courier, next);
    // What was broken off says nothing of the receiver.
    if (courier.signal.aborted) return done;
    const isPassed = await settle(desk, next, outcome);
    if (!isPassed) return done;
  }
}

interface Next extends Supervised {
  readonly delivery: WebhookDelivery;
  readonly cursor: string;
  readonly happenedAt: Instant;
}

/** The first event behind the webhook's place that concerns it; null when nothing is to be done now. */
async function nextDelivery(
  desk: Desk,
  courier: Courier,
  webhookId: string,
): Promise<Next | null> {
  const { store } = desk;
  const [webhook, kept] = await Promise.all([
    read(store, webhooks, keys.webhook(webhookId)),
    progressOf(desk, webhookId),
  ]);
  if (webhook?.state.status !== "active" || kept.nextTryAt > store.now()) return null;
  const progress = await noteGap(desk, kept);
  const found = await findEvent(desk, courier, webhook, progress);
  if (courier.signal.aborted) return null;
  if (found === null) {
    await keepPlace(desk, courier, progress);
    return null;
  }
  const { cursor, message } = found;
  const delivery =
    await waitingDelivery({ get: (kind, key) => read(store, kind, key) }, progress) ??
      newDelivery(
        webhookId,
        { id: store.newId(), messageId: `${webhookId}_${cursor}` },
        message,
        store.now(),
      );
  return { webhook, progress, delivery, cursor, happenedAt: Date.parse(message.timestamp) };
}

/** The line of the log that says what has become of the event so far. */
async function waitingDelivery(
  tx: Pick<Transaction, "get">,
  { webhookId, waiting }: WebhookProgress,
): Promise<WebhookDelivery | null> {
  if (waiting === null) return null;
  return await tx.get(webhookDeliveries, keys.webhookDelivery(webhookId, waiting.deliveryId));
}

/** Looks through the feed from where this courier stopped looking. */
async function findEvent(
  { store }: Desk,
  { passed, signal }: Courier,
  { id, eventTypes }: Webhook,
  { place }: WebhookProgress,
): Promise<{ readonly cursor: string; readonly message: WebhookMessage } | null> {
  const known = passed.get(id);
  let [end, count] = known?.place === place ? [known.end, known.events] : [place, 0];
  // Ends with the feed; whoever stops meanwhile looks no further.
  for (let isAll = false; !isAll && !signal.aborted;) {
    const found = await readEvents(store, end, COMMITS_AT_ONCE);
    for (const { cursor, event } of found.events) {
      const message = messageOf(event);
      const concerns = message !== null && eventTypes.some((type) => type === message.type);
      if (concerns) return { cursor, message };
      [end, count] = [cursor, count + 1];
    }
    isAll = found.isAll;
    passed.set(id, { place, end, events: count });
  }
  return null;
}

/** Whether it was long ago that all of the feed up to the place was known to be looked through. */
export function isPlaceOld({ placeAt }: WebhookProgress, now: Instant): boolean {
  return now - placeAt >= PLACE_KEPT_EVERY_MS;
}

/** Writes down how far the feed has been looked through, seldom enough to cost nothing. */
async function keepPlace(
  desk: Desk,
  { passed }: Courier,
  progress: WebhookProgress,
): Promise<void> {
  const { store } = desk;
  const { webhookId, place } = progress;
  const { end = place, events = 0 } = passed.get(webhookId) ?? {};
  const now = store.now();
  if (events < EVENTS_PASSED_MAX && !isPlaceOld(progress, now)) return;
  const isKept = await transact(store, async (tx) => {
    const found = await getSupervised(desk, tx, webhookId);
    if (isRefusal(found) || found.progress.place !== place) return false;
    await putSupervised(tx, found, {
      ...found,
      progress: { ...found.progress, place: end, placeAt: now },
    });
    return true;
  });
  if (isKept === true) passed.set(webhookId, { place: end, end, events: 0 });
}

/**
 * Events are kept for some days: whoever comes back later may have missed some, which the log then
 * says. As long as the place's own commit is still there nothing behind it can be gone.
 */
async function noteGap(desk: Desk, progress: WebhookProgress): Promise<WebhookProgress> {
  const { store } = desk;
  const now = store.now();
  const { webhookId, place, placeAt } = progress;
  if (now - placeAt < desk.config.feedRetentionDays * DAY_MS) return progress;
  const [versionstamp = ""] = place.split("-");
  const standing = await store.reader.get([...keys.feed(), versionstamp]);
  if (standing.value !== null) return progress;
  const [oldest] = await readFeed(store, versionstamp, 1);
  const to = oldest === undefined ? null : eventCursor(oldest.versionstamp, 0);
  const data = { from: place, to };
  const id = store.newId();
  const message = { type: "gap", timestamp: iso(now), data } as const;
  const gap = newDelivery(webhookId, { id, messageId: `${webhookId}_gap_${id}` }, message, now);
  const noted = await transact(store, async (tx) => {
    const found = await getSupervised(desk, tx, webhookId);
    if (isRefusal(found)) return found;
    const { progress: current } = found;
    // Somebody else was faster.
    if (current.place !== place || current.placeAt !== placeAt) return current;
    // What waited was the first of what is gone.
    const after = { ...current, placeAt: now, waiting: null, logged: current.logged + 1 };
    await putSupervised(tx, found, { ...found, progress: after });
    await logDelivery(tx, gap);
    return after;
  });
  return isRefusal(noted) ? progress : noted;
}

/** Nobody else begins to send the same meanwhile, however long it takes. */
async function send(desk: Desk, courier: Courier, next: Next): Promise<SendOutcome> {
  const keep = (): void => {
    // That it could not be kept shows at the next try at the latest.
    holds(desk, courier, next.webhook.id).catch(() => false);
  };
  const timer = setInterval(keep, LEASE_KEPT_EVERY_MS);
  try {
    return await sendMessage(desk, next.webhook, next.delivery, courier.signal);
  } finally {
    clearInterval(timer);
  }
}

function holds({ store }: Desk, courier: Courier, webhookId: string): Promise<boolean> {
  return holdLease(store, leaseName(webhookId), courier.id, {
    forMs: LEASE_MS,
    leftMs: LEASE_LEFT_MS,
  });
}

/** Commits what a try came to; true when the place has moved behind the event. */
async function settle(desk: Desk, next: Next, outcome: SendOutcome): Promise<boolean> {
  const { store } = desk;
  const { webhook: { id }, cursor, happenedAt } = next;
  const at = store.now();
  const chance = Math.random();
  const progress = await transact(store, async (tx) => {
    const found = await getSupervised(desk, tx, id);
    if (isRefusal(found)) return found;
    // Another has gone on from here, or an administrator has moved it: this try is its last word.
    if (found.progress.place !== next.progress.place) return null;
    // Of two that tried the same event at once both write one line of the log.
    const delivery = await waitingDelivery(tx, found.progress) ?? next.delivery;
    const attempt = { delivery, cursor, happenedAt, outcome, at, chance };
    const judged = judgeTry(found.webhook, found.progress, attempt);
    await putSupervised(tx, found, judged);
    await logDelivery(tx, judged.delivery);
    return judged.progress;
  });
  if (progress === null || isRefusal(progress)) return false;
  await trimLog(store, progress);
  return progress.place === cursor;
}
