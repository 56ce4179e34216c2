import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR, type Weekly } from "../../domain/rules/calendar.ts";
import {
  type CalendarChanges,
  CALENDARS_MAX,
  deleteCalendar,
  editCalendar,
  type EditedCalendar,
} from "../../domain/rules/calendar_edit.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { allCalendars, type Book, calendarOf, EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import { pairOf, slaConfigurationFor } from "../../domain/rules/sla_configuration.ts";
import { minute } from "../support/builders.ts";
import { granted, refusalOf } from "../support/desk.ts";

const AT = minute(7);
const OFFICE = {
  name: "Office",
  timezone: "Europe/Berlin",
  weekly: { mon: [["09:00", "17:00"]], fri: [["09:00", "12:00"]] },
} satisfies CalendarChanges;

function edit(book: Book, id: string, changes: CalendarChanges): EditedCalendar {
  return granted(editCalendar(book, id, changes, AT));
}

/** The book after an edit, or a deletion. */
function after(book: Book, { calendar }: { readonly calendar: Calendar }): Book {
  const calendars = new Map(book.calendars).set(calendar.id, calendar);
  return { ...book, version: book.version + 1, calendars };
}

const WITH_OFFICE = after(EMPTY_BOOK, edit(EMPTY_BOOK, "office", OFFICE));

/** The same days, the last one first. */
function inverted(weekly: Weekly): Weekly {
  return Object.fromEntries(Object.entries(weekly).reverse());
}

function pathsOf(outcome: unknown): string[] {
  assert(isRefusal(outcome), JSON.stringify(outcome));
  assert.equal(outcome.refused, "invalid_input");
  return (outcome.errors ?? []).map(({ path }) => path);
}

Deno.test("a new calendar is what was said of it, and closed when nothing was", () => {
  const { calendar, isNew, hasChanged, appliesToOpen } = edit(EMPTY_BOOK, "office", OFFICE);
  assert.deepEqual(calendar, {
    schema: 1,
    id: "office",
    ...OFFICE,
    alwaysOpen: false,
    holidays: [],
    departments: [],
    version: 1,
    createdAt: AT,
    updatedAt: AT,
  });
  assert.deepEqual([isNew, hasChanged], [true, true]);
  assert.equal(appliesToOpen, false, "no ticket can count by it yet");
});

Deno.test("a new calendar reaches open tickets where it can be theirs at once", () => {
  assert.equal(
    edit(EMPTY_BOOK, "office", { ...OFFICE, departments: ["Billing"] }).appliesToOpen,
    true,
  );
  // Some may have counted by one of this id, before it was deleted.
  const deleted = deleteCalendar(WITH_OFFICE, "office", AT);
  if (isRefusal(deleted)) throw new Error(deleted.detail);
  const without = { ...WITH_OFFICE, calendars: new Map([["office", deleted.calendar]]) };
  assert.equal(edit(without, "office", OFFICE).appliesToOpen, true);
});

Deno.test("a new calendar names itself, its time zone and its hours", () => {
  assert.deepEqual(pathsOf(editCalendar(EMPTY_BOOK, "office", {}, AT)), [
    "name",
    "timezone",
    "weekly",
  ]);
  const { timezone: _, ...rest } = OFFICE;
  assert.deepEqual(pathsOf(editCalendar(EMPTY_BOOK, "office", rest, AT)), ["timezone"]);
});

Deno.test("an edit sets what it names and keeps the rest", () => {
  const before = calendarOf(WITH_OFFICE, "office");
  assert(before !== null);
  const { version, timezone, alwaysOpen, weekly, holidays } = before;
  const HOURS_OF_BEFORE = { version, timezone, alwaysOpen, weekly, holidays };
  const cases: [CalendarChanges, Partial<Calendar>, appliesToOpen: boolean][] = [
    [{ name: "Bureau" }, { name: "Bureau", version: before.version }, false],
    [{ timezone: "Asia/Tokyo" }, { timezone: "Asia/Tokyo" }, true],
    [{ weekly: { tue: [["08:00", "09:00"]] } }, { weekly: { tue: [["08:00", "09:00"]] } }, true],
    [{ holidays: ["2026-12-25"] }, { holidays: ["2026-12-25"] }, true],
    [{ departments: ["Billing"] }, { departments: ["Billing"] }, true],
    [{ alwaysOpen: true, weekly: {} }, { alwaysOpen: true, weekly: {} }, true],
  ];
  for (const [changes, expected, appliesToOpen] of cases) {
    assert.deepEqual(edit(WITH_OFFICE, "office", changes), {
      calendar: {
        ...before,
        version: 2,
        updatedAt: AT,
        ...expected,
        // Whoever the edit has yet to reach counts by the hours of before.
        ...(appliesToOpen ? { previous: HOURS_OF_BEFORE } : {}),
      },
      isNew: false,
      hasChanged: true,
      appliesToOpen,
    });
  }
});

Deno.test("the same hours in another order are the same, and an edit of them is none", () => {
  const weekly = inverted({ ...OFFICE.weekly, sun: [] });
  const again = edit(WITH_OFFICE, "office", { ...OFFICE, weekly });
  assert.deepEqual([again.hasChanged, again.appliesToOpen], [false, false]);
  const split = { mon: [["13:00", "17:00"], ["09:00", "12:00"]] } as const;
  const days = ["2027-01-01", "2026-12-25"];
  const { calendar } = edit(WITH_OFFICE, "office", { weekly: split, holidays: days });
  assert.deepEqual(calendar.weekly, { mon: [["09:00", "12:00"], ["13:00", "17:00"]] });
  assert.deepEqual(calendar.holidays, ["2026-12-25", "2027-01-01"]);
});

Deno.test("every fault is told with its path, and hours are looked at as they would become", () => {
  const bad = { timezone: "Atlantis", weekly: { mon: [["25:00", "26:00"]] } } as const;
  assert.deepEqual(pathsOf(editCalendar(WITH_OFFICE, "office", bad, AT)), [
    "timezone",
    "weekly.mon.0.0",
    "weekly.mon.0.1",
  ]);
  const twice = { departments: ["Billing", "Cards", " billing "] };
  assert.deepEqual(pathsOf(editCalendar(WITH_OFFICE, "office", twice, AT)), ["departments.2"]);
  assert.deepEqual(pathsOf(editCalendar(WITH_OFFICE, "office", { weekly: {} }, AT)), ["weekly"]);
  // It has windows already.
  const open = editCalendar(WITH_OFFICE, "office", { alwaysOpen: true }, AT);
  assert.deepEqual(pathsOf(open), ["weekly"]);
});

Deno.test("a department counts by one calendar", () => {
  const book = after(
    WITH_OFFICE,
    edit(WITH_OFFICE, "shop", { ...OFFICE, departments: ["Billing"] }),
  );
  const outcome = editCalendar(book, "office", { departments: ["Cards", "BILLING"] }, AT);
  assert.equal(refusalOf(outcome), "conflict");
  const respelt = edit(book, "shop", { departments: ["billing"] });
  assert.deepEqual([respelt.hasChanged, respelt.appliesToOpen], [true, false]);
  const deletion = granted(deleteCalendar(book, "shop", AT));
  const without = after(book, deletion);
  assert.equal(edit(without, "office", { departments: ["Billing"] }).hasChanged, true);
});

Deno.test("the default calendar can be edited and never deleted", () => {
  const edited = edit(EMPTY_BOOK, "default", { alwaysOpen: false, ...OFFICE });
  assert.deepEqual([edited.isNew, edited.appliesToOpen], [false, true]);
  assert.equal(edited.calendar.version, 1);
  const renamed = edit(EMPTY_BOOK, "default", { name: "All day" });
  assert.deepEqual(renamed.calendar, { ...DEFAULT_CALENDAR, name: "All day", updatedAt: AT });
  for (const book of [EMPTY_BOOK, after(EMPTY_BOOK, edited)]) {
    assert.equal(refusalOf(deleteCalendar(book, "default", AT)), "conflict");
  }
});

Deno.test("a calendar that a configuration names stays, and one that is not there is not found", () => {
  const configuration = {
    ...slaConfigurationFor(EMPTY_BOOK, 1, "billing"),
    calendarId: "office",
  };
  const configurations = new Map([[pairOf(1, "billing"), configuration]]);
  const used = { ...WITH_OFFICE, configurations };
  assert.equal(refusalOf(deleteCalendar(used, "office", AT)), "conflict");
  assert.equal(refusalOf(deleteCalendar(WITH_OFFICE, "shop", AT)), "not_found");
  const { calendar } = granted(deleteCalendar(WITH_OFFICE, "office", AT));
  assert.deepEqual([calendar.version, calendar.deletedAt], [2, AT]);
  const deleted = after(WITH_OFFICE, { calendar });
  assert.equal(refusalOf(deleteCalendar(deleted, "office", AT)), "not_found");
  assert.deepEqual(allCalendars(deleted), [DEFAULT_CALENDAR]);
});

Deno.test("a calendar made again under the id of a deleted one has nothing of it", () => {
  const holidays = ["2026-12-25"];
  const full = after(EMPTY_BOOK, edit(EMPTY_BOOK, "office", { ...OFFICE, holidays }));
  const deleted = after(full, granted(deleteCalendar(full, "office", AT)));
  const { calendar, isNew } = edit(deleted, "office", OFFICE);
  assert.equal(isNew, true);
  assert.deepEqual([calendar.holidays, calendar.deletedAt, calendar.version], [[], undefined, 3]);
});

Deno.test("of the deleted a few are kept, the latest, however many there have been", () => {
  let book = EMPTY_BOOK;
  const forgotten: string[] = [];
  for (let index = 0; index < 50; index++) {
    book = after(book, edit(book, `c-${index}`, OFFICE));
    const deletion = granted(deleteCalendar(book, `c-${index}`, AT));
    book = after(book, deletion);
    const calendars = new Map(book.calendars);
    for (const { id } of deletion.forgotten) {
      forgotten.push(id);
      calendars.delete(id);
    }
    book = { ...book, calendars };
    assert(book.calendars.size <= 20);
  }
  assert.deepEqual(forgotten, Array.from({ length: 30 }, (_, index) => `c-${index}`));
});

Deno.test("there are so many calendars and not one more; those there are can be edited", () => {
  let book = EMPTY_BOOK;
  // The default one is one of them.
  for (let index = 1; index < CALENDARS_MAX; index++) {
    book = after(book, edit(book, `c-${index}`, OFFICE));
  }
  assert.equal(refusalOf(editCalendar(book, "one-more", OFFICE, AT)), "conflict");
  assert.equal(edit(book, "c-7", { name: "Seven" }).hasChanged, true);
  assert.equal(edit(book, "default", { name: "All day" }).hasChanged, true);
});
