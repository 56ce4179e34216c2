import { z } from "zod";
import { type Actor, isStaff } from "../../domain/rules/actor.ts";
import { type Agent, AGENT_STATUSES } from "../../domain/rules/agent.ts";
import { HISTORY_ACTIONS, type HistoryEntry } from "../../domain/rules/event.ts";
import { skillText } from "../../domain/rules/skill.ts";
import {
  PRIORITIES,
  type Rating,
  resolutionMinutes,
  SCORES,
  shownDueAt,
  STATUSES,
  type Ticket,
} from "../../domain/rules/ticket.ts";
import { type Instant, iso, isoOrNull } from "../../domain/rules/time.ts";
import type { User } from "../../domain/rules/user.ts";
import type { Desk } from "../../domain/services/desk.ts";
import { id, instant } from "../http/answers.ts";
import { suggestionShape, suggestionView } from "./classification.ts";
import { slaShape, slaView } from "./sla.ts";

export const historyShape = z.object({
  action: z.enum(HISTORY_ACTIONS),
  performedBy: id.nullable().meta({ description: "A user; null for the desk itself." }),
  timestamp: instant,
  details: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null()]),
  ).nullable(),
}).meta({ id: "HistoryEntry" });

export function historyView(
  { action, performedBy, at, details }: HistoryEntry,
): z.infer<typeof historyShape> {
  return { action, performedBy, timestamp: iso(at), details };
}

export const ratingShape = z.object({
  score: z.literal(SCORES).meta({ description: "5 is the best." }),
  comment: z.string().optional(),
  ratedAt: instant,
}).meta({ id: "Rating", description: "What its requester thought of the resolution." });

export function ratingView({ score, comment, at }: Rating): z.infer<typeof ratingShape> {
  return { score, ...(comment === undefined ? {} : { comment }), ratedAt: iso(at) };
}

const assigneeShape = z.object({
  _id: id,
  id,
  name: z.string(),
  email: z.string(),
  status: z.enum(AGENT_STATUSES),
  department: z.string(),
});

export const ticketShape = z.object({
  id,
  _id: id,
  number: z.number().int().meta({ description: "The number people say on the phone." }),
  title: z.string(),
  description: z.string(),
  status: z.enum(STATUSES),
  priority: z.literal(PRIORITIES).meta({ description: "1 is high, 3 is low." }),
  category: z.string(),
  department: z.string(),
  requiredSkills: z.array(z.string()),
  tags: z.array(z.string()),
  dueDate: instant,
  estimatedHours: z.number(),
  assignedTo: assigneeShape.nullable(),
  createdBy: z.object({ _id: id, id, name: z.string(), email: z.string() }),
  escalationLevel: z.number().int(),
  sla: slaShape,
  commentCount: z.number().int(),
  firstResponseTime: instant.nullable(),
  resolvedAt: instant.nullable(),
  resolutionTime: z.number().int().nullable().meta({ description: "Whole minutes." }),
  rating: ratingShape.optional(),
  createdAt: instant,
  suggested: suggestionShape.nullable().meta({
    description: "What the desk guessed where the requester said nothing; null for customers.",
  }),
  updatedAt: instant,
}).meta({ id: "Ticket" });

/** Tickets with their people joined in, the whole list with one look-up. */
export async function ticketViews(
  desk: Desk,
  actor: Actor,
  tickets: readonly Ticket[],
): Promise<z.infer<typeof ticketShape>[]> {
  const [users, agents] = await Promise.all([
    desk.people.users(tickets.map((ticket) => ticket.createdBy)),
    desk.people.agents(
      tickets.flatMap(({ assignee }) => assignee === null ? [] : [assignee.agentId]),
    ),
  ]);
  const now = desk.store.now();
  return tickets.map((ticket) => {
    const requester = users.get(ticket.createdBy);
    const agent = ticket.assignee === null ? undefined : agents.get(ticket.assignee.agentId);
    return viewOf(ticket, actor, requester, agent, now);
  });
}

/** The view of one ticket. */
export async function ticketView(
  desk: Desk,
  actor: Actor,
  ticket: Ticket,
): Promise<z.infer<typeof ticketShape>> {
  const [view] = await ticketViews(desk, actor, [ticket]);
  if (view === undefined) throw new Error("Cannot show a ticket: there is no view of it");
  return view;
}

function viewOf(
  ticket: Ticket,
  actor: Actor,
  requester: User | undefined,
  agent: Agent | undefined,
  now: Instant,
): z.infer<typeof ticketShape> {
  const { id, number, title, description, status, priority, category, department } = ticket;
  const { publicCommentCount, internalCommentCount, createdBy } = ticket;
  return {
    id,
    _id: id,
    number,
    title,
    description,
    status,
    priority,
    category,
    department,
    requiredSkills: ticket.requiredSkills.map(skillText),
    tags: [...ticket.tags],
    dueDate: iso(shownDueAt(ticket)),
    estimatedHours: ticket.estimatedHours,
    assignedTo: agent === undefined ? null : assigneeView(agent),
    createdBy: {
      _id: createdBy,
      id: createdBy,
      name: requester?.name ?? "",
      email: requester?.email ?? "",
    },
    escalationLevel: ticket.escalationLevel,
    sla: slaView(ticket, now),
    commentCount: publicCommentCount + (isStaff(actor) ? internalCommentCount : 0),
    firstResponseTime: isoOrNull(ticket.firstResponseAt),
    resolvedAt: isoOrNull(ticket.resolvedAt),
    resolutionTime: resolutionMinutes(ticket),
    ...(ticket.rating === undefined ? {} : { rating: ratingView(ticket.rating) }),
    createdAt: iso(ticket.createdAt),
    suggested: suggestionView(ticket, actor),
    updatedAt: iso(ticket.updatedAt),
  };
}

function assigneeView(agent: Agent): z.infer<typeof assigneeShape> {
  const { id, name, email, status, department } = agent;
  return { _id: id, id, name, email, status, department };
}
