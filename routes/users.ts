import { Hono } from "hono";
import { z } from "zod";
import { ROLES } from "../domain/rules/actor.ts";
import { searchForm } from "../domain/rules/text.ts";
import type { Progress } from "../domain/services/progress.ts";
import { type EditedUser, editUser } from "../domain/services/user_edit.ts";
import { listUsers } from "../domain/services/user_list.ts";
import { cursored, id as answerId, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, inSteps } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { email, flag, id, name, paging, password } from "./http/schemas.ts";
import { knownUser } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { userShape, userView } from "./views/user.ts";

const SEARCH_LENGTH_MAX = 254;

const userQuery = z.object({
  role: z.enum(ROLES).optional().meta({ description: "Users of this role." }),
  active: flag.optional().meta({ description: "Those who may act, or who were deactivated." }),
  search: z.string().trim().min(1).max(SEARCH_LENGTH_MAX)
    .refine((value) => searchForm(value) !== "", "Must have a letter or digit").optional().meta({
      description: "How a name or an e-mail address begins, without regard to case and accents.",
    }),
  limit: paging.limit,
  cursor: paging.cursor,
  fields: fieldsOf(userShape),
});

const userChanges = z.object({
  name: name.optional(),
  email: email.optional(),
  role: z.enum(ROLES).optional(),
  password: password.optional(),
  active: z.boolean().optional(),
});

const edited = one(userShape).extend({
  requeued: z.array(answerId).meta({
    description: "Tickets of an agent who works no more, which went back to the queue.",
  }),
});

/** Users, as administrators see them. */
// deno-lint-ignore explicit-module-boundary-types
export function userRoutes() {
  const userPath = param(z.object({ id }));
  return new Hono<AppEnv>()
    .get(
      "/",
      describe({
        summary: "The users, in the order in which they were made",
        details: "What a search finds comes by address, then by name.",
        answers: { 200: cursored(someFields(userShape)) },
      }),
      authenticate,
      permit("manage_users"),
      query(userQuery),
      async (c) => {
        const { desk } = c.var;
        const { limit, cursor, fields, ...filter } = c.req.valid("query");
        const question = ["users", filter];
        const after = openCursor(desk, cursor, question);
        const { items, next } = await listUsers(desk, filter, { after, limit });
        const data = items.map((user) => pick(userView(user), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .get(
      "/:id",
      describe({
        summary: "A user",
        answers: { 200: one(someFields(userShape)) },
        isTagged: true,
      }),
      authenticate,
      userPath,
      permit("manage_users"),
      knownUser,
      query(z.object({ fields: fieldsOf(userShape) })),
      (c) => {
        const { user, versionstamp } = c.var;
        const data = pick(userView(user), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/:id",
      describe({
        summary: "Edit a user; what is not named stays",
        details: "A new password ends the user's sessions, a new role holds from the next token " +
          "on. Whoever becomes an agent gets an agent's record; of who ceases to be one, or is " +
          "made inactive, it is deactivated and its tickets go back to the queue.",
        answers: { 200: edited },
        refusals: ["email_taken", "conflict"],
      }),
      authenticate,
      idempotent,
      userPath,
      permit("manage_users"),
      knownUser,
      retagged,
      body(userChanges, { promoted: { role: "supervisor" }, back: { active: true } }),
      async (c) => {
        const { actor, user } = c.var;
        const edit = c.req.valid("json");
        return await inSteps(
          c,
          (desk, progress: Progress<true>) => editUser(desk, actor, user.id, edit, progress),
          (outcome) => c.json(view(outcome), 200),
        );
      },
    )
    .delete(
      "/:id",
      describe({
        summary: "Deactivate a user; sessions end, an agent's tickets go back to the queue",
        details: "The name stays on tickets and comments. To do it again changes nothing.",
        answers: { 200: edited },
        refusals: ["conflict"],
      }),
      authenticate,
      idempotent,
      userPath,
      permit("manage_users"),
      knownUser,
      async (c) => {
        const { actor, user } = c.var;
        const gone = { active: false };
        return await inSteps(
          c,
          (desk, progress: Progress<true>) => editUser(desk, actor, user.id, gone, progress),
          (outcome) => c.json(view(outcome), 200),
        );
      },
    );
}

function view({ user, requeued }: EditedUser): z.infer<typeof edited> {
  return { success: true, data: userView(user), requeued: [...requeued] };
}
