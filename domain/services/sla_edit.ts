import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import type { Book, BookState } from "../rules/sla_book.ts";
import { keys } from "../store/keys.ts";
import type { Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { intendToApply } from "./sla_apply.ts";

/** The book as this transaction will find it, for whoever wants to change it; one check. */
export async function readToEdit(desk: Desk, tx: Transaction): Promise<Book> {
  // Read here too, so that editors who come at once go one after the other.
  await tx.getValue(keys.slaBook());
  return await desk.book.latest();
}

/** An edit that must wait for the one before it looks again this often, until it is refused. */
const LOOKS_MAX = 20;
const LOOK_AFTER_MS = 100;

/** Makes an edit, and waits for two seconds at most while another is on its way to open tickets. */
export async function editInTurn<T>(
  desk: Desk,
  edit: () => Promise<T | Refusal>,
): Promise<T | Refusal> {
  for (let look = 1;; look++) {
    const outcome = await edit();
    const isInTheWay = isRefusal(outcome) && outcome.refused === "conflict" &&
      (await desk.book.latest()).applying;
    if (!isInTheWay || look === LOOKS_MAX) return outcome;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AFTER_MS));
  }
}

/**
 * Counts an edit of the book and tells the feed of it; what concerns open tickets is carried to
 * each of them after this commit. Refuses with `conflict` while an edit before it is still on its
 * way to them. 2 to 4 writes.
 */
export function commitEdit(
  desk: Desk,
  tx: Transaction,
  book: Book,
  appliesToOpen: boolean,
): Refusal | null {
  if (book.applying) {
    const detail = "The edit before is still being applied to open tickets; try again in a moment.";
    return refuse("conflict", detail);
  }
  const version = book.version + 1;
  const appliedAt = appliesToOpen ? desk.store.now() : book.appliedAt;
  const state: BookState = { version, appliedAt, applying: appliesToOpen };
  tx.set(keys.slaBook(), { schema: 1, ...state });
  tx.emit({ type: "sla.changed", version });
  if (appliesToOpen) intendToApply(tx, version);
  return null;
}
