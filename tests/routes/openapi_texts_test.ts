import assert from "node:assert/strict";
import { LIST_LIMITS } from "../../domain/services/ticket_list.ts";
import { PAGE_OFFSET_MAX } from "../../routes/http/schemas.ts";
import { openDesk } from "../support/desk.ts";

// What the document says in words, where it could say something else than the desk does.

// deno-lint-ignore no-explicit-any -- parts of a document that other tests prove to be one
type Any = any;

const desk = await openDesk();
const document: Any = (await desk.call(null, "GET", "/openapi.json")).json;
await desk[Symbol.asyncDispose]();

Deno.test("what nobody chose for a ticket is left open by clients made from the document", () => {
  const { schema } = document.paths["/api/tickets"].post.requestBody.content["application/json"];
  for (const name of ["priority", "category"]) {
    const { description, ...field } = schema.properties[name];
    assert.ok(!("default" in field), name);
    assert.match(description, /missing: .*suggested/, name);
    assert.ok(!schema.required.includes(name), name);
  }
});

Deno.test("limits of lists are told as they are", () => {
  const listing = document.paths["/api/tickets"].get;
  assert.match(listing.description, new RegExp(`newest ${LIST_LIMITS.foundMax} tickets`));
  const page = listing.parameters.find(({ name }: Any) => name === "page");
  assert.match(page.description, new RegExp(`end at ${PAGE_OFFSET_MAX} items`));
});

Deno.test("a name that means different things in different places is explained in each", () => {
  const names = ["slaComplianceRate", "maxLoad", "activeTickets", "currentLoad", "maxTickets"];
  const told = new Map<string, string[]>(names.map((name) => [name, []]));
  function explained(schema: Any, path: string): void {
    if (typeof schema !== "object" || schema === null) return;
    for (const [name, property] of Object.entries<Any>(schema.properties ?? {})) {
      const said = told.get(name);
      if (said === undefined) continue;
      assert.match(property.description ?? "", /\w/, `${name} in ${path}`);
      said.push(property.description);
    }
    for (const [key, value] of Object.entries(schema)) {
      if (key !== "examples") explained(value, `${path}/${key}`);
    }
  }
  explained(document.components.schemas, "schemas");
  for (const [name, said] of told) assert.ok(said.length > 1, name);
  const [ofAgent, ...ofMetrics] = new Set(told.get("slaComplianceRate"));
  assert.match(ofAgent ?? "", /resolved in time.*all promises/);
  assert.match(ofMetrics.join(), /all promises.*resolutions alone/);
});

Deno.test("nobody is told to ask again for what comes no nearer by that", () => {
  const { hasMore } = document.components.schemas.Optimized.properties;
  assert.match(hasMore.description, /wait behind those that were looked at/);
  assert.doesNotMatch(hasMore.description, /again/);
});

Deno.test("it is told how topics are spelt in what comes back", () => {
  assert.match(document.paths["/api/ws"].get.description, /department in small letters/);
});

Deno.test("what comes again after a while says when, wherever that can be answered", () => {
  for (const [path, methods] of Object.entries<Any>(document.paths)) {
    for (const [method, { responses }] of Object.entries<Any>(methods)) {
      for (const [status, answer] of Object.entries<Any>(responses)) {
        const codes = answer.content?.["application/problem+json"]?.schema.allOf[1].properties.code;
        const isLater = codes?.enum.some((code: string) => LATER.includes(code)) ?? false;
        const name = `${method} ${path} ${status}`;
        assert.equal("Retry-After" in answer.headers, isLater, name);
      }
    }
  }
});

const LATER = ["rate_limited", "locked_out", "unavailable", "request_in_progress"];
