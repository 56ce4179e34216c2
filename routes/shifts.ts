import { type Context, Hono } from "hono";
import { z } from "zod";
import { spanOf } from "../domain/rules/range.ts";
import { invalidInput } from "../domain/rules/refusal.ts";
import { SHIFT_STATUSES } from "../domain/rules/shift.ts";
import { currentShift, listShifts } from "../domain/services/shift_calendar.ts";
import { cancelShift, endShift, scheduleShift, startShift } from "../domain/services/shifts.ts";
import { cursored, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { granted, reject } from "./http/problem.ts";
import { id, instant, limitOf, LIST_LIMIT_MAX, moment, paging } from "./http/schemas.ts";
import { shiftTimes, timezone } from "./http/shift_schemas.ts";
import { knownAgent, knownShift, ownShiftOr } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { shiftShape, shiftView } from "./views/shift.ts";

const starting = z.object({
  agentId: id.optional().meta({ description: "One's own without." }),
  end: instant.optional().meta({ description: "In eight hours, or when the next shift starts." }),
  timezone: timezone.optional(),
});

const scheduling = shiftTimes.extend({ agentId: id });

const SCHEDULED: z.input<typeof scheduling> = {
  agentId: "019ab3c4-0000-7000-8000-0000000000a9",
  start: "2026-11-23T08:00:00.000Z",
  end: "2026-11-23T16:00:00.000Z",
  timezone: "Europe/Berlin",
  breaks: [{
    type: "lunch",
    start: "2026-11-23T12:00:00.000Z",
    end: "2026-11-23T12:30:00.000Z",
  }],
};

const ENDING = {
  summary: "End a shift",
  details: "Its agent goes offline; what it has not started goes back to the queue after a while.",
  answers: { 200: one(shiftShape) },
  refusals: ["invalid_transition" as const],
};

/** Shifts: when agents work, and when they did. */
// deno-lint-ignore explicit-module-boundary-types
export function shiftRoutes() {
  const shiftPath = param(z.object({ shiftId: id }));
  const agentPath = param(z.object({ agentId: id }));
  return new Hono<AppEnv>()
    .post(
      "/start",
      describe({
        summary: "Start a shift now",
        details: "The scheduled one where that starts within an hour, else a new one. An agent " +
          "who is offline is online then. Of two at once one wins.",
        answers: { 201: one(shiftShape) },
        refusals: [
          "forbidden",
          "not_found",
          "agent_unavailable",
          "shift_active",
          "shift_overlap",
          "conflict",
        ],
      }),
      authenticate,
      idempotent,
      permit("change_own_shifts"),
      body(starting, { own: {}, untilNoon: { end: "2026-11-23T12:00:00.000Z" } }),
      async (c) => {
        const { actor } = c.var;
        const { agentId = actor.agent?.id, end, timezone } = c.req.valid("json");
        if (agentId === undefined) reject(agentMissing());
        return await once(
          c,
          (desk) => startShift(desk, actor, agentId, { end, timezone }),
          (shift) => {
            c.header("Location", `/api/shifts/${shift.id}`);
            return c.json({ success: true as const, data: shiftView(shift) }, 201);
          },
        );
      },
    )
    .post(
      "/schedule",
      describe({
        summary: "Schedule a shift",
        details: "It starts and ends by itself, as do its breaks. What should have begun begins " +
          "now. Shifts of one agent do not overlap, and none is longer than a day.",
        answers: { 201: one(shiftShape) },
        refusals: ["forbidden", "not_found", "agent_unavailable", "shift_overlap", "conflict"],
      }),
      authenticate,
      idempotent,
      permit("change_own_shifts"),
      body(scheduling, { day: SCHEDULED }),
      async (c) => {
        const { actor } = c.var;
        const { agentId, ...request } = c.req.valid("json");
        return await once(
          c,
          (desk) => scheduleShift(desk, actor, agentId, request),
          (shift) => {
            c.header("Location", `/api/shifts/${shift.id}`);
            return c.json({ success: true as const, data: shiftView(shift) }, 201);
          },
        );
      },
    )
    .get(
      "/agent/:agentId",
      describe({
        summary: "The shifts of an agent, by their planned starts",
        answers: { 200: cursored(someFields(shiftShape)) },
      }),
      authenticate,
      agentPath,
      permit("read_shifts"),
      knownAgent,
      query(z.object({
        startDate: moment.optional().meta({
          description: "Shifts that end later: a day of the desk's time zone, or an instant.",
        }),
        endDate: moment.optional().meta({
          description: "Shifts that start earlier: a day, with all of it, or an instant.",
        }),
        status: z.enum(SHIFT_STATUSES).optional().meta({ description: "Shifts of this status." }),
        limit: limitOf(LIST_LIMIT_MAX, LIST_LIMIT_MAX),
        cursor: paging.cursor,
        fields: fieldsOf(shiftShape),
      })),
      async (c) => {
        const { desk, agent } = c.var;
        const { limit, cursor, fields, status, ...range } = c.req.valid("query");
        const question = ["shifts", agent.id, range, status];
        const after = openCursor(desk, cursor, question);
        const filter = { span: granted(spanOf(range, desk.config.timezone)), status };
        const { items, next } = await listShifts(desk, agent, filter, { after, limit });
        const data = items.map((shift) => pick(shiftView(shift), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .get(
      "/current/:agentId",
      describe({
        summary: "The shift that an agent is on",
        answers: { 200: one(someFields(shiftShape)) },
      }),
      authenticate,
      agentPath,
      permit("read_shifts"),
      knownAgent,
      query(z.object({ fields: fieldsOf(shiftShape) })),
      async (c) => {
        const { desk, agent } = c.var;
        const shift = granted(await currentShift(desk, agent));
        const data = pick(shiftView(shift), c.req.valid("query").fields);
        return c.json({ success: true as const, data }, 200);
      },
    )
    .get(
      "/:shiftId",
      describe({
        summary: "A shift",
        answers: { 200: one(someFields(shiftShape)) },
        isTagged: true,
      }),
      authenticate,
      shiftPath,
      permit("read_shifts"),
      knownShift,
      query(z.object({ fields: fieldsOf(shiftShape) })),
      (c) => {
        const { shift, versionstamp } = c.var;
        const data = pick(shiftView(shift), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .delete(
      "/:shiftId",
      describe({
        summary: "Cancel a scheduled shift",
        answers: { 200: one(shiftShape) },
        refusals: ["invalid_transition"],
      }),
      authenticate,
      idempotent,
      shiftPath,
      permit("change_own_shifts"),
      knownShift,
      ownShiftOr("change_any_shift"),
      async (c) => {
        const { actor, shift } = c.var;
        return await once(
          c,
          (desk) => cancelShift(desk, actor, shift),
          (cancelled) => c.json({ success: true as const, data: shiftView(cancelled) }, 200),
        );
      },
    )
    .put(
      "/:shiftId/end",
      describe(ENDING),
      authenticate,
      idempotent,
      shiftPath,
      permit("change_own_shifts"),
      knownShift,
      retagged,
      ownShiftOr("change_any_shift"),
      end,
    )
    .post(
      "/:shiftId/end",
      describe(ENDING),
      authenticate,
      idempotent,
      shiftPath,
      permit("change_own_shifts"),
      knownShift,
      retagged,
      ownShiftOr("change_any_shift"),
      end,
    );
}

function end(c: Context<AppEnv>) {
  const { actor, shift } = c.var;
  return once(
    c,
    (desk) => endShift(desk, actor, shift),
    (ended) => c.json({ success: true as const, data: shiftView(ended) }, 200),
  );
}

/** Whoever is no agent says whose shift it is. */
function agentMissing(): ReturnType<typeof invalidInput> {
  return invalidInput([{ path: "agentId", code: "custom", message: "Must name an agent" }]);
}
