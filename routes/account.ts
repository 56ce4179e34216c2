import { Hono } from "hono";
import { z } from "zod";
import { changePassword } from "../domain/services/logins.ts";
import { endOwnSession, listSessions } from "../domain/services/session_endings.ts";
import { changeProfile } from "../domain/services/user_edit.ts";
import { getUser } from "../domain/services/users.ts";
import { cursored, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import { clientAddress } from "./http/client_address.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { limitAttempts } from "./http/limit_attempts.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { granted } from "./http/problem.ts";
import { anyPassword, email, id, name, paging, password } from "./http/schemas.ts";
import { ownUser } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { sessionShape, sessionView, userShape, userView } from "./views/user.ts";

const profile = z.object({ name: name.optional(), email: email.optional() });
const passwordChange = z.object({ currentPassword: anyPassword, newPassword: password });

/** One's own account, mounted beside the routes that log in to it. */
// deno-lint-ignore explicit-module-boundary-types
export function accountRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/me",
      describe({
        summary: "Who you are",
        answers: { 200: one(someFields(userShape)) },
        isTagged: true,
      }),
      authenticate,
      query(z.object({ fields: fieldsOf(userShape) })),
      async (c) => {
        const { record, versionstamp } = granted(
          await getUser(c.get("desk"), c.get("actor").userId),
        );
        const data = pick(userView(record), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/profile",
      describe({
        summary: "Change your name or e-mail address; what is not named stays",
        answers: { 200: one(userShape) },
        refusals: ["not_found", "email_taken"],
      }),
      authenticate,
      permit("own_account"),
      ownUser,
      retagged,
      body(profile, { married: { name: "Ada King" } }),
      async (c) => {
        const { desk, actor } = c.var;
        const user = granted(await changeProfile(desk, actor, c.req.valid("json")));
        return c.json({ success: true as const, data: userView(user) }, 200);
      },
    )
    .put(
      "/change-password",
      describe({
        summary: "Change your password, which ends all your other sessions",
        details: "A wrong current password counts like one at login.",
        answers: { 200: one(userShape) },
        refusals: ["not_found", "invalid_credentials", "locked_out"],
      }),
      authenticate,
      permit("own_account"),
      ownUser,
      retagged,
      body(passwordChange, {
        longer: { currentPassword: "a long password", newPassword: "an even longer password" },
      }),
      limitAttempts("login"),
      async (c) => {
        const { desk, actor } = c.var;
        const change = c.req.valid("json");
        const user = granted(await changePassword(desk, actor, change, clientAddress(c)));
        return c.json({ success: true as const, data: userView(user) }, 200);
      },
    )
    .get(
      "/sessions",
      describe({
        summary: "Where you are logged in, the newest first",
        answers: { 200: cursored(someFields(sessionShape)) },
      }),
      authenticate,
      permit("own_account"),
      query(z.object({
        limit: paging.limit,
        cursor: paging.cursor,
        fields: fieldsOf(sessionShape),
      })),
      async (c) => {
        const { desk, actor } = c.var;
        const { limit, cursor, fields } = c.req.valid("query");
        const question = ["sessions", actor.userId];
        const after = openCursor(desk, cursor, question);
        const { items, next } = await listSessions(desk, actor, { after, limit });
        const data = items.map((session) => pick(sessionView(session, actor), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .delete(
      "/sessions/:id",
      describe({
        summary: "End one of your sessions",
        answers: { 200: one(sessionShape) },
        refusals: ["not_found"],
      }),
      authenticate,
      permit("own_account"),
      param(z.object({ id })),
      async (c) => {
        const { desk, actor } = c.var;
        const ended = granted(await endOwnSession(desk, actor, c.req.valid("param").id));
        return c.json({ success: true as const, data: sessionView(ended, actor) }, 200);
      },
    );
}
