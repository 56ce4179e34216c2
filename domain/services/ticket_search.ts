import { type Actor, supervises } from "../rules/actor.ts";
import { ORDERS, type Place } from "../rules/ticket_order.ts";
import type { WordQuery } from "../rules/words.ts";
import { feedEnd } from "../store/feed.ts";
import { placesByNumber, walkOrdered } from "../store/ordered.ts";
import { changedSince, type TicketPage } from "../store/paging.ts";
import type { Store } from "../store/store.ts";
import {
  type Bitmap,
  countBits,
  intersect,
  readPrefix,
  readWord,
  withNumbers,
} from "../store/words.ts";
import type { ListScope, TicketFilter } from "./ticket_scope.ts";
import type { Total } from "./ticket_totals.ts";

/** Of longer questions the words behind these are looked for in the tickets alone. */
export const WORDS_READ_MAX = 10;

/** The tickets that may have the words of a question. */
export interface Candidates {
  /** By their numbers; null when the words are too common to be looked up: all tickets may. */
  readonly numbers: Bitmap | null;
  /** How many have them, where the index alone can tell. */
  readonly exactly: number | null;
}

/** Looks the words up: a list each, of a key for each 64 tickets at most. */
export async function findCandidates(store: Store, words: WordQuery): Promise<Candidates> {
  const { whole, prefix } = words;
  const since = await feedEnd(store);
  const [begun, ...known] = await Promise.all([
    prefix === null ? null : readPrefix(store, prefix),
    ...whole.slice(0, WORDS_READ_MAX).map((word) => readWord(store, word)),
  ]);
  const isComplete = whole.length <= WORDS_READ_MAX && (prefix === null || begun !== null);
  const [first, ...others] = begun === null ? known : [begun, ...known];
  if (first === undefined) return { numbers: null, exactly: null };
  const found = others.reduce(intersect, first);
  const exactly = isComplete ? countBits(found) : null;
  // A ticket can have gone from one word with the prefix to another while they were read.
  const changed = begun === null ? new Map() : await changedSince(store, since);
  return { numbers: changed.size === 0 ? found : withNumbers(found, changed.values()), exactly };
}

/**
 * One page of the candidates that match, the greatest number first. Numbers never change and bits
 * stand as long as the words do, so that a walk never repeats a ticket nor skips one that matched
 * all along.
 */
export function listFound(
  store: Store,
  { numbers }: Candidates,
  { matches }: Pick<ListScope, "matches">,
  page: { readonly place: Place | null; readonly skip: number; readonly limit: number },
  scannedMax: number,
): Promise<TicketPage> {
  const places = placesByNumber(store, numbers, page.place?.value ?? Number.MAX_SAFE_INTEGER);
  const { skip, limit } = page;
  return walkOrdered(store, places, {
    order: ORDERS["-createdAt"],
    matches,
    skip,
    limit,
    scannedMax,
  });
}

/** How many are found: exactly where the index tells, else counted among the newest candidates. */
export async function countFound(
  store: Store,
  candidates: Candidates,
  actor: Actor,
  filter: TicketFilter,
  scope: ListScope,
  countedMax: number,
): Promise<Total> {
  const { words: _, ...others } = filter;
  const isAll = supervises(actor) && Object.values(others).every((asked) => asked === undefined);
  if (isAll && candidates.exactly !== null) {
    return { total: candidates.exactly, totalCapped: false };
  }
  const page = { place: null, skip: 0, limit: countedMax };
  const { items, next } = await listFound(store, candidates, scope, page, countedMax);
  return { total: items.length, totalCapped: next !== null };
}
