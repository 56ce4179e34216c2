import { Buffer } from "node:buffer";
import { Hono } from "hono";
import { z } from "zod";
import { WEBHOOK_EVENT_TYPES } from "../domain/rules/webhook.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  moveWebhook,
  progressOf,
  rotateWebhookSecret,
} from "../domain/services/webhooks.ts";
import { list, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { id, text } from "./http/schemas.ts";
import { knownWebhook } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import {
  secretWebhookShape,
  secretWebhookView,
  webhookShape,
  webhookView,
} from "./views/webhook.ts";
import { CURSOR as CURSOR_SHOWN } from "./views/example_facts.ts";

const URL_LENGTH_MAX = 2_000;
const DESCRIPTION_LENGTH_MAX = 500;

const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;
const SECRET_LENGTH_MAX = 100;
const CURSOR = /^[0-9a-f]{20}-\d{1,9}$/;

const url = z.string().min(1).max(URL_LENGTH_MAX).meta({ format: "uri" });
const eventTypes = z.array(z.enum(WEBHOOK_EVENT_TYPES)).min(1).max(WEBHOOK_EVENT_TYPES.length);
const description = text(DESCRIPTION_LENGTH_MAX).nullable();

/** As Standard Webhooks has it. */
const secret = z.string()
  .max(SECRET_LENGTH_MAX)
  .regex(SECRET, "Must be whsec_ and bytes in base64")
  .refine((value) => {
    const { length } = Buffer.from(value.slice("whsec_".length), "base64");
    return length >= SECRET_BYTES_MIN && length <= SECRET_BYTES_MAX;
  }, "Must have 24 to 64 bytes");

const newWebhook = z.object({
  url,
  eventTypes,
  description: description.optional(),
  active: z.boolean().optional(),
  secret: secret.optional(),
});

const webhookChanges = z.object({
  url: url.optional(),
  eventTypes: eventTypes.optional(),
  description: description.optional(),
  active: z.boolean().optional(),
});

const EXAMPLE: z.input<typeof newWebhook> = {
  url: "https://example.com/hooks/desk",
  eventTypes: ["ticket.created", "ticket.resolved"],
};

/** Webhooks are the desk's own: they are told what staff see, internal notes' events too. */
// deno-lint-ignore explicit-module-boundary-types
export function webhookRoutes() {
  const webhookPath = param(z.object({ id }));
  return new Hono<AppEnv>()
    .get(
      "/",
      describe({ summary: "Every webhook", answers: { 200: list(someFields(webhookShape)) } }),
      authenticate,
      permit("manage_webhooks"),
      query(z.object({ fields: fieldsOf(webhookShape) })),
      async (c) => {
        const { fields } = c.req.valid("query");
        const all = await listWebhooks(c.get("desk"));
        const data = all.map((each) => pick(webhookView(each), fields));
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .post(
      "/",
      describe({
        summary: "Have a URL told of what happens from now on",
        details: "Events arrive by POST, at least once and in order, signed by Standard Webhooks " +
          "(https://www.standardwebhooks.com): `{type, timestamp, data}`. Drop by `webhook-id` " +
          "what came before. Any answer but 2xx is tried again for about a day, and 410 ends it.",
        answers: { 201: one(secretWebhookShape) },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      permit("manage_webhooks"),
      body(newWebhook, { example: EXAMPLE }),
      async (c) => {
        const { actor } = c.var;
        const input = c.req.valid("json");
        return await once(c, (desk) => createWebhook(desk, actor, input), (made) => {
          c.header("Location", `/api/webhooks/${made.webhook.id}`);
          return c.json({ success: true as const, data: secretWebhookView(made) }, 201);
        });
      },
    )
    .get(
      "/:id",
      describe({
        summary: "A webhook, and how it goes",
        answers: { 200: one(someFields(webhookShape)) },
        isTagged: true,
      }),
      authenticate,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      query(z.object({ fields: fieldsOf(webhookShape) })),
      async (c) => {
        const { desk, webhook, versionstamp } = c.var;
        const view = webhookView({ webhook, progress: await progressOf(desk, webhook.id) });
        const data = pick(view, c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/:id",
      describe({
        summary: "Change a webhook; what is not named stays",
        details: "To say `active` of one that was not lets it go on where it was.",
        answers: { 200: one(webhookShape) },
      }),
      authenticate,
      idempotent,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      retagged,
      body(webhookChanges, { pause: { active: false } }),
      async (c) => {
        const { webhook } = c.var;
        const changes = c.req.valid("json");
        return await once(
          c,
          (desk) => changeWebhook(desk, webhook.id, changes),
          (changed) => c.json({ success: true as const, data: webhookView(changed) }, 200),
        );
      },
    )
    .delete(
      "/:id",
      describe({
        summary: "Remove a webhook and its log",
        answers: { 200: one(webhookShape) },
      }),
      authenticate,
      idempotent,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      async (c) => {
        const { webhook } = c.var;
        return await once(
          c,
          (desk) => deleteWebhook(desk, webhook.id),
          (removed) => c.json({ success: true as const, data: webhookView(removed) }, 200),
        );
      },
    )
    .post(
      "/:id/rotate-secret",
      describe({
        summary: "Replace the secret",
        details: "For a day what is sent is signed with both, the signatures parted by a space.",
        answers: { 200: one(secretWebhookShape) },
      }),
      authenticate,
      idempotent,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      async (c) => {
        const { webhook } = c.var;
        return await once(c, (desk) => rotateWebhookSecret(desk, webhook.id), (rotated) => {
          return c.json({ success: true as const, data: secretWebhookView(rotated) }, 200);
        });
      },
    )
    .post(
      "/:id/replay",
      describe({
        summary: "Go on behind another event",
        details: "An earlier cursor sends again what was sent since; a later one leaves out what " +
          "waits.",
        answers: { 200: one(webhookShape) },
      }),
      authenticate,
      idempotent,
      webhookPath,
      permit("manage_webhooks"),
      knownWebhook,
      body(z.object({ after: z.string().regex(CURSOR, "Must be an event's cursor") }), {
        example: { after: CURSOR_SHOWN },
      }),
      async (c) => {
        const { webhook } = c.var;
        const { after } = c.req.valid("json");
        return await once(c, (desk) => moveWebhook(desk, webhook.id, after), (moved) => {
          return c.json({ success: true as const, data: webhookView(moved) }, 200);
        });
      },
    );
}
