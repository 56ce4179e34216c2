import type { Actor } from "../rules/actor.ts";
import { isRefusal, notFound, type Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import { isLive, type Session, type User, voidSessions } from "../rules/user.ts";
import { OWN_CHECKS_MAX } from "../store/draft.ts";
import { sessions, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { type Page, readPage } from "../store/page.ts";
import { inBatches, read, readList } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** One's own sessions that are live, the newest first. */
export async function listSessions(
  desk: Desk,
  actor: Actor,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Page<Session>> {
  const { store } = desk;
  const user = await read(store, users, keys.user(actor.userId));
  const now = store.now();
  return await readPage<Session>(store, ["session", actor.userId], {
    place: page.after,
    limit: page.limit,
    reverse: true,
    keeps: (session) => user !== null && isLive(session, user, now),
  });
}

/** Ends one of one's own sessions, be it the one that asks; refuses with `not_found`. */
export function endOwnSession(desk: Desk, actor: Actor, id: string): Promise<Session | Refusal> {
  return transact(desk.store, async (tx) => {
    const session = await tx.get(sessions, keys.session(actor.userId, id));
    const user = await tx.peek(users, keys.user(actor.userId));
    if (session === null || user === null || !isLive(session, user, desk.store.now())) {
      return notFound("session");
    }
    endSessionIn(tx, session);
    return session;
  });
}

/** Ends the session; that it had ended already is no fault. */
export function endSession(
  desk: Desk,
  userId: string,
  sessionId: string,
): Promise<"ended" | Refusal> {
  return transact(desk.store, async (tx) => {
    const session = await tx.get(sessions, keys.session(userId, sessionId));
    if (session !== null) endSessionIn(tx, session);
    return "ended" as const;
  });
}

export function endSessionIn(tx: Transaction, session: Session): void {
  tx.remove(sessions, session);
  tx.emit({ type: "session.ended", userId: session.userId, sessionId: session.id });
}

/** Ends every session of a user, at once for whoever looks. */
export async function endAllSessions(
  desk: Desk,
  actor: Pick<Actor, "userId" | "sessionId">,
): Promise<"ended" | Refusal> {
  const ended = await transact(desk.store, async (tx) => {
    const user = await tx.get(users, keys.user(actor.userId));
    const own = await tx.get(sessions, keys.session(actor.userId, actor.sessionId));
    // A session that has ended has no say over the others.
    if (user !== null && own !== null && isLive(own, user, desk.store.now())) {
      endSessionsIn(desk, tx, user, null);
    }
    return "ended" as const;
  });
  if (!isRefusal(ended)) await removeVoidSessions(desk, actor.userId);
  return ended;
}

/**
 * Makes void, in this transaction, every session that the user has, but for the one named. The
 * user's record alone makes it so; the intent has the records of the sessions removed after. The
 * user must have been read by the transaction; whoever commits it calls `removeVoidSessions` next.
 */
export function endSessionsIn(
  desk: Desk,
  tx: Transaction,
  user: User,
  except: string | null,
): User {
  const changed = voidSessions(user, desk.store.now(), except);
  tx.put(users, changed);
  intendRemoval(tx, changed);
  tx.emit({ type: "user.changed", userId: user.id, role: user.role });
  return changed;
}

/** Has the records of sessions removed that this transaction makes void. */
export function intendRemoval(tx: Transaction, { id, sessionsValidFrom }: User): void {
  tx.set(keys.intent("end_sessions", id), sessionsValidFrom);
}

/** Each is a check. */
const REMOVED_AT_ONCE = OWN_CHECKS_MAX;
const SESSIONS_READ_MAX = 10_000;
const ROUNDS_MAX = 200;

/**
 * Removes the sessions that `endSessionsIn` made void, some to a transaction; how many it removed
 * itself. To run it again, or two at once, is harmless.
 */
export async function removeVoidSessions(desk: Desk, userId: string): Promise<number> {
  const { store } = desk;
  const intent = keys.intent("end_sessions", userId);
  let removed = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { value: validFrom } = await store.reader.get<Instant>(intent);
    if (validFrom === null) return removed;
    const ids = await voidSessionIds(desk, userId);
    if (ids.length === 0) {
      const ended = await transact(store, async (tx) => {
        // Sessions were ended once more meanwhile: those are not removed yet.
        if (await tx.getValue<Instant>(intent) === validFrom) tx.delete(intent);
      });
      if (isRefusal(ended)) return removed;
      continue;
    }
    for await (const some of inBatches(ids, REMOVED_AT_ONCE)) {
      const count = await removeSome(desk, userId, some);
      // Where the store is too busy now, the minute's job goes on.
      if (isRefusal(count)) return removed;
      removed += count;
    }
  }
  return removed;
}

async function voidSessionIds({ store }: Desk, userId: string): Promise<string[]> {
  const user = await read(store, users, keys.user(userId));
  if (user === null) return [];
  const now = store.now();
  const rows = await readList<Session>(store, ["session", userId], { limit: SESSIONS_READ_MAX });
  return rows.flatMap(({ value }) => isLive(value, user, now) ? [] : value.id);
}

/** What is void stays void: the user need not be read again. */
function removeSome(
  desk: Desk,
  userId: string,
  ids: readonly string[],
): Promise<number | Refusal> {
  return transact(desk.store, async (tx) => {
    const found = await Promise.all(ids.map((id) => tx.get(sessions, keys.session(userId, id))));
    const standing = found.filter((session) => session !== null);
    for (const session of standing) endSessionIn(tx, session);
    return standing.length;
  });
}
