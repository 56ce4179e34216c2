import { Hono } from "hono";
import { z } from "zod";
import { may } from "../domain/rules/actor.ts";
import { VISIBILITIES } from "../domain/rules/comment.ts";
import { refuse } from "../domain/rules/refusal.ts";
import { addComment, listComments } from "../domain/services/comments.ts";
import { cursored, one, someFields, warned } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { reject } from "./http/problem.ts";
import { paging, text, ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { commentShape, commentView, commentViews } from "./views/comment.ts";

const path = z.object({ id: ticketIdOrNumber });
const newComment = z.object({
  body: text(10_000),
  visibility: z.enum(VISIBILITIES).default("public"),
});

/** Comments of a ticket, mounted beside the ticket's own routes. */
// deno-lint-ignore explicit-module-boundary-types
export function commentRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/:id/comments",
      describe({
        summary: "The conversation, oldest first",
        details: "Customers get what is public.",
        answers: { 200: cursored(someFields(commentShape)) },
      }),
      authenticate,
      param(path),
      visibleTicket,
      query(z.object({
        limit: paging.limit,
        cursor: paging.cursor,
        fields: fieldsOf(commentShape),
      })),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const { limit, cursor, fields } = c.req.valid("query");
        const question = ["comments", ticket.id, actor.userId];
        const after = openCursor(desk, cursor, question);
        const page = await listComments(desk, actor, ticket.id, { after, limit });
        const views = await commentViews(desk, page.items);
        const data = views.map((view) => pick(view, fields));
        const nextCursor = sealCursor(desk, page.next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .post(
      "/:id/comments",
      describe({
        summary: "Say something about a ticket",
        details: "A customer's word on a pending or resolved ticket reopens it.",
        answers: { 201: one(commentShape) },
        refusals: ["forbidden", "conflict"],
      }),
      authenticate,
      idempotent,
      param(path),
      visibleTicket,
      permit("comment"),
      body(newComment, { answer: { body: "A new card is on its way.", visibility: "public" } }),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const input = c.req.valid("json");
        if (input.visibility === "internal" && !may(actor, "write_internal_note")) {
          reject(refuse("forbidden", "Only the desk's people write internal notes."));
        }
        return await once(
          c,
          (desk) => addComment(desk, actor, ticket.id, input),
          async ({ comment, warnings }) => {
            const data = await commentView(desk, comment);
            c.header("Location", `/api/tickets/${ticket.id}/comments`);
            return c.json({ success: true as const, data, ...warned(warnings) }, 201);
          },
        );
      },
    );
}
