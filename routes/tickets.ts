import { Hono } from "hono";
import { z } from "zod";
import { STATUSES } from "../domain/rules/ticket.ts";
import { SORTS } from "../domain/rules/ticket_order.ts";
import { listComments } from "../domain/services/comments.ts";
import { listHistory } from "../domain/services/history.ts";
import { LIST_LIMITS, listTickets } from "../domain/services/ticket_list.ts";
import { cursored, one, paged, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { openCursor, pageFacts, sealCursor, skipFor } from "./http/paging.ts";
import {
  department,
  flag,
  id,
  instant,
  LIST_LIMIT_MAX,
  paging,
  priorityFilter,
  ticketIdOrNumber,
  wordQuery,
} from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { param, query } from "./http/validate.ts";
import { commentShape, commentViews } from "./views/comment.ts";
import { historyShape, historyView, ticketShape, ticketView, ticketViews } from "./views/ticket.ts";

const statusList = z.string()
  .transform((list) => list.split(",").map((status) => status.trim()))
  .pipe(z.array(z.enum(STATUSES)).max(STATUSES.length))
  .meta({
    description: "Statuses, comma separated.",
    pattern: `^(${STATUSES.join("|")})(,(${STATUSES.join("|")})){0,${STATUSES.length - 1}}$`,
  });

const ticketQuery = z.object({
  ...paging,
  status: statusList.optional(),
  priority: priorityFilter.optional(),
  category: z.string().max(60).optional().meta({ description: "A category's name." }),
  department: department.optional().meta({ description: "Compared without case." }),
  assignedTo: z.union([z.literal(["me", "none"]), id]).optional().meta({
    description: "An agent's id; `me`; or `none` for what nobody has.",
  }),
  createdBy: z.union([z.literal("me"), id]).optional().meta({
    description: "A user's id, or `me`.",
  }),
  tag: z.string().min(1).max(50).optional().meta({ description: "One of the ticket's tags." }),
  escalated: flag.optional().meta({ description: "Whether it is, or its level is above 0." }),
  breached: flag.optional().meta({ description: "Whether a promise is broken." }),
  createdAfter: instant.optional().meta({
    description: "ISO 8601, in UTC unless it says otherwise: this instant or later.",
  }),
  createdBefore: instant.optional().meta({
    description: "ISO 8601, in UTC unless it says otherwise: before this instant.",
  }),
  q: wordQuery.meta({
    description: "Words of title and description, all of them; the last may be a beginning.",
  }).optional(),
  sort: z.enum(SORTS).default("-createdAt").meta({
    description: "A minus puts the latest first; `dueAt` puts what is due soonest first.",
  }),
  fields: fieldsOf(ticketShape),
});

const listing = describe({
  summary: "The tickets that you may see, the newest first",
  details: "With `q` and a `sort` other than the default, no more than the newest " +
    `${LIST_LIMITS.foundMax} tickets that have the words are sorted; \`totalCapped\` says when ` +
    "there may be more.",
  answers: { 200: paged(someFields(ticketShape)) },
});

const wholeShape = ticketShape.extend({
  history: z.array(historyShape),
  comments: z.array(commentShape).optional(),
}).meta({ id: "WholeTicket" });

const INCLUDED = ["history", "comments"] as const;
const NEWEST_COMMENTS = { after: null, limit: LIST_LIMIT_MAX };

/** What is added to a ticket; its history is there unless `fields` leaves it out. */
const include = z.string()
  .transform((names) => names.split(",").map((name) => name.trim()))
  .pipe(z.array(z.enum(INCLUDED)).max(INCLUDED.length))
  .meta({
    description: "Also these: `history` (newest 100), `comments` (first 100).",
    pattern: "^(history|comments)(,(history|comments))?$",
  })
  .optional();

// deno-lint-ignore explicit-module-boundary-types
export function ticketRoutes() {
  return new Hono<AppEnv>()
    .get("/", listing, authenticate, permit("read_ticket"), query(ticketQuery), async (c) => {
      const { desk, actor } = c.var;
      const { limit, page, cursor, fields, ...asked } = c.req.valid("query");
      const turn = { limit, page, cursor };
      const skip = skipFor(turn);
      const { q: words, sort, ...named } = asked;
      const filter = { ...named, ...ownIds(named, actor.agent?.id, actor.userId), words };
      const question = [actor.userId, actor.role, asked];
      const place = openCursor(desk, cursor, question);
      const listing = await listTickets(desk, actor, { filter, sort, place, skip, limit });
      const { items, next } = listing;
      const views = await ticketViews(desk, actor, items);
      return c.json({
        success: true as const,
        data: views.map((view) => pick(view, fields)),
        count: items.length,
        ...pageFacts(turn, listing),
        nextCursor: sealCursor(desk, next, question),
      }, 200);
    })
    .get(
      "/:id",
      describe({
        summary: "A ticket, with the newest of its history",
        answers: { 200: one(someFields(wholeShape)) },
        isTagged: true,
      }),
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      query(z.object({ fields: fieldsOf(wholeShape), include })),
      async (c) => {
        const { desk, actor, ticket, versionstamp } = c.var;
        const { fields, include = [] } = c.req.valid("query");
        const said = [...include, ...fields ?? []].includes("comments");
        const [view, history, comments] = await Promise.all([
          ticketView(desk, actor, ticket),
          desk.histories.read(actor, { record: ticket, versionstamp }),
          said ? listComments(desk, actor, ticket.id, NEWEST_COMMENTS) : null,
        ]);
        const shown: z.infer<typeof wholeShape> = { ...view, history: history.map(historyView) };
        if (comments !== null) shown.comments = await commentViews(desk, comments.items);
        const data = pick(shown, fields === undefined ? undefined : [...fields, ...include]);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .get(
      "/:id/history",
      describe({
        summary: "Who changed what, and when, the newest first",
        answers: { 200: cursored(someFields(historyShape)) },
      }),
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      query(z.object({
        limit: paging.limit,
        cursor: paging.cursor,
        fields: fieldsOf(historyShape),
      })),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const { limit, cursor, fields } = c.req.valid("query");
        const question = ["history", ticket.id, actor.userId];
        const before = openCursor(desk, cursor, question);
        const page = await listHistory(desk.store, actor, ticket.id, { before, limit });
        const data = page.items.map((entry) => pick(historyView(entry), fields));
        const nextCursor = sealCursor(desk, page.next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    );
}

/** `me` and `none` as the ids they mean; an agent's filter by itself means its record. */
function ownIds(
  asked: { readonly assignedTo?: string | undefined; readonly createdBy?: string | undefined },
  agentId: string | undefined,
  userId: string,
): { assignedTo?: string | null | undefined; createdBy?: string | undefined } {
  const { assignedTo, createdBy } = asked;
  return {
    // Whoever is no agent has no tickets assigned: an id that nobody has finds none.
    assignedTo: assignedTo === "me" ? agentId ?? userId : assignedTo === "none" ? null : assignedTo,
    createdBy: createdBy === "me" ? userId : createdBy,
  };
}
