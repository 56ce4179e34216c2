import { type Actor, maySeeTicket } from "../rules/actor.ts";
import type { TicketChanges } from "../rules/edit.ts";
import { nextInstant } from "../rules/sla_advance.ts";
import { hoursOf } from "../rules/sla_course.ts";
import { isRefusal, type Refusal, type RefusalCode } from "../rules/refusal.ts";
import { followedBy, type Ticket } from "../rules/ticket.ts";
import { tickets } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { type Changed, commitChange, getVisible, type Held } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { noProgress, type Progress } from "./progress.ts";
import { editOf, moveOf, type StatusRequest } from "./ticket_changes.ts";

/** The same changes for each ticket; an agent without a status means that it gets the ticket. */
export interface BatchRequest
  extends Pick<TicketChanges, "priority" | "tags">, Partial<Pick<StatusRequest, "agentId">> {
  readonly ids: readonly string[];
  readonly status?: StatusRequest["status"] | undefined;
}

/** What became of one ticket of a batch. */
export type ItemResult =
  | { readonly id: string; readonly ok: true }
  | { readonly id: string; readonly ok: false; readonly error: ItemError };

interface ItemError {
  readonly code: RefusalCode;
  readonly message: string;
}

export interface Batch {
  /** The tickets of the results that are `ok`, in their order. */
  readonly tickets: readonly Ticket[];
  /** One for each id, in the order of the ids. */
  readonly results: readonly ItemResult[];
  readonly warnings: readonly string[];
}

/**
 * Changes tickets one after the other, each in a transaction of up to 5 checks and 40 writes, which
 * also notes that it is done. A refused one is as it was and does not keep the rest from being
 * changed; it is not noted, so that a batch that goes on tries it again. Who may do what is as for
 * each change by itself.
 */
export async function batchUpdate(
  desk: Desk,
  actor: Actor,
  request: BatchRequest,
  progress: Progress<ItemResult> = noProgress(),
): Promise<Batch> {
  const changed: Ticket[] = [];
  const results: ItemResult[] = [];
  const warnings = new Set<string>();
  for (const id of request.ids) {
    const known = progress.noted.get(id);
    const outcome = known === undefined
      ? await updateOne(desk, actor, id, request, progress)
      : await currentOf(desk, actor, id);
    if (outcome !== null && !isRefusal(outcome)) {
      changed.push(outcome.ticket);
      for (const warning of outcome.warnings) warnings.add(warning);
    }
    results.push(known ?? resultOf(id, outcome));
  }
  return { tickets: changed, results, warnings: [...warnings] };
}

function updateOne(
  desk: Desk,
  actor: Actor,
  id: string,
  request: BatchRequest,
  progress: Progress<ItemResult>,
): Promise<Changed | Refusal> {
  return transact(desk.store, async (tx) => {
    const held = await getVisible(desk, tx, actor, id);
    if (isRefusal(held)) return held;
    const inTheWay = await progress.note(tx, id, { id, ok: true });
    if (inTheWay !== null) return inTheWay;
    return await apply(desk, tx, held, request, actor);
  });
}

/** All changes of one ticket: its fields first, then its status. */
async function apply(
  desk: Desk,
  tx: Transaction,
  held: Held,
  { priority, tags, status, agentId }: BatchRequest,
  actor: Actor,
): Promise<Changed | Refusal> {
  const edited = editOf(held, { priority, tags }, actor);
  if (isRefusal(edited)) return edited;
  const isWithAgent = agentId === held.ticket.assignee?.agentId;
  const to = status ?? (agentId === undefined || isWithAgent ? undefined : "assigned");
  if (to === undefined) return await commitChange(desk, tx, held, edited, actor);
  const move = { status: to, agentId };
  if (breaksPromises(edited.ticket, held)) {
    // What the edit itself breaks is broken before the ticket moves on.
    const { warnings } = await commitChange(desk, tx, held, edited, actor);
    const broken = await getVisible(desk, tx, actor, held.ticket.id);
    if (isRefusal(broken)) return broken;
    const moved = await moveOf(tx, broken, move, actor);
    if (isRefusal(moved)) return moved;
    const changed = await commitChange(desk, tx, broken, moved, actor);
    return { ...changed, warnings: [...warnings, ...changed.warnings] };
  }
  // Neither priority nor tags change the holder's record; by another calendar clocks go on.
  const { ticket } = edited;
  const next = { ...held, ticket, hours: hoursOf(held.book, ticket) };
  const moved = await moveOf(tx, next, move, actor);
  if (isRefusal(moved)) return moved;
  return await commitChange(desk, tx, held, followedBy(edited, moved), actor);
}

function breaksPromises(edited: Ticket, { book, at }: Held): boolean {
  const next = nextInstant(edited, hoursOf(book, edited));
  return next !== null && next <= at;
}

/** A ticket that was changed before, as it is now. */
async function currentOf(desk: Desk, actor: Actor, id: string): Promise<Changed | null> {
  const ticket = await read(desk.store, tickets, keys.ticket(id));
  return ticket !== null && maySeeTicket(actor, ticket) ? { ticket, warnings: [] } : null;
}

function resultOf(id: string, outcome: Changed | Refusal | null): ItemResult {
  return outcome !== null && isRefusal(outcome)
    ? { id, ok: false, error: { code: outcome.refused, message: outcome.detail } }
    : { id, ok: true };
}
