import { Hono } from "hono";
import { z } from "zod";
import { listDeliveries } from "../domain/services/webhook_log.ts";
import { replayDelivery, testWebhook } from "../domain/services/webhook_trials.ts";
import { cursored, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, inSteps } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { id, paging } from "./http/schemas.ts";
import { knownWebhook } from "./http/subject.ts";
import { param, query } from "./http/validate.ts";
import { deliveryShape, deliveryView } from "./views/webhook.ts";

// What is sent cannot be part of a commit, so that the routes that send take steps: with the first
// the key is known, and whoever comes with it meanwhile sends nothing.

const SENDS_DETAILS =
  "Waits for the receiver, ten seconds at most. Nothing else moves by it, but " +
  "when it arrives, an event that waits to be tried again is tried at once.";

/** What a webhook was told, and what is sent by hand; mounted beside the webhook's own routes. */
// deno-lint-ignore explicit-module-boundary-types
export function webhookDeliveryRoutes() {
  const webhookPath = param(z.object({ id }));
  return new Hono<AppEnv>()
    .post(
      "/:id/test",
      describe({
        summary: "Send a ping now",
        details: SENDS_DETAILS,
        answers: { 200: one(deliveryShape) },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      async (c) => {
        const { webhook } = c.var;
        return await inSteps(c, (desk) => testWebhook(desk, webhook), (delivery) => {
          return c.json({ success: true as const, data: deliveryView(delivery) }, 200);
        });
      },
    )
    .get(
      "/:id/deliveries",
      describe({
        summary: "What a webhook was told, newest first",
        details: "Of the last seven days, and not without end.",
        answers: { 200: cursored(someFields(deliveryShape)) },
      }),
      authenticate,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      query(z.object({
        limit: paging.limit,
        cursor: paging.cursor,
        fields: fieldsOf(deliveryShape),
      })),
      async (c) => {
        const { desk, webhook } = c.var;
        const { limit, cursor, fields } = c.req.valid("query");
        const question = ["deliveries", webhook.id];
        const before = openCursor(desk, cursor, question);
        const page = await listDeliveries(desk, webhook.id, { before, limit });
        const data = page.items.map((each) => pick(deliveryView(each), fields));
        const nextCursor = sealCursor(desk, page.next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .post(
      "/:id/deliveries/:deliveryId/replay",
      describe({
        summary: "Send once more what was sent, under its id of then",
        details: SENDS_DETAILS,
        answers: { 200: one(deliveryShape) },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      param(z.object({ id, deliveryId: id })),
      permit("manage_webhooks"),
      knownWebhook,
      async (c) => {
        const { webhook } = c.var;
        const { deliveryId } = c.req.valid("param");
        return await inSteps(c, (desk) => replayDelivery(desk, webhook, deliveryId), (delivery) => {
          return c.json({ success: true as const, data: deliveryView(delivery) }, 200);
        });
      },
    );
}
