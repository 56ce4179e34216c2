import { EVENT_EXAMPLES } from "./event_examples.ts";
import { CURSOR, OPENED, WEBHOOK } from "./example_facts.ts";

const ADMIN = "019ab3c4-0000-7000-8000-0000000000ae";
const DELIVERY = "019ab3c4-0000-7000-8000-0000000000d1";

const webhook = {
  id: WEBHOOK,
  _id: WEBHOOK,
  url: "https://example.com/hooks/desk",
  eventTypes: ["ticket.created", "ticket.resolved"],
  description: null,
  status: "active",
  circuit: "closed",
  failures: 0,
  failingSince: null,
  nextTryAt: null,
  place: CURSOR,
  lastDelivery: { id: DELIVERY, at: OPENED, ok: true },
  createdBy: ADMIN,
  createdAt: OPENED,
  updatedAt: OPENED,
};

export const WEBHOOK_EXAMPLES: Readonly<Record<string, unknown>> = {
  Webhook: webhook,
  WebhookFields: { id: WEBHOOK, status: "active" },
  WebhookWithSecret: { ...webhook, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
  WebhookDeliveryFields: { id: DELIVERY, status: "delivered" },
  WebhookDelivery: {
    id: DELIVERY,
    _id: DELIVERY,
    messageId: `${WEBHOOK}_${CURSOR}`,
    status: "delivered",
    tries: 1,
    lastTry: { at: OPENED, status: 204, failure: null },
    nextTryAt: null,
    payload: {
      type: "ticket.created",
      timestamp: OPENED,
      data: EVENT_EXAMPLES.TicketCreatedData,
    },
    createdAt: OPENED,
  },
};
