import { type Actor, isStaff } from "../rules/actor.ts";
import { addComment as decideComment, type Comment, type Visibility } from "../rules/comment.ts";
import { isRefusal, type Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import { comments } from "../store/kinds.ts";
import { type Page, readPage } from "../store/page.ts";
import { transact } from "../store/transact.ts";
import { type Changed, commitChange, getVisible } from "./decision.ts";
import type { Desk } from "./desk.ts";

/** Adds a comment, with what it does to the ticket: 3 checks, up to 25 writes. */
export function addComment(
  desk: Desk,
  actor: Actor,
  ticketId: string,
  input: { readonly body: string; readonly visibility: Visibility },
): Promise<(Changed & { readonly comment: Comment }) | Refusal> {
  return transact(desk.store, async (tx) => {
    const found = await getVisible(desk, tx, actor, ticketId);
    if (isRefusal(found)) return found;
    const { ticket, holder, hours, at } = found;
    const comment = newComment(desk, actor, ticket.id, at, input);
    const decision = decideComment(ticket, comment, holder, actor, at, hours);
    if (isRefusal(decision)) return decision;
    tx.add(comments, comment);
    const changed = await commitChange(desk, tx, found, decision, actor);
    return { ...changed, comment };
  });
}

export function newComment(
  { store }: Desk,
  { userId: authorId }: Actor,
  ticketId: string,
  createdAt: Instant,
  input: { readonly body: string; readonly visibility: Visibility },
): Comment {
  return { schema: 1, id: store.newId(), ticketId, authorId, ...input, createdAt };
}

/** A page of comments, oldest first. Customers get public ones alone. */
export function listComments(
  desk: Desk,
  actor: Actor,
  ticketId: string,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<Comment>> {
  const staff = isStaff(actor);
  return readPage<Comment>(desk.store, ["comment", ticketId], {
    place: page.after,
    limit: page.limit,
    reverse: false,
    keeps: ({ visibility }) => staff || visibility === "public",
  });
}
