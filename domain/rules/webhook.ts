import { mayBePublicHost } from "./address.ts";
import { type FeedEvent, presentAgentEvent, presentEvent } from "./event.ts";
import type { EventName } from "./event_name.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { presentShiftEvent } from "./shift_message.ts";
import { DAY_MS, type Instant, iso } from "./time.ts";

/** What a webhook can be told of: the closed list, as the live side names its events. */
export const WEBHOOK_EVENT_TYPES = [
  "ticket.created",
  "ticket.updated",
  "ticket.assigned",
  "ticket.requeued",
  "ticket.escalated",
  "ticket.resolved",
  "ticket.closed",
  "ticket.commented",
  "sla.warning",
  "sla.breach",
  "queue.changed",
  "agent.status",
  "shift.started",
  "shift.ended",
  "break.started",
  "break.ended",
] as const satisfies readonly EventName[];
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** A URL that is told of events: one place outside the desk. */
export interface Webhook {
  readonly schema: 1;
  readonly id: string;
  readonly url: string;
  readonly eventTypes: readonly WebhookEventType[];
  readonly description: string | null;
  readonly state: WebhookState;
  readonly secret: string;
  /** The secret before this one, which signs too until the receiver knows the new one. */
  readonly previousSecret: { readonly secret: string; readonly signsUntil: Instant } | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** An administrator pauses a webhook; the desk disables one that is of no use. */
export type WebhookState =
  | { readonly status: "active" }
  | { readonly status: "paused" }
  | { readonly status: "disabled"; readonly at: Instant; readonly reason: DisabledReason };

/** It answered that it is gone for good; or for a day nothing could be delivered. */
export type DisabledReason = "gone" | "failing";

/** What is sent: the body in the form of Standard Webhooks. */
export interface WebhookMessage {
  readonly type: WebhookEventType | "ping";
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What an administrator says of a webhook. */
export interface WebhookInput {
  readonly url: string;
  readonly eventTypes: readonly WebhookEventType[];
  readonly description?: string | null | undefined;
  readonly active?: boolean | undefined;
}

/** What of it is to be changed; the rest stays. */
export type WebhookChanges = {
  readonly [Name in keyof WebhookInput]?: WebhookInput[Name] | undefined;
};

export const PREVIOUS_SECRET_SIGNS_MS = DAY_MS;

export function newWebhook(
  input: WebhookInput,
  identity: { readonly id: string; readonly secret: string; readonly createdBy: string },
  now: Instant,
): Webhook {
  const { url, eventTypes, description = null, active = true } = input;
  return {
    schema: 1,
    ...identity,
    url,
    eventTypes: inOrder(eventTypes),
    description,
    state: { status: active ? "active" : "paused" },
    previousSecret: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Sets what is named and keeps the rest. To say `active` also takes back that it was disabled. */
export function changeWebhook(
  webhook: Webhook,
  changes: WebhookChanges,
  now: Instant,
): Webhook {
  const { url, eventTypes, description, active } = changes;
  return {
    ...webhook,
    url: url ?? webhook.url,
    eventTypes: eventTypes === undefined ? webhook.eventTypes : inOrder(eventTypes),
    description: description === undefined ? webhook.description : description,
    state: active === undefined ? webhook.state : { status: active ? "active" : "paused" },
    updatedAt: now,
  };
}

export function rotateSecret(webhook: Webhook, secret: string, now: Instant): Webhook {
  const previousSecret = { secret: webhook.secret, signsUntil: now + PREVIOUS_SECRET_SIGNS_MS };
  return { ...webhook, secret, previousSecret, updatedAt: now };
}

export function disableWebhook(webhook: Webhook, reason: DisabledReason, now: Instant): Webhook {
  return { ...webhook, state: { status: "disabled", at: now, reason }, updatedAt: now };
}

/** Each of these signs what is sent now, the newest first. */
export function signingSecrets({ secret, previousSecret }: Webhook, now: Instant): string[] {
  const signsStill = previousSecret !== null && previousSecret.signsUntil > now;
  return signsStill ? [secret, previousSecret.secret] : [secret];
}

/** Once each, in the order of the closed list. */
function inOrder(eventTypes: readonly WebhookEventType[]): WebhookEventType[] {
  return WEBHOOK_EVENT_TYPES.filter((type) => eventTypes.includes(type));
}

/** Refuses a URL that webhooks do not call, at once where the URL itself shows it. */
export function checkWebhookUrl(url: string, mayBePrivate: boolean): Refusal | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    return badUrl("Must be an http or https URL");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    return badUrl("Must not have a user name or password");
  }
  if (!mayBePrivate && !mayBePublicHost(parsed.hostname)) {
    return badUrl("Must lead to a public address");
  }
  return null;
}

function badUrl(message: string): Refusal {
  return {
    ...refuse("invalid_input", `Invalid url: ${message}`),
    errors: [{ path: "url", code: "custom", message }],
  };
}

/**
 * What a webhook is told of an event: as staff see it, internal notes' events too, for a webhook is
 * the desk's own. Null for what does not leave the desk.
 */
export function messageOf(event: FeedEvent): WebhookMessage | null {
  if (event.type === "agent.changed") {
    return { type: "agent.status", timestamp: iso(event.at), data: presentAgentEvent(event) };
  }
  if ("shiftId" in event) {
    return { type: event.type, timestamp: iso(event.at), data: presentShiftEvent(event) };
  }
  const type = WEBHOOK_EVENT_TYPES.find((each) => each === event.type);
  if (type === undefined || !("ticket" in event)) return null;
  return { type, timestamp: iso(event.at), data: presentEvent(event) };
}

/** What is sent to try whether a webhook works. */
export function pingMessage(webhook: Webhook, now: Instant): WebhookMessage {
  return { type: "ping", timestamp: iso(now), data: { webhookId: webhook.id } };
}
