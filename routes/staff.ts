import { Hono } from "hono";
import { z } from "zod";
import { AGENT_STATUSES } from "../domain/rules/agent.ts";
import { SKILL_LEVEL_DEFAULT } from "../domain/rules/skill.ts";
import { editAgent } from "../domain/services/agents.ts";
import { handOverTickets } from "../domain/services/handover.ts";
import { dismissAgent, hireAgent } from "../domain/services/hiring.ts";
import { setAgentShift } from "../domain/services/shifts.ts";
import type { Progress } from "../domain/services/progress.ts";
import { id as answerId, one, warned } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged } from "./http/etag.ts";
import { idempotent, inSteps, once } from "./http/idempotency.ts";
import {
  department,
  email,
  id,
  name,
  password,
  skillLevels,
  skills,
  text,
} from "./http/schemas.ts";
import { shiftTimes } from "./http/shift_schemas.ts";
import { knownAgent, ownAgentOr } from "./http/subject.ts";
import { body, param, withoutQuery } from "./http/validate.ts";
import { agentShape, agentView } from "./views/agent.ts";

const TEAMS_MAX = 20;
const CAPACITY_MAX = 100;

const agentChanges = z.object({
  name: name.optional(),
  email: email.optional(),
  department: department.optional(),
  teams: z.array(department).max(TEAMS_MAX).optional(),
  skills: skills(SKILL_LEVEL_DEFAULT).optional(),
  skillLevels: skillLevels.optional().meta({
    description: "Levels by the names of skills: they override those of `skills`, and what is " +
      "not among the skills is added.",
  }),
  specializations: z.array(text(60)).max(TEAMS_MAX).optional(),
  maxTickets: z.number().int().min(1).max(CAPACITY_MAX).optional(),
  status: z.enum(AGENT_STATUSES).optional(),
  onlineAtShiftStart: z.boolean().optional().meta({
    description: "Whether it is set online by itself when a shift of it starts.",
  }),
});

const newAgent = agentChanges.extend({ name, email, password: password.optional() });

const dismissed = one(agentShape).extend({
  requeued: z.array(answerId).meta({ description: "The tickets that went back to the queue." }),
});

const handover = z.object({
  moved: z.array(z.object({
    ticketId: answerId,
    to: answerId.meta({ description: "The agent who has it now." }),
  })),
  requeued: z.array(answerId).meta({ description: "What nobody could take: it waits." }),
});

const DAY: z.input<typeof shiftTimes> = {
  start: "2026-11-23T08:00:00.000Z",
  end: "2026-11-23T16:00:00.000Z",
  timezone: "Europe/Berlin",
};

/** Who works at the desk: agents are hired, edited and dismissed, and hand over their tickets. */
// deno-lint-ignore explicit-module-boundary-types
export function staffRoutes() {
  const agentPath = param(z.object({ id }));
  return new Hono<AppEnv>()
    .post(
      "/",
      describe({
        summary: "Make an agent, and the user when nobody has the address",
        details: "Without a password a new user cannot log in until an administrator sets one. " +
          "A user who is no agent becomes one, and who was an agent before is one again.",
        answers: { 201: one(agentShape) },
        refusals: ["email_taken", "conflict"],
      }),
      authenticate,
      idempotent,
      permit("create_agents"),
      body(newAgent, {
        agent: { name: "Ada", email: "ada@example.com", department: "Billing", skills: ["tax:4"] },
      }),
      (c) => {
        const { actor } = c.var;
        const hiring = c.req.valid("json");
        return once(c, (desk) => hireAgent(desk, actor, hiring), (agent) => {
          c.header("Location", `/api/agents/${agent.id}`);
          return c.json({ success: true as const, data: agentView(agent) }, 201);
        });
      },
    )
    .put(
      "/:id",
      describe({
        summary: "Edit an agent; what is not named stays",
        details: "A name and an address are the user's too.",
        answers: { 200: one(agentShape) },
        refusals: ["email_taken", "agent_unavailable"],
      }),
      authenticate,
      idempotent,
      agentPath,
      permit("list_agents"),
      knownAgent,
      retagged,
      permit("edit_agents"),
      body(agentChanges, { abler: { skills: ["billing:4", "invoices"], maxTickets: 8 } }),
      async (c) => {
        const { actor, agent } = c.var;
        const changes = c.req.valid("json");
        return await once(
          c,
          (desk) => editAgent(desk, actor, agent.id, changes),
          (edited) => c.json({ success: true as const, data: agentView(edited) }, 200),
        );
      },
    )
    .delete(
      "/:id",
      describe({
        summary: "Deactivate an agent; its open tickets go back to the head of the queue",
        answers: { 200: dismissed },
      }),
      authenticate,
      idempotent,
      agentPath,
      permit("list_agents"),
      knownAgent,
      permit("create_agents"),
      async (c) => {
        const { actor, agent } = c.var;
        return await inSteps(
          c,
          (desk, progress: Progress<true>) => dismissAgent(desk, actor, agent.id, progress),
          ({ agent, requeued }) => {
            const data = agentView(agent);
            return c.json({ success: true as const, data, requeued: [...requeued] }, 200);
          },
        );
      },
    )
    .put(
      "/:id/shift",
      describe({
        summary: "Give an agent's current shift, else its next one, these times",
        details: "Where it has neither, one is scheduled. Breaks that are not named stay; those " +
          "that are named are all that is still to come. Of a shift that has started an agent " +
          "changes what lies ahead; what is past only a supervisor does.",
        answers: { 200: one(agentShape) },
        refusals: ["agent_unavailable", "shift_active", "shift_overlap", "conflict"],
      }),
      authenticate,
      idempotent,
      agentPath,
      permit("change_own_shifts"),
      knownAgent,
      retagged,
      ownAgentOr("change_any_shift"),
      body(shiftTimes, { day: DAY }),
      async (c) => {
        const { actor, agent } = c.var;
        const times = c.req.valid("json");
        return await once(
          c,
          (desk) => setAgentShift(desk, actor, agent.id, times),
          (set) => c.json({ success: true as const, data: agentView(set) }, 200),
        );
      },
    )
    .post(
      "/:id/handover",
      describe({
        summary: "Hand over an agent's open tickets",
        details: "All to the agent named; else each to the best other one, and what nobody can " +
          "take to the head of the queue.",
        answers: { 200: one(handover) },
        refusals: ["not_found", "conflict", "agent_unavailable"],
      }),
      authenticate,
      idempotent,
      agentPath,
      permit("hand_over_own"),
      knownAgent,
      ownAgentOr("hand_over_any"),
      withoutQuery,
      // Strict: by a misspelt `to` whoever fits best would get them.
      body(z.strictObject({ to: id.optional() }), { toTheBest: {} }),
      (c) => {
        const { actor, agent } = c.var;
        const request = { from: agent.id, to: c.req.valid("json").to ?? null };
        return inSteps(
          c,
          (desk, progress: Progress<string>) => handOverTickets(desk, actor, request, progress),
          ({ moved, requeued, warnings }) => {
            const data = { moved: [...moved], requeued: [...requeued] };
            return c.json({ success: true as const, data, ...warned(warnings) }, 200);
          },
        );
      },
    );
}
