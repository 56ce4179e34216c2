import { Hono } from "hono";
import { z } from "zod";
import { SCORES } from "../domain/rules/ticket.ts";
import { rateTicket } from "../domain/services/ratings.ts";
import { one } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { text, ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { body, param } from "./http/validate.ts";
import { ratingShape, ratingView } from "./views/ticket.ts";

const COMMENT_LENGTH_MAX = 1_000;

const newRating = z.object({
  score: z.literal(SCORES).meta({ description: "5 is the best." }),
  comment: text(COMMENT_LENGTH_MAX).optional(),
});

/** What a requester thinks of a ticket's resolution, mounted beside the ticket's own routes. */
// deno-lint-ignore explicit-module-boundary-types
export function ratingRoutes() {
  return new Hono<AppEnv>()
    .post(
      "/:id/rating",
      describe({
        summary: "Rate how your ticket was resolved",
        details:
          "Once a ticket, by the customer who opened it, when it is resolved, or closed after " +
          "that. The rating counts for " +
          "the agent who resolved it, and stays when the ticket is reopened. Whoever may see the " +
          "ticket sees it there, as `rating`.",
        answers: { 201: one(ratingShape) },
        refusals: ["forbidden", "not_resolved", "already_rated"],
      }),
      authenticate,
      idempotent,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      permit("rate_ticket"),
      body(newRating, {
        scored: { score: 4 },
        explained: { score: 5, comment: "Solved within the hour." },
      }),
      async (c) => {
        const { actor, ticket } = c.var;
        const input = c.req.valid("json");
        return await once(
          c,
          (desk) => rateTicket(desk, actor, ticket.id, input),
          ({ ticket: { id, rating } }) => {
            if (rating === undefined) throw new Error("Cannot show a rating: there is none");
            c.header("Location", `/api/tickets/${id}`);
            return c.json({ success: true as const, data: ratingView(rating) }, 201);
          },
        );
      },
    );
}
