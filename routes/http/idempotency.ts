import { createHash, createHmac } from "node:crypto";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { StatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { findAnswer, keepingAnswer, type KeptAnswer } from "../../domain/services/idempotency.ts";
import {
  beginRun,
  noProgress,
  type Progress,
  RENEW_EVERY_MS,
} from "../../domain/services/progress.ts";
import type { AppEnv } from "./context.ts";
import { described } from "./describe.ts";
import { etagOf } from "./etag.ts";
import { granted, reject } from "./problem.ts";

const HEADER = "Idempotency-Key";
const KEY = /^[\x20-\x7e]{1,255}$/;

const headers = z.object({
  [HEADER]: z.string().min(1).max(255).optional().meta({
    description: "Names this request for a day: sent again, it is answered again and not done " +
      "again. Printable ASCII.",
    pattern: "^[ -~]{1,255}$",
  }),
});

/** Gives the first answer again to a request whose key is known; right behind `authenticate`. */
export const idempotent = described(
  createMiddleware<AppEnv>(async (c, next) => {
    const key = c.req.header(HEADER);
    if (key === undefined) return await next();
    if (!KEY.test(key)) {
      const message = "Must be 1 to 255 printable ASCII characters";
      return reject({
        refused: "invalid_input",
        detail: `Invalid ${HEADER}: ${message}`,
        errors: [{ path: HEADER, code: "custom", message }],
      });
    }
    const { userId } = c.get("actor");
    // Only the sender knows the key: without it nobody guesses a password of the body by its hash.
    const name = createHash("sha256").update(key).digest("base64url");
    const keyed = { userId, key: name, fingerprint: await fingerprintOf(c, key) };
    c.set("keyed", keyed);
    const kept = granted(await findAnswer(c.get("desk"), keyed));
    return kept === null ? await next() : replayed(c, kept);
  }),
  {
    headers,
    refusals: ["invalid_input", "request_in_progress", "idempotency_mismatch"],
    isKeyed: true,
  },
);

async function fingerprintOf(c: Context<AppEnv>, key: string): Promise<string> {
  const { method, path, url } = c.req;
  const asked = JSON.stringify([method, path, new URL(url).search]);
  // Its bytes: whoever validates the body decodes it.
  const body = new Uint8Array(await c.req.arrayBuffer());
  return createHmac("sha256", key).update(asked).update(body).digest("base64url");
}

/**
 * Runs a verb of one transaction and answers; with a key, the answer commits together with what the
 * verb does. Only what was done is kept: a refusal changed nothing, and the request may be sent again.
 */
export async function once<T, R extends Response>(
  c: Context<AppEnv>,
  verb: (desk: Desk) => Promise<T | Refusal>,
  answer: (result: T) => R | Promise<R>,
): Promise<R> {
  const { desk, keyed } = c.var;
  if (keyed === undefined) return await answer(granted(await verb(desk)));
  let response: R | undefined;
  const keeping = keepingAnswer<T>(desk, keyed, async (result) => {
    response = await answer(result);
    return await keptOf(response, c.get("versioning")?.upcoming());
  });
  const outcome = await verb(keeping);
  if (!isRefusal(outcome) && response !== undefined) return response;
  // Another with the same key may have done it meanwhile: then this is no refusal, but its answer.
  const kept = granted(await findAnswer(desk, keyed));
  return kept === null ? answer(granted(outcome)) : replayed(c, kept) as R;
}

/**
 * The same for a verb of many transactions: it notes its steps as it goes, and whoever sends the
 * request again after a crash goes on where it ended.
 */
export async function inSteps<S, T, R extends Response>(
  c: Context<AppEnv>,
  verb: (desk: Desk, progress: Progress<S>) => Promise<T | Refusal>,
  answer: (result: T) => R | Promise<R>,
): Promise<R> {
  const { desk, keyed } = c.var;
  if (keyed === undefined) return await answer(granted(await verb(desk, noProgress())));
  const run = granted(await beginRun<S>(desk, keyed));
  // A verb may be busy for long with steps that come to nothing; what cannot be said now is said
  // next time, and the steps notice by themselves when it was said too late.
  const renewing = setInterval(() => run.renew().catch(() => {}), RENEW_EVERY_MS);
  try {
    const outcome = await verb(desk, run);
    if (isRefusal(outcome)) {
      await run.drop();
      return reject(outcome);
    }
    const response = await answer(outcome);
    // What it wrote is committed already.
    const overtaken = await run.end(await keptOf(response, c.get("versioning")?.version()));
    return overtaken === null ? response : reject(overtaken);
  } finally {
    clearInterval(renewing);
  }
}

async function keptOf(response: Response, version: string | null = null): Promise<KeptAnswer> {
  return {
    status: response.status,
    location: response.headers.get("Location"),
    contentType: response.headers.get("Content-Type") ?? "application/json",
    body: await response.clone().text(),
    ...(version === null ? {} : { version }),
  };
}

function replayed(c: Context<AppEnv>, kept: KeptAnswer): Response {
  c.header("Idempotent-Replayed", "true");
  if (kept.location !== null) c.header("Location", kept.location);
  // The hash is of the same text as when it was given first.
  if (kept.version !== undefined) c.header("ETag", etagOf(kept.version, kept.body));
  const status = kept.status as StatusCode; // as a handler of ours chose it
  c.status(status);
  return c.body(kept.body, { headers: { "Content-Type": kept.contentType } });
}
