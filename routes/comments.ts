import { Hono } from "hono";
import { z } from "zod";
import { may } from "../domain/rules/actor.ts";
import { VISIBILITIES } from "../domain/rules/comment.ts";
import { refuse } from "../domain/rules/refusal.ts";
import { addComment, listComments } from "../domain/services/comments.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { granted, reject } from "./http/problem.ts";
import { paging, text, ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { warned } from "./tickets.ts";
import { commentViews } from "./views.ts";

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
      authenticate,
      param(path),
      visibleTicket,
      query(z.object({ limit: paging.limit, cursor: paging.cursor })),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const { limit, cursor } = c.req.valid("query");
        const question = ["comments", ticket.id, actor.userId];
        const after = openCursor(desk, cursor, question);
        const page = await listComments(desk, actor, ticket.id, { after, limit });
        const data = await commentViews(desk, page.items);
        const nextCursor = sealCursor(desk, page.next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .post(
      "/:id/comments",
      authenticate,
      param(path),
      visibleTicket,
      permit("comment"),
      body(newComment),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const input = c.req.valid("json");
        if (input.visibility === "internal" && !may(actor, "write_internal_note")) {
          reject(refuse("forbidden", "Only the desk's people write internal notes."));
        }
        const added = granted(await addComment(desk, actor, ticket.id, input));
        const [data] = await commentViews(desk, [added.comment]);
        c.header("Location", `/api/tickets/${ticket.id}/comments`);
        return c.json({ success: true as const, data, ...warned(added.warnings) }, 201);
      },
    );
}
