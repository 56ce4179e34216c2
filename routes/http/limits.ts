import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { refuse } from "../../domain/rules/refusal.ts";
import type { AppEnv } from "./context.ts";
import { reject } from "./problem.ts";

export const BODY_BYTES_MAX = 256 * 1_024;

/** Refuses a body that is too large, before it is read whole. */
export const limitBody = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: () => reject(refuse("too_large", `A body has ${BODY_BYTES_MAX} bytes at most.`)),
});

/** What the validator reads as JSON, no more: it takes any other body for an empty one. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(;|$)/i;

/** Refuses a body that is not JSON. */
export const requireJson = createMiddleware<AppEnv>(async (c, next) => {
  if (hasBody(c) && !JSON_TYPE.test(mediaType(c))) {
    reject(refuse("unsupported_media_type", "Send the body as application/json."));
  }
  await next();
});

function hasBody(c: Context): boolean {
  const length = c.req.header("Content-Length");
  if (length !== undefined) return length !== "0";
  return c.req.header("Transfer-Encoding") !== undefined || c.req.raw.body !== null;
}

function mediaType(c: Context): string {
  return c.req.header("Content-Type") ?? "";
}
