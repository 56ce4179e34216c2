// What sockets and webhooks are told, as the rules present it: the catalogue of the document, to
// which every event is held that a desk of tests commits.

import { z } from "zod";
import { AGENT_STATUSES } from "../../domain/rules/agent.ts";
import { EDITABLE_FIELDS } from "../../domain/rules/edit.ts";
import { GIVEN_BY, type HistoryAction } from "../../domain/rules/event.ts";
import type { EventName } from "../../domain/rules/event_name.ts";
import { BREAK_TYPES } from "../../domain/rules/shift.ts";
import { CLOCK_NAMES } from "../../domain/rules/sla.ts";
import { PRIORITIES, STATUSES } from "../../domain/rules/ticket.ts";
import { id, instant } from "../http/answers.ts";

export interface DescribedEvent {
  /** When it is told. */
  readonly summary: string;
  /** The topics by which sockets hear it. */
  readonly topics: readonly string[];
  readonly data: z.ZodType;
}

const OF_TICKET = ["ticket:<id>", "department:<name>"];

const status = z.enum(STATUSES);
const clock = z.enum(CLOCK_NAMES).meta({ description: "The promise." });
const level = z.number().int().min(0).meta({ description: "The level of escalation." });

/** The ticket as it is by then. */
const ticketBrief = {
  ticketId: id,
  number: z.number().int(),
  status,
  priority: z.literal(PRIORITIES),
  department: z.string(),
  assignedTo: id.nullable().meta({ description: "An agent." }),
  at: instant,
};

/** Details are of ids, states and numbers; whole texts are asked for over HTTP. */
function ofTicket(
  component: string,
  actions: readonly [HistoryAction, ...HistoryAction[]],
  details: z.ZodRawShape,
): z.ZodType {
  return z.object({
    ...ticketBrief,
    action: z.enum(actions).meta({ description: "As the history of the ticket tells it." }),
    performedBy: id.nullable().meta({ description: "A user; null for the desk itself." }),
    details: z.object(details),
  }).meta({ id: component });
}

const move = { from: status, to: status };

const edits = EDITABLE_FIELDS.filter((field) => field !== "title" && field !== "description");
const value = z.union([z.string(), z.number(), z.null()]).optional();

/** From what to what, for each field that is small enough to be told. */
const editedValues = Object.fromEntries(
  edits.flatMap((field) => [[`${field}From`, value], [`${field}To`, value]]),
);

const updated = ofTicket(
  "TicketUpdatedData",
  ["updated", "status_updated", "reopened", "escalation_resolved", "rated"],
  {
    from: status.optional().meta({ description: "Where the status changed, as `to`." }),
    to: status.optional(),
    fields: z.string().optional().meta({
      description: "Where fields were edited: their names, with a comma and a space between.",
    }),
    ...editedValues,
    score: z.number().int().optional().meta({ description: "Where it was rated." }),
    by: z.string().optional().meta({ description: "What did it, where no person edited it." }),
    reason: z.string().nullable().optional(),
    responseDeadline: instant.optional().meta({
      description: "The new deadlines, where promises were edited.",
    }),
    nextReplyDeadline: instant.optional(),
    resolutionDeadline: instant.optional(),
  },
);

const shiftData = { agentId: id, shiftId: id, at: instant };
const shift = z.object({ ...shiftData, overtime: z.boolean() }).meta({ id: "ShiftData" });
const pause = z.object({ ...shiftData, breakId: id, breakType: z.enum(BREAK_TYPES) })
  .meta({ id: "BreakData" });

/** Of every event when it is told, by which topics, and what its `data` holds. */
export const EVENTS: Readonly<Record<EventName, DescribedEvent>> = {
  "ticket.created": {
    summary: "A ticket was opened",
    topics: OF_TICKET,
    data: ofTicket("TicketCreatedData", ["created"], {
      status,
      priority: z.literal(PRIORITIES),
      category: z.string(),
      department: z.string(),
      suggested: z.string().optional().meta({ description: "Which of these were filled in." }),
    }),
  },
  "ticket.updated": {
    summary: "A ticket was edited or rated, or has another status of which no other event tells",
    topics: OF_TICKET,
    data: updated,
  },
  "ticket.assigned": {
    summary: "An agent has the ticket from now on",
    topics: OF_TICKET,
    data: ofTicket("TicketAssignedData", ["assigned", "reassigned", "handover"], {
      from: id.nullable().meta({ description: "The agent who had it." }),
      to: id.meta({ description: "The agent who has it." }),
      status: status.meta({ description: "The status that it had." }),
      by: z.enum(GIVEN_BY).optional().meta({
        description: "How it came to the agent: what was balanced, by `rebalance` or `optimize`.",
      }),
    }),
  },
  "ticket.requeued": {
    summary: "A ticket went back to the queue",
    topics: OF_TICKET,
    data: ofTicket("TicketRequeuedData", ["requeued"], {
      ...move,
      agent: id.nullable().meta({ description: "The agent who had it." }),
      by: z.enum(["deactivated", "handover", "left"]).optional().meta({
        description: "Where its agent ceased to have any.",
      }),
    }),
  },
  "ticket.escalated": {
    summary: "A person or a rule raised the level of escalation",
    topics: OF_TICKET,
    data: ofTicket("TicketEscalatedData", ["escalated"], {
      level,
      from: status.optional(),
      to: status.optional(),
      reason: z.string().optional().meta({ description: "What the person said, in short." }),
      by: z.literal("rule").optional(),
      clock: clock.optional(),
      threshold: z.number().int().optional().meta({ description: "The rule's, in minutes." }),
    }),
  },
  "ticket.resolved": {
    summary: "A ticket was resolved",
    topics: OF_TICKET,
    data: ofTicket("TicketResolvedData", ["resolved"], move),
  },
  "ticket.closed": {
    summary: "A ticket was closed",
    topics: OF_TICKET,
    data: ofTicket("TicketClosedData", ["closed"], {
      ...move,
      by: z.literal("age").optional().meta({ description: "It had been resolved for long." }),
    }),
  },
  "ticket.commented": {
    summary: "A comment was added; of an internal one customers hear nothing",
    topics: OF_TICKET,
    data: ofTicket("TicketCommentedData", ["commented"], {
      commentId: id,
      visibility: z.enum(["public", "internal"]),
    }),
  },
  "ticket.left": {
    summary: "A ticket that you could see until now is another department's, or another agent's",
    topics: OF_TICKET,
    data: z.object({ ticketId: id, number: z.number().int(), at: instant })
      .meta({ id: "TicketLeftData" }),
  },
  "sla.warning": {
    summary: "Most of the time for a promise is used",
    topics: OF_TICKET,
    data: ofTicket("SlaWarningData", ["sla_warning"], { clock, dueAt: instant }),
  },
  "sla.breach": {
    summary: "A promise was broken",
    topics: OF_TICKET,
    data: ofTicket("SlaBreachData", ["sla_breach"], {
      clock,
      dueAt: instant,
      ...move,
      level,
      reason: z.enum(["target_change", "calendar_change"]).optional().meta({
        description: "Which change moved the deadline into the past.",
      }),
    }),
  },
  "queue.changed": {
    summary: "A ticket began or ceased to wait, or waits in another department",
    topics: ["queue"],
    data: z.object({ ...ticketBrief, change: z.enum(["entered", "left"]) })
      .meta({ id: "QueueChangedData" }),
  },
  "agent.status": {
    summary: "An agent's status or record changed",
    topics: ["agents"],
    data: z.object({
      agentId: id,
      userId: id,
      status: z.enum(AGENT_STATUSES),
      onBreak: z.boolean(),
      at: instant,
    }).meta({ id: "AgentStatusData" }),
  },
  "shift.started": { summary: "A shift began", topics: ["agents"], data: shift },
  "shift.ended": { summary: "A shift ended", topics: ["agents"], data: shift },
  "break.started": { summary: "A break began", topics: ["agents"], data: pause },
  "break.ended": { summary: "A break ended", topics: ["agents"], data: pause },
  "workload.changed": {
    summary: "An agent has more or less to do, or takes more or less",
    topics: ["workload"],
    data: z.object({
      agentId: id,
      status: z.enum(AGENT_STATUSES),
      onBreak: z.boolean(),
      activeTickets: z.number().int().min(0).meta({ description: "How many are open." }),
      maxTickets: z.number().int().meta({ description: "How many it may have." }),
      currentLoad: z.number().meta({ description: "Hours estimated for those that are open." }),
      at: instant,
    }).meta({ id: "WorkloadChangedData" }),
  },
};

export const EVENT_NAMES = Object.keys(EVENTS) as EventName[]; // the catalogue's own keys
