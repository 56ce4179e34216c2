import { Hono } from "hono";
import { z } from "zod";
import { refuse } from "../domain/rules/refusal.ts";
import { makeReadiness, type OpenAgain } from "../domain/services/readiness.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { describeApi, type OpenApiDocument } from "./http/openapi.ts";
import { CODES, onNotFound, PROBLEMS, reject } from "./http/problem.ts";
import { MEANINGS } from "./http/problem_meanings.ts";
import { param } from "./http/validate.ts";

const indexShape = z.object({
  name: z.string(),
  api: z.string(),
  socket: z.string(),
  openapi: z.string(),
  health: z.string(),
  ready: z.string(),
  metrics: z.string(),
  docs: z.string(),
});

/** What stands at the root, outside the API; `app` is what the document describes. */
// deno-lint-ignore explicit-module-boundary-types
export function operationRoutes(app: Hono<AppEnv>, openAgain?: OpenAgain) {
  const whyNotReady = makeReadiness(openAgain);
  let document: OpenApiDocument | null = null;
  return new Hono<AppEnv>()
    .get(
      "/",
      describe({ summary: "What this is, and where the rest is", answers: { 200: indexShape } }),
      (c) =>
        c.json({
          name: "Smart Ticketing",
          api: "/api",
          socket: "/api/ws",
          openapi: "/openapi.json",
          health: "/health",
          ready: "/ready",
          metrics: "/metrics",
          docs: "/docs",
        }, 200),
    )
    .get(
      "/openapi.json",
      describe({
        summary: "This document",
        answers: { 200: z.looseObject({ openapi: z.string() }) },
      }),
      (c) => {
        // Every route is there by the time of the first request.
        document ??= describeApi(app);
        return c.json(document, 200);
      },
    )
    .get(
      "/health",
      describe({
        summary: "Whether the process is alive",
        answers: { 200: z.object({ status: z.literal("alive") }) },
      }),
      (c) => c.json({ status: "alive" as const }, 200),
    )
    .get(
      "/ready",
      describe({
        summary: "Whether the desk can work",
        details: "What is written is found again, and the jobs of this process have run lately.",
        answers: { 200: z.object({ status: z.literal("ready") }) },
        refusals: ["unavailable"],
      }),
      async (c) => {
        const why = await whyNotReady(c.get("desk"));
        return why === null
          ? c.json({ status: "ready" as const }, 200)
          : reject(refuse("unavailable", why));
      },
    )
    .get(
      "/metrics",
      describe({
        summary: "What this process has counted since it started",
        details: "In the text format of Prometheus.",
        answers: { 200: { contentType: "text/plain" } },
      }),
      async (c) => {
        const { meters } = c.get("desk").store;
        return c.body(await meters.render(), 200, { "Content-Type": meters.contentType });
      },
    )
    .get(
      "/problems/:code",
      describe({
        summary: "What a problem's code means",
        details: "Where the `type` of a problem document leads.",
        answers: {
          200: z.object({
            code: z.string(),
            status: z.number().int(),
            title: z.string(),
            meaning: z.string(),
          }),
        },
        refusals: ["not_found"],
      }),
      param(z.object({ code: z.string().meta({ examples: ["already_claimed"] }) })),
      (c) => {
        const code = CODES.find((each) => each === c.req.param("code"));
        if (code === undefined) return onNotFound(c);
        const [status, title] = PROBLEMS[code];
        return c.json({ code, status, title, meaning: MEANINGS[code] }, 200);
      },
    );
}
