import type { PackLevel } from "../rules/sla_range.ts";
import type { Priority } from "../rules/ticket.ts";
import type { KvKey } from "./open.ts";

/**
 * The key table: every key of the store is made here. Ids are UUIDs of version 7, so that keys that
 * end in one sort by creation. Names of departments and tags come folded (`rules/skill.ts`).
 */
export const keys = {
  user: (id: string): KvKey => ["user", id],
  userByEmail: (email: string): KvKey => ["user_by_email", email],
  userByRole: (role: string, id: string): KvKey => ["user_by_role", role, id],
  /** By the name in its search form. */
  userByName: (name: string, id: string): KvKey => ["user_by_name", name, id],
  session: (userId: string, id: string): KvKey => ["session", userId, id],
  /** By a hash of the e-mail address: it need not be that of an account. */
  attempt: (account: string): KvKey => ["attempt", account],
  /** A counter by which a rate is limited. The window comes first: what is over is one range. */
  rate: (window: number, name: string, whose: string): KvKey => ["rate", window, name, whose],
  rateWindow: (window: number): KvKey => ["rate", window],

  agent: (id: string): KvKey => ["agent", id],
  agentByUser: (userId: string): KvKey => ["agent_by_user", userId],
  agentByStatus: (status: string, department: string, id: string): KvKey => [
    "agent_by_status",
    status,
    department,
    id,
  ],

  ticket: (id: string): KvKey => ["ticket", id],
  ticketByNumber: (number: number): KvKey => ["ticket_by_number", number],
  ticketByStatus: (status: string, id: string): KvKey => ["ticket_by_status", status, id],
  ticketByDepartment: (department: string, status: string, id: string): KvKey => [
    "ticket_by_department",
    department,
    status,
    id,
  ],
  ticketByAssignee: (agentId: string, status: string, id: string): KvKey => [
    "ticket_by_assignee",
    agentId,
    status,
    id,
  ],
  ticketByRequester: (userId: string, id: string): KvKey => ["ticket_by_requester", userId, id],
  ticketByTag: (tag: string, id: string): KvKey => ["ticket_by_tag", tag, id],
  /** What tickets come to by themselves, the next of it for each, the earliest first. */
  due: (at: number, ticketId: string): KvKey => ["due", at, ticketId],
  ticketByDue: (dueAt: number, id: string): KvKey => ["ticket_by_due", dueAt, id],
  ticketByUpdated: (updatedAt: number, id: string): KvKey => ["ticket_by_updated", updatedAt, id],
  queue: (lane: number, priority: number, dueAt: number, id: string): KvKey => [
    "queue",
    lane,
    priority,
    dueAt,
    id,
  ],

  comment: (ticketId: string, id: string): KvKey => ["comment", ticketId, id],
  history: (ticketId: string, id: string): KvKey => ["history", ticketId, id],

  notification: (userId: string, id: string): KvKey => ["notification", userId, id],
  unread: (userId: string, id: string): KvKey => ["unread", userId, id],
  /** What was decided over many records and has not been done to each of them yet. */
  intent: (name: IntentName, id: string): KvKey => ["intent", name, id],
  intents: (name: IntentName): KvKey => ["intent", name],

  /** What was answered to a request that named this key; behind it pieces and progress. */
  idempotency: (userId: string, key: string, ...part: string[]): KvKey => [
    "idempotency",
    userId,
    key,
    ...part,
  ],

  /** A counter of tickets: whose they are, then status and priority. */
  ticketCount: (scope: CountScope, status: string, priority: number): KvKey => [
    ...keys.ticketCounts(scope),
    status,
    priority,
  ],
  /** All counters of a scope, or of a wider one that begins like it. */
  ticketCounts: ([name, ...whose]: CountScope): KvKey => ["count", "ticket", name, ...whose],
  unreadCount: (userId: string): KvKey => ["count", "unread", userId],
  /** Which tickets of a group of numbers have a word, as bits; see `words.ts`. */
  word: (word: string, group: number): KvKey => ["word", word, group],

  /** Changes with every change that could leave the desk without an administrator. */
  administrators: (): KvKey => ["guard", "administrators"],

  slaConfiguration: (priority: number, category: string): KvKey => [
    ...keys.slaConfigurations(),
    priority,
    category,
  ],
  slaConfigurations: (): KvKey => ["sla_configuration"],
  calendar: (id: string): KvKey => [...keys.calendars(), id],
  calendars: (): KvKey => ["calendar"],
  /** Changes with every edit of an SLA configuration or a calendar. */
  slaBook: (): KvKey => ["guard", "sla_book"],
  /** What one change of a ticket adds to the figures, until it is packed. */
  measurement: (id: string): KvKey => ["measurement", id],
  measurements: (): KvKey => ["measurement"],
  /** Figures in pieces; those of all departments and priorities at once are one range. */
  slaPack: ({ scope, level, start, whose, priority }: PackName, piece: number): KvKey => [
    ...keys.slaPacks(scope, level, start),
    whose,
    priority,
    piece,
  ],
  slaPacks: (scope: PackName["scope"], level: PackLevel, start: number): KvKey => [
    ...keys.slaPacksOf(scope, level),
    start,
  ],
  slaPacksOf: (scope: PackName["scope"], level: PackLevel): KvKey => ["sla_pack", scope, level],
  /** Changes with every commit that packs. */
  packing: (): KvKey => ["guard", "packing"],
  /** How far the packs of the whole desk have been made. */
  deskPacks: (): KvKey => ["guard", "desk_packs"],

  shift: (id: string): KvKey => ["shift", id],
  /** The shifts that an agent has by their planned starts, and apart from them the cancelled ones. */
  shiftByAgent: (agentId: string, ...place: ShiftPlace): KvKey => [
    "shift_by_agent",
    agentId,
    ...place,
  ],
  shiftCancelled: (agentId: string, ...place: ShiftPlace): KvKey => [
    "shift_cancelled",
    agentId,
    ...place,
  ],
  /** What shifts come to by themselves, the next of it for each, the earliest first. */
  shiftDue: (at: number, id: string): KvKey => ["shift_due", at, id],
  /** The same of one agent. */
  shiftNext: (agentId: string, ...place: ShiftPlace): KvKey => ["shift_next", agentId, ...place],
  shiftPattern: (id: string): KvKey => ["shift_pattern", id],
  shiftPatternByAgent: (agentId: string, ...id: readonly string[]): KvKey => [
    "shift_pattern_by_agent",
    agentId,
    ...id,
  ],
  shiftPatternDue: (at: number, id: string): KvKey => ["shift_pattern_due", at, id],
  /** Who went offline with open tickets, and when what it has not started goes back. */
  departure: (agentId: string): KvKey => ["departure", agentId],
  departureDue: (at: number, agentId: string): KvKey => ["departure_due", at, agentId],

  webhook: (id: string): KvKey => ["webhook", id],
  webhookProgress: (id: string): KvKey => ["webhook_progress", id],
  webhookDelivery: (webhookId: string, id: string): KvKey => ["webhook_delivery", webhookId, id],
  webhookCount: (): KvKey => ["count", "webhook"],

  /** What is foreseen of the next week. */
  prediction: (): KvKey => ["prediction", "desk"],
  classifier: (): KvKey => ["classifier"],
  /** Counts of the classifier; named anew with each change, so that whoever reads the old ones can. */
  classifierBlock: (block: number, name: string): KvKey => [
    ...keys.classifierBlocks(),
    block,
    name,
  ],
  classifierBlocks: (): KvKey => ["classifier_block"],
  /** In which epoch of the classifier a ticket was learned from. */
  learnedTicket: (ticketId: string): KvKey => ["learned", ticketId],

  /** Who does something alone for a while. */
  lease: (name: string): KvKey => ["lease", name],

  feed: (): KvKey => ["feed"],
  /** Who looks at a ticket, by connection. */
  presence: (ticketId: string, connectionId: string): KvKey => [
    "presence",
    ticketId,
    connectionId,
  ],
  presenceOf: (ticketId: string): KvKey => ["presence", ticketId],
  /** The place of the last commit whose events are not kept any more. */
  feedPruned: (): KvKey => ["feed_pruned"],
  bell: (): KvKey => ["bell"],
  /** Which commit of a process was made last, where answers can get lost. */
  commitMarker: (process: string): KvKey => ["commit_marker", process],
  numberBlock: (): KvKey => ["number_block"],
  secret: (name: string): KvKey => ["secret", name],
  probe: (id: string): KvKey => ["probe", id],
  /** Which import restores a backup into this store and has not come to its end. */
  restoring: (): KvKey => ["restoring"],
};

/** Where a shift stands among its agent's: by an instant and its id, or a beginning of these. */
type ShiftPlace = readonly [] | readonly [at: number] | readonly [at: number, id: string];

/** What goes on over many records: by the id of an agent, a user, or the intent itself. */
export type IntentName =
  | "leaving"
  | "handover"
  /** What became of a handover, kept for whoever asked for it while another run finished it. */
  | "handover_done"
  | "fan_out"
  | "read_all"
  | "end_sessions"
  /** By the version of the book whose clocks open tickets are given. */
  | "apply_sla";

/**
 * Whose figures a pack has, folded or by id, and of which month, third, or day. Those of the whole
 * desk tell neither departments nor priorities apart, and have no categories.
 */
export interface PackName {
  readonly scope: "department" | "agent" | "desk";
  readonly level: PackLevel;
  readonly start: number;
  readonly whose: string;
  readonly priority: Priority;
}

/**
 * Whose tickets are counted: the desk's, a department's, or by department those of an agent, of a
 * requester, and of an agent who holds its own request. Without the department: over all of them.
 */
export type CountScope =
  | readonly ["all"]
  | readonly ["department", string]
  | readonly ["assignee" | "requester" | "own", string]
  | readonly ["assignee" | "requester" | "own", string, string];

/** The first part of a key behind this one: a NUL makes it. */
export function behind(part: string): string {
  return `${part}\0`;
}

/** No part that begins so sorts behind this: its last character is the last of Unicode. */
export function endOf(beginning: string): string {
  return `${beginning}\u{10ffff}`;
}

/** A key in the form in which two keys can be compared. */
export function keyText(key: KvKey): string {
  return JSON.stringify(key);
}
