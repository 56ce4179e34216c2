import { Hono } from "hono";
import { z } from "zod";
import { classifierState, forgetLearned } from "../domain/services/classifier_state.ts";
import { one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { flag } from "./http/schemas.ts";
import { query } from "./http/validate.ts";
import { classificationShape, classificationView } from "./views/classification.ts";

/** What the desk has learned of categories and priorities. */
// deno-lint-ignore explicit-module-boundary-types
export function classificationRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/",
      describe({
        summary: "What was learned of categories and priorities",
        details: "From resolved tickets whose category or priority a person named or confirmed, " +
          "every ten minutes; a later correction takes its place. New tickets that lack one get " +
          "it as `suggested`; from `CLASSIFY_APPLY_ABOVE` on it is filled in.",
        answers: { 200: one(someFields(classificationShape)) },
      }),
      authenticate,
      permit("manage_classification"),
      query(z.object({ fields: fieldsOf(classificationShape) })),
      async (c) => {
        const view = classificationView(await classifierState(c.get("desk")));
        const data = pick(view, c.req.valid("query").fields);
        return c.json({ success: true as const, data }, 200);
      },
    )
    .delete(
      "/",
      describe({
        summary: "Forget what was learned",
        details: "Answers what it was. Nothing is suggested until enough is learned anew, from " +
          "tickets that are resolved from now on.",
        answers: { 200: one(classificationShape) },
      }),
      authenticate,
      idempotent,
      permit("manage_classification"),
      // Strict: by a misspelt `relearn` all would be forgotten.
      query(z.strictObject({
        relearn: flag.default(false).meta({
          description:
            "Learn again from the tickets that are resolved already, too, but for those of " +
            "customers who were deactivated.",
        }),
      })),
      async (c) => {
        const asked = c.req.valid("query");
        return await once(
          c,
          (desk) => forgetLearned(desk, asked),
          (forgotten) =>
            c.json({ success: true as const, data: classificationView(forgotten) }, 200),
        );
      },
    );
}
