import {
  type Calendar,
  type DatedHours,
  DEFAULT_CALENDAR,
  hoursFaults,
  WEEKDAYS,
  type Weekly,
} from "./calendar.ts";
import { type InputFault, invalidInput, notFound, type Refusal, refuse } from "./refusal.ts";
import { fold } from "./skill.ts";
import { allCalendars, type Book, calendarOf } from "./sla_book.ts";
import type { Instant } from "./time.ts";

/** What is set of a calendar; what is not named stays. */
export interface CalendarChanges {
  readonly name?: string | undefined;
  readonly timezone?: string | undefined;
  readonly alwaysOpen?: boolean | undefined;
  readonly weekly?: Weekly | undefined;
  readonly holidays?: readonly string[] | undefined;
  readonly departments?: readonly string[] | undefined;
}

/** What becomes of a calendar by an edit. */
export interface EditedCalendar {
  readonly calendar: Calendar;
  readonly isNew: boolean;
  /** There is something to write. */
  readonly hasChanged: boolean;
  /** Tickets that are open now may count by other hours than before. */
  readonly appliesToOpen: boolean;
}

/** With the default one; those that are deleted do not count. */
export const CALENDARS_MAX = 100;

/** So many of the deleted are kept: whoever still counted by them has been told by then. */
const DELETED_CALENDARS_MAX = 20;

/**
 * The calendar with these changes; a new one has to name itself and its time zone. Refuses with
 * `invalid_input` and the path of each fault what nobody can count by, and with `conflict` a
 * department that another calendar names, and one calendar too many.
 */
export function editCalendar(
  book: Book,
  id: string,
  changes: CalendarChanges,
  at: Instant,
): EditedCalendar | Refusal {
  const known = calendarOf(book, id);
  const isNew = known === null;
  // A new one is closed until somebody says otherwise.
  const before = known ?? { ...DEFAULT_CALENDAR, alwaysOpen: false, id, createdAt: at };
  const after: Calendar = { ...before, ...named(changes) };
  const faults = [...isNew ? missing(changes) : [], ...faultsOf(after)];
  if (faults.length > 0) return invalidInput(faults);
  const calendar = { ...after, weekly: inOrder(after.weekly), holidays: after.holidays.toSorted() };
  const conflict = conflictOf(book, calendar, isNew);
  if (conflict !== null) return conflict;
  const appliesToOpen = isNew
    ? calendar.departments.length > 0 || mayBeCountedBy(book, id)
    : clocksBy(before) !== clocksBy(calendar);
  const hasChanged = isNew || appliesToOpen || saidOf(before) !== saidOf(calendar);
  if (!hasChanged) return { calendar: before, isNew, hasChanged, appliesToOpen };
  // By its version tickets know whether they are behind: a new name is nothing to them.
  const dated: Calendar = {
    ...calendar,
    ...(appliesToOpen || isNew ? { version: book.version + 1 } : {}),
    ...(appliesToOpen && !isNew ? { previous: datedHours(before) } : {}),
    updatedAt: at,
  };
  return { calendar: dated, isNew, hasChanged, appliesToOpen };
}

/** Whether tickets may be open that would count by a calendar of this id, for there was one. */
function mayBeCountedBy({ calendars }: Book, id: string): boolean {
  const deleted = [...calendars.values()].filter(({ deletedAt }) => deletedAt !== undefined);
  // Of those deleted long ago nothing is known any more.
  return calendars.has(id) || deleted.length >= DELETED_CALENDARS_MAX;
}

function datedHours({ version, timezone, alwaysOpen, weekly, holidays }: Calendar): DatedHours {
  return { version, timezone, alwaysOpen, weekly, holidays };
}

/**
 * The calendar as deleted, and those deleted long ago that nobody needs any more. Refuses with
 * `not_found`, and with `conflict` the default one and one that a configuration names.
 */
export function deleteCalendar(
  book: Book,
  id: string,
  at: Instant,
): { readonly calendar: Calendar; readonly forgotten: readonly Calendar[] } | Refusal {
  const known = calendarOf(book, id);
  if (known === null) return notFound("calendar");
  if (id === DEFAULT_CALENDAR.id) return refuse("conflict", "There is always a default calendar.");
  const user = [...book.configurations.values()].find(({ calendarId }) => calendarId === id);
  if (user !== undefined) {
    const { priority, category } = user;
    return refuse("conflict", `The configuration ${priority}-${category} counts by this calendar.`);
  }
  const deleted = [...book.calendars.values()].filter(({ deletedAt }) => deletedAt !== undefined)
    .sort((a, b) => a.version - b.version);
  const forgotten = deleted.slice(0, Math.max(0, deleted.length + 1 - DELETED_CALENDARS_MAX));
  const dates = { version: book.version + 1, updatedAt: at, deletedAt: at };
  return { calendar: { ...known, ...dates }, forgotten };
}

function* faultsOf({ departments, ...hours }: Calendar): Generator<InputFault> {
  for (const { path, message } of hoursFaults(hours)) {
    yield { path: path.join("."), code: "custom", message };
  }
  const folded = departments.map(fold);
  for (const [index, department] of folded.entries()) {
    if (folded.indexOf(department) === index) continue;
    yield { path: `departments.${index}`, code: "custom", message: "Is named twice" };
  }
}

/** What nothing stands in for. */
function* missing(changes: CalendarChanges): Generator<InputFault> {
  for (const path of ["name", "timezone"] as const) {
    if (changes[path] !== undefined) continue;
    yield { path, code: "invalid_type", message: "A new calendar has to say it" };
  }
}

function conflictOf(book: Book, calendar: Calendar, isNew: boolean): Refusal | null {
  const others = allCalendars(book).filter(({ id }) => id !== calendar.id);
  if (isNew && others.length >= CALENDARS_MAX) {
    return refuse("conflict", `There are ${CALENDARS_MAX} calendars already, which is the most.`);
  }
  for (const department of calendar.departments) {
    const other = others.find(({ departments }) =>
      departments.some((each) => fold(each) === fold(department))
    );
    if (other === undefined) continue;
    return refuse("conflict", `The calendar ${other.id} names ${department} already.`);
  }
  return null;
}

/** What clocks go by, as a text. */
function clocksBy({ timezone, alwaysOpen, weekly, holidays, departments }: Calendar): string {
  const folded = departments.map(fold).sort();
  return JSON.stringify([timezone, alwaysOpen, inOrder(weekly), holidays, folded]);
}

/** What people see and clocks do not, as a text. */
function saidOf({ name, departments }: Calendar): string {
  return JSON.stringify([name, departments]);
}

/** The open days in the order of the week, the windows of each in the order of the day. */
function inOrder(weekly: Weekly): Weekly {
  const days = WEEKDAYS.flatMap((day) => {
    const windows = (weekly[day] ?? []).toSorted(([a], [b]) => a < b ? -1 : 1);
    return windows.length === 0 ? [] : [[day, windows] as const];
  });
  return Object.fromEntries(days);
}

function named(changes: CalendarChanges): Partial<Calendar> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
