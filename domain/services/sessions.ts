import type { Actor } from "../rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import { isLive, judgeRefresh, type Session, type User } from "../rules/user.ts";
import { sessions, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { readList } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/** What a client gets to act for a user. */
export interface Grant {
  readonly user: User;
  readonly token: string;
  readonly refreshToken: string;
  /** Seconds that the access token lives. */
  readonly expiresInSeconds: number;
}

/** Adds a new session of the user to the transaction; `grant` makes its tokens after the commit. */
export function beginSession(desk: Desk, tx: Transaction, user: User): NewSession {
  const { store, tokens, config } = desk;
  const now = store.now();
  const id = store.newId();
  const refreshToken = tokens.issueRefresh(user.id, id);
  const session: Session = {
    schema: 1,
    id,
    userId: user.id,
    createdAt: now,
    expiresAt: now + config.refreshTokenTtlMs,
    refreshHash: hashOf(desk, refreshToken),
    previousHash: null,
    rotatedAt: now,
  };
  tx.add(sessions, session);
  return { user, sessionId: id, refreshToken };
}

export interface NewSession {
  readonly user: User;
  readonly sessionId: string;
  readonly refreshToken: string;
}

export async function grant(desk: Desk, session: NewSession): Promise<Grant> {
  const { user, sessionId, refreshToken } = session;
  const token = await desk.tokens.sign({ userId: user.id, role: user.role, sessionId });
  const expiresInSeconds = Math.floor(desk.config.accessTokenTtlMs / SECOND_MS);
  return { user, token, refreshToken, expiresInSeconds };
}

/**
 * A new pair of tokens for a refresh token, which is spent by it. One that was spent before ends its
 * session, for somebody else has it; except shortly after, when an answer may have been lost: then
 * it gets the same pair's refresh token again.
 */
export async function refreshSession(desk: Desk, refreshToken: string): Promise<Grant | Refusal> {
  const claims = desk.tokens.readRefresh(refreshToken);
  if (claims === null) return notAccepted();
  const { userId, sessionId, hash } = claims;
  const successor = desk.tokens.succeedRefresh(refreshToken);
  const renewed = await transact(desk.store, async (tx) => {
    const now = desk.store.now();
    const session = await tx.get(sessions, keys.session(userId, sessionId));
    const user = await tx.peek(users, keys.user(userId));
    if (session === null || user === null || !isLive(session, user, now)) return notAccepted();
    const verdict = judgeRefresh(session, hash, now);
    if (verdict === "replayed") {
      endSessionIn(tx, session);
      return "replayed" as const;
    }
    if (verdict === "rotate") tx.put(sessions, rotated(desk, session, successor, now));
    return { user, sessionId, refreshToken: successor };
  });
  if (isRefusal(renewed)) return renewed;
  return renewed === "replayed" ? notAccepted() : await grant(desk, renewed);
}

function rotated(desk: Desk, session: Session, successor: string, at: Instant): Session {
  return {
    ...session,
    previousHash: session.refreshHash,
    refreshHash: hashOf(desk, successor),
    rotatedAt: at,
    expiresAt: at + desk.config.refreshTokenTtlMs,
  };
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

const SESSIONS_READ_MAX = 10_000;

/** Ends every session of a user: all at once by one instant, then each record. */
export async function endAllSessions(
  desk: Desk,
  actor: Pick<Actor, "userId" | "sessionId" | "role">,
): Promise<"ended" | Refusal> {
  const { store } = desk;
  const validFrom = await transact(store, async (tx) => {
    const own = await tx.peek(sessions, keys.session(actor.userId, actor.sessionId));
    // A session that has ended has no say over the others.
    if (own === null) return 0;
    const user = await tx.get(users, keys.user(actor.userId));
    // Sessions that begin in this very millisecond end too: better one login more than one less.
    const sessionsValidFrom = store.now() + 1;
    if (user !== null) tx.put(users, { ...user, sessionsValidFrom });
    tx.emit({ type: "user.changed", userId: actor.userId, role: actor.role });
    return sessionsValidFrom;
  });
  if (isRefusal(validFrom)) return validFrom;
  const rows = await readList<Session>(store, ["session", actor.userId], {
    limit: SESSIONS_READ_MAX,
  });
  for (const { value } of rows) {
    if (value.createdAt < validFrom) await endSession(desk, value.userId, value.id);
  }
  return "ended";
}

function endSessionIn(tx: Transaction, session: Session): void {
  tx.remove(sessions, session);
  tx.emit({ type: "session.ended", userId: session.userId, sessionId: session.id });
}

function hashOf(desk: Desk, refreshToken: string): string {
  const claims = desk.tokens.readRefresh(refreshToken);
  if (claims === null) throw new Error("Cannot hash a refresh token: it is not one of ours");
  return claims.hash;
}

function notAccepted(): Refusal {
  return refuse("unauthenticated", "The refresh token is not valid; log in again.");
}
