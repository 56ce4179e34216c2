import { Hono } from "hono";
import { z } from "zod";
import { KINDS_OF_WORK, LIVE_TARGET } from "../domain/rules/capacity.ts";
import { readPrediction } from "../domain/services/predictions.ts";
import { one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { granted } from "./http/problem.ts";
import { flag } from "./http/schemas.ts";
import { query } from "./http/validate.ts";
import { predictionShape, predictionView } from "./views/prediction.ts";

/** What is to come, and who must be there for it. */
// deno-lint-ignore explicit-module-boundary-types
export function predictionRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/predictions",
      describe({
        summary: "The tickets of the next week, hour by hour, and the agents for them",
        details: "Foreseen from the tickets of up to a year by the method that would have been " +
          "least off in the last weeks. Computed every hour; with less than a week of history the " +
          "method is `insufficient_history`, and all is the mean.",
        answers: { 200: one(someFields(predictionShape)) },
      }),
      authenticate,
      permit("read_predictions"),
      query(z.strictObject({
        fresh: flag.optional().meta({
          description: "Computed now, unless that was done within the last minute.",
        }),
        work: z.enum(KINDS_OF_WORK).default("tickets").meta({
          description: "What `staffing` is for: tickets, which can wait, or live work, of which " +
            `${
              100 * LIVE_TARGET.share
            } % wait no longer than ${LIVE_TARGET.withinSeconds} seconds ` +
            "(Erlang C).",
        }),
        fields: fieldsOf(predictionShape),
      })),
      async (c) => {
        const { fresh = false, work, fields } = c.req.valid("query");
        const desk = c.get("desk");
        const prediction = granted(await readPrediction(desk, fresh));
        const data = pick(predictionView(prediction, work, desk.store.now()), fields);
        return c.json({ success: true as const, data }, 200);
      },
    );
}
