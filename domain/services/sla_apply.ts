import { getLogger } from "@logtape/logtape";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import type { BookState } from "../rules/sla_book.ts";
import { isBehind } from "../rules/sla_course.ts";
import { isOpen, type Status, STATUSES } from "../rules/ticket.ts";
import { behind, keys } from "../store/keys.ts";
import { POINTER, type TicketRow, tickets } from "../store/kinds.ts";
import type { KvKey } from "../store/open.ts";
import { decode } from "../store/records.ts";
import { inBatches, type Store } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { readHeld } from "./decision.ts";
import type { Desk } from "./desk.ts";

const log = getLogger(["desk", "sla"]);

/** An edit of the book on its way to the tickets that are open. */
interface Application {
  /** The last ticket that it has reached; null at the beginning. */
  readonly place: Place | null;
  /** How often something broke at the tickets behind it. */
  readonly tries: number;
}

/** A place among the open tickets: by status, then by id. */
interface Place {
  readonly status: Status;
  readonly id: string;
}

/** Commits, with an edit of the book, that it is to reach every open ticket. */
export function intendToApply(tx: Transaction, version: number): void {
  const id = String(version);
  const application: Application = { place: null, tries: 0 };
  tx.set(keys.intent("apply_sla", id), application);
  tx.emit({ type: "intent.made", name: "apply_sla", id });
}

/** Read, and looked at, in one go; then the place is noted. */
const ROWS_AT_ONCE = 200;
/** They share commits; more at once would only wait for each other. */
const TICKETS_AT_ONCE = 32;
/** Two million open tickets; what is left then is for the next run. */
const ROUNDS_MAX = 10_000;
/** What breaks this often breaks always: it must not keep administrators from every other edit. */
const TRIES_MAX = 5;

/**
 * Carries an edit of the book to every open ticket that is behind it, a transaction each, and ends
 * with the word that it has reached all. A ticket that changes meanwhile is brought up to date by
 * whatever changes it, so each list of a status is walked once. It may be cut off, run again and
 * run twice at once. How many tickets it looked at; throws where one of them breaks it, and passes
 * over that one when it has done so often.
 */
export async function finishApplying(
  desk: Desk,
  id: string,
  goesOn: () => boolean = () => true,
): Promise<number> {
  const { store } = desk;
  const key = keys.intent("apply_sla", id);
  let looked = 0;
  for (let round = 0; round < ROUNDS_MAX && goesOn(); round++) {
    const { value: application } = await store.reader.get<Application>(key);
    if (application === null) break;
    const rows = await rowsAfter(store, application.place);
    const last = rows.at(-1);
    if (last === undefined) {
      await end(desk, key);
      break;
    }
    const { isBusy, faults } = await bringUpToDate(desk, rows);
    // The minute's job goes on.
    if (isBusy) break;
    const isPassedOver = faults.length > 0 && application.tries + 1 >= TRIES_MAX;
    if (faults.length > 0 && !isPassedOver) {
      await note(desk, key, application, { ...application, tries: application.tries + 1 });
      throw new AggregateError(faults, `Cannot apply promises to ${faults.length} tickets`);
    }
    for (const error of faults) log.error("A ticket is left behind: {error}", { error });
    await note(desk, key, application, { place: last.place, tries: 0 });
    looked += rows.length;
  }
  return looked;
}

interface Found {
  readonly place: Place;
  readonly row: TicketRow;
}

/** The next open tickets behind a place; none at the end of all. */
async function rowsAfter(store: Store, place: Place | null): Promise<Found[]> {
  const open = STATUSES.filter((status) => isOpen({ status }));
  const from = place === null ? 0 : open.indexOf(place.status);
  for (const status of open.slice(from)) {
    const after = place?.status === status ? behind(place.id) : "";
    const selector = {
      prefix: ["ticket_by_status", status],
      start: keys.ticketByStatus(status, after),
    };
    const options = { limit: ROWS_AT_ONCE, batchSize: ROWS_AT_ONCE };
    const found: Found[] = [];
    for await (const { key, value } of store.reader.list<TicketRow>(selector, options)) {
      found.push({ place: { status, id: String(key.at(-1)) }, row: value });
    }
    if (found.length > 0) return found;
  }
  return [];
}

interface Outcome {
  /** One at least could not be written for all the others who write. */
  readonly isBusy: boolean;
  readonly faults: readonly unknown[];
}

/** Gives those of them that are behind what the book says now. */
async function bringUpToDate(desk: Desk, found: readonly Found[]): Promise<Outcome> {
  const book = await desk.book.latest();
  const bring = ({ place }: Found): Promise<boolean | Refusal> =>
    // To read a ticket is to bring it up to date.
    transact(desk.store, async (tx) => await readHeld(desk, tx, place.id) !== null);
  // A row that stands as a pointer is read to be looked at.
  const suspects = found.filter(({ row }) =>
    row === POINTER || isBehind(decode(tickets, row), book)
  );
  const faults: unknown[] = [];
  let isBusy = false;
  for await (const some of inBatches(suspects, TICKETS_AT_ONCE)) {
    for (const outcome of await Promise.allSettled(some.map(bring))) {
      if (outcome.status === "rejected") faults.push(outcome.reason);
      else isBusy ||= isRefusal(outcome.value);
    }
  }
  return { isBusy, faults };
}

/** Notes how far it has come, unless another run has noted something meanwhile. */
async function note(
  desk: Desk,
  key: KvKey,
  from: Application,
  to: Application,
): Promise<void> {
  await transact(desk.store, async (tx) => {
    const known = await tx.getValue<Application>(key);
    if (known === null || known.tries !== from.tries) return;
    if (known.place?.id === from.place?.id) tx.set(key, to);
  });
}

/** The edit has reached every open ticket: another one may come. */
async function end(desk: Desk, key: KvKey): Promise<void> {
  await transact(desk.store, async (tx) => {
    const state = await tx.getValue<BookState>(keys.slaBook());
    if (await tx.getValue(key) === null || state === null) return;
    tx.delete(key);
    tx.set(keys.slaBook(), { ...state, applying: false });
    tx.emit({ type: "sla.changed", version: state.version });
  });
}
