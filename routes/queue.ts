import { Hono } from "hono";
import { z } from "zod";
import { WAIT_REASONS } from "../domain/rules/assignment.ts";
import type { Progress } from "../domain/services/progress.ts";
import { listQueue, processQueue } from "../domain/services/routing.ts";
import { id, list, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, inSteps } from "./http/idempotency.ts";
import { LIST_LIMIT_MAX, paging } from "./http/schemas.ts";
import { body, query, withoutQuery } from "./http/validate.ts";
import { ticketShape, ticketViews } from "./views/ticket.ts";

const queuedShape = ticketShape.extend({
  position: z.number().int().min(1),
  reason: z.enum(WAIT_REASONS).nullable().meta({
    description: "Why nobody takes it now; null when somebody could.",
  }),
}).meta({ id: "QueuedTicket" });

const routingShape = z.object({
  assigned: z.array(z.object({ ticketId: id, agentId: id })),
  unassigned: z.array(z.object({ ticketId: id, reason: z.enum(WAIT_REASONS) })),
  processed: z.number().int(),
}).meta({ id: "RoutingReport" });

const PROCESSED_MAX = 1_000;

// Strict: a misspelt `dryRun` would give tickets.
const processing = z.strictObject({
  limit: z.number().int().min(1).max(PROCESSED_MAX).default(LIST_LIMIT_MAX),
  dryRun: z.boolean().default(false),
});

/** What waits; mounted before the tickets, whose ids could be called `queue`. */
// deno-lint-ignore explicit-module-boundary-types
export function queueRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/queue",
      describe({
        summary: "What waits, in the order in which it will be assigned",
        answers: { 200: list(someFields(queuedShape)) },
      }),
      authenticate,
      permit("see_queue"),
      query(z.object({ limit: paging.limit, fields: fieldsOf(queuedShape) })),
      async (c) => {
        const { desk, actor } = c.var;
        const { limit, fields } = c.req.valid("query");
        const queued = await listQueue(desk, actor, limit);
        const views = await ticketViews(desk, actor, queued.map(({ ticket }) => ticket));
        const data = views.map((view, index) => {
          const { position = index + 1, reason = null } = queued[index] ?? {};
          return pick({ ...view, position, reason }, fields);
        });
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .post(
      "/process-queue",
      describe({
        summary: "Give waiting tickets to the agents who fit them best",
        answers: { 200: one(routingShape) },
      }),
      authenticate,
      idempotent,
      permit("process_queue"),
      withoutQuery,
      body(processing, { trial: { limit: 10, dryRun: true } }),
      async (c) => {
        const options = c.req.valid("json");
        return await inSteps(
          c,
          (desk, progress: Progress<string>) => processQueue(desk, options, progress),
          (data) => c.json({ success: true as const, data }, 200),
        );
      },
    );
}
