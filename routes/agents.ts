import { Hono } from "hono";
import { z } from "zod";
import { may } from "../domain/rules/actor.ts";
import { AGENT_STATUSES, isOffShift } from "../domain/rules/agent.ts";
import { refuse } from "../domain/rules/refusal.ts";
import {
  availableAgents,
  getAgent,
  getAgentOfUser,
  listAgents,
  setAgentStatus,
} from "../domain/services/agents.ts";
import { claimTicket } from "../domain/services/tickets.ts";
import { cursored, id as answerId, list, one, someFields, warned } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged, tagged } from "./http/etag.ts";
import { fieldsOf, pick } from "./http/fields.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { openCursor, sealCursor } from "./http/paging.ts";
import { granted, reject } from "./http/problem.ts";
import { department, flag, id, limitOf, paging, ticketIdOrNumber } from "./http/schemas.ts";
import { knownAgent, ownAgentOr, visibleTicket } from "./http/subject.ts";
import { body, param, query } from "./http/validate.ts";
import { agentShape, agentView } from "./views/agent.ts";
import { ticketShape, ticketView } from "./views/ticket.ts";

const AGENTS_LIMIT_MAX = 500;

const agentFilter = {
  status: z.enum(AGENT_STATUSES).optional().meta({ description: "Agents of this status." }),
  department: department.optional().meta({ description: "Agents of it, compared without case." }),
  skill: z.string().min(1).max(60).optional().meta({ description: "Agents who have this skill." }),
};

const CLAIM_REFUSALS = [
  "forbidden",
  "not_found",
  "already_claimed",
  "agent_unavailable",
  "missing_skill",
  "at_capacity",
] as const;

// deno-lint-ignore explicit-module-boundary-types
export function agentRoutes() {
  const agentPath = param(z.object({ id }));
  return new Hono<AppEnv>()
    .get(
      "/",
      describe({
        summary: "The agents, in the order in which they were made",
        answers: { 200: cursored(someFields(agentShape)) },
      }),
      authenticate,
      permit("list_agents"),
      query(z.object({
        ...agentFilter,
        active: flag.default(true).meta({
          description: "`false` lists those who were deactivated.",
          default: "true",
        }),
        limit: limitOf(AGENTS_LIMIT_MAX, AGENTS_LIMIT_MAX),
        cursor: paging.cursor,
        fields: fieldsOf(agentShape),
      })),
      async (c) => {
        const desk = c.get("desk");
        const { limit, cursor, fields, ...filter } = c.req.valid("query");
        const question = ["agents", filter];
        const after = openCursor(desk, cursor, question);
        const { items, next } = await listAgents(desk, filter, { after, limit });
        const data = items.map((agent) => pick(agentView(agent), fields));
        const nextCursor = sealCursor(desk, next, question);
        return c.json({ success: true as const, data, count: data.length, nextCursor }, 200);
      },
    )
    .get(
      "/available",
      describe({
        summary: "Who could take a ticket now, best first",
        answers: { 200: list(someFields(agentShape)) },
      }),
      authenticate,
      permit("list_agents"),
      query(z.object({
        department: agentFilter.department,
        skill: agentFilter.skill,
        fields: fieldsOf(agentShape),
      })),
      async (c) => {
        const { fields, ...filter } = c.req.valid("query");
        const available = await availableAgents(c.get("desk"), filter);
        const shown = available.slice(0, AGENTS_LIMIT_MAX);
        const data = shown.map((agent) => pick(agentView(agent), fields));
        return c.json({ success: true as const, data, count: data.length }, 200);
      },
    )
    .get(
      "/user/:userId",
      describe({
        summary: "The agent that a user is",
        answers: { 200: one(someFields(agentShape)) },
        refusals: ["not_found"],
        isTagged: true,
      }),
      authenticate,
      param(z.object({ userId: id })),
      permit("list_agents"),
      query(z.object({ fields: fieldsOf(agentShape) })),
      async (c) => {
        const { userId } = c.req.valid("param");
        const found = granted(await getAgentOfUser(c.get("desk"), userId));
        const data = pick(agentView(found.record), c.req.valid("query").fields);
        return tagged(c, found.versionstamp, { success: true as const, data });
      },
    )
    .get(
      "/:id",
      describe({
        summary: "An agent",
        answers: { 200: one(someFields(agentShape)) },
        isTagged: true,
      }),
      authenticate,
      agentPath,
      permit("list_agents"),
      knownAgent,
      query(z.object({ fields: fieldsOf(agentShape) })),
      (c) => {
        const { agent, versionstamp } = c.var;
        const data = pick(agentView(agent), c.req.valid("query").fields);
        return tagged(c, versionstamp, { success: true as const, data });
      },
    )
    .put(
      "/:id/status",
      describe({
        summary: "Go to work, or stop",
        details: "Going offline warns of the tickets that are left open: what is not started of " +
          "them goes back to the queue, unless the agent is back before. To be online ends a break, " +
          "and soon after a shift takes it up again.",
        answers: { 200: one(agentShape.extend({ openTickets: z.array(answerId).optional() })) },
        refusals: ["agent_unavailable"],
      }),
      authenticate,
      idempotent,
      agentPath,
      permit("set_own_agent_status"),
      knownAgent,
      retagged,
      ownAgentOr("set_any_agent_status"),
      body(
        z.object({ status: z.enum(AGENT_STATUSES), onlineAtShiftStart: z.boolean().optional() }),
        { present: { status: "online" } },
      ),
      async (c) => {
        const { actor, agent } = c.var;
        const changes = c.req.valid("json");
        const { status } = changes;
        return await once(c, (desk) => setAgentStatus(desk, actor, agent.id, changes), (set) => {
          const open = set.activeTickets.map((held) => held.id);
          const leaves = status === "offline" && open.length > 0;
          const idles = status !== "offline" && isOffShift(set);
          const warnings = [
            ...(leaves ? [`${set.name} goes offline with ${open.length} open tickets.`] : []),
            ...(idles ? [`${set.name} is not on shift and is given no work.`] : []),
          ];
          const data = { ...agentView(set), ...(leaves ? { openTickets: open } : {}) };
          return c.json({ success: true as const, data, ...warned(warnings) }, 200);
        });
      },
    )
    .post(
      "/:agentId/claim/:ticketId",
      describe({
        summary: "Take a waiting ticket",
        details: "Of any number at once exactly one wins.",
        answers: { 200: one(z.object({ agent: agentShape, ticket: ticketShape })) },
        refusals: CLAIM_REFUSALS,
      }),
      authenticate,
      idempotent,
      param(z.object({ agentId: id, ticketId: ticketIdOrNumber })),
      visibleTicket,
      permit("claim"),
      query(z.object({
        force: flag.default(false).meta({
          description: "Over capacity and without a skill: for supervisors and administrators.",
          default: "false",
        }),
      })),
      async (c) => {
        const { desk, actor } = c.var;
        const { id: ticketId } = c.get("ticket");
        const { agentId } = c.req.valid("param");
        const { force } = c.req.valid("query");
        const forOthers = may(actor, "claim_for_others");
        if (!forOthers && (force || agentId !== actor.agent?.id)) {
          // That there is no such agent comes before what is not allowed.
          granted(await getAgent(desk, agentId));
          reject(refuse("forbidden", "Only a supervisor claims for others, or by force."));
        }
        return await once(
          c,
          (desk) => claimTicket(desk, actor, { ticketId, agentId, force }),
          async ({ ticket, agent, warnings }) => {
            const view = await ticketView(desk, actor, ticket);
            const data = { agent: agentView(agent), ticket: view };
            return c.json({ success: true as const, data, ...warned(warnings) }, 200);
          },
        );
      },
    );
}
