import type { Agent } from "../rules/agent.ts";
import type { Demand } from "../rules/assignment.ts";
import type { Calendar } from "../rules/calendar.ts";
import type { Comment } from "../rules/comment.ts";
import type { HistoryEntry } from "../rules/event.ts";
import { type Attempts, attemptsEndAt } from "../rules/lockout.ts";
import type { Notification } from "../rules/notification.ts";
import type { Prediction } from "../rules/prediction.ts";
import { fold } from "../rules/skill.ts";
import type { SlaConfiguration } from "../rules/sla_configuration.ts";
import type { Measurement } from "../rules/sla_metrics.ts";
import { isWaiting, laneOf, nextDueAt, shownDueAt, type Ticket } from "../rules/ticket.ts";
import { isActive, searchedName, type Session, type User } from "../rules/user.ts";
import { ticketWords } from "../rules/words.ts";
import { workloadChange } from "../rules/workload.ts";
import type { Webhook } from "../rules/webhook.ts";
import type { WebhookDelivery, WebhookProgress } from "../rules/webhook_delivery.ts";
import { classifiers } from "./classifier.ts";
import { type CountScope, keys } from "./keys.ts";
import type { Count, IndexEntry, RecordKind } from "./records.ts";
import { departures, shiftPatterns, shifts } from "./shift_kinds.ts";
import { storedBytes } from "./size.ts";
import { upgradeTicket } from "./upgrade.ts";
import { wordBit } from "./words.ts";

/** A ticket that is larger stands in its indexes as a pointer, and lists fetch it. */
const ROW_BYTES_MAX = 8 * 1_024;

/** What an index holds: the ticket itself while it is small, so that a list is one read. */
export type TicketRow = Ticket | typeof POINTER;
export const POINTER = "pointer";

/** What stands in the index of roles for a user who has the role, but does not act in it now. */
export const DEACTIVATED = "deactivated";

/** What the queue holds of a ticket: enough to route it, and to say who may see that it waits. */
export type QueueRow = Demand & Pick<Ticket, "createdBy">;

export const tickets: RecordKind<Ticket> = {
  name: "ticket",
  schema: 2,
  upgrade: upgradeTicket,
  key: (ticket) => keys.ticket(ticket.id),
  indexes(ticket) {
    const { id, number, status, assignee, createdBy, priority, nextAt } = ticket;
    const row: TicketRow = storedBytes(ticket) <= ROW_BYTES_MAX ? ticket : POINTER;
    const entries: IndexEntry[] = [
      { key: keys.ticketByNumber(number), value: id },
      { key: keys.ticketByStatus(status, id), value: row },
      { key: keys.ticketByDepartment(fold(ticket.department), status, id), value: row },
      { key: keys.ticketByRequester(createdBy, id), value: row },
      // Asked for seldom and rewritten often: a pointer each.
      { key: keys.ticketByDue(shownDueAt(ticket), id), value: POINTER },
      { key: keys.ticketByUpdated(ticket.updatedAt, id), value: POINTER },
    ];
    if (assignee !== null) {
      entries.push({ key: keys.ticketByAssignee(assignee.agentId, status, id), value: row });
    }
    for (const tag of new Set(ticket.tags.map(fold))) {
      entries.push({ key: keys.ticketByTag(tag, id), value: row });
    }
    if (nextAt !== null) entries.push({ key: keys.due(nextAt, id), value: POINTER });
    if (isWaiting(ticket)) {
      const key = keys.queue(laneOf(ticket), priority, nextDueAt(ticket), id);
      const { department, requiredSkills, waitingSince, releasedBy } = ticket;
      const row: QueueRow = { department, requiredSkills, waitingSince, releasedBy, createdBy };
      entries.push({ key, value: row });
    }
    return entries;
  },
  counters(ticket) {
    const { number, status, priority, assignee, createdBy } = ticket;
    const department = fold(ticket.department);
    const scopes: CountScope[] = [
      ["all"],
      ["department", department],
      ["requester", createdBy, department],
    ];
    if (assignee !== null) {
      scopes.push(["assignee", assignee.agentId, department]);
      if (assignee.userId === createdBy) scopes.push(["own", assignee.agentId, department]);
    }
    return [
      ...scopes.map((scope) => one(keys.ticketCount(scope, status, priority))),
      ...Array.from(ticketWords(ticket), (word) => wordBit(word, number)),
    ];
  },
};

export const agents: RecordKind<Agent> = {
  name: "agent",
  schema: 1,
  key: (agent) => keys.agent(agent.id),
  indexes: (agent) => [
    { key: keys.agentByUser(agent.userId), value: agent.id },
    { key: keys.agentByStatus(agent.status, fold(agent.department), agent.id), value: agent },
  ],
  counters: () => [],
  tells: workloadChange,
};

export const users: RecordKind<User> = {
  name: "user",
  schema: 1,
  key: (user) => keys.user(user.id),
  indexes: (user) => [
    { key: keys.userByEmail(user.email), value: user.id },
    { key: keys.userByName(searchedName(user.name), user.id), value: user.id },
    {
      key: keys.userByRole(user.role, user.id),
      value: isActive(user) ? user.id : DEACTIVATED,
    },
  ],
  counters: () => [],
};

export const sessions: RecordKind<Session> = {
  name: "session",
  schema: 1,
  key: (session) => keys.session(session.userId, session.id),
  expiresAt: (session) => session.expiresAt,
  indexes: () => [],
  counters: () => [],
};

export const attempts: RecordKind<Attempts> = {
  name: "attempt",
  schema: 1,
  key: ({ account }) => keys.attempt(account),
  expiresAt: attemptsEndAt,
  indexes: () => [],
  counters: () => [],
};

export const comments: RecordKind<Comment> = {
  name: "comment",
  schema: 1,
  key: (comment) => keys.comment(comment.ticketId, comment.id),
  indexes: () => [],
  counters: () => [],
};

export const history: RecordKind<HistoryEntry> = {
  name: "history",
  schema: 1,
  key: (entry) => keys.history(entry.ticketId, entry.id),
  indexes: () => [],
  counters: () => [],
};

export const notifications: RecordKind<Notification> = {
  name: "notification",
  schema: 1,
  key: (notification) => keys.notification(notification.recipient, notification.id),
  indexes: ({ recipient, id, read }) =>
    read ? [] : [{ key: keys.unread(recipient, id), value: id }],
  counters: ({ recipient, read }) => read ? [] : [one(keys.unreadCount(recipient))],
};

export const slaConfigurations: RecordKind<SlaConfiguration> = {
  name: "sla_configuration",
  schema: 1,
  key: ({ priority, category }) => keys.slaConfiguration(priority, category),
  indexes: () => [],
  counters: () => [],
};

export const calendars: RecordKind<Calendar> = {
  name: "calendar",
  schema: 1,
  key: (calendar) => keys.calendar(calendar.id),
  indexes: () => [],
  counters: () => [],
};

export const measurements: RecordKind<Measurement> = {
  name: "measurement",
  schema: 1,
  key: (measurement) => keys.measurement(measurement.id),
  indexes: () => [],
  counters: () => [],
};

export const webhooks: RecordKind<Webhook> = {
  name: "webhook",
  schema: 1,
  key: (webhook) => keys.webhook(webhook.id),
  indexes: () => [],
  counters: () => [one(keys.webhookCount())],
};

/** Apart from the webhook: it changes with every try, and no edit must get in its way. */
export const webhookProgress: RecordKind<WebhookProgress> = {
  name: "webhook_progress",
  schema: 1,
  key: (progress) => keys.webhookProgress(progress.webhookId),
  indexes: () => [],
  counters: () => [],
};

export const webhookDeliveries: RecordKind<WebhookDelivery> = {
  name: "webhook_delivery",
  schema: 1,
  key: (delivery) => keys.webhookDelivery(delivery.webhookId, delivery.id),
  expiresAt: (delivery) => delivery.expiresAt,
  indexes: () => [],
  counters: () => [],
};

/** One record for the desk; some 20 KiB at most, for its departments are bounded. */
export const predictions: RecordKind<Prediction> = {
  name: "prediction",
  schema: 1,
  key: () => keys.prediction(),
  indexes: () => [],
  counters: () => [],
};

type AnyKind = RecordKind<{ readonly schema: number }>;

/**
 * Every kind of record by its name, which is the first part of its keys: so that whoever reads the
 * whole store hands each record to its own kind.
 */
export const KINDS: ReadonlyMap<string, AnyKind> = new Map(
  ([
    users,
    sessions,
    attempts,
    agents,
    tickets,
    comments,
    history,
    notifications,
    slaConfigurations,
    calendars,
    measurements,
    shifts,
    shiftPatterns,
    departures,
    webhooks,
    webhookProgress,
    webhookDeliveries,
    predictions,
    classifiers,
  ] as unknown as AnyKind[]).map((kind) => [kind.name, kind]),
);

function one(key: Count["key"]): Count {
  return { key, by: 1n };
}
