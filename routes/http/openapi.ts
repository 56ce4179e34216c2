import type { Hono } from "hono";
import { z } from "zod";
import type { RefusalCode } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";
import { type Description, descriptionOf } from "./describe.ts";
import { ifMatch, ifNew, ifNoneMatch } from "./etag.ts";
import { answersOf, problemsOf } from "./openapi_answers.ts";
import { describeFrames, webhooksOf } from "./openapi_events.ts";
import { type Headed, HEADERS } from "./openapi_headers.ts";
import { INFO, TAGS } from "./openapi_info.ts";
import { makeSchemas, OPEN, type SchemaOptions, type Schemas } from "./openapi_schemas.ts";

/** An OpenAPI 3.1 document; of its parts only what is looked at here has a type. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Json }>>;
  readonly components: Json;
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

type Json = Readonly<Record<string, unknown>>;

/** What any route under the API may answer, whatever it is for. */
const ALWAYS: readonly RefusalCode[] = ["internal", "unavailable"];

/** The size and the type of a body are looked at also where no body is wanted. */
const WITH_BODY: readonly RefusalCode[] = ["too_large", "unsupported_media_type"];

/**
 * Describes every route of the app by what its middleware say of themselves: the very schemas that
 * validate, and the refusals that can come.
 */
export function describeApi(app: Hono<AppEnv>, options: SchemaOptions = OPEN): OpenApiDocument {
  const schemas = makeSchemas(options);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [route, description] of describedRoutes(app)) {
    const [method = "", path = ""] = route.split(" ");
    const template = templateOf(path);
    paths[template] = {
      ...paths[template],
      [method.toLowerCase()]: operationOf(method, path, description, schemas),
    };
  }
  linkMadeThings(paths);
  const webhooks = webhooksOf(schemas);
  describeFrames(schemas);
  return {
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: "/" }],
    tags: TAGS,
    paths,
    webhooks,
    components: {
      schemas: schemas.components(),
      headers: HEADERS,
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

/** Each route once, as `GET /api/tickets/:id`, with all that its middleware say. */
function describedRoutes(app: Hono<AppEnv>): Map<string, Description[]> {
  const routes = new Map<string, Description[]>();
  for (const { method, path, handler } of app.routes) {
    if (method === "ALL") continue;
    const route = `${method} ${path}`;
    const description = descriptionOf(handler);
    routes.set(route, [
      ...routes.get(route) ?? [],
      ...description === undefined ? [] : [description],
    ]);
  }
  return routes;
}

function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function operationOf(
  method: string,
  path: string,
  said: readonly Description[],
  schemas: Schemas,
): Operation {
  const all = <K extends keyof Description>(name: K): NonNullable<Description[K]>[] =>
    said.flatMap((each) =>
      each[name] === undefined ? [] : [each[name] as NonNullable<Description[K]>]
    );
  const [summary] = all("summary");
  const [details] = all("details");
  const isTagged = all("isTagged").length > 0;
  const isConditional = all("isVersioned").length > 0 && method !== "GET";
  const headers = [
    ...all("headers"),
    ...(isTagged ? [ifNoneMatch] : []),
    ...(isConditional ? [ifMatch] : []),
    ...(all("mayBeNew").length > 0 ? [ifNew] : []),
  ];
  const body = all("body")[0];
  const refusals = new Set<RefusalCode>([
    ...all("refusals").flat(),
    ...(isConditional ? ["stale" as const] : []),
    ...(path.startsWith("/api") ? ALWAYS : []),
    ...(method === "GET" ? [] : WITH_BODY),
  ]);
  const headed: Headed = {
    isTagged,
    isRetagged: all("isRetagged").length > 0,
    isKeyed: all("isKeyed").length > 0,
    isLimited: refusals.has("rate_limited"),
  };
  return {
    operationId: operationId(method, path),
    ...(summary === undefined ? {} : { summary }),
    ...(details === undefined ? {} : { description: details }),
    tags: [tagOf(path)],
    security: securityOf(all("security")),
    parameters: [
      ...all("path").flatMap((schema) => parametersOf("path", schema, schemas)),
      ...all("query").flatMap((schema) => parametersOf("query", schema, schemas)),
      ...headers.flatMap((schema) => parametersOf("header", schema, schemas)),
    ],
    ...(body === undefined ? {} : { requestBody: bodyOf(body, all("examples")[0], schemas) }),
    responses: {
      ...answersOf(all("answers"), headed, schemas),
      ...problemsOf(refusals, headed, schemas),
    },
  } as Operation;
}

/** `GET /api/tickets/:id/history` is `getTicketsByIdHistory`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/api/, "").split(/[/_.-]/).filter((word) => word !== "");
  const name = words.map((word) =>
    word.startsWith(":") ? `By${capital(word.slice(1))}` : capital(word)
  );
  return method.toLowerCase() + (name.join("") || "Root");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function tagOf(path: string): string {
  return /^\/api\/(\w+)/.exec(path)?.[1] ?? "operations";
}

function securityOf(said: readonly ("required" | "optional")[]): Json[] {
  if (said.includes("required")) return [{ bearer: [] }];
  return said.includes("optional") ? [{}, { bearer: [] }] : [];
}

function parametersOf(
  where: "path" | "query" | "header",
  schema: z.ZodType,
  schemas: Schemas,
): Json[] {
  const { properties = {}, required = [] } = schemas.input(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function bodyOf(schema: z.ZodType, examples: Json | undefined, schemas: Schemas): Json {
  const described = Object.entries(examples ?? {}).map(([name, value]) => [name, { value }]);
  const content = {
    schema: schemas.input(schema),
    ...(described.length === 0 ? {} : { examples: Object.fromEntries(described) }),
  };
  // Without a body it is as if it were empty.
  const required = !schema.safeParse({}).success;
  return { required, content: { "application/json": content } };
}

/** What `POST /things` made can be asked for, and changed, by the routes below `/things/{id}`. */
function linkMadeThings(paths: Record<string, Record<string, Operation>>): void {
  for (const [path, { post }] of Object.entries(paths)) {
    const made = post?.responses["201"] as { links?: Json } | undefined;
    if (made === undefined) continue;
    const below = Object.entries(paths).filter(([other]) =>
      other.startsWith(`${path}/{id}`) && other.split("{").length === 2
    );
    const links = below.flatMap(([, operations]) => Object.values(operations)).map((operation) => [
      operation.operationId,
      { operationId: operation.operationId, parameters: { id: "$response.body#/data/id" } },
    ]);
    if (links.length > 0) made.links = Object.fromEntries(links);
  }
}
