import type { Agent } from "../rules/agent.ts";
import type { Comment } from "../rules/comment.ts";
import { fold } from "../rules/skill.ts";
import { isOpen, isWaiting, type Ticket } from "../rules/ticket.ts";
import type { User } from "../rules/user.ts";
import {
  compareCounters,
  compareIndexes,
  type Fault,
  isCounter,
  isSame,
} from "./doctor_indexes.ts";
import { examineClassifier } from "./doctor_classifier.ts";
import { areWhole, examinePacks, type StandingPiece } from "./doctor_packs.ts";
import { examineCourses, examineSla, noSlaFindings, noteSla } from "./doctor_sla.ts";
import { examineShifts, noShiftFindings, noteShifts } from "./doctor_shifts.ts";
import { examineStaff } from "./doctor_staff.ts";
import { type IntentName, keys, keyText } from "./keys.ts";
import { KINDS } from "./kinds.ts";
import type { KvKey } from "./open.ts";
import { decode } from "./records.ts";
import { SHIFT_INDEXES } from "./shift_kinds.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";

const INDEXES = new Set([
  "user_by_email",
  "user_by_name",
  "user_by_role",
  "agent_by_user",
  "agent_by_status",
  "ticket_by_number",
  "ticket_by_status",
  "ticket_by_department",
  "ticket_by_assignee",
  "ticket_by_requester",
  "ticket_by_tag",
  "due",
  "ticket_by_due",
  "ticket_by_updated",
  "queue",
  "unread",
  ...SHIFT_INDEXES,
]);

/** Indexes of earlier versions, in which nothing stands any more. */
const FORMER_INDEXES = new Set(["ticket_resolved"]);

/** Keys that are neither records nor follow from them. */
const OTHERS = new Set([
  "feed",
  "feed_pruned",
  "presence",
  "bell",
  "commit_marker",
  "number_block",
  "secret",
  "probe",
  "intent",
  "guard",
  "idempotency",
  "rate",
  "lease",
  "classifier_block",
  "learned",
]);

const DESK_PACKS = keyText(keys.deskPacks());

/** Under this name stands who was deactivated, until its open tickets are taken from it. */
const LEAVING: IntentName = "leaving";

/**
 * Reads the whole store and yields every violation of its invariants. It holds tickets and index
 * entries in memory, and takes for granted that nobody writes meanwhile.
 */
export async function* examine(store: Store): AsyncGenerator<Fault> {
  const expected = new Map<string, { readonly key: KvKey; readonly value: unknown }>();
  const counts = new Map<string, { readonly key: KvKey; count: bigint }>();
  const standing = new Map<string, { readonly key: KvKey; readonly value: unknown }>();
  const records = { users: new Map<string, User>(), agents: new Map<string, Agent>() };
  const allTickets = new Map<string, Ticket>();
  const leaving = new Set<string>();
  const commentCounts = new Map<string, { public: number; internal: number }>();
  const owners: Owners = { ticket: new Map(), user: new Map(), webhook: new Map() };
  const webhookIds = new Set<string>();
  const sla = noSlaFindings();
  const packs: StandingPiece[] = [];
  let hasDeskPacks = false;
  const shifts = noShiftFindings();

  const everything = store.reader.list({ prefix: [] }, { batchSize: LIST_BATCH_MAX });
  for await (const { key, value } of everything) {
    const [name] = key as [string]; // every key of ours begins with a name
    noteSla(sla, key, value);
    const kind = KINDS.get(name);
    if (kind !== undefined) {
      const written = value as { readonly schema: number }; // as the kind wrote it
      if (written.schema > kind.schema) {
        yield broken(key, `is of schema ${written.schema}: this version knows ${kind.schema}`);
        continue;
      }
      const record = decode(kind, written);
      for (const entry of kind.indexes(record)) expected.set(keyText(entry.key), entry);
      for (const { key, by } of kind.counters(record)) {
        const known = counts.get(keyText(key));
        counts.set(keyText(key), { key, count: (known?.count ?? 0n) + by });
      }
      note({ ...records, tickets: allTickets, commentCounts }, name, record);
      noteShifts(shifts, name, record);
      if (name === "webhook") webhookIds.add(String(key[1]));
      noteOwner(owners, name, key);
    } else if (INDEXES.has(name) || FORMER_INDEXES.has(name) || isCounter(key)) {
      standing.set(keyText(key), { key, value });
    } else if (name === "sla_pack") packs.push({ key, value });
    else if (!OTHERS.has(name)) {
      yield { kind: "stray", key, message: "no such key is known" };
    } else if (name === "intent" && key[1] === LEAVING) leaving.add(String(key[2]));
    else {
      noteOwner(owners, name, key);
      if (keyText(key) === DESK_PACKS) hasDeskPacks = areWhole(value);
    }
  }
  yield* compareIndexes(expected, standing);
  yield* compareCounters(counts, standing);
  yield* examinePacks(packs, hasDeskPacks);
  yield* examineClassifier(store);
  yield* examineOwners(owners, {
    ticket: allTickets,
    user: records.users,
    webhook: webhookIds,
  });
  yield* examineAgents(records, allTickets);
  for (const { agent, message } of examineStaff({ ...records, leaving }, allTickets.values())) {
    yield broken(keys.agent(agent.id), message);
  }
  const courses = examineCourses(sla, allTickets.values());
  const staffed = examineShifts(shifts, records.agents);
  for (const { key, message } of [...examineSla(sla), ...courses, ...staffed]) {
    yield broken(key, message);
  }
  for (const ticket of allTickets.values()) {
    yield* examineTicket(ticket, records, commentCounts.get(ticket.id));
  }
}

/** Keeps the records that are held against each other. */
function note(
  found: {
    readonly users: Map<string, User>;
    readonly agents: Map<string, Agent>;
    readonly tickets: Map<string, Ticket>;
    readonly commentCounts: Map<string, { public: number; internal: number }>;
  },
  name: string,
  record: unknown,
): void {
  // As the kind of this name wrote it.
  if (name === "user") found.users.set((record as User).id, record as User);
  if (name === "agent") found.agents.set((record as Agent).id, record as Agent);
  if (name === "ticket") found.tickets.set((record as Ticket).id, record as Ticket);
  if (name === "comment") countComment(found.commentCounts, record as Comment);
}

function countComment(
  counts: Map<string, { public: number; internal: number }>,
  { ticketId, visibility }: Comment,
): void {
  const count = counts.get(ticketId) ?? { public: 0, internal: 0 };
  count[visibility] += 1;
  counts.set(ticketId, count);
}

/** Whose a record is by the second part of its key, with one such key for each owner. */
type Owners = Readonly<Record<"ticket" | "user" | "webhook", Map<string, KvKey>>>;

// A delivery of a webhook that was deleted goes a moment later, or expires.
const OWNED: Readonly<Record<string, keyof Owners>> = {
  comment: "ticket",
  history: "ticket",
  notification: "user",
  session: "user",
  webhook_progress: "webhook",
  learned: "ticket",
};

function noteOwner(owners: Owners, name: string, key: KvKey): void {
  const owner = OWNED[name];
  if (owner !== undefined) owners[owner].set(String(key[1]), key);
}

function* examineOwners(
  owners: Owners,
  known: Readonly<Record<keyof Owners, { has(id: string): boolean }>>,
): Generator<Fault> {
  for (const owner of ["ticket", "user", "webhook"] as const) {
    for (const [id, key] of owners[owner]) {
      if (!known[owner].has(id)) yield broken(key, `its ${owner} does not exist`);
    }
  }
}

interface People {
  readonly users: ReadonlyMap<string, User>;
  readonly agents: ReadonlyMap<string, Agent>;
}

function* examineAgents(people: People, all: ReadonlyMap<string, Ticket>): Generator<Fault> {
  const held = new Map<string, { id: string; estimatedHours: number }[]>();
  for (const { id, assignee, estimatedHours, status } of all.values()) {
    if (assignee === null || !isOpen({ status })) continue;
    held.set(assignee.agentId, [...held.get(assignee.agentId) ?? [], { id, estimatedHours }]);
  }
  for (const agent of people.agents.values()) {
    const key = keys.agent(agent.id);
    const user = people.users.get(agent.userId);
    if (user === undefined) yield broken(key, "its user does not exist");
    else if (user.email !== agent.email || user.name !== agent.name) {
      yield broken(key, "its name or e-mail address is not its user's");
    }
    const open = held.get(agent.id) ?? [];
    if (!isSame(byId(open), byId(agent.activeTickets))) {
      yield broken(key, `holds ${agent.activeTickets.length} tickets, must hold ${open.length}`);
    }
    const current = agent.currentTicketId;
    if (current !== null && all.get(current)?.status !== "in-progress") {
      yield broken(key, "its current ticket is not in progress");
    }
  }
}

function* examineTicket(
  ticket: Ticket,
  people: People,
  count: { readonly public: number; readonly internal: number } | undefined,
): Generator<Fault> {
  const key = keys.ticket(ticket.id);
  const { assignee, publicCommentCount, internalCommentCount, waitingSince, status } = ticket;
  if (!people.users.has(ticket.createdBy)) yield broken(key, "its requester does not exist");
  if (assignee !== null && people.agents.get(assignee.agentId)?.userId !== assignee.userId) {
    yield broken(key, "its assignee does not exist");
  }
  if (
    publicCommentCount !== (count?.public ?? 0) || internalCommentCount !== (count?.internal ?? 0)
  ) yield broken(key, "its comments are counted wrong");
  if ((waitingSince !== null) !== isWaiting(ticket)) yield broken(key, "waits and does not wait");
  if ((ticket.resolvedAt !== null) !== (status === "resolved") && status !== "closed") {
    yield broken(key, "is resolved and is not");
  }
  if (fold(ticket.department) === "") yield broken(key, "has no department");
}

function broken(key: KvKey, message: string): Fault {
  return { kind: "broken", key, message };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.id < b.id ? -1 : 1);
}
