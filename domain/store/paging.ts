import type { Ticket } from "../rules/ticket.ts";
import { behind, keys } from "./keys.ts";
import { feedEnd, readFeed } from "./feed.ts";
import { POINTER, type TicketRow, tickets } from "./kinds.ts";
import { decode } from "./records.ts";
import type { KvKey } from "./open.ts";
import { read, readMany, type Store } from "./store.ts";

/** Which tickets, by their creation. Ids sort by creation, so a place in the walk is an id. */
export interface TicketWalk {
  /** Prefixes of keys that end in the ticket's id; a ticket may stand under several of them. */
  readonly prefixes: readonly KvKey[];
  readonly matches: (ticket: Ticket) => boolean;
  /** Only tickets with ids below this one. */
  readonly before: string | null;
  /** Only tickets with ids from this one on. */
  readonly from: string | null;
  /** The oldest first; else the newest. */
  readonly ascending?: boolean;
  /** How many matching tickets to pass over first. */
  readonly skip?: number;
  readonly limit: number;
  /** How many tickets to look at; `SCANNED_MAX` unless told. */
  readonly scannedMax?: number;
}

export interface TicketPage {
  readonly items: readonly Ticket[];
  /** The last ticket looked at, behind which the next page goes on; null at the end. */
  readonly next: string | null;
  /** How many tickets were looked at for it. */
  readonly scanned: number;
}

/** A page that had to look at this many tickets ends early; the next one goes on from there. */
export const SCANNED_MAX = 20_000;
const BATCH_MAX = 100;
const FEED_READ_MAX = 500;
const FEED_READS_MAX = 20;

/**
 * One page of a walk. A walk page by page never repeats a ticket and never skips one that matched
 * all along, though it moves from one index entry to another meanwhile: what changed while several
 * prefixes were read, the feed tells, and these tickets are looked at by themselves. Where tickets
 * are passed over by their number, nothing of this is promised.
 */
export async function walkTickets(store: Store, walk: TicketWalk): Promise<TicketPage> {
  const mayMove = walk.prefixes.length > 1 && (walk.skip ?? 0) === 0;
  const place = mayMove ? await feedEnd(store) : "";
  const page = await merge(store, walk);
  if (!mayMove) return page;
  const changed = await changedSince(store, place);
  return changed.size === 0 ? page : withChanged(store, walk, page, changed);
}

async function merge(store: Store, walk: TicketWalk): Promise<TicketPage> {
  const batchSize = Math.min(walk.limit + 1, BATCH_MAX);
  const reverse = walk.ascending !== true;
  const streams = walk.prefixes.map((prefix) => {
    const start = [...prefix, walk.from ?? ""];
    const end = [...prefix, walk.before ?? "~"];
    return store.reader.list<TicketRow>({ start, end }, { reverse, batchSize });
  });
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  const { limit, scannedMax = SCANNED_MAX } = walk;
  const items: Ticket[] = [];
  let toSkip = walk.skip ?? 0;
  let next: string | null = null;
  for (let scanned = 0;; scanned++) {
    const first = firstOf(heads, reverse);
    if (first === null) return { items, next: null, scanned };
    // The last ticket looked at is where the next page goes on.
    if (items.length === limit || scanned === scannedMax) return { items, next, scanned };
    next = first.id;
    const ticket = first.row === POINTER
      ? await read(store, tickets, keys.ticket(first.id))
      : decode(tickets, first.row);
    if (ticket !== null && walk.matches(ticket)) {
      if (toSkip > 0) toSkip -= 1;
      else items.push(ticket);
    }
    await advance(streams, heads, first.id);
  }
}

type Head = IteratorResult<{ readonly key: KvKey; readonly value: TicketRow }>;

function firstOf(
  heads: readonly Head[],
  reverse: boolean,
): { readonly id: string; readonly row: TicketRow } | null {
  let first: { readonly id: string; readonly row: TicketRow } | null = null;
  for (const head of heads) {
    if (head.done === true) continue;
    const id = String(head.value.key.at(-1));
    if (first === null || (id > first.id) === reverse) first = { id, row: head.value.value };
  }
  return first;
}

/** Moves every stream on that stands at this ticket. */
async function advance(
  streams: readonly AsyncIterator<{ readonly key: KvKey; readonly value: TicketRow }>[],
  heads: Head[],
  id: string,
): Promise<void> {
  for (const [index, stream] of streams.entries()) {
    const head = heads[index];
    if (head === undefined || head.done === true) continue;
    if (String(head.value.key.at(-1)) === id) heads[index] = await stream.next();
  }
}

/** The numbers of the tickets that changed since a place in the feed, by their ids. */
export async function changedSince(store: Store, place: string): Promise<Map<string, number>> {
  const changed = new Map<string, number>();
  let after = place;
  for (let reads = 0; reads < FEED_READS_MAX; reads++) {
    const entries = await readFeed(store, after, FEED_READ_MAX);
    for (const { versionstamp, events } of entries) {
      after = versionstamp;
      for (const event of events) {
        if ("ticket" in event) changed.set(event.ticket.id, event.ticket.number);
      }
    }
    if (entries.length < FEED_READ_MAX) return changed;
  }
  throw new Error(`Cannot list tickets: over ${FEED_READS_MAX * FEED_READ_MAX} changes meanwhile`);
}

/** The page with the changed tickets that belong into its stretch of the walk. */
async function withChanged(
  store: Store,
  walk: TicketWalk,
  page: TicketPage,
  changed: ReadonlyMap<string, number>,
): Promise<TicketPage> {
  const { ascending = false, limit } = walk;
  const from = (ascending ? null : page.next) ?? walk.from ?? "";
  const before = ascending && page.next !== null ? behind(page.next) : walk.before;
  const inStretch = [...changed.keys()].filter((id) =>
    id >= from && (before === null || id < before)
  );
  const current = await readMany(store, tickets, inStretch.map((id) => keys.ticket(id)));
  const byId = new Map(page.items.map((ticket) => [ticket.id, ticket]));
  for (const ticket of current) {
    if (ticket !== null && walk.matches(ticket)) byId.set(ticket.id, ticket);
  }
  const items = [...byId.values()].sort((a, b) => (a.id < b.id) === ascending ? -1 : 1);
  if (items.length <= limit) return { ...page, items };
  const kept = items.slice(0, limit);
  return { ...page, items: kept, next: kept.at(-1)?.id ?? null };
}
