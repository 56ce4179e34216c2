import { type DatedHours, DEFAULT_CALENDAR, type Hours } from "./calendar.ts";
import { isRunning } from "./clock.ts";
import { closesAt } from "./closing.ts";
import type { TicketFact } from "./event.ts";
import {
  clocksOf,
  pauseClocks,
  referenceTo,
  type SlaClocks,
  type Terms,
  unpauseClocks,
} from "./sla.ts";
import { nextInstant } from "./sla_advance.ts";
import type { Book } from "./sla_book.ts";
import { adoptConfiguration, moveToCalendar, recountClocks } from "./sla_change.ts";
import { calendarFor, slaConfigurationFor } from "./sla_configuration.ts";
import { isOpen, type Ticket } from "./ticket.ts";
import { iso } from "./time.ts";

/** The configuration and the calendar that hold for such a ticket. */
export function termsFor(
  book: Book,
  { priority, category, department }: Pick<Ticket, "priority" | "category" | "department">,
): Terms {
  const configuration = slaConfigurationFor(book, priority, category);
  return { configuration, calendar: calendarFor(book, department, configuration.calendarId) };
}

/** The hours by which a ticket's clocks count until they are brought up to date. */
export function hoursOf({ calendars }: Pick<Book, "calendars">, { sla }: Ticket): DatedHours {
  const calendar = calendars.get(sla.calendar.id) ?? DEFAULT_CALENDAR;
  const { previous } = calendar;
  return previous?.version === sla.calendar.version ? previous : calendar;
}

/** Whether the book was edited in a way that has yet to reach this ticket. */
export function isBehind(ticket: Ticket, book: Book): boolean {
  return appliesNow(ticket, book) || hasOtherHours(ticket, book);
}

function appliesNow({ priority, category, sla }: Ticket, book: Book): boolean {
  return slaConfigurationFor(book, priority, category).appliedVersion > sla.configurationVersion;
}

function hasOtherHours({ department, sla }: Ticket, book: Book): boolean {
  const { id, version } = calendarFor(book, department, sla.configuredCalendarId);
  return id !== sla.calendar.id || version !== sla.calendar.version;
}

/**
 * The ticket under the book as it is: what has yet to reach it takes effect at the instant of the
 * edit. Edits that open tickets have to follow wait for each other, so there is one at most. On a
 * ticket that is not open nothing runs, and what it will run by when it is reopened is noted.
 */
export function bringUpToDate(ticket: Ticket, book: Book): Ticket {
  const sla = isOpen(ticket) ? followed(ticket, book) : noted(ticket, book);
  return sla === ticket.sla ? ticket : { ...ticket, sla };
}

function followed(ticket: Ticket, book: Book): SlaClocks {
  const { department } = ticket;
  const [at, hours] = [book.appliedAt, hoursOf(book, ticket)];
  const sla = appliesNow(ticket, book)
    ? adoptConfiguration(ticket.sla, termsFor(book, ticket), at, hours)
    : ticket.sla;
  const calendar = calendarFor(book, department, sla.configuredCalendarId);
  if (sla.calendar.id !== calendar.id) return moveToCalendar(sla, calendar, at, hours);
  return sla.calendar.version === calendar.version ? sla : recountClocks(sla, calendar, at);
}

function noted(ticket: Ticket, book: Book): SlaClocks {
  const { department, priority, category, sla } = ticket;
  if (!isBehind(ticket, book)) return sla;
  const { version } = slaConfigurationFor(book, priority, category);
  const calendar = referenceTo(calendarFor(book, department, sla.configuredCalendarId));
  const configurationVersion = appliesNow(ticket, book) ? version : sla.configurationVersion;
  return { ...sla, configurationVersion, calendar };
}

/** That an edit of promises or hours gave a ticket other deadlines; whoever looks is told, no more. */
export function movedDeadlines(before: Ticket, after: Ticket): TicketFact[] {
  // One that the edit gives up has no deadline any more.
  const moved = clocksOf(after.sla).filter(([name, clock]) =>
    isRunning(clock) && before.sla[name]?.dueAt !== clock.dueAt
  );
  if (moved.length === 0) return [];
  const deadlines = moved.map(([name, { dueAt }]) => [`${name}Deadline`, iso(dueAt)] as const);
  const { reason } = after.sla.changed;
  const details = { by: "edit of promises", reason, ...Object.fromEntries(deadlines) };
  return [{ event: "ticket.updated", action: "updated", details, tells: [] }];
}

/**
 * The clocks of a ticket that waits for its customer as its configuration wants them by now: once
 * what `bringUpToDate` broke has happened, for what stands still breaks no more.
 */
export function withPauses(ticket: Ticket, book: Book): Ticket {
  if (ticket.status !== "pending") return ticket;
  const change = ticket.sla.pauseOnPending ? pauseClocks : unpauseClocks;
  const sla = change(ticket.sla, book.appliedAt, hoursOf(book, ticket));
  return sla === ticket.sla ? ticket : { ...ticket, sla };
}

/** The ticket with the instant at which something next happens to it by itself. */
export function scheduled(ticket: Ticket, hours: Hours, closeAfterDays: number): Ticket {
  // Once it is set, another number of days is for what is resolved later.
  const closing = ticket.status === "resolved"
    ? ticket.closesAt ?? closesAt(ticket, closeAfterDays)
    : null;
  const next = { ...ticket, closesAt: closing };
  return { ...next, nextAt: nextInstant(next, hours) };
}
