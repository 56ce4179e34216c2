import { type Actor, isStaff } from "../rules/actor.ts";
import type { HistoryEntry } from "../rules/event.ts";
import type { Ticket } from "../rules/ticket.ts";
import { type Page, readPage } from "../store/page.ts";
import type { Store, Versioned } from "../store/store.ts";
import { makeRecall } from "./recall.ts";

/** The newest entries of tickets' histories. */
export interface Histories {
  /** At most `HISTORY_SHOWN_MAX`, newest first; customers know nothing of internal notes. */
  read(actor: Actor, ticket: Versioned<Ticket>): Promise<readonly HistoryEntry[]>;
}

const HISTORY_SHOWN_MAX = 100;
const REMEMBERED_MAX = 1_000;

interface Remembered {
  readonly versionstamp: string;
  readonly entries: readonly HistoryEntry[];
}

/**
 * Every entry of a history commits together with its ticket. So what was read for a version of the
 * ticket is right for as long as the ticket has that version, and need not be read again.
 */
export function makeHistories(store: Store): Histories {
  const known = makeRecall<Remembered>(REMEMBERED_MAX, Infinity, store.now);
  return {
    async read(actor, { record: { id }, versionstamp }) {
      const staff = isStaff(actor);
      const key = `${staff} ${id}`;
      const remembered = known.get(key);
      if (remembered?.versionstamp === versionstamp) return remembered.entries;
      const page = { before: null, limit: HISTORY_SHOWN_MAX };
      const { items: entries } = await listHistory(store, actor, id, page);
      known.set(key, { versionstamp, entries }, known.forgotten());
      return entries;
    },
  };
}

/** A page of a ticket's history, newest first. Customers know nothing of internal notes. */
export function listHistory(
  store: Store,
  actor: Actor,
  ticketId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<Page<HistoryEntry>> {
  const staff = isStaff(actor);
  return readPage<HistoryEntry>(store, ["history", ticketId], {
    place: page.before,
    limit: page.limit,
    reverse: true,
    keeps: ({ internal }) => staff || !internal,
  });
}
