import { Hono } from "hono";
import { z } from "zod";
import {
  OPTIMISED_AGENTS_MAX,
  OPTIMISED_MAX,
  type PlannedAssignment,
} from "../domain/rules/optimize.ts";
import { BALANCED_AGENTS_MAX, MOVED_ONCE_IN_MINUTES } from "../domain/rules/rebalance.ts";
import { optimize } from "../domain/services/optimize.ts";
import type { Progress } from "../domain/services/progress.ts";
import {
  type MoveMade,
  MOVES_DEFAULT,
  MOVES_MAX,
  rebalance,
} from "../domain/services/rebalance.ts";
import { readAgentWorkloads, readTeams, readWorkload } from "../domain/services/workload.ts";
import { cursored, list, one, someFields } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, inSteps } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { department, limitOf, paging } from "./http/schemas.ts";
import { body, query, withoutQuery } from "./http/validate.ts";
import {
  agentWorkloadShape,
  agentWorkloadView,
  optimizedShape,
  optimizedView,
  rebalancedShape,
  rebalancedView,
  teamShape,
  workloadShape,
} from "./views/workload.ts";

const AGENTS_LIMIT_MAX = 500;

const ofDepartment = department.optional().meta({
  description: "Agents of it alone, compared without case.",
});
const OWN = "Agents get their own figures.";

// Strict, as what is asked by a query is: a misspelt `dryRun` would move tickets.
const rebalancing = z.strictObject({
  dryRun: z.boolean().default(false),
  department: ofDepartment,
  maxMoves: z.number().int().min(1).max(MOVES_MAX).default(MOVES_DEFAULT),
});

const optimizing = z.strictObject({
  dryRun: z.boolean().default(false),
  department: department.optional().meta({
    description: "Tickets of it alone, compared without case.",
  }),
  maxMoves: z.number().int().min(1).max(OPTIMISED_MAX).default(OPTIMISED_MAX).meta({
    description: "So many tickets from the head of the queue are looked at.",
  }),
});

/** How much agents have to do, and how it is spread among them. */
// deno-lint-ignore explicit-module-boundary-types
export function workloadRoutes() {
  return new Hono<AppEnv>()
    .get(
      "/metrics",
      describe({
        summary: "How loaded the agents are",
        details: OWN,
        answers: { 200: one(someFields(workloadShape)) },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.strictObject({ department: ofDepartment, fields: fieldsOf(workloadShape) })),
      async (c) => {
        const { fields, ...question } = c.req.valid("query");
        const data = pick(await readWorkload(c.get("desk"), c.get("actor"), question), fields);
        return c.json({ success: true as const, data }, 200);
      },
    )
    .get(
      "/agents",
      describe({
        summary: "What each agent has to do, and when it will come to it",
        details: OWN,
        answers: { 200: cursored(someFields(agentWorkloadShape)) },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.strictObject({
        department: ofDepartment,
        limit: limitOf(AGENTS_LIMIT_MAX, AGENTS_LIMIT_MAX),
        cursor: paging.cursor,
        fields: fieldsOf(agentWorkloadShape),
      })),
      async (c) => {
        const { desk, actor } = c.var;
        const { limit, cursor, fields, ...filter } = c.req.valid("query");
        const question = ["workload", filter];
        const after = openCursor(desk, cursor, question);
        const { items, next } = await readAgentWorkloads(desk, actor, filter, { after, limit });
        const data = items.map((item) => pick(agentWorkloadView(item), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .get(
      "/teams",
      describe({
        summary: "What each department can do",
        details: `${OWN} An agent is counted in its own department, not in its other teams.`,
        answers: { 200: list(someFields(teamShape)) },
      }),
      authenticate,
      permit("read_metrics"),
      query(z.strictObject({ department: ofDepartment, fields: fieldsOf(teamShape) })),
      async (c) => {
        const { fields, ...question } = c.req.valid("query");
        const teams = await readTeams(c.get("desk"), c.get("actor"), question);
        const data = teams.map((team) =>
          pick({
            ...team,
            skills: [...team.skills],
            skillDistribution: { ...team.skillDistribution },
          }, fields)
        );
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .post(
      "/rebalance",
      describe({
        summary: "Move tickets that nobody has begun to agents who have less to do",
        details:
          "The highest utilisation becomes the lowest that so many moves can reach, by the " +
          "fewest moves. Where it cannot, as few as can be stay at it, and the same holds for the " +
          "others. Of takers it is who is used least. Among agents who " +
          `are not offline, of more than ${BALANCED_AGENTS_MAX} those who have most and least to ` +
          "do; only to who is eligible; no ticket twice within " +
          `${MOVED_ONCE_IN_MINUTES} minutes. Each move is looked at again when it is made.`,
        answers: { 200: one(rebalancedShape) },
      }),
      authenticate,
      idempotent,
      permit("balance_work"),
      withoutQuery,
      body(rebalancing, { trial: { dryRun: true, maxMoves: 10 } }),
      async (c) => {
        const options = { ...c.req.valid("json"), performedBy: c.get("actor").userId };
        return await inSteps(
          c,
          (desk, progress: Progress<MoveMade>) => rebalance(desk, options, progress),
          (result) => c.json({ success: true as const, data: rebalancedView(result) }, 200),
        );
      },
    )
    .post(
      "/optimize",
      describe({
        summary: "Give what waits to agents at the least cost altogether",
        details:
          "As many tickets as possible are given; which of them, and to whom, is weighed by " +
          "how late they are and how well they fit: never at a higher cost than in the queue's " +
          `order. Of more than ${OPTIMISED_AGENTS_MAX} agents who have room, those who are used ` +
          "least. Each assignment is looked at again when it is made.",
        answers: { 200: one(optimizedShape) },
      }),
      authenticate,
      idempotent,
      permit("balance_work"),
      withoutQuery,
      body(optimizing, { trial: { dryRun: true, department: "Billing" } }),
      async (c) => {
        const options = { ...c.req.valid("json"), performedBy: c.get("actor").userId };
        return await inSteps(
          c,
          (desk, progress: Progress<PlannedAssignment>) => optimize(desk, options, progress),
          (result) => c.json({ success: true as const, data: optimizedView(result) }, 200),
        );
      },
    );
}
