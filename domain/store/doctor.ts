import type { Agent } from "../rules/agent.ts";
import type { Comment } from "../rules/comment.ts";
import { fold } from "../rules/skill.ts";
import { isOpen, isWaiting, type Ticket } from "../rules/ticket.ts";
import type { User } from "../rules/user.ts";
import { examineSla, noSlaFindings, noteSla } from "./doctor_sla.ts";
import { examineStaff } from "./doctor_staff.ts";
import { type IntentName, keys, keyText } from "./keys.ts";
import { KINDS } from "./kinds.ts";
import { isKvU64, type KvKey, kvU64 } from "./open.ts";
import { LIST_BATCH_MAX, type Store } from "./store.ts";

/** Something in the store that does not follow from the records. */
export interface Fault {
  readonly kind: "missing" | "stray" | "wrong" | "counter" | "broken";
  readonly key: KvKey;
  readonly message: string;
  /** What must stand there (null: nothing); absent where only a person can tell. */
  readonly remedy?: { readonly value: unknown } | null;
}

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
]);

/** Keys that hold sums over records. */
const COUNTERS = new Set(["count", "word"]);

/** Keys that are neither records nor follow from them. */
const OTHERS = new Set([
  "feed",
  "bell",
  "number_block",
  "secret",
  "probe",
  "intent",
  "guard",
  "idempotency",
  "rate",
  "lease",
]);

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

  const everything = store.reader.list({ prefix: [] }, { batchSize: LIST_BATCH_MAX });
  for await (const { key, value } of everything) {
    const [name] = key as [string]; // every key of ours begins with a name
    noteSla(sla, key, value);
    const kind = KINDS.get(name);
    if (kind !== undefined) {
      const record = value as { readonly schema: number }; // as the kind wrote it
      for (const entry of kind.indexes(record)) expected.set(keyText(entry.key), entry);
      for (const { key, by } of kind.counters(record)) {
        const known = counts.get(keyText(key));
        counts.set(keyText(key), { key, count: (known?.count ?? 0n) + by });
      }
      if (name === "user") records.users.set((value as User).id, value as User);
      if (name === "agent") records.agents.set((value as Agent).id, value as Agent);
      if (name === "ticket") allTickets.set((value as Ticket).id, value as Ticket);
      if (name === "comment") countComment(commentCounts, value as Comment);
      if (name === "webhook") webhookIds.add(String(key[1]));
      noteOwner(owners, name, key);
    } else if (INDEXES.has(name) || COUNTERS.has(name)) {
      standing.set(keyText(key), { key, value });
    } else if (!OTHERS.has(name)) {
      yield { kind: "stray", key, message: "no such key is known" };
    } else if (name === "intent" && key[1] === LEAVING) leaving.add(String(key[2]));
  }
  yield* compareIndexes(expected, standing);
  yield* compareCounters(counts, standing);
  yield* examineOwners(owners, {
    ticket: allTickets,
    user: records.users,
    webhook: webhookIds,
  });
  yield* examineAgents(records, allTickets);
  for (const { agent, message } of examineStaff({ ...records, leaving }, allTickets.values())) {
    yield broken(keys.agent(agent.id), message);
  }
  for (const { key, message } of examineSla(sla)) yield broken(key, message);
  for (const ticket of allTickets.values()) {
    yield* examineTicket(ticket, records, commentCounts.get(ticket.id));
  }
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

function isCounter(key: KvKey): boolean {
  return COUNTERS.has(String(key[0]));
}

type Entries = ReadonlyMap<string, { readonly key: KvKey; readonly value: unknown }>;

function* compareIndexes(expected: Entries, standing: Entries): Generator<Fault> {
  for (const [text, { key, value }] of expected) {
    const found = standing.get(text);
    const remedy = { value };
    if (found === undefined) yield { kind: "missing", key, message: "no index entry", remedy };
    else if (!isSame(found.value, value)) {
      yield { kind: "wrong", key, message: "differs from its record", remedy };
    }
  }
  for (const [text, { key }] of standing) {
    if (isCounter(key) || expected.has(text)) continue;
    yield { kind: "stray", key, message: "no record has this index entry", remedy: null };
  }
}

function* compareCounters(
  counts: ReadonlyMap<string, { readonly key: KvKey; readonly count: bigint }>,
  standing: Entries,
): Generator<Fault> {
  for (const [text, { key, value }] of standing) {
    if (!isCounter(key)) continue;
    const count = counts.get(text)?.count ?? 0n;
    if (isKvU64(value) && value.value === count) continue;
    const message = `is ${isKvU64(value) ? value.value : "no counter"}, must be ${count}`;
    yield { kind: "counter", key, message, remedy: { value: kvU64(count) } };
  }
  for (const [text, { key, count }] of counts) {
    if (standing.has(text)) continue;
    const remedy = { value: kvU64(count) };
    yield { kind: "counter", key, message: `is missing, must be ${count}`, remedy };
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

/** Plain data, written in the same order by the same code. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
