import assert from "node:assert/strict";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { editCalendar } from "../../domain/rules/calendar_edit.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { startClocks } from "../../domain/rules/sla.ts";
import { advance } from "../../domain/rules/sla_advance.ts";
import { type Book, EMPTY_BOOK } from "../../domain/rules/sla_book.ts";
import {
  bringUpToDate,
  hoursOf,
  isBehind,
  scheduled,
  termsFor,
} from "../../domain/rules/sla_course.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { type Instant, iso, MINUTE_MS } from "../../domain/rules/time.ts";
import { aTicket } from "../support/builders.ts";

/** A Monday. */
const NINE: Instant = Date.UTC(2026, 0, 5, 9);

function at(minutes: number): Instant {
  return NINE + minutes * MINUTE_MS;
}

/** A book in which the tickets of Support count by this calendar. */
function bookWith(calendar: Calendar, edit: Partial<Book> = {}): Book {
  return { ...EMPTY_BOOK, version: 1, calendars: new Map([[calendar.id, calendar]]), ...edit };
}

const OFFICE: Calendar = {
  ...DEFAULT_CALENDAR,
  id: "office",
  alwaysOpen: false,
  weekly: { mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]] },
  departments: ["Support"],
  version: 1,
};

function opened(book: Book): Ticket {
  const ticket = aTicket({ department: "Support", priority: 1, createdAt: NINE });
  const terms = termsFor(book, ticket);
  return scheduled({ ...ticket, sla: startClocks(terms, 80, NINE) }, terms.calendar, 7);
}

/** The book after an edit of its calendar. */
function edited(book: Book, changes: Parameters<typeof editCalendar>[2], when: Instant): Book {
  const edit = editCalendar(book, "office", changes, when);
  if (isRefusal(edit)) throw new Error(edit.detail);
  return bookWith(edit.calendar, { version: 2, appliedAt: when, applying: true });
}

Deno.test("up to an edit of its calendar a ticket counts by the hours of before", () => {
  const book = bookWith(OFFICE);
  const ticket = opened(book);
  // From eleven on it says that Mondays open at eleven: an hour was promised from nine.
  const late = edited(book, { weekly: { mon: [["11:00", "17:00"]] } }, at(120));
  assert.ok(isBehind(ticket, late));
  const before = advance(ticket, null, hoursOf(late, ticket), late.appliedAt);
  assert.deepEqual(before.map((each) => [each.kind, iso(each.at)]), [
    ["warning", "2026-01-05T09:48:00.000Z"],
    ["breach", "2026-01-05T10:00:00.000Z"],
    ["level", "2026-01-05T10:00:00.000Z"],
  ]);
  const caughtUp = before.at(-1)?.decision.ticket ?? ticket;
  const brought = bringUpToDate(caughtUp, late);
  assert.equal(isBehind(brought, late), false);
  assert.equal(brought.sla.response.breachedAt, at(60), "a breach is never taken back");
  // The second level is due after two hours: of the new ones none has gone by yet.
  const after = advance(brought, null, hoursOf(late, brought), at(360));
  assert.deepEqual(after.map((each) => [each.kind, iso(each.at)]), [
    ["level", "2026-01-05T13:00:00.000Z"],
  ]);
});

Deno.test("a ticket that an edit moves to another calendar keeps what it used by the old hours", () => {
  const book = bookWith(OFFICE);
  const ticket = opened(book);
  // The edit takes the department away and closes Mondays: thirty minutes were used by then.
  const closed = edited(book, { departments: [], weekly: { tue: [["09:00", "17:00"]] } }, at(30));
  const brought = bringUpToDate(ticket, closed);
  assert.equal(brought.sla.calendar.id, DEFAULT_CALENDAR.id);
  const { response } = brought.sla;
  assert.equal(response.consumedMs, 30 * MINUTE_MS);
  assert.equal(response.dueAt, at(60));
});
