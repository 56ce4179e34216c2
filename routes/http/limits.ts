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
const OTHER_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(;|$))/i;

/** Refuses a body that does not say that it is JSON in UTF-8. */
export const requireJson = createMiddleware<AppEnv>(async (c, next) => {
  const type = c.req.header("Content-Type");
  if (!/^identity$/i.test(c.req.header("Content-Encoding") ?? "identity")) {
    reject(refuse("unsupported_media_type", "Send the body as it is, without an encoding."));
  }
  if (type === undefined) {
    if (announcesBody(c)) reject(notJson());
  } else if (c.req.header("Content-Length") !== "0") {
    if (!JSON_TYPE.test(type) || OTHER_CHARSET.test(type)) reject(notJson());
  }
  await next();
});

/** By the headers: the platform gives every POST a stream, even one without a body. */
function announcesBody(c: Context): boolean {
  const length = c.req.header("Content-Length");
  return length === undefined ? c.req.header("Transfer-Encoding") !== undefined : length !== "0";
}

function notJson(): ReturnType<typeof refuse> {
  return refuse("unsupported_media_type", "Send the body as application/json, in UTF-8.");
}
