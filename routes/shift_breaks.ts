import { Hono } from "hono";
import { z } from "zod";
import { addBreak, cancelBreak, endBreak, startBreak } from "../domain/services/shift_breaks.ts";
import { id as answerId, one } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged } from "./http/etag.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { id } from "./http/schemas.ts";
import { breakTimes } from "./http/shift_schemas.ts";
import { knownShift, ownShiftOr } from "./http/subject.ts";
import { body, param } from "./http/validate.ts";
import { shiftShape, shiftView } from "./views/shift.ts";

const LUNCH: z.input<typeof breakTimes> = {
  type: "lunch",
  start: "2026-11-23T12:00:00.000Z",
  end: "2026-11-23T12:30:00.000Z",
};

const added = one(shiftShape).extend({
  breakId: answerId.meta({ description: "The break that was added." }),
});

/** Breaks in shifts, each of which begins and ends by itself where nobody does so by hand. */
// deno-lint-ignore explicit-module-boundary-types
export function shiftBreakRoutes() {
  const shiftPath = param(z.object({ shiftId: id }));
  const breakPath = param(z.object({ shiftId: id, breakId: id }));
  return new Hono<AppEnv>()
    .post(
      "/:shiftId/breaks",
      describe({
        summary: "Plan a break, which lies in its shift and over no other",
        details:
          "One that should have begun begins now, and what an agent plans itself is no work only " +
          "from now on. The types may also be spelt `shortBreak` and `short_break`.",
        answers: { 201: added },
        refusals: ["invalid_transition", "conflict"],
      }),
      authenticate,
      idempotent,
      shiftPath,
      permit("change_own_shifts"),
      knownShift,
      ownShiftOr("change_any_shift"),
      body(breakTimes, { lunch: LUNCH }),
      async (c) => {
        const { actor, shift } = c.var;
        const breakId = c.var.desk.store.newId();
        const plan = { ...c.req.valid("json"), id: breakId };
        return await once(c, (desk) => addBreak(desk, actor, shift, plan), (changed) => {
          c.header("Location", `/api/shifts/${changed.id}`);
          return c.json({ success: true as const, data: shiftView(changed), breakId }, 201);
        });
      },
    )
    .put(
      "/:shiftId/breaks/:breakId/start",
      describe({
        summary: "Take a planned break now",
        details: "It is as long as it was planned to be; the agent is busy meanwhile.",
        answers: { 200: one(shiftShape) },
        refusals: ["invalid_transition", "conflict", "agent_unavailable"],
      }),
      authenticate,
      idempotent,
      breakPath,
      permit("change_own_shifts"),
      knownShift,
      retagged,
      ownShiftOr("change_any_shift"),
      async (c) => {
        const { actor, shift } = c.var;
        const { breakId } = c.req.valid("param");
        return await once(
          c,
          (desk) => startBreak(desk, actor, shift, breakId),
          (changed) => c.json({ success: true as const, data: shiftView(changed) }, 200),
        );
      },
    )
    .put(
      "/:shiftId/breaks/:breakId/end",
      describe({
        summary: "Come back from a break",
        answers: { 200: one(shiftShape) },
        refusals: ["invalid_transition"],
      }),
      authenticate,
      idempotent,
      breakPath,
      permit("change_own_shifts"),
      knownShift,
      retagged,
      ownShiftOr("change_any_shift"),
      async (c) => {
        const { actor, shift } = c.var;
        const { breakId } = c.req.valid("param");
        return await once(
          c,
          (desk) => endBreak(desk, actor, shift, breakId),
          (changed) => c.json({ success: true as const, data: shiftView(changed) }, 200),
        );
      },
    )
    .delete(
      "/:shiftId/breaks/:breakId",
      describe({
        summary: "Cancel a planned break",
        answers: { 200: one(shiftShape) },
        refusals: ["invalid_transition"],
      }),
      authenticate,
      idempotent,
      breakPath,
      permit("change_own_shifts"),
      knownShift,
      ownShiftOr("change_any_shift"),
      async (c) => {
        const { actor, shift } = c.var;
        const { breakId } = c.req.valid("param");
        return await once(
          c,
          (desk) => cancelBreak(desk, actor, shift, breakId),
          (changed) => c.json({ success: true as const, data: shiftView(changed) }, 200),
        );
      },
    );
}
