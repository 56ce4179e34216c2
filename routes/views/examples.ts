// What the document shows of each shape, by its name there; a test holds them to their schemas.

import { completePreferences } from "../../domain/rules/preferences.ts";
import { ANALYTICS_EXAMPLES } from "./analytics_examples.ts";
import { EVENT_EXAMPLES } from "./event_examples.ts";
import { AGENT, AMIRA, COMMENT, CURSOR, OPENED, TICKET } from "./example_facts.ts";
import { PREDICTION_EXAMPLES } from "./prediction_examples.ts";
import { SHIFT_EXAMPLES } from "./shift_examples.ts";
import { SLA_EXAMPLES } from "./sla_examples.ts";
import { WEBHOOK_EXAMPLES } from "./webhook_examples.ts";
import { WORKLOAD_EXAMPLES } from "./workload_examples.ts";

const ADA = "019ab3c4-0000-7000-8000-0000000000ad";
const NOTIFICATION = "019ab3c4-0000-7000-8000-0000000000f1";
const SESSION = "019ab3c4-0000-7000-8000-0000000000e1";
const ANSWERED = "2026-11-22T10:20:00.000Z";
const RESPONSE_DUE = "2026-11-22T11:00:00.000Z";
const RESOLUTION_DUE = "2026-11-22T14:00:00.000Z";

const user = {
  id: ADA,
  _id: ADA,
  name: "Ada",
  email: "ada@example.com",
  role: "user",
  active: true,
  createdAt: OPENED,
};

const sla = {
  responseDeadline: RESPONSE_DUE,
  responseTimeMet: true,
  resolutionDeadline: RESOLUTION_DUE,
  resolutionTimeMet: false,
  isBreached: false,
  paused: false,
};

const clock = {
  name: "response",
  state: "fulfilled",
  targetMinutes: 60,
  deadline: RESPONSE_DUE,
  isBreached: false,
  breachedAt: null,
  fulfilledAt: ANSWERED,
};

const notification = {
  id: NOTIFICATION,
  _id: NOTIFICATION,
  type: "ticket_assigned",
  message: "Ticket 1042 was assigned to you: Charged twice",
  recipient: AMIRA,
  read: false,
  ticketId: TICKET,
  metadata: { number: 1042, action: "assigned", status: "assigned" },
  createdAt: OPENED,
};

const historyEntry = {
  action: "assigned",
  performedBy: AMIRA,
  timestamp: OPENED,
  details: { from: null, to: AGENT, status: "queued", by: "claim" },
};

const comment = {
  id: COMMENT,
  _id: COMMENT,
  ticketId: TICKET,
  author: { _id: AMIRA, id: AMIRA, name: "Amira", role: "agent" },
  body: "A new card is on its way.",
  visibility: "public",
  createdAt: ANSWERED,
};

const suggestion = {
  category: "billing",
  priority: null,
  confidence: 0.93,
  confidences: { category: 0.93, priority: null },
  applied: [],
};

const ticket = {
  id: TICKET,
  _id: TICKET,
  number: 1042,
  title: "Charged twice",
  description: "The invoice of March was paid two times.",
  status: "assigned",
  priority: 1,
  category: "billing",
  department: "Billing",
  requiredSkills: ["invoices:3"],
  tags: ["invoice"],
  dueDate: RESOLUTION_DUE,
  estimatedHours: 0.5,
  assignedTo: {
    _id: AGENT,
    id: AGENT,
    name: "Amira",
    email: "amira@example.com",
    status: "online",
    department: "Billing",
  },
  createdBy: { _id: ADA, id: ADA, name: "Ada", email: "ada@example.com" },
  escalationLevel: 0,
  sla,
  commentCount: 1,
  firstResponseTime: ANSWERED,
  resolvedAt: null,
  resolutionTime: null,
  createdAt: OPENED,
  suggested: suggestion,
  updatedAt: ANSWERED,
};

const rating = {
  score: 5,
  comment: "Solved within the hour.",
  ratedAt: "2026-11-23T09:00:00.000Z",
};

const agent = {
  id: AGENT,
  _id: AGENT,
  user: AMIRA,
  name: "Amira",
  email: "amira@example.com",
  status: "online",
  onBreak: false,
  active: true,
  department: "Billing",
  teams: ["Cards"],
  skills: ["invoices"],
  skillLevels: { invoices: 4 },
  specializations: [],
  maxTickets: 5,
  currentLoad: 0.5,
  activeTickets: [TICKET],
  currentTicket: null,
  isAtCapacity: false,
  shift: {
    start: "2026-11-22T08:00:00.000Z",
    end: "2026-11-22T16:00:00.000Z",
    timezone: "UTC",
    breaks: [],
  },
  onlineAtShiftStart: false,
  performance: {
    averageResolutionTime: 95,
    ticketsResolved: 12,
    customerSatisfaction: 4.5,
    slaComplianceRate: 91.7,
  },
  createdAt: OPENED,
  updatedAt: OPENED,
};

/** An example of each component that answers refer to. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  User: user,
  UserFields: { id: ADA, name: "Ada" },
  Grant: { success: true, token: "eyJ…", refreshToken: "019a…", expiresIn: 43_200, data: user },
  Session: {
    id: SESSION,
    _id: SESSION,
    createdAt: OPENED,
    lastRefreshedAt: ANSWERED,
    expiresAt: "2026-12-22T10:20:00.000Z",
    current: true,
  },
  SessionFields: { id: SESSION, current: true },
  Ticket: ticket,
  TicketFields: { id: TICKET, title: ticket.title },
  QueuedTicket: {
    ...ticket,
    status: "queued",
    assignedTo: null,
    commentCount: 0,
    firstResponseTime: null,
    position: 1,
    reason: "no_capacity",
  },
  QueuedTicketFields: { id: TICKET, position: 1 },
  WholeTicket: { ...ticket, history: [historyEntry], comments: [comment] },
  WholeTicketFields: { id: TICKET, history: [historyEntry] },
  BatchResult: {
    id: TICKET,
    ok: false,
    error: { code: "conflict", message: "Ticket 1042 is closed and cannot be edited." },
  },
  RoutingReport: {
    assigned: [{ ticketId: TICKET, agentId: AGENT }],
    unassigned: [],
    processed: 1,
  },
  Rating: rating,
  HistoryEntry: historyEntry,
  HistoryEntryFields: { action: "assigned", timestamp: OPENED },
  Comment: comment,
  CommentFields: { id: COMMENT, body: comment.body },
  Agent: agent,
  AgentFields: { id: AGENT, name: "Amira" },
  Sla: sla,
  SlaClock: clock,
  SlaCheck: { ...sla, clocks: [clock] },
  ...SLA_EXAMPLES,
  ...SHIFT_EXAMPLES,
  ...PREDICTION_EXAMPLES,
  ...ANALYTICS_EXAMPLES,
  Notification: notification,
  SocketNotification: { type: "notification", cursor: CURSOR, data: notification },
  NotificationFields: { id: NOTIFICATION, type: "ticket_assigned", read: false },
  NotificationPreferences: completePreferences({ ticket_updated: "silent", handover: "off" }),
  ...WEBHOOK_EXAMPLES,
  Suggestion: suggestion,
  ClassificationFields: { tickets: 480 },
  Classification: {
    generation: 12,
    tickets: 480,
    categories: [{ name: "billing", examples: 260 }, { name: "technical", examples: 198 }],
    priorities: [{ name: "1", examples: 41 }, { name: "3", examples: 22 }],
    blocks: 64,
    changedAt: ANSWERED,
  },
  ...WORKLOAD_EXAMPLES,
  ...EVENT_EXAMPLES,
  Problem: {
    type: "/problems/already_claimed",
    title: "Ticket already claimed",
    status: 409,
    detail: "Ticket 1042 is assigned to Amira.",
    code: "already_claimed",
    instance: `/api/agents/${AGENT}/claim/${TICKET}`,
    requestId: "2acf1786-5154-4b6d-90c2-154c1e3c6dd8",
    success: false,
    message: "Ticket 1042 is assigned to Amira.",
    currentStatus: "assigned",
  },
};
