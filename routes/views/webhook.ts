import { z } from "zod";
import { iso, isoOrNull } from "../../domain/rules/time.ts";
import { WEBHOOK_EVENT_TYPES } from "../../domain/rules/webhook.ts";
import { isCircuitOpen, type WebhookDelivery } from "../../domain/rules/webhook_delivery.ts";
import type { Supervised } from "../../domain/services/webhooks.ts";
import { CURSOR } from "./example_facts.ts";
import { id, instant } from "../http/answers.ts";

export const webhookShape = z.object({
  id,
  _id: id,
  url: z.string(),
  eventTypes: z.array(z.enum(WEBHOOK_EVENT_TYPES)),
  description: z.string().nullable(),
  status: z.enum(["active", "paused", "disabled"]),
  disabledReason: z.enum(["gone", "failing"]).optional().meta({
    description: "It answered 410, or failed for a day. Set `active` to go on where it was.",
  }),
  circuit: z.enum(["closed", "open"]).meta({
    description: "Open after several failures in a row: it is then tried only now and then.",
  }),
  failures: z.number().int().min(0).meta({ description: "In a row, until now." }),
  failingSince: instant.nullable(),
  nextTryAt: instant.nullable().meta({ description: "While something waits to be tried again." }),
  place: z.string().meta({
    description: "The cursor of the last event that is done with.",
    examples: [CURSOR],
  }),
  lastDelivery: z.object({ id, at: instant, ok: z.boolean() }).nullable(),
  createdBy: id,
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: "Webhook" });

export function webhookView({ webhook, progress }: Supervised): z.infer<typeof webhookShape> {
  const { state, lastDelivery } = { ...webhook, ...progress };
  return {
    id: webhook.id,
    _id: webhook.id,
    url: webhook.url,
    eventTypes: [...webhook.eventTypes],
    description: webhook.description,
    status: state.status,
    ...(state.status === "disabled" ? { disabledReason: state.reason } : {}),
    circuit: isCircuitOpen(progress) ? "open" : "closed",
    failures: progress.failures,
    failingSince: isoOrNull(progress.failingSince),
    nextTryAt: progress.waiting === null || state.status !== "active"
      ? null
      : iso(progress.nextTryAt),
    place: progress.place,
    lastDelivery: lastDelivery === null ? null : { ...lastDelivery, at: iso(lastDelivery.at) },
    createdBy: webhook.createdBy,
    createdAt: iso(webhook.createdAt),
    updatedAt: iso(webhook.updatedAt),
  };
}

export const secretWebhookShape = webhookShape.extend({
  secret: z.string().meta({ description: "Shown this once: it signs what is sent." }),
}).meta({ id: "WebhookWithSecret" });

export function secretWebhookView(supervised: Supervised): z.infer<typeof secretWebhookShape> {
  return { ...webhookView(supervised), secret: supervised.webhook.secret };
}

export const deliveryShape = z.object({
  id,
  _id: id,
  messageId: z.string().meta({ description: "The `webhook-id`: the same whenever it is sent." }),
  status: z.enum(["delivered", "waiting", "given-up", "missed"]).meta({
    description: "`missed` are events that were no longer kept when their turn came.",
  }),
  tries: z.number().int().min(0),
  lastTry: z.object({
    at: instant,
    status: z.number().int().nullable().meta({ description: "Of the answer, if one came." }),
    failure: z.enum(["timeout", "address_refused", "unreachable"]).nullable(),
  }).nullable(),
  nextTryAt: instant.nullable(),
  payload: z.object({
    type: z.string(),
    timestamp: instant,
    data: z.record(z.string(), z.unknown()),
  }),
  createdAt: instant,
}).meta({ id: "WebhookDelivery" });

export function deliveryView(delivery: WebhookDelivery): z.infer<typeof deliveryShape> {
  const { messageId, status, tries, lastTry, message } = delivery;
  return {
    id: delivery.id,
    _id: delivery.id,
    messageId,
    status,
    tries,
    lastTry: lastTry === null ? null : {
      at: iso(lastTry.at),
      status: "status" in lastTry.outcome ? lastTry.outcome.status : null,
      failure: "failure" in lastTry.outcome ? lastTry.outcome.failure : null,
    },
    nextTryAt: isoOrNull(delivery.nextTryAt),
    payload: { ...message, data: { ...message.data } },
    createdAt: iso(delivery.createdAt),
  };
}
