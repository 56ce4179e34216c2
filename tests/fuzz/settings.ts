import type { OpenApiDocument } from "../../routes/http/openapi.ts";
import type { Cast } from "./cast.ts";

/**
 * What would end the very session with which everything else is asked, what is no HTTP, and what
 * would have the desk call strangers: made-up addresses are somebody's.
 */
const LEFT_OUT = [
  "/api/auth/logout",
  "/api/auth/change-password",
  "/api/auth/sessions/{id}",
  "/api/users/{id}",
  "/api/webhooks",
  "/api/ws",
];

/** What the state of the desk may say to a request that fits the document. */
const FITTING = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"];

/** What a request that does not fit the document must hear: these are the tool's own. */
const REFUSING = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"];

/**
 * Parts of a request that can fit their schema and be refused with 400 all the same: a cursor belongs
 * to one list, a month has no 31st, a category has to be known, and an e-mail address may be one only
 * for the standard.
 */
const LOOKED_AT_CLOSER =
  /"(cursor|email|timezone|category|calendar|start|end|\w*(Date|After|Before))"/;

/** Known ids by the path parameter that takes them, and by the beginning of its path. */
const PLACES: readonly [name: string, path: string, kind: keyof Cast["ids"]][] = [
  ["id", "^/api/(tickets|sla/check)/", "ticket"],
  ["ticketId", "^/api/", "ticket"],
  ["id", "^/api/agents/", "agent"],
  ["agentId", "^/api/", "agent"],
  ["userId", "^/api/", "user"],
  ["notificationId", "^/api/", "notification"],
];

/** The tool's configuration in TOML; with `ids`, these stand in every path that takes one. */
export function settingsFor(document: OpenApiDocument, ids: Cast["ids"] | null): string {
  const closer = operationsOf(document).filter(([, text]) => LOOKED_AT_CLOSER.test(text));
  return [
    "[checks]",
    `positive_data_acceptance.expected-statuses = ${list(FITTING)}`,
    // The state is looked at before a body that may be left out.
    `negative_data_rejection.expected-statuses = ${list([...REFUSING, "412"])}`,
    ...LEFT_OUT.flatMap((
      path,
    ) => ["[[operations]]", `include-path = '${path}'`, "enabled = false"]),
    "[[operations]]",
    `include-operation-id = ${list(closer.map(([id]) => id))}`,
    `checks.positive_data_acceptance.expected-statuses = ${list([...FITTING, "400"])}`,
    ...(ids === null ? [] : PLACES).flatMap(([name, path, kind]) => [
      "[[operations]]",
      `include-path-regex = '${path}.*\\{${name}\\}'`,
      `parameters = { "path.${name}" = "${ids?.[kind]}" }`,
    ]),
  ].join("\n");
}

/** Each operation's id with its whole text, what it refers to included. */
function operationsOf({ paths, components }: OpenApiDocument): [id: string, text: string][] {
  const schemas = components["schemas"] as Record<string, unknown> | undefined;
  return Object.values(paths).flatMap((operations) => Object.values(operations)).map(
    (operation) => {
      const { operationId, parameters, requestBody } = operation;
      const text = JSON.stringify([parameters, requestBody]);
      const named = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = ""]) =>
        name
      );
      return [operationId, text + JSON.stringify(named.map((name) => schemas?.[name]))];
    },
  );
}

/** Text in TOML's form, which is JSON's. */
function list(values: readonly string[]): string {
  return JSON.stringify(values);
}
