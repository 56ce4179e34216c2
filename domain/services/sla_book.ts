import type { Calendar } from "../rules/calendar.ts";
import type { FeedEvent } from "../rules/event.ts";
import { type Book, type BookState, EMPTY_BOOK } from "../rules/sla_book.ts";
import { pairOf, type SlaConfiguration } from "../rules/sla_configuration.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { calendars, slaConfigurations } from "../store/kinds.ts";
import type { KvEntryMaybe, KvKey } from "../store/open.ts";
import { decode, type RecordKind } from "../store/records.ts";
import { LIST_BATCH_MAX, readList, type Store } from "../store/store.ts";
import type { Transaction } from "../store/transact.ts";

/** What is configured of promises, as this process knows it: every verb needs it, few change it. */
export interface SlaBook {
  /**
   * The book for a transaction, which commits only while it stands. Without a read of KV, unless
   * the transaction is tried again, or the feed has told of an edit.
   */
  read(tx: Transaction): Promise<Book>;
  /** The book for what is only shown: at most two seconds old, and never older than own edits. */
  now(): Promise<Book>;
  /** The book as it is in the store at this moment. */
  latest(): Promise<Book>;
  forget(event: FeedEvent): void;
}

/** All that is configured, and of which version of the record that changes with every edit. */
interface Edition {
  readonly book: Book;
  /** Null while there has been no edit. */
  readonly versionstamp: string | null;
}

interface Known extends Edition {
  readonly seenAt: Instant;
  /** How often something was forgotten before it was read. */
  readonly forgotten: number;
}

const REMEMBERED_MS = 2 * SECOND_MS;
/** Edits are rare: that one falls into each of so many looks is as good as impossible. */
const LOOKS_MAX = 5;

export function makeSlaBook(store: Store): SlaBook {
  let known: Known | null = null;
  let forgotten = 0;
  let loading: { readonly from: string | null; readonly edition: Promise<Edition> } | null = null;

  /** No word has come since that it is another one. */
  function mayStand({ forgotten: before }: Known): boolean {
    return before === forgotten;
  }

  function isFresh(edition: Known): boolean {
    return mayStand(edition) && store.now() - edition.seenAt < REMEMBERED_MS;
  }

  async function refresh(): Promise<Known> {
    const seen = { seenAt: store.now(), forgotten };
    const found: Known = { ...await editionOf(await readState(store)), ...seen };
    // Of two looks at once the later one may end first.
    if (known === null || isNotBefore(found, known)) known = found;
    return found;
  }

  async function editionOf(state: KvEntryMaybe<BookState>): Promise<Edition> {
    const { value, versionstamp } = state;
    const { version, appliedAt, applying } = value ?? EMPTY_BOOK;
    // What was read stands, however far the edit has come.
    if (known !== null && known.book.version === version) {
      return { book: { ...known.book, appliedAt, applying }, versionstamp };
    }
    // Many ask at once when it has changed; it is read once for all of them.
    if (loading === null || loading.from !== versionstamp) {
      loading = { from: versionstamp, edition: load(store, state) };
    }
    const mine = loading;
    try {
      return await mine.edition;
    } finally {
      if (loading === mine) loading = null;
    }
  }

  return {
    async read(tx) {
      // However old it is: by one that was edited since nothing is committed.
      const lately = tx.attempt === 1 && known !== null && mayStand(known) ? known : null;
      const { book, versionstamp } = lately ?? await refresh();
      tx.check(keys.slaBook(), versionstamp);
      return book;
    },
    async now() {
      return known !== null && isFresh(known) ? known.book : (await refresh()).book;
    },
    async latest() {
      return (await refresh()).book;
    },
    forget(event) {
      if (event.type === "sla.changed") forgotten += 1;
    },
  };
}

function isNotBefore(a: Known, b: Known): boolean {
  return (a.versionstamp ?? "") >= (b.versionstamp ?? "") && a.forgotten >= b.forgotten;
}

function readState(store: Store): Promise<KvEntryMaybe<BookState>> {
  return store.reader.get<BookState>(keys.slaBook());
}

/** Reads all that is configured, and again if it was edited meanwhile. */
async function load(store: Store, from: KvEntryMaybe<BookState>): Promise<Edition> {
  let state = from;
  for (let look = 1;; look++) {
    const [configurations, all] = await Promise.all([
      readAll(store, slaConfigurations, keys.slaConfigurations()),
      readAll(store, calendars, keys.calendars()),
    ]);
    const { value, versionstamp } = state;
    state = await readState(store);
    // With a book of two versions nobody could commit.
    if (state.versionstamp !== versionstamp && look < LOOKS_MAX) continue;
    const { version, appliedAt, applying } = value ?? EMPTY_BOOK;
    return { book: bookOf({ version, appliedAt, applying }, configurations, all), versionstamp };
  }
}

function bookOf(
  state: BookState,
  configurations: readonly SlaConfiguration[],
  all: readonly Calendar[],
): Book {
  return {
    ...state,
    configurations: new Map(
      configurations.map((each) => [pairOf(each.priority, each.category), each]),
    ),
    calendars: new Map(all.map((each) => [each.id, each])),
  };
}

/** The limits of edits are lower than that of a list. */
async function readAll<T extends { readonly schema: number }>(
  store: Store,
  kind: RecordKind<T>,
  prefix: KvKey,
): Promise<T[]> {
  const rows = await readList<T>(store, prefix, { limit: LIST_BATCH_MAX });
  return rows.map(({ value }) => decode(kind, value));
}
