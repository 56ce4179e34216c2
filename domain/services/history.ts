import { type Actor, isStaff } from "../rules/actor.ts";
import type { HistoryEntry } from "../rules/event.ts";
import type { Ticket } from "../rules/ticket.ts";
import { readList, type Store, type Versioned } from "../store/store.ts";
import { makeRecall } from "./recall.ts";

/** The newest entries of tickets' histories. */
export interface Histories {
  /** At most `HISTORY_SHOWN_MAX`, newest first; customers know nothing of internal notes. */
  read(actor: Actor, ticket: Versioned<Ticket>): Promise<readonly HistoryEntry[]>;
}

export const HISTORY_SHOWN_MAX = 100;
/** Reading on behind internal entries, a customer's history looks at no more than this. */
const HISTORY_READ_MAX = 1_000;
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
      const entries = await readNewest(store, id, staff);
      known.set(key, { versionstamp, entries });
      return entries;
    },
  };
}

async function readNewest(store: Store, ticketId: string, staff: boolean): Promise<HistoryEntry[]> {
  const rows = await readList<HistoryEntry>(store, ["history", ticketId], {
    limit: staff ? HISTORY_SHOWN_MAX : HISTORY_READ_MAX,
    reverse: true,
  });
  const entries = rows.map(({ value }) => value).filter((entry) => staff || !entry.internal);
  return entries.slice(0, HISTORY_SHOWN_MAX);
}
