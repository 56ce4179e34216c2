import { z } from "zod";
import type { EventName } from "../../domain/rules/event_name.ts";
import { WEBHOOK_EVENT_TYPES } from "../../domain/rules/webhook.ts";
import { EVENTS } from "../views/event.ts";
import { socketEventShape, socketNotificationShape } from "../views/event_frame.ts";
import { EXAMPLES } from "../views/examples.ts";
import { OPENED } from "../views/example_facts.ts";
import { instant } from "./answers.ts";
import type { Schemas } from "./openapi_schemas.ts";

type Json = Readonly<Record<string, unknown>>;

const ping = z.object({ webhookId: z.string().meta({ format: "uuid" }) }).meta({ id: "PingData" });

/** What is sent to the URLs of webhooks, by the type of the event. */
export function webhooksOf(schemas: Schemas): Record<string, { readonly post: Json }> {
  const sent = WEBHOOK_EVENT_TYPES.map((type) => [type, EVENTS[type].summary, EVENTS[type].data]);
  const all = [...sent, ["ping", "Sent by `/test`, to see whether it arrives", ping]] as const;
  return Object.fromEntries(
    (all as readonly (readonly [string, string, z.ZodType])[]).map(([type, summary, data]) => [
      type,
      { post: messageOf(type, summary, data, schemas) },
    ]),
  );
}

/** Adds the frames to the components that sockets are sent. */
export function describeFrames(schemas: Schemas): void {
  schemas.output(socketEventShape);
  schemas.output(socketNotificationShape);
}

/** Every event, when it is told and by which topics, for readers. */
export function eventTable(): string {
  const rows = Object.entries(EVENTS).map(([name, { summary, topics }]) => {
    const hears = topics.map((topic) => `\`${topic}\``).join(", ");
    return `| \`${name}\` | ${summary}. | ${hears} | ${isSent(name) ? "yes" : "no"} |`;
  });
  return ["| event | when | topics | webhooks |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function isSent(name: string): boolean {
  return WEBHOOK_EVENT_TYPES.some((type: EventName) => type === name);
}

function messageOf(type: string, summary: string, data: z.ZodType, schemas: Schemas): Json {
  const message = z.object({
    type: z.literal(type),
    timestamp: instant.meta({ description: "When it happened." }),
    data,
  });
  const example = EXAMPLES[String(data.meta()?.id)];
  return {
    operationId: `on${type.split(".").map(capital).join("")}`,
    summary,
    tags: ["webhooks"],
    security: [],
    parameters: SIGNED,
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: schemas.output(message),
          examples: { [type]: { value: { type, timestamp: OPENED, data: example } } },
        },
      },
    },
    responses: {
      "2XX": { description: "It arrived." },
      "410": { description: "Nobody wants it any more: the webhook is disabled." },
      "default": { description: "It is sent again, for about a day." },
    },
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const text = { type: "string" };

/** By Standard Webhooks. */
const SIGNED = [
  ["webhook-id", "The same whenever it is sent: drop what came before."],
  ["webhook-timestamp", "When it was sent, in seconds since 1970."],
  ["webhook-signature", "`v1,` and the signature; several with spaces between."],
].map(([name, description]) => ({ name, in: "header", required: true, description, schema: text }));
