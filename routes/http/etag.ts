import { createHash } from "node:crypto";
import type { Context, TypedResponse } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { type Expected, versioning } from "../../domain/services/precondition.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";

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
  const etag = etagOf(versionstamp, text);
  c.header("ETag", etag);
  // Kept by nobody but who asked, and asked about again each time.
  c.header("Cache-Control", "private, no-cache");
  if (tagsIn(c.req.header("If-None-Match")).some((tag) => tag === "*" || tag === etag)) {
    return c.body(null, 304) as unknown as Answer<T>; // without a body: clients have it
  }
  const response = c.body(text, 200, { "Content-Type": "application/json" });
  return response as unknown as Answer<T>; // as c.json types it, serialized once
}

/**
 * Gives the answer to a write of the record that the path names the `ETag` of what it answers: a GET
 * that shows the same has the same one, and `If-Match` takes it for the next write. For verbs of one
 * transaction; right behind what puts the record where the handler finds it. An answer that is given
 * again has the one that it had.
 */
export const retagged = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const followed = versioning(c.get("desk"), c.get("subject"));
    c.set("desk", followed.desk);
    c.set("versioning", followed);
    await next();
    const versionstamp = followed.version();
    const { res } = c;
    if (!res.ok || versionstamp === null || res.headers.has("Idempotent-Replayed")) return;
    res.headers.set("ETag", etagOf(versionstamp, await res.clone().text()));
  }),
  { isRetagged: true },
);

export function etagOf(versionstamp: string, text: string): string {
  return `"${versionstamp}.${createHash("sha1").update(text).digest("base64url")}"`;
}

/** The tags of a header, weak ones as strong ones: compression on the way makes them weak. */
function tagsIn(header: string | undefined): string[] {
  return (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
}

/** What `If-Match` and `If-None-Match` ask of the record that is written. */
export function expectationsOf(c: Context<AppEnv>): Expected[] {
  const match = c.req.header("If-Match")?.trim();
  const noneMatch = c.req.header("If-None-Match")?.trim();
  return [
    ...match === undefined ? [] : [match === "*" ? "any" as const : { oneOf: versionsIn(match) }],
    ...noneMatch === undefined
      ? []
      : [noneMatch === "*" ? "none" as const : { noneOf: versionsIn(noneMatch) }],
  ];
}

/** The versions that tags name; what is no tag of ours names none that anything has. */
function versionsIn(header: string): string[] {
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

export const ifNew = z.object({
  "If-None-Match": z.string().optional().meta({
    description:
      "`*`: the answer is 412 when there is one already; with `If-Match: *` it is when " +
      "there is none.",
  }),
});
