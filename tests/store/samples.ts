import { type Agent, newAgent } from "../../domain/rules/agent.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import type { Notification } from "../../domain/rules/notification.ts";
import { scheduled } from "../../domain/rules/sla_course.ts";
import { HOURS, termsOf } from "../support/builders.ts";
import { openTicket, type Ticket } from "../../domain/rules/ticket.ts";
import type { User } from "../../domain/rules/user.ts";
import { type KvKey, openConnections } from "../../domain/store/open.ts";
import type { RecordKind } from "../../domain/store/records.ts";
import { makeStore, type Store } from "../../domain/store/store.ts";
import { transact } from "../../domain/store/transact.ts";
import { granted } from "../support/desk.ts";
import { countedSources, type FakeClock, fakeClock } from "../support/time.ts";

/** A store of its own in memory, with what it was made of. */
export interface MemoryStore extends Disposable {
  readonly store: Store;
  readonly kv: Deno.Kv;
}

export async function memoryStore(clock: FakeClock = fakeClock()): Promise<MemoryStore> {
  const connections = await openConnections(":memory:");
  const store = makeStore(connections, countedSources(clock));
  return { store, kv: connections.writer, [Symbol.dispose]: () => store.close() };
}

export function sampleUser(store: Store, changes: Partial<User> = {}): User {
  const id = store.newId();
  return {
    schema: 1,
    id,
    name: "Ada",
    email: `${id}@example.com`,
    role: "user",
    passwordHash: "none",
    sessionsValidFrom: store.now(),
    createdAt: store.now(),
    ...changes,
  };
}

export function sampleAgent(store: Store, user: User, changes: Partial<Agent> = {}): Agent {
  const { id: userId, name, email } = user;
  return { ...newAgent({ id: store.newId(), userId, name, email }, store.now()), ...changes };
}

let numbers = 0;

export function sampleTicket(store: Store, changes: Partial<Ticket> = {}): Ticket {
  const input = {
    title: "My card",
    description: "It is lost.",
    priority: 2 as const,
    category: "general",
    department: "Support",
    requiredSkills: [],
    tags: ["card"],
    dueDate: null,
    estimatedHours: 1,
  };
  const requester = {
    userId: "nobody",
    name: "",
    role: "user",
    sessionId: "",
    agent: null,
  } as const;
  const identity = { id: store.newId(), number: ++numbers };
  const promise = { ...termsOf(input), warningPercent: 80 };
  const { ticket } = openTicket(input, identity, promise, requester, store.now());
  return scheduled({ ...ticket, ...changes }, HOURS, 7);
}

export function sampleNotification(
  store: Store,
  recipient: string,
  changes: Partial<Notification> = {},
): Notification {
  return {
    schema: 1,
    id: store.newId(),
    type: "ticket_updated",
    message: "Something happened",
    recipient,
    read: false,
    ticketId: null,
    metadata: {},
    createdAt: store.now(),
    ...changes,
  };
}

/** Commits one new record. */
export async function add<T extends { readonly schema: number }>(
  store: Store,
  kind: RecordKind<T>,
  record: T,
): Promise<T> {
  granted(await transact(store, (tx) => Promise.resolve(tx.add(kind, record))));
  return record;
}

/** An event that can be told from others by its number. */
export function numbered(number: number): FeedEvent {
  return { type: "intent.made", name: "test", id: String(number) };
}

/** Every entry of the store, in key order. */
export async function entriesOf(
  kv: Deno.Kv,
  isLeftOut: (key: KvKey) => boolean = () => false,
): Promise<{ readonly key: KvKey; readonly value: unknown }[]> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return entries.filter(({ key }) => !isLeftOut(key)).map(({ key, value }) => ({ key, value }));
}
