import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "./time.ts";
import { disableWebhook, type Webhook, type WebhookMessage } from "./webhook.ts";

/** How far a webhook has come in the feed, and how it goes; changes with each try. */
export interface WebhookProgress {
  readonly schema: 1;
  readonly webhookId: string;
  /** The cursor up to which every event has been delivered, given up or passed over. */
  readonly place: string;
  /** What lies behind the place has not been committed before this. */
  readonly placeAt: Instant;
  /** The first event behind the place that concerns it, once it has been tried. */
  readonly waiting: { readonly deliveryId: string; readonly tries: number } | null;
  /** Nothing is tried before this. */
  readonly nextTryAt: Instant;
  /** Tries that failed since the last one that did not, whatever the event. */
  readonly failures: number;
  readonly failingSince: Instant | null;
  /** How many deliveries have been written into the log. */
  readonly logged: number;
  readonly lastDelivery: { readonly id: string; readonly at: Instant; readonly ok: boolean } | null;
}

/** One line of a webhook's log: a message and what became of it, over all its tries. */
export interface WebhookDelivery {
  readonly schema: 1;
  readonly id: string;
  readonly webhookId: string;
  /** The `webhook-id` that the receiver sees: the same whenever this is sent. */
  readonly messageId: string;
  readonly message: WebhookMessage | GapMessage;
  readonly status: DeliveryStatus;
  readonly tries: number;
  readonly lastTry: { readonly at: Instant; readonly outcome: SendOutcome } | null;
  /** While it waits, when it is tried again; null when that is not known. */
  readonly nextTryAt: Instant | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** `missed` are events that the feed no longer had. */
export type DeliveryStatus = "delivered" | "waiting" | "given-up" | "missed";

/** That events between two cursors may have been lost to this webhook; only logged, never sent. */
export interface GapMessage {
  readonly type: "gap";
  readonly timestamp: string;
  /** From the last event that was not missed to the first one that was kept, if any was. */
  readonly data: { readonly from: string; readonly to: string | null };
}

/** What came of one try: an answer, whatever its status, or why there was none. */
export type SendOutcome =
  | { readonly status: number }
  | { readonly failure: "timeout" | "address_refused" | "unreachable" };

/**
 * The longest wait before each further try of an event, at most a day together. The wait itself is
 * anywhere between nothing and this (full jitter), so that many webhooks do not come back at once.
 */
export const RETRY_WAITS_MAX_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  1 * HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  4 * HOUR_MS,
  4 * HOUR_MS,
  4 * HOUR_MS,
  4 * HOUR_MS,
];
const RETRY_WAIT_MIN_MS = SECOND_MS;
export const TRIES_MAX = RETRY_WAITS_MAX_MS.length + 1;

/** After so many failures in a row the circuit is open: one probe an interval, whatever waits. */
export const CIRCUIT_FAILURES = 5;
export const PROBE_EVERY_MS = 5 * MINUTE_MS;

/** A webhook that has done nothing but fail for so long is disabled. */
export const DISABLED_AFTER_MS = DAY_MS;

const DELIVERY_KEPT_MS = 7 * DAY_MS;

const GONE = 410;

/** A webhook begins at a place of the feed and knows nothing of what was before. */
export function startProgress(webhookId: string, place: string, now: Instant): WebhookProgress {
  return {
    schema: 1,
    webhookId,
    place,
    placeAt: now,
    waiting: null,
    nextTryAt: now,
    failures: 0,
    failingSince: null,
    logged: 0,
    lastDelivery: null,
  };
}

/** Forgets what failed, so that what waits is tried now and has all its tries again. */
export function restartTries(progress: WebhookProgress, now: Instant): WebhookProgress {
  const waiting = progress.waiting === null ? null : { ...progress.waiting, tries: 0 };
  return { ...progress, waiting, nextTryAt: now, failures: 0, failingSince: null };
}

/** Goes on from another place, as if nothing behind it had been tried. */
export function movePlace(
  progress: WebhookProgress,
  place: string,
  now: Instant,
): WebhookProgress {
  return { ...restartTries(progress, now), place, placeAt: now, waiting: null };
}

export function isCircuitOpen({ failures }: Pick<WebhookProgress, "failures">): boolean {
  return failures >= CIRCUIT_FAILURES;
}

export function isDelivered(outcome: SendOutcome): boolean {
  return "status" in outcome && outcome.status >= 200 && outcome.status < 300;
}

/** A message that is about to be logged for the first time. */
export function newDelivery(
  webhookId: string,
  identity: { readonly id: string; readonly messageId: string },
  message: WebhookDelivery["message"],
  now: Instant,
): WebhookDelivery {
  return {
    schema: 1,
    ...identity,
    webhookId,
    message,
    status: message.type === "gap" ? "missed" : "waiting",
    tries: 0,
    lastTry: null,
    nextTryAt: null,
    createdAt: now,
    expiresAt: now + DELIVERY_KEPT_MS,
  };
}

/** One try of the event behind a webhook's place. */
export interface Try {
  readonly delivery: WebhookDelivery;
  /** The event's cursor, and when it happened. */
  readonly cursor: string;
  readonly happenedAt: Instant;
  readonly outcome: SendOutcome;
  readonly at: Instant;
  /** From 0 to 1: where the wait falls within its bound. */
  readonly chance: number;
}

export interface Judged {
  readonly webhook: Webhook;
  readonly progress: WebhookProgress;
  readonly delivery: WebhookDelivery;
}

/**
 * What one try comes to. Delivered, or failed for the last time: the place moves behind the event.
 * Failed: the event waits, and all later ones behind it. A webhook that answers 410, or has failed
 * for a day, is disabled; its event then waits until an administrator says that it is active again.
 */
export function judgeTry(webhook: Webhook, before: WebhookProgress, attempt: Try): Judged {
  const { delivery, outcome, at } = attempt;
  const ok = isDelivered(outcome);
  const isNew = delivery.tries === 0;
  const tried = { ...delivery, tries: delivery.tries + 1, lastTry: { at, outcome } };
  const progress: WebhookProgress = {
    ...before,
    logged: before.logged + (isNew ? 1 : 0),
    lastDelivery: { id: delivery.id, at, ok },
    failures: ok ? 0 : before.failures + 1,
    failingSince: ok ? null : before.failingSince ?? at,
  };
  if (ok) {
    return {
      webhook,
      progress: passEvent(progress, attempt),
      delivery: { ...tried, status: "delivered", nextTryAt: null },
    };
  }
  return judgeFailure(webhook, progress, tried, attempt);
}

function judgeFailure(
  webhook: Webhook,
  progress: WebhookProgress,
  delivery: WebhookDelivery,
  attempt: Try,
): Judged {
  const { outcome, at, chance } = attempt;
  const failingForMs = at - (progress.failingSince ?? at);
  const isGone = "status" in outcome && outcome.status === GONE;
  if (isGone || failingForMs >= DISABLED_AFTER_MS) {
    return {
      webhook: disableWebhook(webhook, isGone ? "gone" : "failing", at),
      progress: { ...progress, waiting: { deliveryId: delivery.id, tries: 0 } },
      delivery: { ...delivery, status: "waiting", nextTryAt: null },
    };
  }
  const tries = (progress.waiting?.tries ?? 0) + 1;
  const probeAt = isCircuitOpen(progress) ? at + PROBE_EVERY_MS : at;
  if (tries >= TRIES_MAX) {
    return {
      webhook,
      progress: { ...passEvent(progress, attempt), nextTryAt: probeAt },
      delivery: { ...delivery, status: "given-up", nextTryAt: null },
    };
  }
  const nextTryAt = Math.max(probeAt, at + retryWaitMs(tries, chance));
  return {
    webhook,
    progress: { ...progress, waiting: { deliveryId: delivery.id, tries }, nextTryAt },
    delivery: { ...delivery, status: "waiting", nextTryAt },
  };
}

function passEvent(progress: WebhookProgress, { cursor, happenedAt, at }: Try): WebhookProgress {
  const placeAt = Math.max(progress.placeAt, happenedAt);
  return { ...progress, place: cursor, placeAt, waiting: null, nextTryAt: at };
}

/** How long an event waits after so many tries. */
export function retryWaitMs(tries: number, chance: number): number {
  const boundMs = RETRY_WAITS_MAX_MS[tries - 1] ?? 0;
  return Math.max(RETRY_WAIT_MIN_MS, Math.round(boundMs * chance));
}

/** What a test or a replay comes to: it tells how the webhook is, and moves nothing. */
export function judgeExtraTry(
  progress: WebhookProgress,
  delivery: WebhookDelivery,
  outcome: SendOutcome,
  at: Instant,
): Pick<Judged, "progress" | "delivery"> {
  const ok = isDelivered(outcome);
  const status = ok || delivery.status === "delivered" ? "delivered" : "given-up";
  return {
    progress: {
      ...progress,
      logged: progress.logged + (delivery.tries === 0 ? 1 : 0),
      lastDelivery: { id: delivery.id, at, ok },
      // The receiver is well again: what waits need not wait any longer.
      nextTryAt: ok ? at : progress.nextTryAt,
    },
    delivery: { ...delivery, status, tries: delivery.tries + 1, lastTry: { at, outcome } },
  };
}
