import {
  AGENT,
  AMIRA,
  BREAK,
  COMMENT,
  CURSOR,
  OPENED,
  SHIFT,
  TICKET,
  WEBHOOK,
} from "./example_facts.ts";

const waiting = {
  ticketId: TICKET,
  number: 1042,
  status: "queued",
  priority: 1,
  department: "Billing",
  assignedTo: null,
  at: OPENED,
};
const held = { ...waiting, status: "in-progress", assignedTo: AGENT, performedBy: AMIRA };
const byItself = { ...held, performedBy: null };

const left = { ticketId: TICKET, number: 1042, at: OPENED };
const promise = { clock: "response", dueAt: OPENED };

export const EVENT_EXAMPLES: Readonly<Record<string, unknown>> = {
  TicketCreatedData: {
    ...waiting,
    action: "created",
    performedBy: AMIRA,
    details: { status: "queued", priority: 1, category: "billing", department: "Billing" },
  },
  TicketUpdatedData: {
    ...held,
    action: "updated",
    details: {
      fields: "priority, tags",
      priorityFrom: 2,
      priorityTo: 1,
      tagsFrom: "",
      tagsTo: "vip",
    },
  },
  TicketAssignedData: {
    ...held,
    status: "assigned",
    action: "assigned",
    details: { from: null, to: AGENT, status: "queued", by: "claim" },
  },
  TicketRequeuedData: {
    ...waiting,
    action: "requeued",
    performedBy: null,
    details: { from: "assigned", to: "queued", agent: AGENT, by: "left" },
  },
  TicketEscalatedData: {
    ...held,
    status: "escalated",
    action: "escalated",
    details: { from: "in-progress", to: "escalated", level: 1, reason: "They cannot pay." },
  },
  TicketResolvedData: {
    ...held,
    status: "resolved",
    action: "resolved",
    details: { from: "in-progress", to: "resolved" },
  },
  TicketClosedData: {
    ...byItself,
    status: "closed",
    action: "closed",
    details: { from: "resolved", to: "closed", by: "age" },
  },
  TicketCommentedData: {
    ...held,
    action: "commented",
    details: { commentId: COMMENT, visibility: "public" },
  },
  TicketLeftData: left,
  SlaWarningData: { ...byItself, action: "sla_warning", details: promise },
  SlaBreachData: {
    ...byItself,
    status: "escalated",
    action: "sla_breach",
    details: { ...promise, from: "in-progress", to: "escalated", level: 1 },
  },
  QueueChangedData: { ...waiting, change: "entered" },
  AgentStatusData: { agentId: AGENT, userId: AMIRA, status: "online", onBreak: false, at: OPENED },
  ShiftData: { agentId: AGENT, shiftId: SHIFT, at: OPENED, overtime: false },
  BreakData: { agentId: AGENT, shiftId: SHIFT, at: OPENED, breakId: BREAK, breakType: "lunch" },
  WorkloadChangedData: {
    agentId: AGENT,
    status: "online",
    onBreak: false,
    activeTickets: 2,
    maxTickets: 5,
    currentLoad: 1.5,
    at: OPENED,
  },
  SocketEvent: {
    type: "event",
    cursor: CURSOR,
    event: "ticket.left",
    topic: "department:billing",
    data: left,
  },
  PingData: { webhookId: WEBHOOK },
};
