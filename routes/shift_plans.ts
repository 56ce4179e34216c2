import { Hono } from "hono";
import { z } from "zod";
import { ADHERENCE_DAYS, readAdherence } from "../domain/services/adherence.ts";
import { createPattern, deletePattern, listPatterns } from "../domain/services/shift_patterns.ts";
import { cursored, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { granted } from "./http/problem.ts";
import { department, id, limitOf, LIST_LIMIT_MAX, moment, paging } from "./http/schemas.ts";
import { patternPlan } from "./http/shift_schemas.ts";
import { knownPattern, ownPatternOr } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { adherenceShape, adherenceView } from "./views/adherence.ts";
import { shiftPatternShape, shiftPatternView } from "./views/shift.ts";

const WEEK: z.input<typeof patternPlan> = {
  agentId: "019ab3c4-0000-7000-8000-0000000000a9",
  timezone: "Europe/Berlin",
  weekdays: ["mon", "tue", "wed", "thu", "fri"],
  startTime: "09:00",
  endTime: "17:00",
  breaks: [{ type: "lunch", startTime: "12:30", endTime: "13:00" }],
  startDate: "2026-11-23",
};

/** Shifts that come again, and how agents kept to theirs. */
// deno-lint-ignore explicit-module-boundary-types
export function shiftPlanRoutes() {
  const patternPath = param(z.object({ id }));
  return new Hono<AppEnv>()
    .get(
      "/adherence",
      describe({
        summary: "How agents kept to their shifts, of the last 30 days or as you ask",
        details:
          "To the minute, and up to now: what lies ahead is not counted. A break that came " +
          "to nothing by itself was planned all the same. Agents get their own figures.",
        answers: { 200: cursored(someFields(adherenceShape)) },
        refusals: ["forbidden", "not_found"],
      }),
      authenticate,
      permit("read_metrics"),
      query(z.object({
        startDate: moment.optional().meta({
          description: "From when on: a day of the desk's time zone, or an instant; at most " +
            `${ADHERENCE_DAYS.max} days before the end.`,
        }),
        endDate: moment.optional().meta({
          description: "Until when: a day, with all of it, or an instant, which is not among it; " +
            "now when missing.",
        }),
        agentId: id.optional().meta({ description: "Of this agent alone." }),
        department: department.optional().meta({
          description: "Of the agents of it, compared without case.",
        }),
        limit: limitOf(LIST_LIMIT_MAX, LIST_LIMIT_MAX),
        cursor: paging.cursor,
        fields: fieldsOf(adherenceShape),
      })),
      async (c) => {
        const { desk, actor } = c.var;
        const { limit, cursor, fields, ...asked } = c.req.valid("query");
        const question = ["adherence", asked];
        const after = openCursor(desk, cursor, question);
        const page = { after, limit };
        const { items, next } = granted(await readAdherence(desk, actor, asked, page));
        const data = items.map((each) => pick(adherenceView(each), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .get(
      "/patterns",
      describe({
        summary: "Recurring shifts, in the order in which they were made",
        answers: { 200: cursored(someFields(shiftPatternShape)) },
      }),
      authenticate,
      permit("read_shifts"),
      query(z.object({
        agentId: id.optional().meta({ description: "Of this agent alone." }),
        limit: limitOf(LIST_LIMIT_MAX, LIST_LIMIT_MAX),
        cursor: paging.cursor,
        fields: fieldsOf(shiftPatternShape),
      })),
      async (c) => {
        const { desk } = c.var;
        const { limit, cursor, fields, agentId } = c.req.valid("query");
        const question = ["shift patterns", agentId];
        const after = openCursor(desk, cursor, question);
        const { items, next } = await listPatterns(desk, agentId, { after, limit });
        const data = items.map((pattern) => pick(shiftPatternView(pattern), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .post(
      "/patterns",
      describe({
        summary: "Have shifts come again every week",
        details: "They are made two weeks ahead, and keep local time: a night over which the " +
          "clocks change has its real length, and a time that does not exist is as much later.",
        answers: { 201: one(shiftPatternShape) },
        refusals: ["forbidden", "not_found", "agent_unavailable", "shift_overlap", "conflict"],
      }),
      authenticate,
      idempotent,
      permit("change_own_shifts"),
      body(patternPlan, { week: WEEK }),
      async (c) => {
        const { actor } = c.var;
        const plan = c.req.valid("json");
        return await once(c, (desk) => createPattern(desk, actor, plan), (pattern) => {
          c.header("Location", `/api/shifts/patterns/${pattern.id}`);
          return c.json({ success: true as const, data: shiftPatternView(pattern) }, 201);
        });
      },
    )
    .get(
      "/patterns/:id",
      describe({
        summary: "A recurring shift",
        answers: { 200: one(someFields(shiftPatternShape)) },
        isTagged: true,
      }),
      authenticate,
      patternPath,
      permit("read_shifts"),
      knownPattern,
      query(z.object({ fields: fieldsOf(shiftPatternShape) })),
      (c) => {
        const { shiftPattern, versionstamp } = c.var;
        const data = pick(shiftPatternView(shiftPattern), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .delete(
      "/patterns/:id",
      describe({
        summary: "End a recurring shift, and cancel those of its shifts that are scheduled",
        answers: { 200: one(shiftPatternShape) },
      }),
      authenticate,
      idempotent,
      patternPath,
      permit("change_own_shifts"),
      knownPattern,
      ownPatternOr("change_any_shift"),
      async (c) => {
        const { actor, shiftPattern } = c.var;
        return await once(
          c,
          (desk) => deletePattern(desk, actor, shiftPattern),
          (deleted) => c.json({ success: true as const, data: shiftPatternView(deleted) }, 200),
        );
      },
    );
}
