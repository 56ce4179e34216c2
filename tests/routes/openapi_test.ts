import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describeApi, type OpenApiDocument, type Operation } from "../../routes/http/openapi.ts";
import { PROBLEMS } from "../../routes/http/problem.ts";
import { openDesk } from "../support/desk.ts";

// deno-lint-ignore no-explicit-any -- parts of a document that other tests prove to be one
type Any = any;

const desk = await openDesk();
const document: OpenApiDocument = (await desk.call(null, "GET", "/openapi.json")).json;
const routes = [
  ...new Set(
    desk.app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) =>
      `${method} ${path}`
    ),
  ),
];
await desk[Symbol.asyncDispose]();

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation: operation as Operation & Any,
  }))
);

Deno.test("the document is one of OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as Any);
  assert.ok(valid, JSON.stringify(errors, null, 1)?.slice(0, 2_000));
});

Deno.test("the document has every route, and no other", () => {
  const described = operations.map(({ name }) => name.replace(/\{(\w+)\}/g, ":$1"));
  assert.deepEqual(described.toSorted(), routes.toSorted());
});

Deno.test("every route says what it is for, what it answers, and by which name to call it", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { name, operation } of operations) {
    assert.ok(operation.summary?.trim(), `${name} has no summary`);
    const statuses = Object.keys(operation.responses);
    const succeeds = name === "GET /api/ws" ? /^101/ : /^2/;
    assert.ok(statuses.some((status) => succeeds.test(status)), `${name} has no answer`);
    assert.ok(document.tags.some((tag) => tag.name === operation.tags[0]), `${name} in no group`);
  }
});

Deno.test("every parameter of a path is there, and every other one is explained", () => {
  for (const { name, path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const described = operation.parameters
      .filter((parameter: Any) => parameter.in === "path")
      .map((parameter: Any) => parameter.name);
    assert.deepEqual(described.toSorted(), inPath.toSorted(), name);
    for (const parameter of operation.parameters as Any[]) {
      assert.ok(parameter.schema, name);
      // An id in a path says by its name what it is.
      const isPlain = parameter.in === "path" || parameter.description?.trim();
      assert.ok(isPlain, `${name} does not say what ${parameter.name} is`);
    }
  }
});

Deno.test("every route under the API that needs a token says so, and what it refuses without", () => {
  const open = ["/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout"];
  const also = ["/api/auth/test", "/api/auth/refresh-token", "/api/ws"];
  for (const { name, path, operation } of operations) {
    if (!path.startsWith("/api/") || [...open, ...also].includes(path)) continue;
    assert.deepEqual(operation.security, [{ bearer: [] }], name);
    assert.ok("401" in operation.responses, name);
  }
});

Deno.test("every write but those of authentication takes an idempotency key", () => {
  for (const { name, path, operation } of operations) {
    if (name.startsWith("GET") || path.startsWith("/api/auth/")) continue;
    const named = operation.parameters.map((parameter: Any) => parameter.name);
    assert.ok(named.includes("Idempotency-Key"), name);
  }
});

Deno.test("what a code means is where its problem's type leads, and every code can come", () => {
  const documented = new Set(
    operations.flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap((answer: Any) =>
        answer.content?.["application/problem+json"]?.schema.allOf[1].properties.code.enum ?? []
      )
    ),
  );
  // A method that a path does not have belongs to no operation.
  documented.add("method_not_allowed");
  const missing = Object.keys(PROBLEMS).filter((code) => !documented.has(code));
  assert.deepEqual(missing, []);
});

Deno.test("every body has an example, and every example fits its schema", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  for (const { name, operation } of operations) {
    const content = operation.requestBody?.content["application/json"];
    if (content === undefined) continue;
    const examples = Object.entries(content.examples ?? {});
    assert.ok(examples.length > 0, `${name} has no example of its body`);
    const validate = ajv.compile({ ...content.schema, components: document.components });
    for (const [, { value }] of examples as [string, Any][]) {
      assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`);
    }
  }
});

Deno.test("a body must be sent where an empty one would be refused, and only there", () => {
  const required = operations.filter(({ operation }) => operation.requestBody?.required === true);
  const optional = operations.filter(({ operation }) => operation.requestBody?.required === false);
  const names = (of: typeof operations): string[] => of.map(({ name }) => name);
  assert.ok(names(required).includes("POST /api/tickets"));
  assert.ok(names(required).includes("PATCH /api/tickets/{id}"), "a change must name something");
  assert.ok(names(optional).includes("POST /api/tickets/process-queue"));
  assert.ok(names(optional).includes("PUT /api/notifications/preferences"));
});

Deno.test("every component has an example, which fits its schema", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const closed: Any = describeApi(desk.app, { mayHaveMore: false });
  ajv.addSchema(closed, "closed");
  for (const [name, { examples = [] }] of Object.entries<Any>(closed.components.schemas)) {
    assert.ok(examples.length > 0, `${name} has no example`);
    const validate = ajv.compile({ $ref: `closed#/components/schemas/${name}` });
    for (const example of examples) {
      assert.ok(validate(example), `${name}: ${ajv.errorsText(validate.errors)}`);
    }
  }
});

Deno.test("what was made can be followed by links", () => {
  const opened: Any = document.paths["/api/tickets"]?.["post"]?.responses["201"];
  const { operationId, parameters } = opened.links["getTicketsById"];
  assert.equal(operationId, document.paths["/api/tickets/{id}"]?.["get"]?.operationId);
  assert.deepEqual(parameters, { id: "$response.body#/data/id" });
});

Deno.test("whole numbers are whole, and bounded only where the API has a bound", () => {
  const text = JSON.stringify(document);
  assert.doesNotMatch(text, new RegExp(String(Number.MAX_SAFE_INTEGER)));
  const { priority } = (document.components as Any).schemas.Ticket.properties;
  assert.deepEqual([priority.type, priority.enum], ["integer", [1, 2, 3]]);
});

Deno.test("a write of what has a tag tells the tag that it has then", () => {
  const headed = (operation: Any, status: string): boolean =>
    "ETag" in (operation.responses[status]?.headers ?? {});
  for (const [path, methods] of Object.entries<Any>(document.paths)) {
    if (methods.get === undefined || !headed(methods.get, "200")) continue;
    for (const write of [methods.put, methods.patch].filter((each) => each !== undefined)) {
      assert.ok(headed(write, "200"), `${write.operationId} of ${path}`);
      const conditions = write.parameters.map((parameter: Any) => parameter.name);
      assert.ok(conditions.includes("If-Match"), path);
      assert.equal(conditions.includes("If-None-Match"), "201" in write.responses, path);
    }
  }
});

Deno.test("what an answer tells by headers is told of the routes that do so", () => {
  const names = (path: string, method: string, status: string): string[] =>
    Object.keys((document.paths[path]?.[method]?.responses[status] as Any).headers);
  assert.ok(names("/api/tickets/{id}/escalate", "post", "200").includes("Idempotent-Replayed"));
  assert.ok(!names("/api/auth/register", "post", "201").includes("Idempotent-Replayed"));
  assert.ok(names("/api/auth/register", "post", "201").includes("Location"));
  assert.ok(!names("/health", "get", "200").includes("RateLimit"));
  assert.ok(names("/api/tickets", "get", "200").includes("RateLimit"));
});
