import { type Actor, isStaff } from "../rules/actor.ts";
import type { HistoryEntry } from "../rules/event.ts";
import type { Ticket } from "../rules/ticket.ts";
import { LIST_BATCH_MAX, type Store, type Versioned } from "../store/store.ts";
import { makeRecall } from "./recall.ts";

/** The newest entries of tickets' histories. */
export interface Histories {
  /** At most `HISTORY_SHOWN_MAX`, newest first; customers know nothing of internal notes. */
  read(actor: Actor, ticket: Versioned<Ticket>): Promise<readonly HistoryEntry[]>;
}

export const HISTORY_SHOWN_MAX = 100;
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

export interface HistoryPage {
  readonly items: readonly HistoryEntry[];
  /** The id before which the next page begins; null at the end. */
  readonly next: string | null;
}

/** A page of a ticket's history, newest first. Customers know nothing of internal notes. */
export async function listHistory(
  store: Store,
  actor: Actor,
  ticketId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<HistoryPage> {
  const staff = isStaff(actor);
  const selector = {
    start: ["history", ticketId, ""],
    end: ["history", ticketId, page.before ?? "~"],
  };
  const batchSize = Math.min(page.limit + 1, LIST_BATCH_MAX);
  const items: HistoryEntry[] = [];
  const rows = store.reader.list<HistoryEntry>(selector, { reverse: true, batchSize });
  for await (const { value } of rows) {
    if (!staff && value.internal) continue;
    if (items.length === page.limit) return { items, next: items.at(-1)?.id ?? null };
    items.push(value);
  }
  return { items, next: null };
}
