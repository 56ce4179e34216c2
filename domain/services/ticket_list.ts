import type { Actor } from "../rules/actor.ts";
import { ORDERS, pageOf, parsePlace, type Sort } from "../rules/ticket_order.ts";
import type { WordQuery } from "../rules/words.ts";
import { behind } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { placesAlong, walkOrdered } from "../store/ordered.ts";
import { type TicketPage, walkTickets } from "../store/paging.ts";
import type { Desk } from "./desk.ts";
import { isEverything, type ListScope, scopeOf, type TicketFilter } from "./ticket_scope.ts";
import { countFound, findCandidates, listFound } from "./ticket_search.ts";
import { countTotal, scopeSize, type Total } from "./ticket_totals.ts";

export interface ListRequest {
  readonly filter: TicketFilter;
  readonly sort: Sort;
  /** Behind which place the page begins: `next` of the page before it; null for the first. */
  readonly place: string | null;
  /** How many matching tickets to pass over first, for those who ask by page number. */
  readonly skip: number;
  readonly limit: number;
}

export interface TicketListing extends Omit<TicketPage, "scanned">, Total {}

/** How many tickets a list may look at. */
export interface ListLimits {
  /** Of a longer list no page is sorted in memory. */
  readonly sortedMax: number;
  /** So many tickets with the words are looked at: for a page, to sort them, and to count them. */
  readonly foundMax: number;
}

export const LIST_LIMITS: ListLimits = { sortedMax: 2_000, foundMax: 10_000 };

/** The pointers that stand in an order which is not that of creation. */
const INDEXES: { readonly [sort in Sort]?: KvKey } = {
  "dueAt": ["ticket_by_due"],
  "-updatedAt": ["ticket_by_updated"],
};

/**
 * One page of the tickets that the actor may see and the filter asks for. In the order of creation a
 * walk along the pages never repeats a ticket and never skips one that matched all along; in another
 * order that holds for those whose place stays. With words and another sort than the default, only
 * the newest `foundMax` tickets that have the words are sorted.
 */
export async function listTickets(
  desk: Desk,
  actor: Actor,
  request: ListRequest,
  limits: ListLimits = LIST_LIMITS,
): Promise<TicketListing> {
  const { filter, sort } = request;
  const scope = scopeOf(actor, filter, desk.store.now());
  if (filter.words !== undefined) {
    return await search(desk, actor, scope, filter.words, request, limits);
  }
  const index = INDEXES[sort];
  if (index === undefined) {
    return await together(
      listByCreation(desk, scope, request),
      countTotal(desk, actor, filter, scope),
    );
  }
  if (await scopeSize(desk, actor, filter) <= limits.sortedMax) {
    return await sortScope(desk, scope, request, limits);
  }
  return await together(
    listAlong(desk, index, scope, request, limits),
    countTotal(desk, actor, filter, scope),
  );
}

async function together(page: Promise<TicketPage>, total: Promise<Total>): Promise<TicketListing> {
  const [{ items, next }, counted] = await Promise.all([page, total]);
  return { items, next, ...counted };
}

function listByCreation(
  desk: Desk,
  scope: ListScope,
  { sort, place, skip, limit }: ListRequest,
): Promise<TicketPage> {
  const ascending = sort === "createdAt";
  const from = ascending && place !== null ? behind(place) : scope.from;
  const before = ascending ? scope.before : place ?? scope.before;
  return walkTickets(desk.store, { ...scope, from, before, ascending, skip, limit });
}

function listAlong(
  desk: Desk,
  index: KvKey,
  { matches }: ListScope,
  { sort, place, skip, limit }: ListRequest,
  { foundMax: scannedMax }: ListLimits,
): Promise<TicketPage> {
  const order = ORDERS[sort];
  const places = placesAlong(desk.store, index, order, place === null ? null : parsePlace(place));
  return walkOrdered(desk.store, places, { order, matches, skip, limit, scannedMax });
}

/** Looks for words in a small scope by reading all of it, else in their index. */
async function search(
  desk: Desk,
  actor: Actor,
  scope: ListScope,
  words: WordQuery,
  request: ListRequest,
  limits: ListLimits,
): Promise<TicketListing> {
  const { store } = desk;
  const { filter, sort, skip, limit } = request;
  // Where nothing narrows the scope, the index is quicker than a look at each, however few.
  if (!isEverything(scope) && await scopeSize(desk, actor, filter) <= limits.sortedMax) {
    return await sortScope(desk, scope, request, limits);
  }
  const { foundMax } = limits;
  const candidates = await findCandidates(store, words);
  if (sort !== "-createdAt") {
    const newest = { place: null, skip: 0, limit: foundMax };
    return sorted(await listFound(store, candidates, scope, newest, foundMax), request);
  }
  const place = request.place === null ? null : parsePlace(request.place);
  return await together(
    listFound(store, candidates, scope, { place, skip, limit }, foundMax),
    countFound(store, candidates, actor, filter, scope, foundMax),
  );
}

async function sortScope(
  desk: Desk,
  scope: ListScope,
  request: ListRequest,
  { sortedMax: limit }: ListLimits,
): Promise<TicketListing> {
  return sorted(await walkTickets(desk.store, { ...scope, limit }), request);
}

/** The page asked for of tickets that are all at hand; there may be more behind `found.next`. */
function sorted(found: TicketPage, { sort, place, skip, limit }: ListRequest): TicketListing {
  const behindPlace = place === null ? null : parsePlace(place);
  const page = pageOf(found.items, ORDERS[sort], { place: behindPlace, skip, limit });
  return { ...page, total: found.items.length, totalCapped: found.next !== null };
}
