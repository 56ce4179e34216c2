import assert from "node:assert/strict";
import fc from "fast-check";
import { holdTicket, releaseTicket } from "../../domain/rules/agent.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { scheduled } from "../../domain/rules/sla_course.ts";
import { PRIORITIES, type Status, STATUSES, type Ticket } from "../../domain/rules/ticket.ts";
import { isOpen, isWaiting } from "../../domain/rules/ticket.ts";
import { keys } from "../../domain/store/keys.ts";
import { agents, notifications, tickets, users } from "../../domain/store/kinds.ts";
import type { Store } from "../../domain/store/store.ts";
import { transact, type Transaction } from "../../domain/store/transact.ts";
import type { Refusal } from "../../domain/rules/refusal.ts";
import { HOURS } from "../support/builders.ts";
import { add, sampleAgent, sampleNotification, sampleTicket, sampleUser } from "./samples.ts";

/** One transaction of a random history: what it does, and to which of the records there are. */
export type Move =
  | {
    readonly kind: "change ticket";
    readonly place: number;
    readonly status: Status;
    readonly holder: number;
    readonly priority: Ticket["priority"];
    readonly department: string;
    readonly tags: readonly string[];
    readonly isLong: boolean;
  }
  | { readonly kind: "remove ticket"; readonly place: number }
  | { readonly kind: "open ticket"; readonly place: number }
  | { readonly kind: "change agent"; readonly place: number; readonly department: string }
  | { readonly kind: "change user"; readonly place: number; readonly email: string }
  | { readonly kind: "notify"; readonly place: number; readonly user: number }
  | { readonly kind: "read"; readonly place: number; readonly user: number }
  | { readonly kind: "forget"; readonly place: number; readonly user: number };

const PLACES = 4;
const place = fc.nat(PLACES - 1);
const department = fc.constantFrom("Support", "SUPPORT ", "billing", "Général");

const changeTicket = fc.record({
  kind: fc.constant("change ticket" as const),
  place,
  status: fc.constantFrom(...STATUSES),
  holder: fc.nat(1),
  priority: fc.constantFrom(...PRIORITIES),
  department,
  tags: fc.array(fc.constantFrom("card", "Card", "refund"), { maxLength: 3 }),
  isLong: fc.boolean(),
});

export const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: changeTicket },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove ticket" as const), place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("open ticket" as const), place }) },
  fc.record({ kind: fc.constant("change agent" as const), place: fc.nat(1), department }),
  fc.record({
    kind: fc.constant("change user" as const),
    place: fc.nat(1),
    email: fc.constantFrom("one@example.com", "two@example.com", "three@example.com"),
  }),
  ...(["notify", "read", "forget"] as const).map((kind) =>
    fc.record({ kind: fc.constant(kind), place, user: fc.nat(1) })
  ),
);

/** A world of two users who are agents, and places for a few tickets and notifications. */
export interface World {
  readonly store: Store;
  readonly userIds: readonly string[];
  readonly agentIds: readonly string[];
  /** Ids are fixed beforehand, so that moves at the same time meet at the same record. */
  readonly ticketIds: readonly string[];
  readonly notificationIds: readonly string[];
}

export async function makeWorld(store: Store): Promise<World> {
  const people = [1, 2].map(() => sampleUser(store, { role: "agent" }));
  const crew = people.map((user) => sampleAgent(store, user));
  for (const user of people) await add(store, users, user);
  for (const agent of crew) await add(store, agents, agent);
  const ids = (): string[] => Array.from({ length: PLACES }, () => store.newId());
  const [userIds, agentIds] = [people, crew].map((list) => list.map(({ id }) => id));
  assert(userIds !== undefined && agentIds !== undefined);
  return { store, userIds, agentIds, ticketIds: ids(), notificationIds: ids() };
}

/** Does one move; what does not apply to the records as they are changes nothing. */
export function play(world: World, move: Move): Promise<void | Refusal> {
  return transact(world.store, async (tx) => {
    switch (move.kind) {
      case "open ticket":
      case "change ticket":
      case "remove ticket":
        return await playTicket(world, tx, move);
      case "change agent": {
        const agent = await tx.get(agents, keys.agent(at(world.agentIds, move.place)));
        assert(agent !== null);
        const status = agent.status === "online" ? "busy" : "online";
        tx.put(agents, { ...agent, status, department: move.department });
        return tell(tx, agent.id, status);
      }
      case "change user":
        return await playUser(world, tx, move);
      default:
        return await playNotification(world, tx, move);
    }
  });
}

async function playTicket(
  world: World,
  tx: Transaction,
  move: Move & { kind: "open ticket" | "change ticket" | "remove ticket" },
): Promise<void> {
  const id = at(world.ticketIds, move.place);
  const before = await tx.get(tickets, keys.ticket(id));
  if ((before === null) !== (move.kind === "open ticket")) return;
  if (before === null) {
    const createdBy = at(world.userIds, move.place % 2);
    const ticket = sampleTicket(world.store, { id, number: move.place, createdBy });
    tx.add(tickets, ticket);
    return tell(tx, id, versionOf(ticket));
  }
  if (before.assignee !== null) await release(tx, before.assignee.agentId, id);
  if (move.kind === "remove ticket") {
    tx.remove(tickets, before);
    return tell(tx, id, "removed");
  }
  if (move.kind === "change ticket") {
    const after = changed(world, before, move);
    tx.put(tickets, after);
    if (after.assignee !== null && isOpen(after)) await hold(tx, after.assignee.agentId, after);
    tell(tx, id, versionOf(after));
  }
}

/** Each version of a ticket is estimated an hour longer: the events tell which one they are of. */
function versionOf(ticket: Ticket): string {
  return `version ${ticket.estimatedHours}`;
}

function changed(world: World, before: Ticket, move: Move & { kind: "change ticket" }): Ticket {
  const { status, priority, department, tags, holder, isLong } = move;
  const agentId = at(world.agentIds, holder);
  // A queued ticket has no assignee; of the escalated ones some have.
  const isHeld = status !== "queued" && (status !== "escalated" || isLong);
  const assignee = isHeld ? { agentId, userId: at(world.userIds, holder) } : null;
  const after: Ticket = {
    ...before,
    status,
    priority,
    department,
    tags,
    assignee,
    description: isLong ? "a long story ".repeat(800) : "short",
    estimatedHours: before.estimatedHours + 1,
    waitingSince: isWaiting({ status, assignee }) ? before.createdAt : null,
    resolvedAt: isOpen({ status }) ? null : before.createdAt,
  };
  return scheduled(after, HOURS, 7);
}

async function release(tx: Transaction, agentId: string, ticketId: string): Promise<void> {
  const agent = await tx.get(agents, keys.agent(agentId));
  assert(agent !== null);
  tx.put(agents, releaseTicket(agent, ticketId, agent.updatedAt));
}

async function hold(tx: Transaction, agentId: string, ticket: Ticket): Promise<void> {
  const agent = await tx.get(agents, keys.agent(agentId));
  assert(agent !== null);
  // If it was released from this agent a moment ago, that put is replaced: it holds it anew.
  tx.put(agents, holdTicket(agent, ticket, agent.updatedAt));
}

async function playUser(
  world: World,
  tx: Transaction,
  move: Move & { kind: "change user" },
): Promise<void> {
  const taken = await tx.getValue(keys.userByEmail(move.email));
  const user = await tx.get(users, keys.user(at(world.userIds, move.place)));
  const agent = await tx.get(agents, keys.agent(at(world.agentIds, move.place)));
  assert(user !== null && agent !== null);
  if (taken !== null) return;
  tx.put(users, { ...user, email: move.email });
  tx.put(agents, { ...agent, email: move.email });
  tell(tx, user.id, move.email);
}

async function playNotification(
  world: World,
  tx: Transaction,
  move: Move & { kind: "notify" | "read" | "forget" },
): Promise<void> {
  const recipient = at(world.userIds, move.user);
  const id = at(world.notificationIds, move.place);
  const before = await tx.get(notifications, keys.notification(recipient, id));
  if ((before === null) !== (move.kind === "notify")) return;
  if (before === null) tx.add(notifications, sampleNotification(world.store, recipient, { id }));
  else if (move.kind === "read") tx.put(notifications, { ...before, read: true });
  else tx.remove(notifications, before);
}

function tell(tx: Transaction, recordId: string, what: string): void {
  tx.emit({ type: "intent.made", name: recordId, id: what } satisfies FeedEvent);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  assert(item !== undefined);
  return item;
}
