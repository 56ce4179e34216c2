import { Hono } from "hono";
import { z } from "zod";
import { STATUSES } from "../domain/rules/ticket.ts";
import { batchUpdate, type ItemResult } from "../domain/services/batch.ts";
import type { Progress } from "../domain/services/progress.ts";
import { list, warned, warnings } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { idempotent, inSteps } from "./http/idempotency.ts";
import { CODES } from "./http/problem.ts";
import { id, namesSomething, needsOneOf, priority, tags } from "./http/schemas.ts";
import { body } from "./http/validate.ts";
import { ticketShape, ticketViews } from "./views/ticket.ts";

const EXAMPLE = "019ab3c4-5d6e-7f80-9123-456789abcdef";
const BATCH_MAX = 100;

const batch = z.object({
  ids: z.array(id).min(1).max(BATCH_MAX).refine(
    (ids) => new Set(ids).size === ids.length,
    "Must name each ticket once",
  ),
  status: z.enum(STATUSES).optional(),
  agentId: id.optional(),
  priority: priority.optional(),
  tags: tags.optional(),
}).refine(({ ids: _, ...changes }) => namesSomething(changes), "Must name a change")
  .meta(needsOneOf(["status", "agentId", "priority", "tags"]));

const resultShape = z.object({
  id,
  ok: z.boolean(),
  error: z.object({ code: z.enum(CODES), message: z.string() }).optional(),
}).meta({ id: "BatchResult" });

const batchShape = list(ticketShape).extend({ results: z.array(resultShape), warnings });

/** Changes of many tickets at once, mounted beside those of one. */
// deno-lint-ignore explicit-module-boundary-types
export function batchRoutes() {
  return new Hono<AppEnv>()
    .post(
      "/batch-update",
      describe({
        summary: "Change many tickets, each by itself",
        details:
          "Each ticket gets all changes or none. `data` has the changed ones, `results` what " +
          "became of each, in the order of `ids`. An agent without a status gets the tickets.",
        answers: { 200: batchShape },
      }),
      authenticate,
      idempotent,
      permit("change_status"),
      body(batch, {
        assign: { ids: [EXAMPLE], agentId: EXAMPLE },
        close: { ids: [EXAMPLE], status: "closed", tags: ["cleared"] },
      }),
      async (c) => {
        const { actor } = c.var;
        const request = c.req.valid("json");
        return await inSteps(
          c,
          (desk, progress: Progress<ItemResult>) => batchUpdate(desk, actor, request, progress),
          async ({ tickets, results, warnings }) => {
            const data = await ticketViews(c.get("desk"), actor, tickets);
            const shared = { success: true as const, data, count: data.length };
            return c.json({ ...shared, results: [...results], ...warned(warnings) }, 200);
          },
        );
      },
    );
}
