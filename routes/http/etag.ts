import { createHash } from "node:crypto";
import type { Context, TypedResponse } from "hono";
import { z } from "zod";
import type { AppEnv } from "./context.ts";

type Answer<T> = Response & TypedResponse<T, 200, "json">;

/**
 * The answer for a single resource, with an `ETag`: the version of its record, and a hash of what is
 * shown of it, which depends on who asks, for what, and when. `If-None-Match` gives 304.
 */
export function tagged<T extends Record<string, unknown>>(
  c: Context<AppEnv>,
  versionstamp: string,
  body: T,
): Answer<T> {
  const text = JSON.stringify(body);
  const etag = `"${versionstamp}.${createHash("sha1").update(text).digest("base64url")}"`;
  c.header("ETag", etag);
  // Kept by nobody but who asked, and asked about again each time.
  c.header("Cache-Control", "private, no-cache");
  if (tagsIn(c.req.header("If-None-Match")).some((tag) => tag === "*" || tag === etag)) {
    return c.body(null, 304) as unknown as Answer<T>; // without a body: clients have it
  }
  const response = c.body(text, 200, { "Content-Type": "application/json" });
  return response as unknown as Answer<T>; // as c.json types it, serialized once
}

/** The tags of a header, weak ones as strong ones: compression on the way makes them weak. */
function tagsIn(header: string | undefined): string[] {
  return (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}

/** The versions that `If-Match` takes; null when any will do. */
export function versionsExpected(header: string | undefined): string[] | null {
  if (header === undefined || header.trim() === "*") return null;
  return tagsIn(header).map((tag) => /^"([0-9a-f]{20})\b/.exec(tag)?.[1] ?? "none");
}

export const ifNoneMatch = z.object({
  "If-None-Match": z.string().optional().meta({
    description: "An `ETag`: the answer is 304 while it still fits.",
  }),
});

export const ifMatch = z.object({
  "If-Match": z.string().optional().meta({
    description: "An `ETag`: the answer is 412 when the record has changed since.",
  }),
});
