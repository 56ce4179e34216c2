import type { Ticket } from "../rules/ticket.ts";
import {
  comparePlaces,
  type Place,
  placeOf,
  placeText,
  type TicketOrder,
} from "../rules/ticket_order.ts";
import { behind, keys } from "./keys.ts";
import { tickets } from "./kinds.ts";
import type { KvKey } from "./open.ts";
import type { TicketPage } from "./paging.ts";
import { inBatches, LIST_BATCH_MAX, readMany, readValues, type Store } from "./store.ts";
import { type Bitmap, numbersBelow } from "./words.ts";

/** Which tickets of those that are to be looked at. */
export interface OrderedWalk {
  readonly order: TicketOrder;
  readonly matches: (ticket: Ticket) => boolean;
  /** How many matching tickets to pass over first. */
  readonly skip: number;
  readonly limit: number;
  /**
   * How many tickets to look at, beyond those passed over: a page that had to look at so many ends
   * early, and the next one goes on from there.
   */
  readonly scannedMax: number;
}

const BATCH_MAX = 100;

/**
 * One page of the tickets at the given places, which come in order; they are fetched in batches of
 * a hundred at most, ten in a read. Who moves along the order meanwhile is where it stands by then:
 * a walk misses it that moved ahead of the walk's place, and one that moved behind it comes again.
 */
export async function walkOrdered(
  store: Store,
  places: AsyncIterable<Place>,
  walk: OrderedWalk,
): Promise<TicketPage> {
  const { order, matches, limit, skip, scannedMax } = walk;
  const items: Ticket[] = [];
  let toSkip = skip;
  let next: string | null = null;
  let scanned = 0;
  for await (const batch of inBatches(places, Math.min(skip + limit + 1, BATCH_MAX))) {
    const found = await readMany(store, tickets, batch.map(({ id }) => keys.ticket(id)));
    for (const [index, place] of batch.entries()) {
      if (items.length === limit || scanned === scannedMax + skip) return { items, next, scanned };
      scanned += 1;
      next = placeText(place);
      const ticket = found[index] ?? null;
      if (ticket === null || !matches(ticket)) continue;
      // One that has moved on since its place was read is met again where it is now.
      if (comparePlaces(order, placeOf(order, ticket), place) > 0) continue;
      if (toSkip > 0) toSkip -= 1;
      else items.push(ticket);
    }
  }
  return { items, next: null, scanned };
}

/** The places behind a place along an index whose keys end in value and id. */
export async function* placesAlong(
  store: Store,
  prefix: KvKey,
  { descending }: TicketOrder,
  place: Place | null,
): AsyncGenerator<Place> {
  const selector = place === null
    ? { prefix }
    : descending
    ? { prefix, end: [...prefix, place.value, place.id] }
    : { prefix, start: [...prefix, place.value, behind(place.id)] };
  const options = { reverse: descending, batchSize: BATCH_MAX };
  for await (const { key } of store.reader.list(selector, options)) {
    const [value, id] = key.slice(-2) as [number, string]; // as `keys` makes them
    yield { value, id };
  }
}

/** The places of tickets by their numbers below one, the greatest first; of all, if told none. */
export async function* placesByNumber(
  store: Store,
  numbers: Bitmap | null,
  below: number,
): AsyncGenerator<Place> {
  if (numbers === null) return yield* placesOfAll(store, below);
  for await (const batch of inBatches(numbersBelow(numbers, below), BATCH_MAX)) {
    yield* placesOf(store, batch);
  }
}

async function* placesOfAll(store: Store, below: number): AsyncGenerator<Place> {
  const range = { start: keys.ticketByNumber(0), end: keys.ticketByNumber(below) };
  const options = { reverse: true, batchSize: LIST_BATCH_MAX };
  for await (const { key, value } of store.reader.list<string>(range, options)) {
    yield { value: Number(key.at(-1)), id: value };
  }
}

async function* placesOf(store: Store, numbers: readonly number[]): AsyncGenerator<Place> {
  const ids = await readValues<string>(store, numbers.map(keys.ticketByNumber));
  for (const [index, value] of numbers.entries()) {
    const id = ids[index] ?? null;
    if (id !== null) yield { value, id };
  }
}
