import { type Calendar, DEFAULT_CALENDAR } from "../rules/calendar.ts";
import {
  type CalendarChanges,
  deleteCalendar as decideDeletion,
  editCalendar,
  type EditedCalendar,
} from "../rules/calendar_edit.ts";
import { isRefusal, notFound, type Refusal } from "../rules/refusal.ts";
import { allCalendars } from "../rules/sla_book.ts";
import { keys } from "../store/keys.ts";
import { calendars } from "../store/kinds.ts";
import { NEVER_STORED, readVersioned, type Versioned } from "../store/store.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { commitEdit, editInTurn, readToEdit } from "./sla_edit.ts";

/**
 * Sets what is named of a calendar and keeps the rest, or makes it. 2 checks and up to 5 writes, and
 * where other hours count a transaction for each open ticket afterwards; none where nothing changes.
 * Refuses as the rule of the edit and `commitEdit` do.
 */
export function putCalendar(
  desk: Desk,
  id: string,
  changes: CalendarChanges,
): Promise<EditedCalendar | Refusal> {
  return editInTurn(desk, () =>
    transact(desk.store, async (tx) => {
      const book = await readToEdit(desk, tx);
      const stored = await tx.get(calendars, keys.calendar(id));
      const edit = editCalendar(book, id, changes, desk.store.now());
      if (isRefusal(edit) || !edit.hasChanged) return edit;
      if (stored === null) tx.add(calendars, edit.calendar);
      else tx.put(calendars, edit.calendar);
      return commitEdit(desk, tx, book, edit.appliesToOpen) ?? edit;
    }));
}

/** Every calendar, as this process knows them. */
export async function listCalendars(desk: Desk): Promise<Calendar[]> {
  return allCalendars(await desk.book.now());
}

export async function findCalendar(
  { store }: Desk,
  id: string,
): Promise<Versioned<Calendar> | Refusal> {
  const stored = await readVersioned(store, calendars, keys.calendar(id));
  if (stored !== null && stored.record.deletedAt === undefined) return stored;
  return id === DEFAULT_CALENDAR.id
    ? { record: DEFAULT_CALENDAR, versionstamp: NEVER_STORED }
    : notFound("calendar");
}

/**
 * Deletes a calendar that no configuration names; the record stays for a while, for open tickets
 * that still count by it. Up to 3 checks and 5 writes, then as `putCalendar`.
 */
export function deleteCalendar(desk: Desk, id: string): Promise<Calendar | Refusal> {
  return editInTurn(desk, () =>
    transact(desk.store, async (tx) => {
      const book = await readToEdit(desk, tx);
      const stored = await tx.get(calendars, keys.calendar(id));
      const deletion = decideDeletion(book, id, desk.store.now());
      if (isRefusal(deletion)) return deletion;
      if (stored === null) return notFound("calendar");
      tx.put(calendars, deletion.calendar);
      for (const each of deletion.forgotten) {
        const forgotten = await tx.get(calendars, keys.calendar(each.id));
        if (forgotten !== null) tx.remove(calendars, forgotten);
      }
      return commitEdit(desk, tx, book, true) ?? deletion.calendar;
    }));
}
