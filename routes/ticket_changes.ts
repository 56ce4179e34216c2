import { type Context, Hono } from "hono";
import { z } from "zod";
import { SKILL_LEVEL_REQUIRED_DEFAULT } from "../domain/rules/skill.ts";
import { STATUSES } from "../domain/rules/ticket.ts";
import type { Changed } from "../domain/services/decision.ts";
import {
  changeStatus,
  editTicket,
  escalateTicket,
  resolveEscalation,
} from "../domain/services/ticket_changes.ts";
import { openTicket } from "../domain/services/tickets.ts";
import { one, warned } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { retagged } from "./http/etag.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { knownCategory } from "./http/known_category.ts";
import {
  department,
  id,
  instant,
  namesSomething,
  needsOneOf,
  priority,
  skills,
  slug,
  tags,
  text,
  ticketIdOrNumber,
} from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { body, param } from "./http/validate.ts";
import { ticketShape, ticketView } from "./views/ticket.ts";

const path = z.object({ id: ticketIdOrNumber });

const fields = {
  title: text(200),
  description: text(20_000),
  priority,
  category: slug,
  department,
  requiredSkills: skills(SKILL_LEVEL_REQUIRED_DEFAULT),
  tags,
  dueDate: instant.nullable(),
  estimatedHours: z.number().min(0.25).max(100),
};

const newTicket = z.object({
  ...fields,
  // No `default`s: clients made from the document would send them, as if somebody had chosen.
  priority: priority.optional().meta({ description: "Where it is missing: 2, or as suggested." }),
  category: fields.category.optional().meta({
    description: "Where it is missing: `general`, or as suggested.",
  }),
  department: department.default("general"),
  requiredSkills: fields.requiredSkills.default([]).meta({ default: [] }),
  tags: tags.default([]),
  dueDate: fields.dueDate.default(null),
  estimatedHours: fields.estimatedHours.default(1),
});

const edit = z.object(fields).partial().refine(
  namesSomething,
  `Must name one of ${Object.keys(fields).join(", ")}; status and assignment have routes of ` +
    "their own",
).meta(needsOneOf(Object.keys(fields)));

const statusChange = z.object({
  status: z.enum(STATUSES),
  agentId: id.optional(),
  comment: text(10_000).optional(),
});

const escalation = z.object({ reason: text(1_000) });
const settlement = z.object({ note: text(10_000).optional() });

/** Why a change of status may be refused, beside what its input may lack. */
const STATUS_REFUSALS = [
  "forbidden",
  "not_found",
  "conflict",
  "invalid_transition",
  "already_claimed",
  "agent_unavailable",
  "missing_skill",
  "at_capacity",
] as const;

/** What opens and changes tickets, mounted beside what reads them. */
// deno-lint-ignore explicit-module-boundary-types
export function ticketChangeRoutes() {
  return new Hono<AppEnv>()
    .post(
      "/",
      describe({
        summary: "Open a ticket",
        details: "Its category is one of those that the SLA configurations have. A category or a " +
          "priority that is not named is `general` and 2, unless what is learned from earlier " +
          "tickets is sure enough to be applied; staff see it as `suggested`.",
        answers: { 201: one(ticketShape) },
      }),
      authenticate,
      idempotent,
      permit("open_ticket"),
      body(newTicket, {
        short: { title: "My card is lost", description: "Please send a new one." },
        whole: {
          title: "Charged twice",
          description: "The invoice of March was paid two times.",
          priority: 1,
          category: "billing",
          department: "Billing",
          requiredSkills: ["invoices:3"],
          tags: ["invoice"],
          dueDate: "2026-12-01T12:00:00.000Z",
          estimatedHours: 0.5,
        },
      }),
      knownCategory,
      async (c) => {
        const { actor } = c.var;
        const input = c.req.valid("json");
        return await once(c, (desk) => openTicket(desk, actor, input), async (ticket) => {
          const data = await ticketView(c.get("desk"), actor, ticket);
          c.header("Location", `/api/tickets/${ticket.id}`);
          return c.json({ success: true as const, data }, 201);
        });
      },
    )
    .patch(
      "/:id",
      describe({
        summary: "Edit a ticket",
        details:
          "Sets what is named and keeps the rest; a `dueDate` of null takes the date away. " +
          "Another priority or category brings other deadlines. A customer edits title and " +
          "description of its own ticket while it is queued.",
        answers: { 200: one(ticketShape) },
        refusals: ["forbidden", "conflict"],
      }),
      authenticate,
      idempotent,
      param(path),
      visibleTicket,
      retagged,
      permit("edit_ticket"),
      body(edit, { urgent: { priority: 1, tags: ["vip"] }, undated: { dueDate: null } }),
      knownCategory,
      async (c) => {
        const { actor, ticket } = c.var;
        const changes = c.req.valid("json");
        return await once(
          c,
          (desk) => editTicket(desk, actor, ticket.id, changes),
          (changed) => answerWith(c, changed),
        );
      },
    )
    .post(
      "/:id/escalate",
      describe({
        summary: "Escalate a ticket, and say why",
        details: "The status `escalated`, one level higher; the reason stands in the history.",
        answers: { 200: one(ticketShape) },
        refusals: ["forbidden", "invalid_transition"],
      }),
      authenticate,
      idempotent,
      param(path),
      visibleTicket,
      retagged,
      permit("change_status"),
      body(escalation, { reason: { reason: "The customer cannot pay until this is solved." } }),
      async (c) => {
        const { actor, ticket } = c.var;
        const said = c.req.valid("json");
        return await once(
          c,
          (desk) => escalateTicket(desk, actor, ticket.id, said),
          (changed) => answerWith(c, changed),
        );
      },
    )
    .put(
      "/:id/resolve-escalation",
      describe({
        summary: "End an escalation",
        details: "The level becomes 0, and an escalated ticket goes on with its agent or in the " +
          "queue. The note becomes an internal comment.",
        answers: { 200: one(ticketShape) },
        refusals: ["not_escalated", "conflict"],
      }),
      authenticate,
      idempotent,
      param(path),
      visibleTicket,
      retagged,
      permit("resolve_escalation"),
      body(settlement, { noted: { note: "Called them; a technician comes at noon." } }),
      async (c) => {
        const { actor, ticket } = c.var;
        const said = c.req.valid("json");
        return await once(
          c,
          (desk) => resolveEscalation(desk, actor, ticket.id, said),
          (changed) => answerWith(c, changed),
        );
      },
    )
    .put(
      "/:id/status",
      describe({
        summary: "Change a ticket's status",
        details: "A move that is not possible is answered with those that are, as `allowed`.",
        answers: { 200: one(ticketShape) },
        refusals: STATUS_REFUSALS,
      }),
      authenticate,
      idempotent,
      param(path),
      visibleTicket,
      retagged,
      permit("change_status"),
      body(statusChange, {
        assign: { status: "assigned", agentId: "019ab3c4-5d6e-7f80-9123-456789abcdef" },
        resolve: { status: "resolved", comment: "A new card is on its way." },
      }),
      async (c) => {
        const { actor, ticket } = c.var;
        const change = c.req.valid("json");
        return await once(
          c,
          (desk) => changeStatus(desk, actor, ticket.id, change),
          (changed) => answerWith(c, changed),
        );
      },
    );
}

/** The ticket as it is now, and what whoever changed it should know. */
async function answerWith(c: Context<AppEnv>, { ticket, warnings }: Changed) {
  const data = await ticketView(c.get("desk"), c.get("actor"), ticket);
  return c.json({ success: true as const, data, ...warned(warnings) }, 200);
}
