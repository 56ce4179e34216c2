import type { Actor } from "../../domain/rules/actor.ts";
import type { Agent } from "../../domain/rules/agent.ts";
import { assign } from "../../domain/rules/assignment.ts";
import { type Calendar, type DatedHours, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { addComment } from "../../domain/rules/comment.ts";
import { editTicket, type TicketChanges } from "../../domain/rules/edit.ts";
import type { Details, HistoryAction, TicketFact } from "../../domain/rules/event.ts";
import { isRefusal, type Refusal } from "../../domain/rules/refusal.ts";
import { advance, type Happening } from "../../domain/rules/sla_advance.ts";
import { type Book, EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import {
  calendarFor,
  pairOf,
  type SlaConfiguration,
  slaConfigurationFor,
} from "../../domain/rules/sla_configuration.ts";
import {
  bringUpToDate,
  hoursOf,
  isBehind,
  scheduled,
  termsFor,
  withPauses,
} from "../../domain/rules/sla_course.ts";
import {
  type Decision,
  openTicket,
  type Priority,
  type Status,
  type Ticket,
  type TicketInput,
} from "../../domain/rules/ticket.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { changeStatus } from "../../domain/rules/transition.ts";
import { actorFor, anActor, anAgent, decided, theCustomer } from "./builders.ts";
import { someHours } from "./calendars.ts";

/** "5 09:30" is that time of the 5th of January 2026, a Monday, in UTC. */
export function on(text: string): Instant {
  const [day = 0, hour = 0, minute = 0] = text.split(/[ :]/).map(Number);
  return Date.UTC(2026, 0, day, hour, minute);
}

/** Nine to five, from Monday to Friday, in UTC. */
export const NINE_TO_FIVE: Calendar = {
  ...DEFAULT_CALENDAR,
  ...someHours("UTC", [["09:00", "17:00"]]),
  id: "nine-to-five",
  name: "Nine to five",
};

export type ConfigurationChanges = Partial<Omit<SlaConfiguration, "priority" | "category">>;

/** The book after an edit: of a pair of its configurations, its calendars, or both. */
export function editedBook(
  book: Book,
  edit: {
    readonly pair?: readonly [Priority, string];
    readonly configuration?: ConfigurationChanges;
    readonly calendars?: readonly Calendar[];
    readonly applyToOpen?: boolean;
  },
  at: Instant,
): Book {
  const { pair = [2, "general"], configuration, calendars = [], applyToOpen = false } = edit;
  const version = book.version + 1;
  const configurations = new Map(book.configurations);
  if (configuration !== undefined) {
    const before = slaConfigurationFor(book, ...pair);
    const appliedVersion = applyToOpen ? version : before.appliedVersion;
    const stamp = { version, updatedAt: at, appliedVersion };
    configurations.set(pairOf(...pair), { ...before, ...configuration, ...stamp });
  }
  const edited = calendars.map((each) => {
    const previous = book.calendars.get(each.id) ?? DEFAULT_CALENDAR;
    return [each.id, { ...each, version, previous }] as const;
  });
  const applies = applyToOpen || calendars.length > 0;
  return {
    ...book,
    version,
    appliedAt: applies ? at : book.appliedAt,
    configurations,
    calendars: new Map([...book.calendars, ...edited]),
  };
}

/** What came of a ticket, by itself or by somebody, and when. */
export interface Told {
  readonly at: Instant;
  readonly action: HistoryAction;
  readonly details: Details;
}

const CLOSE_AFTER_DAYS = 7;
const CUSTOMER = theCustomer();
const ADMIN = anActor("admin");

/** A ticket on its way, on which everything is done as transactions do it: after what was due. */
export class Course {
  /** The agent who gets the ticket when it is begun. */
  static readonly ADA = anAgent("Ada");

  book: Book;
  ticket: Ticket;
  readonly history: Told[] = [];
  readonly happened: Happening[] = [];
  #holder: Agent | null = null;

  /** A customer's ticket of medium priority, under this configuration and by this calendar. */
  constructor(
    opened: Instant,
    calendar: Calendar = DEFAULT_CALENDAR,
    configuration: ConfigurationChanges = {},
    input: Partial<TicketInput> = {},
    warningPercent = 80,
  ) {
    const pairs = { configuration: { calendarId: calendar.id, ...configuration } };
    this.book = { ...editedBook(EMPTY_BOOK, { ...pairs, calendars: [calendar] }, 0), appliedAt: 0 };
    const asked: TicketInput = {
      title: "The printer is on fire",
      description: "It has been for an hour.",
      priority: 2,
      category: "general",
      department: "general",
      requiredSkills: [],
      tags: [],
      dueDate: null,
      estimatedHours: 1,
      ...input,
    };
    const identity = { id: "ticket-1", number: 1042 };
    const promise = { ...termsFor(this.book, asked), warningPercent };
    const { ticket } = openTicket(asked, identity, promise, CUSTOMER, opened);
    this.ticket = this.#scheduled(ticket);
  }

  get holder(): Agent | null {
    return this.ticket.assignee === null ? null : this.#holder;
  }

  get hours(): DatedHours {
    return hoursOf(this.book, this.ticket);
  }

  /** Lets happen by itself what is due by now. */
  pass(now: Instant): this {
    const { book } = this;
    if (isBehind(this.ticket, book)) {
      this.#catchUp(book.appliedAt);
      this.ticket = this.#scheduled(bringUpToDate(this.ticket, book));
      this.#catchUp(book.appliedAt);
      this.ticket = this.#scheduled(withPauses(this.ticket, book));
    }
    return this.#catchUp(now);
  }

  /** Somebody does something, after all that was due before. */
  do(at: Instant, decide: (course: Course) => Decision | Refusal): this {
    this.pass(at);
    const decision = decide(this);
    if (isRefusal(decision)) throw new Error(`refused: ${decision.detail}`);
    this.#take(decision, at);
    return this.#catchUp(at);
  }

  /** Ada gets the ticket. */
  begin(at: Instant): this {
    const change = { to: Course.ADA, from: null, by: "person" } as const;
    return this.do(at, ({ ticket }) => assign(ticket, change, at));
  }

  /** Whoever has the ticket changes its status; an administrator where nobody has it. */
  move(at: Instant, to: Status, actor?: Actor): this {
    return this.do(at, ({ ticket, holder, hours }) => {
      const by = actor ?? (holder === null ? ADMIN : actorFor(holder));
      return changeStatus(ticket, { to, agent: null, holder }, by, at, hours);
    });
  }

  ask(at: Instant): this {
    return this.#say(at, CUSTOMER, "public");
  }

  reply(at: Instant, visibility: "public" | "internal" = "public"): this {
    return this.#say(at, actorFor(this.holder ?? Course.ADA), visibility);
  }

  edit(at: Instant, changes: TicketChanges): this {
    return this.do(at, ({ ticket, holder, book, hours }) => {
      const next = { ...ticket, ...changes } as Ticket; // each is the value of its own field
      const terms = termsFor(book, next);
      const calendar = calendarFor(book, next.department, ticket.sla.configuredCalendarId);
      return editTicket(ticket, { changes, terms, calendar, holder }, ADMIN, at, hours);
    });
  }

  /** The book is edited; the ticket follows when it is next looked at. */
  configure(at: Instant, edit: Parameters<typeof editedBook>[1]): this {
    this.book = editedBook(this.book, edit, at);
    return this;
  }

  /** What happened by itself: instants and kinds, with the clock or the level. */
  get news(): string[] {
    return this.happened.map(({ kind, at, decision }) => {
      const details = decision.facts[0]?.details;
      const what = details?.[kind === "level" ? "level" : "clock"];
      return `${timeText(at)} ${kind}${what === undefined ? "" : ` ${what}`}`;
    });
  }

  #say(at: Instant, actor: Actor, visibility: "public" | "internal"): this {
    return this.do(at, ({ ticket, holder, hours }) => {
      const comment = { id: `comment at ${at}`, visibility };
      return addComment(ticket, comment, holder, actor, at, hours);
    });
  }

  #catchUp(now: Instant): this {
    if (this.ticket.nextAt === null || this.ticket.nextAt > now) return this;
    for (const happening of advance(this.ticket, this.holder, this.hours, now)) {
      this.happened.push(happening);
      this.#take(happening.decision, happening.at);
    }
    return this;
  }

  #take(decision: Decision, at: Instant): void {
    const { ticket, agents, facts } = decided(decision);
    this.ticket = this.#scheduled(ticket);
    const id = ticket.assignee?.agentId ?? Course.ADA.id;
    this.#holder = agents.find((agent) => agent.id === id) ?? this.#holder;
    this.history.push(...facts.map(({ action, details }: TicketFact) => ({ at, action, details })));
  }

  #scheduled(ticket: Ticket): Ticket {
    return scheduled(ticket, hoursOf(this.book, ticket), CLOSE_AFTER_DAYS);
  }
}

/** The opposite of `on`, to the minute; what is no whole minute tells its milliseconds. */
export function timeText(at: Instant): string {
  const day = Math.floor((at - on("1 00:00")) / DAY_MS) + 1;
  const time = new Date(at).toISOString();
  return at % MINUTE_MS === 0 ? `${day} ${time.slice(11, 16)}` : `${day} ${time.slice(11, 23)}`;
}
