import { Hono } from "hono";
import { z } from "zod";
import { presentNotification } from "../domain/rules/notification.ts";
import {
  listUnread,
  readAllNotifications,
  readNotification,
} from "../domain/services/notifications.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import { list, one } from "./http/answers.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { granted } from "./http/problem.ts";
import { id, LIST_LIMIT_MAX } from "./http/schemas.ts";
import { param, query } from "./http/validate.ts";
import { notificationShape } from "./views/notification.ts";

const unreadShape = list(notificationShape).extend({ total: z.number().int() });

// deno-lint-ignore explicit-module-boundary-types
export function notificationRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/unread",
      describe({
        summary: "What you have not read yet, the newest first",
        answers: { 200: unreadShape },
      }),
      authenticate,
      permit("own_account"),
      query(z.object({
        limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_MAX),
      })),
      async (c) => {
        const { desk, actor } = c.var;
        const { items, total } = await listUnread(desk, actor, c.req.valid("query").limit);
        const data = items.map(presentNotification);
        return c.json({ success: true as const, data, count: data.length, total }, 200);
      },
    )
    .put(
      "/:notificationId/read",
      describe({
        summary: "Mark one read",
        answers: { 200: one(notificationShape) },
        refusals: ["not_found"],
      }),
      authenticate,
      permit("own_account"),
      param(z.object({ notificationId: id })),
      async (c) => {
        const { desk, actor } = c.var;
        const { notificationId } = c.req.valid("param");
        const read = granted(await readNotification(desk, actor, notificationId));
        return c.json({ success: true as const, data: presentNotification(read) }, 200);
      },
    )
    .put(
      "/mark-all-read",
      describe({
        summary: "Mark all read that are there now",
        answers: { 200: one(z.object({ marked: z.number().int() })) },
      }),
      authenticate,
      permit("own_account"),
      async (c) => {
        const { desk, actor } = c.var;
        const data = granted(await readAllNotifications(desk, actor));
        return c.json({ success: true as const, data }, 200);
      },
    );
}
