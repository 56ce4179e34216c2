import { zValidator } from "@hono/zod-validator";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { refuse } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";
import { faultsOf, type Part } from "./faults.ts";
import { reject } from "./problem.ts";

// The return types are inferred: they carry the schema's types to the handler and to the client.

/** Validates the JSON body; the handler reads it by `c.req.valid("json")`. */
// deno-lint-ignore explicit-module-boundary-types
export function body<S extends z.ZodType>(
  schema: S,
  examples?: Readonly<Record<string, z.input<S>>>,
) {
  const validator = zValidator("json", schema, async (result, c) => {
    if (result.success) return;
    const isThere = (await c.req.arrayBuffer()).byteLength > 0;
    refuseInput("body", schema, result.data, result.error, isThere ? {} : { whole: "Is missing" });
  });
  const decoding: typeof validator = async (c, next) => {
    await decode(c);
    return await validator(c, next);
  };
  return described(decoding, {
    body: schema,
    ...(examples === undefined ? {} : { examples }),
    refusals: ["invalid_input"],
  });
}

/** Refuses what is not UTF-8: to read on would put replacement characters where the text was. */
async function decode(c: Context): Promise<void> {
  const bytes = await c.req.arrayBuffer();
  // Clients name the type of a body also where they send none, which the predecessor took for `{}`.
  if (bytes.byteLength === 0) {
    c.req.bodyCache.text = Promise.resolve("{}") as unknown as string; // what is kept are promises
    return;
  }
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    reject(refuse("invalid_input", "The body is not valid UTF-8."));
  }
}

/** Validates the query; the handler reads it by `c.req.valid("query")`. */
// deno-lint-ignore explicit-module-boundary-types
export function query<S extends z.ZodType>(schema: S) {
  const validator = zValidator("query", schema, (result) => {
    if (!result.success) refuseInput("query", schema, result.data, result.error);
  });
  return described(validator, { query: schema, refusals: ["invalid_input"] });
}

/** Validates the path's parameters; the handler reads them by `c.req.valid("param")`. */
// deno-lint-ignore explicit-module-boundary-types
export function param<S extends z.ZodType>(schema: S) {
  const validator = zValidator("param", schema, (result) => {
    if (!result.success) refuseInput("path", schema, result.data, result.error);
  });
  return described(validator, { path: schema, refusals: ["invalid_input"] });
}

const nothing = z.strictObject({});

/** Refuses any query parameter: what somebody means to say by one belongs into the body. */
export const withoutQuery: MiddlewareHandler<AppEnv> = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const asked = c.req.query();
    const { error } = nothing.safeParse(asked);
    if (error !== undefined) refuseInput("query", nothing, asked, error);
    await next();
  }),
  { refusals: ["invalid_input"] },
);

/** What the whole of each part is called, which no field of it is. */
const WHOLE: Readonly<Record<Part, string>> = {
  body: "request body",
  query: "query",
  path: "path",
};

/** Refuses with every fault's path and message; `whole` tells first what is wrong with all of it. */
function refuseInput(
  part: Part,
  schema: z.ZodType,
  input: unknown,
  error: z.core.$ZodError,
  { whole }: { readonly whole?: string } = {},
): never {
  const errors = faultsOf(part, input, schema, error.issues);
  const [first] = errors;
  const isOfAll = whole !== undefined || first === undefined || first.path === "";
  const where = isOfAll ? WHOLE[part] : first.path;
  const detail = `Invalid ${where}: ${whole ?? first?.message ?? "it does not fit"}`;
  reject({ refused: "invalid_input", detail, errors });
}
