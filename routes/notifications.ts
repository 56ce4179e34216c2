import { Hono } from "hono";
import { z } from "zod";
import { NOTIFICATION_TYPES, presentNotification } from "../domain/rules/notification.ts";
import { completePreferences } from "../domain/rules/preferences.ts";
import { listNotifications } from "../domain/services/notification_list.ts";
import { readNotification, removeNotification } from "../domain/services/notifications.ts";
import { setPreferences } from "../domain/services/preferences.ts";
import { readAllNotifications } from "../domain/services/read_all.ts";
import { getUser } from "../domain/services/users.ts";
import { list, one, paged, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, inSteps, once } from "./http/idempotency.ts";
import { openCursor, pageFacts, sealCursor, skipFor } from "./http/paging.ts";
import { granted } from "./http/problem.ts";
import { flag, id, limitOf, LIST_LIMIT_MAX, paging } from "./http/schemas.ts";
import { ownUser } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { notificationShape, preferencesShape } from "./views/notification.ts";

const notificationQuery = z.object({
  ...paging,
  unread: flag.optional().meta({ description: "What is not read yet, or what is." }),
  type: z.enum(NOTIFICATION_TYPES).optional().meta({ description: "Those of this type." }),
  fields: fieldsOf(notificationShape),
});

const listing = describe({
  summary: "What you have been told, the newest first",
  answers: { 200: paged(someFields(notificationShape)) },
});

const unreadShape = list(someFields(notificationShape)).extend({ total: z.number().int() });

// deno-lint-ignore explicit-module-boundary-types
export function notificationRoutes() {
  const notificationPath = param(z.object({ notificationId: id }));
  return new Hono<AppEnv>()
    .get("/", listing, authenticate, permit("own_account"), query(notificationQuery), async (c) => {
      const { desk, actor } = c.var;
      const { limit, page, cursor, fields, ...filter } = c.req.valid("query");
      const turn = { limit, page, cursor };
      const skip = skipFor(turn);
      const question = ["notifications", actor.userId, filter];
      const before = openCursor(desk, cursor, question);
      const listing = await listNotifications(desk, actor, { filter, before, skip, limit });
      const { items, next } = listing;
      return c.json({
        success: true as const,
        data: items.map((each) => pick(presentNotification(each), fields)),
        count: items.length,
        ...pageFacts(turn, listing),
        nextCursor: sealCursor(desk, next, question),
      }, 200);
    })
    .get(
      "/unread",
      describe({
        summary: "What you have not read yet, the newest first",
        answers: { 200: unreadShape },
      }),
      authenticate,
      permit("own_account"),
      query(z.object({
        limit: limitOf(LIST_LIMIT_MAX, LIST_LIMIT_MAX),
        fields: fieldsOf(notificationShape),
      })),
      async (c) => {
        const { desk, actor } = c.var;
        const { limit, fields } = c.req.valid("query");
        const request = { filter: { unread: true }, before: null, skip: 0, limit };
        const { items, total } = await listNotifications(desk, actor, request);
        const data = items.map((each) => pick(presentNotification(each), fields));
        return c.json({ success: true as const, data, count: data.length, total }, 200);
      },
    )
    .put(
      "/:notificationId/read",
      describe({
        summary: "Mark a notification read",
        answers: { 200: one(notificationShape) },
        refusals: ["not_found"],
      }),
      authenticate,
      idempotent,
      notificationPath,
      permit("own_account"),
      async (c) => {
        const { actor } = c.var;
        const { notificationId } = c.req.valid("param");
        return await once(
          c,
          (desk) => readNotification(desk, actor, notificationId),
          (read) => c.json({ success: true as const, data: presentNotification(read) }, 200),
        );
      },
    )
    .put(
      "/mark-all-read",
      describe({
        summary: "Mark all your notifications read that are there now",
        answers: { 200: one(z.object({ marked: z.number().int() })) },
      }),
      authenticate,
      idempotent,
      permit("own_account"),
      async (c) => {
        const { actor } = c.var;
        return await inSteps(
          c,
          (desk) => readAllNotifications(desk, actor),
          (data) => c.json({ success: true as const, data }, 200),
        );
      },
    )
    .get(
      "/preferences",
      describe({
        summary: "How you are told of what, by the type of notification",
        details: "`live` is kept and pushed to your sockets, `silent` only kept, `off` neither.",
        answers: { 200: one(preferencesShape) },
        isTagged: true,
      }),
      authenticate,
      permit("own_account"),
      async (c) => {
        const { desk, actor } = c.var;
        const { record: user, versionstamp } = granted(await getUser(desk, actor.userId));
        const data = completePreferences(user.notificationPreferences);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/preferences",
      describe({
        summary: "Choose how you are told",
        details: "Types that are not named stay as they are. What you have been told stays too.",
        answers: { 200: one(preferencesShape) },
      }),
      authenticate,
      idempotent,
      permit("own_account"),
      ownUser,
      retagged,
      body(preferencesShape.partial(), { quiet: { ticket_updated: "silent", handover: "off" } }),
      async (c) => {
        const { actor } = c.var;
        const choice = c.req.valid("json");
        return await once(
          c,
          (desk) => setPreferences(desk, actor, choice),
          (chosen) => c.json({ success: true as const, data: completePreferences(chosen) }, 200),
        );
      },
    )
    .delete(
      "/:notificationId",
      describe({
        summary: "Remove a notification",
        answers: { 200: one(notificationShape) },
        refusals: ["not_found"],
      }),
      authenticate,
      idempotent,
      notificationPath,
      permit("own_account"),
      async (c) => {
        const { actor } = c.var;
        const { notificationId } = c.req.valid("param");
        return await once(
          c,
          (desk) => removeNotification(desk, actor, notificationId),
          (removed) => c.json({ success: true as const, data: presentNotification(removed) }, 200),
        );
      },
    );
}
