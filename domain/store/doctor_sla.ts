import { type Calendar, DEFAULT_CALENDAR } from "../rules/calendar.ts";
import { fold } from "../rules/skill.ts";
import type { BookState } from "../rules/sla_book.ts";
import { nextInstant } from "../rules/sla_advance.ts";
import type { SlaConfiguration } from "../rules/sla_configuration.ts";
import { hoursOf } from "../rules/sla_course.ts";
import type { Ticket } from "../rules/ticket.ts";
import { type IntentName, keys, keyText } from "./keys.ts";
import type { KvKey } from "./open.ts";

/** What was found of SLA configurations and calendars. */
export interface SlaFindings {
  state: BookState | null;
  readonly configurations: SlaConfiguration[];
  readonly calendars: Calendar[];
  /** Where it stands that an edit is being applied to open tickets. */
  readonly intents: KvKey[];
}

const APPLYING: IntentName = "apply_sla";
const BOOK = keyText(keys.slaBook());

export function noSlaFindings(): SlaFindings {
  return { state: null, configurations: [], calendars: [], intents: [] };
}

/** Keeps what is of interest among all entries of the store. */
export function noteSla(found: SlaFindings, key: KvKey, value: unknown): void {
  // As whoever writes these keys makes them.
  if (key[0] === "sla_configuration") found.configurations.push(value as SlaConfiguration);
  if (key[0] === "calendar") found.calendars.push(value as Calendar);
  if (key[0] === "guard" && keyText(key) === BOOK) found.state = value as BookState;
  if (key[0] === "intent" && key[1] === APPLYING) found.intents.push(key);
}

/** What is wrong among SLA configurations, calendars and the book that counts their versions. */
export function* examineSla(
  { state, configurations, calendars, intents }: SlaFindings,
): Generator<{ readonly key: KvKey; readonly message: string }> {
  const version = state?.version ?? 0;
  const later = `is of a later version than the book, which is at ${version}`;
  const live = calendars.filter(({ deletedAt }) => deletedAt === undefined);
  const ids = new Set([DEFAULT_CALENDAR.id, ...live.map(({ id }) => id)]);
  for (const each of configurations) {
    const key = keys.slaConfiguration(each.priority, each.category);
    if (Math.max(each.version, each.appliedVersion) > version) yield { key, message: later };
    if (!ids.has(each.calendarId)) yield { key, message: "its calendar does not exist" };
  }
  const named = new Set<string>();
  for (const { id, departments } of live) {
    const folded = departments.map(fold);
    if (folded.some((department) => named.has(department))) {
      const message = "names a department that another calendar names";
      yield { key: keys.calendar(id), message };
    }
    for (const department of folded) named.add(department);
  }
  for (const each of calendars) {
    if (each.version > version) yield { key: keys.calendar(each.id), message: later };
  }
  const applying = state?.applying ?? false;
  if (intents.length !== (applying ? 1 : 0)) {
    const message = `is ${applying ? "" : "not "}being applied, by ${intents.length} intents`;
    yield { key: keys.slaBook(), message };
  }
}

/** What is wrong about when something next happens to a ticket by itself. */
export function* examineCourses(
  found: SlaFindings,
  tickets: Iterable<Ticket>,
): Generator<{ readonly key: KvKey; readonly message: string }> {
  const calendars = new Map(found.calendars.map((each) => [each.id, each]));
  for (const ticket of tickets) {
    const key = keys.ticket(ticket.id);
    const { closesAt, nextAt, sla, status } = ticket;
    if ((closesAt !== null) !== (status === "resolved")) {
      yield { key, message: "closes by itself and is not resolved, or the other way round" };
    }
    const hours = hoursOf({ calendars }, ticket);
    // An edit of the calendar that is on its way moves it yet.
    if (hours.version !== sla.calendar.version) continue;
    const next = nextInstant(ticket, hours);
    if (next !== nextAt) yield { key, message: `comes to something at ${nextAt}, must at ${next}` };
  }
}
