import { Hono } from "hono";
import { z } from "zod";
import { refuse } from "../domain/rules/refusal.ts";
import { CATEGORIES } from "../domain/rules/sla.ts";
import { SKILL_LEVEL_REQUIRED_DEFAULT } from "../domain/rules/skill.ts";
import { type Priority, STATUSES } from "../domain/rules/ticket.ts";
import { listHistory } from "../domain/services/history.ts";
import { listQueue, processQueue } from "../domain/services/routing.ts";
import { listTickets } from "../domain/services/ticket_list.ts";
import { changeStatus, openTicket } from "../domain/services/tickets.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { granted, reject } from "./http/problem.ts";
import {
  department,
  flag,
  id,
  instant,
  LIST_LIMIT_MAX,
  PAGE_OFFSET_MAX,
  paging,
  skills,
  tags,
  text,
  ticketIdOrNumber,
} from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { historyView, ticketViews } from "./views.ts";

const priority = z.literal([1, 2, 3]);

const newTicket = z.object({
  title: text(200),
  description: text(20_000),
  priority: priority.default(2),
  category: z.enum(CATEGORIES).default("general"),
  department: department.default("general"),
  requiredSkills: skills(SKILL_LEVEL_REQUIRED_DEFAULT).default([]),
  tags: tags.default([]),
  dueDate: instant.nullable().default(null),
  estimatedHours: z.number().min(0.25).max(100).default(1),
});

const statusList = z.string()
  .transform((list) => list.split(",").map((status) => status.trim()))
  .pipe(z.array(z.enum(STATUSES)).max(STATUSES.length));

const ticketQuery = z.object({
  ...paging,
  status: statusList.optional(),
  priority: z.enum(["1", "2", "3"]).transform((value) => Number(value) as Priority).optional(),
  category: z.string().max(60).optional(),
  department: department.optional(),
  assignedTo: z.union([z.literal(["me", "none"]), id]).optional(),
  createdBy: z.union([z.literal("me"), id]).optional(),
  tag: z.string().min(1).max(50).optional(),
  escalated: flag.optional(),
  breached: flag.optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
});

const statusChange = z.object({
  status: z.enum(STATUSES),
  agentId: id.optional(),
  comment: text(10_000).optional(),
});

const PROCESSED_MAX = 1_000;

// deno-lint-ignore explicit-module-boundary-types
export function ticketRoutes() {
  return new Hono<AppEnv>()
    .get("/", authenticate, permit("read_ticket"), query(ticketQuery), async (c) => {
      const { desk, actor } = c.var;
      const { limit, page, cursor, ...asked } = c.req.valid("query");
      const skip = cursor === undefined ? ((page ?? 1) - 1) * limit : 0;
      if (skip > PAGE_OFFSET_MAX) {
        reject(refuse("invalid_input", `Pages end at ticket ${PAGE_OFFSET_MAX}: use the cursor.`));
      }
      const filter = { ...asked, ...ownIds(asked, actor.agent?.id, actor.userId) };
      const question = [actor.userId, actor.role, asked];
      const before = openCursor(desk, cursor, question);
      const listing = await listTickets(desk, actor, { filter, before, skip, limit });
      const { items, next, total, totalCapped } = listing;
      return c.json({
        success: true as const,
        data: await ticketViews(desk, actor, items),
        count: items.length,
        total,
        ...(totalCapped ? { totalCapped } : {}),
        pages: Math.ceil(total / limit),
        currentPage: page ?? 1,
        nextCursor: sealCursor(desk, next, question),
      }, 200);
    })
    .post("/", authenticate, permit("open_ticket"), body(newTicket), async (c) => {
      const { desk, actor } = c.var;
      const ticket = granted(await openTicket(desk, actor, c.req.valid("json")));
      const [data] = await ticketViews(desk, actor, [ticket]);
      c.header("Location", `/api/tickets/${ticket.id}`);
      return c.json({ success: true as const, data }, 201);
    })
    .get(
      "/queue",
      authenticate,
      permit("see_queue"),
      query(z.object({ limit: paging.limit })),
      async (c) => {
        const { desk, actor } = c.var;
        const queued = await listQueue(desk, actor, c.req.valid("query").limit);
        const views = await ticketViews(desk, actor, queued.map(({ ticket }) => ticket));
        const data = views.map((view, index) => ({
          ...view,
          position: queued[index]?.position,
          reason: queued[index]?.reason ?? null,
        }));
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .post(
      "/process-queue",
      authenticate,
      permit("process_queue"),
      body(z.object({
        limit: z.number().int().min(1).max(PROCESSED_MAX).default(LIST_LIMIT_MAX),
        dryRun: z.boolean().default(false),
      })),
      async (c) => {
        const data = await processQueue(c.get("desk"), c.req.valid("json"));
        return c.json({ success: true as const, data }, 200);
      },
    )
    .get(
      "/:id",
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      async (c) => {
        const { desk, actor, ticket, versionstamp } = c.var;
        const [[view], history] = await Promise.all([
          ticketViews(desk, actor, [ticket]),
          desk.histories.read(actor, { record: ticket, versionstamp }),
        ]);
        const data = { ...view, history: history.map(historyView) };
        return c.json({ success: true as const, data }, 200);
      },
    )
    .put(
      "/:id/status",
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      permit("change_status"),
      body(statusChange),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const changed = granted(
          await changeStatus(desk, actor, ticket.id, c.req.valid("json")),
        );
        const [data] = await ticketViews(desk, actor, [changed.ticket]);
        return c.json({ success: true as const, data, ...warned(changed.warnings) }, 200);
      },
    )
    .get(
      "/:id/history",
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      query(z.object({ limit: paging.limit, cursor: paging.cursor })),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const { limit, cursor } = c.req.valid("query");
        const question = ["history", ticket.id, actor.userId];
        const before = openCursor(desk, cursor, question);
        const page = await listHistory(desk.store, actor, ticket.id, { before, limit });
        const data = page.items.map(historyView);
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

export function warned(warnings: readonly string[]): { warnings?: string[] } {
  return warnings.length === 0 ? {} : { warnings: [...warnings] };
}
