import { type Actor, maySeeTicket } from "../rules/actor.ts";
import { type Agent, ifAbsent } from "../rules/agent.ts";
import type { Hours } from "../rules/calendar.ts";
import { briefOf, formerScope, historyEntry, ticketFeedEvent } from "../rules/event.ts";
import { type Addressed, messagesFor } from "../rules/notification.ts";
import { notFound, type Refusal } from "../rules/refusal.ts";
import { advance, type Happening } from "../rules/sla_advance.ts";
import type { Book } from "../rules/sla_book.ts";
import { countsOf } from "../rules/sla_counts.ts";
import {
  bringUpToDate,
  hoursOf,
  isBehind,
  movedDeadlines,
  scheduled,
  withPauses,
} from "../rules/sla_course.ts";
import { type Decision, isWaiting, type Ticket } from "../rules/ticket.ts";
import type { Instant } from "../rules/time.ts";
import { agents, history, measurements, tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import type { Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { announce } from "./fan_out.ts";
import { addNotification } from "./notifications.ts";

/** A ticket as a transaction has it: up to date with its promises, and who works on it. */
export interface Held {
  readonly ticket: Ticket;
  /** The record of the agent it is assigned to. */
  readonly holder: Agent | null;
  readonly book: Book;
  /** The hours by which its clocks count. */
  readonly hours: Hours;
  /** The instant of the transaction. */
  readonly at: Instant;
  /** What had become due and happens in this transaction. */
  readonly happened: readonly Happening["kind"][];
}

/**
 * Reads a ticket and the agent who has it, with checks, as they are once all that became due by
 * itself has happened: that is written by this transaction too, if it commits, with about 15 writes
 * for each thing. Null without such a ticket. Two checks and one for the book.
 */
export async function readHeld(desk: Desk, tx: Transaction, id: string): Promise<Held | null> {
  const found = await tx.get(tickets, keys.ticket(id));
  if (found === null) return null;
  const book = await desk.book.read(tx);
  const at = desk.store.now();
  const happened: Happening["kind"][] = [];
  const course = { book, note: (kind: Happening["kind"]): unknown => happened.push(kind) };
  const current = await follow(desk, tx, found, course);
  const ticket = await catchUp(desk, tx, current, course, at);
  const [holder, hours] = [await holderOf(tx, ticket), hoursOf(book, ticket)];
  return { ticket, holder, book, hours, at, happened };
}

/** The same for somebody who may see the ticket; for others there is none. */
export async function getVisible(
  desk: Desk,
  tx: Transaction,
  actor: Actor,
  id: string,
): Promise<Held | Refusal> {
  const held = await readHeld(desk, tx, id);
  return held !== null && maySeeTicket(actor, held.ticket) ? held : notFound("ticket");
}

/**
 * Writes what a rule decided about a ticket: the records, its history, the feed's events, the
 * notifications and what is counted, all in this transaction; then what the decision made due at
 * once. `before` is null for a new ticket; it and the agents of the decision must have been read by
 * the transaction. Reads, without a check, the users to be told whom this process does not remember.
 */
export async function commitDecision(
  desk: Desk,
  tx: Transaction,
  before: Ticket | null,
  decision: Decision,
  performedBy: string | null,
  at: Instant,
): Promise<Ticket> {
  const book = await desk.book.read(tx);
  const ticket = await write(desk, tx, before, decision, { performedBy, at, book });
  return before === null ? ticket : await catchUp(desk, tx, ticket, { book }, at);
}

/** A changed ticket, and what whoever changed it should know. */
export interface Changed {
  readonly ticket: Ticket;
  readonly warnings: readonly string[];
}

/** Commits a change to a ticket; a decision that has no fact to tell changes and writes nothing. */
export async function commitChange(
  desk: Desk,
  tx: Transaction,
  { ticket: before, at }: Held,
  decision: Decision,
  actor: Actor,
): Promise<Changed> {
  const { facts, warnings } = decision;
  if (facts.length === 0) return { ticket: before, warnings };
  const ticket = await commitDecision(desk, tx, before, decision, actor.userId, at);
  return { ticket, warnings };
}

/** What a ticket's course depends on, and who is told what it comes to. */
interface Course {
  readonly book: Book;
  readonly note?: (kind: Happening["kind"]) => unknown;
}

/** The ticket under the book as it is now; up to the edit it went on as it was. */
async function follow(
  desk: Desk,
  tx: Transaction,
  found: Ticket,
  course: Course,
): Promise<Ticket> {
  const { book } = course;
  if (!isBehind(found, book)) return found;
  const put = (changed: Ticket): Ticket => {
    const hours = hoursOf(book, changed);
    const ticket = scheduled(changed, hours, desk.config.closeResolvedAfterDays);
    tx.put(tickets, ticket);
    return ticket;
  };
  const before = await catchUp(desk, tx, found, course, book.appliedAt);
  const current = bringUpToDate(before, book);
  const facts = movedDeadlines(before, current);
  const decision: Decision = {
    ticket: facts.length === 0 ? current : { ...current, updatedAt: desk.store.now() },
    agents: [],
    facts,
    warnings: [],
  };
  const edit = { performedBy: null, at: book.appliedAt, book };
  const changed = await write(desk, tx, before, decision, edit);
  const broken = await catchUp(desk, tx, changed, course, book.appliedAt);
  return put(withPauses(broken, book));
}

/** What has become due by now happens, each thing as of its own instant and by nobody. */
async function catchUp(
  desk: Desk,
  tx: Transaction,
  ticket: Ticket,
  { book, note }: Course,
  now: Instant,
): Promise<Ticket> {
  if (ticket.nextAt === null || ticket.nextAt > now) return ticket;
  const holder = await holderOf(tx, ticket);
  let current = ticket;
  for (const { kind, at, decision } of advance(ticket, holder, hoursOf(book, ticket), now)) {
    note?.(kind);
    current = await write(desk, tx, current, decision, { performedBy: null, at, book });
  }
  return current;
}

function holderOf(tx: Transaction, { assignee }: Ticket): Promise<Agent | null> {
  return assignee === null ? Promise.resolve(null) : tx.get(agents, keys.agent(assignee.agentId));
}

interface Circumstances {
  readonly performedBy: string | null;
  readonly at: Instant;
  readonly book: Book;
}

async function write(
  desk: Desk,
  tx: Transaction,
  before: Ticket | null,
  decision: Decision,
  { performedBy, at, book }: Circumstances,
): Promise<Ticket> {
  const { facts } = decision;
  const hours = hoursOf(book, decision.ticket);
  const ticket = scheduled(decision.ticket, hours, desk.config.closeResolvedAfterDays);
  if (before === null) tx.add(tickets, ticket);
  else tx.put(tickets, ticket);
  for (const agent of decision.agents) tx.put(agents, agent);
  for (const counted of countsOf(before, ticket)) {
    tx.add(measurements, { schema: 1, id: desk.store.newId(), ...counted });
  }
  const formerly = before === null ? undefined : formerScope(before, ticket);
  for (const [index, fact] of facts.entries()) {
    const identity = { id: desk.store.newId(), ticketId: ticket.id };
    tx.add(history, historyEntry(fact, identity, performedBy, at));
    // Whoever sees it no more is told so once.
    const scope = index === 0 ? formerly : undefined;
    tx.emit(ticketFeedEvent(fact, ticket, performedBy, at, scope));
  }
  tellQueue(tx, before, ticket, at);
  // Read before, as whoever decided about it did.
  const away = ifAbsent(await holderOf(tx, ticket), desk.store.now());
  const messages = messagesFor(facts, ticket, performedBy, away);
  await tell(desk, tx, { ticket, messages }, { performedBy, at });
  return ticket;
}

function tellQueue(tx: Transaction, before: Ticket | null, after: Ticket, at: Instant): void {
  const waited = before !== null && isWaiting(before);
  const waits = isWaiting(after);
  // Where others see it wait than before, it ceases to for the ones and begins to for the others.
  const moves = before !== null && waited && waits && formerScope(before, after) !== undefined;
  if (waited === waits && !moves) return;
  if (moves) tx.emit({ type: "queue.changed", at, ticket: briefOf(before), change: "left" });
  const change = waits ? "entered" : "left";
  tx.emit({ type: "queue.changed", at, ticket: briefOf(after), change });
}

async function tell(
  desk: Desk,
  tx: Transaction,
  { ticket, messages }: { readonly ticket: Ticket; readonly messages: readonly Addressed[] },
  { performedBy, at }: Pick<Circumstances, "performedBy" | "at">,
): Promise<void> {
  const userIds = messages.flatMap(({ to }) => "roles" in to ? [] : to.userId);
  const recipients = await desk.people.users(userIds);
  for (const { to, message } of messages) {
    const from = { id: desk.store.newId(), message, createdAt: at };
    if ("userId" in to) addNotification(tx, recipients.get(to.userId), from);
    else {
      const { department, createdBy, assignee } = ticket;
      const about = { department, createdBy, assignee };
      announce(tx, { ...from, ...to, about, except: performedBy });
    }
  }
}
