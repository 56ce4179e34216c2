import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { toldOf } from "../../domain/live/audience.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { messageOf } from "../../domain/rules/webhook.ts";
import type { Store } from "../../domain/store/store.ts";
import type { createApp } from "../../routes/app.ts";
import { describeApi, type OpenApiDocument } from "../../routes/http/openapi.ts";
import { CURSOR } from "../../routes/views/example_facts.ts";

/** Whatever a store commits, held to what the document says that sockets and webhooks are told. */
export interface EventContract {
  /** The names of the events that were told. */
  readonly names: ReadonlySet<string>;
  /** What did not fit, a sentence each. */
  readonly faults: readonly string[];
}

/** The most that are kept: one is enough to fail. */
const FAULTS_MAX = 10;

export function holdEvents(store: Store, app: ReturnType<typeof createApp>): EventContract {
  const names = new Set<string>();
  const faults: string[] = [];
  const fault = (name: string, value: unknown, errors: string): void => {
    if (faults.length < FAULTS_MAX) faults.push(`${name} ${errors}: ${JSON.stringify(value)}`);
  };
  store.committer.onCommit(({ events }) => {
    for (const event of events) {
      for (const { name, place, value } of formsOf(event)) {
        names.add(name);
        const validate = validatorOf(app, place);
        if (!validate(value)) fault(name, value, ajvOf(app).errorsText(validate.errors));
      }
    }
  });
  return { names, faults };
}

interface Form {
  readonly name: string;
  /** Where the document describes it. */
  readonly place: readonly string[];
  readonly value: unknown;
}

function formsOf(event: FeedEvent): Form[] {
  const frames = toldOf(event).map(({ topics, frame }): Form => {
    const value = JSON.parse(frame(CURSOR, topics[0]));
    const name = value.type === "event" ? value.event : value.type;
    const component = value.type === "event" ? "SocketEvent" : "SocketNotification";
    return { name, place: ["components", "schemas", component], value };
  });
  const message = messageOf(event);
  if (message === null) return frames;
  const content = ["requestBody", "content", "application/json", "schema"];
  const place = ["webhooks", message.type, "post", ...content];
  return [...frames, { name: message.type, place, value: message }];
}

let ajv: Ajv2020 | undefined;
const validators = new Map<string, ValidateFunction>();

function validatorOf(
  app: ReturnType<typeof createApp>,
  place: readonly string[],
): ValidateFunction {
  const pointer = place.map((part) => encodeURIComponent(part.replace(/\//g, "~1"))).join("/");
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = ajvOf(app).compile({ $ref: `document#/${pointer}` });
    validators.set(pointer, validate);
  }
  return validate;
}

/** Of this code's app, in which events have no more than what is described. */
function ajvOf(app: ReturnType<typeof createApp>): Ajv2020 {
  if (ajv === undefined) {
    const document: OpenApiDocument = describeApi(app, { mayHaveMore: false });
    ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(document, "document");
  }
  return ajv;
}
