import { shownDueAt, type Ticket } from "./ticket.ts";

/** Orders in which tickets can be asked for; a minus puts the greatest first. */
export const SORTS = ["-createdAt", "createdAt", "dueAt", "-updatedAt"] as const;
export type Sort = (typeof SORTS)[number];

/** What orders a list of tickets; those of the same value stand in the order of their ids. */
export interface TicketOrder {
  readonly valueOf: (ticket: Ticket) => number;
  readonly descending: boolean;
}

/**
 * The order that belongs to a sort. Creation is told by the number, by which a search finds:
 * processes lease numbers in blocks, so that it is nearly, not strictly, the order of the instants.
 */
export const ORDERS: Readonly<Record<Sort, TicketOrder>> = {
  "-createdAt": { valueOf: ({ number }) => number, descending: true },
  "createdAt": { valueOf: ({ number }) => number, descending: false },
  "dueAt": { valueOf: shownDueAt, descending: false },
  "-updatedAt": { valueOf: ({ updatedAt }) => updatedAt, descending: true },
};

/** Where a ticket stands in an order. */
export interface Place {
  readonly value: number;
  readonly id: string;
}

export function placeOf({ valueOf }: TicketOrder, ticket: Ticket): Place {
  return { value: valueOf(ticket), id: ticket.id };
}

/** Negative when the first place comes first. */
export function comparePlaces({ descending }: TicketOrder, a: Place, b: Place): number {
  const rising = a.value - b.value || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return descending ? -rising : rising;
}

/** A place as a cursor carries it. */
export function placeText({ value, id }: Place): string {
  return `${value}_${id}`;
}

/** Reads what `placeText` made. */
export function parsePlace(text: string): Place {
  const [value, id = ""] = text.split("_");
  return { value: Number(value), id };
}

/** A page of tickets that are all at hand; `next` is the place behind which the next one begins. */
export function pageOf(
  tickets: readonly Ticket[],
  order: TicketOrder,
  page: { readonly place: Place | null; readonly skip: number; readonly limit: number },
): { readonly items: readonly Ticket[]; readonly next: string | null } {
  const { place, skip, limit } = page;
  const behind = tickets
    .map((ticket) => ({ ticket, at: placeOf(order, ticket) }))
    .filter(({ at }) => place === null || comparePlaces(order, at, place) > 0)
    .sort((a, b) => comparePlaces(order, a.at, b.at))
    .slice(skip);
  const shown = behind.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(({ ticket }) => ticket);
  return { items, next: behind.length <= limit || last === undefined ? null : placeText(last.at) };
}
