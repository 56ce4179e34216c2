import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { createApp } from "../../routes/app.ts";
import { describeApi, type OpenApiDocument, type Operation } from "../../routes/http/openapi.ts";

/** Fails for an answer that the document does not describe. */
export type Contract = (method: string, url: string, response: Response) => Promise<void>;

/** The answers that any path may give, described or not. */
const WITHOUT_ROUTE = new Set([404, 405]);

type Document = Pick<OpenApiDocument, "paths" | "components">;

export function contractOf(document: Document): Contract {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  const templates = Object.entries(document.paths).map(([template, operations]) => ({
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`),
    literal: !template.includes("{"),
    template,
    operations,
  }));
  const validators = new Map<string, ValidateFunction>();

  return async (method, url, response) => {
    const pathname = url.replace(/^https?:\/\/[^/]+/, "").split("?")[0] ?? "";
    if (method === "OPTIONS" || method === "HEAD" || response.status === 101) return;
    const fitting = templates.filter(({ pattern }) => pattern.test(pathname));
    const found = fitting.find(({ literal }) => literal) ?? fitting[0];
    const operation = found?.operations[method.toLowerCase()];
    const asked = `${method} ${pathname} ${response.status}`;
    if (found === undefined || operation === undefined) {
      assert.ok(WITHOUT_ROUTE.has(response.status), `${asked} is no route of the document`);
      return;
    }
    const type = contentTypeOf(operation, response);
    assert.ok(type !== undefined, `${asked} is not described`);
    if (response.status === 201) {
      assert.match(response.headers.get("Location") ?? "", /^\/api\/\w/, `${asked} is nowhere`);
    }
    if (!type?.includes("json")) return;
    const name = `${method} ${found.template} ${response.status} ${type}`;
    let validate = validators.get(name);
    if (validate === undefined) {
      const place = ["paths", found.template, method.toLowerCase(), "responses", response.status];
      const pointer = [...place, "content", type, "schema"]
        .map((part) => encodeURIComponent(String(part).replace(/~/g, "~0").replace(/\//g, "~1")));
      validate = ajv.compile({ $ref: `document#/${pointer.join("/")}` });
      validators.set(name, validate);
    }
    const json = JSON.parse(await response.text());
    assert.ok(
      validate(json),
      `${asked}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(json).slice(0, 1_000)}`,
    );
  };
}

/** The type of the answer's content; null for an answer without one, undefined where none fits. */
function contentTypeOf(operation: Operation, response: Response): string | null | undefined {
  const described = operation.responses[String(response.status)] as
    | { content?: Record<string, unknown> }
    | undefined;
  if (described === undefined) return undefined;
  if (described.content === undefined) return null;
  const type = (response.headers.get("Content-Type") ?? "").split(";")[0] ?? "";
  return type in described.content ? type : undefined;
}

let contract: Contract | undefined;

/** The contract of this code's app, in which answers may have no more than what is described. */
export function contractOfApp(app: ReturnType<typeof createApp>): Contract {
  contract ??= contractOf(describeApi(app, { mayHaveMore: false }));
  return contract;
}

let published: Promise<Contract> | undefined;

/** The contract as the first server that was started publishes it: they all run this code. */
export function contractOfServer(url: string): Promise<Contract> {
  published ??= fetch(`${url}/openapi.json`).then(async (document) =>
    contractOf(await document.json())
  );
  return published;
}
