import { Hono } from "hono";
import { z } from "zod";
import { CATEGORIES } from "../domain/rules/sla.ts";
import { SKILL_LEVEL_REQUIRED_DEFAULT } from "../domain/rules/skill.ts";
import { STATUSES } from "../domain/rules/ticket.ts";
import { changeStatus } from "../domain/services/ticket_changes.ts";
import { openTicket } from "../domain/services/tickets.ts";
import { one, warned } from "./http/answers.ts";
import { authenticate, permit } from "./http/authenticate.ts";
import type { AppEnv } from "./http/context.ts";
import { describe } from "./http/describe.ts";
import { idempotent, once } from "./http/idempotency.ts";
import { granted } from "./http/problem.ts";
import { department, id, instant, skills, tags, text, ticketIdOrNumber } from "./http/schemas.ts";
import { visibleTicket } from "./http/subject.ts";
import { body, param } from "./http/validate.ts";
import { ticketShape, ticketView } from "./views/ticket.ts";

const priority = z.literal([1, 2, 3]);

const newTicket = z.object({
  title: text(200),
  description: text(20_000),
  priority: priority.default(2),
  category: z.enum(CATEGORIES).default("general"),
  department: department.default("general"),
  requiredSkills: skills(SKILL_LEVEL_REQUIRED_DEFAULT).default([]),
  tags: tags.default([]),
  dueDate: instant.nullable().default(null),
  estimatedHours: z.number().min(0.25).max(100).default(1),
});

const statusChange = z.object({
  status: z.enum(STATUSES),
  agentId: id.optional(),
  comment: text(10_000).optional(),
});

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
      describe({ summary: "Open a ticket", answers: { 201: one(ticketShape) } }),
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
    .put(
      "/:id/status",
      describe({
        summary: "Change a ticket's status",
        details: "A move that is not possible is answered with those that are, as `allowed`.",
        answers: { 200: one(ticketShape) },
        refusals: STATUS_REFUSALS,
      }),
      authenticate,
      param(z.object({ id: ticketIdOrNumber })),
      visibleTicket,
      permit("change_status"),
      body(statusChange, {
        assign: { status: "assigned", agentId: "019ab3c4-5d6e-7f80-9123-456789abcdef" },
        resolve: { status: "resolved", comment: "A new card is on its way." },
      }),
      async (c) => {
        const { desk, actor, ticket } = c.var;
        const changed = granted(
          await changeStatus(desk, actor, ticket.id, c.req.valid("json")),
        );
        const data = await ticketView(desk, actor, changed.ticket);
        return c.json({ success: true as const, data, ...warned(changed.warnings) }, 200);
      },
    );
}
