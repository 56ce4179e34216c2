import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import {
  isLive,
  isReusable,
  judgeRefresh,
  type Session,
  sessionStart,
  type User,
} from "../rules/user.ts";
import { sessions, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { endSessionIn } from "./session_endings.ts";

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
    createdAt: sessionStart(user, now),
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

/**
 * A new access token for a refresh token that stays good: what the predecessor's clients know. The
 * token keeps its thirty days, and is refused once its session has rotated; one that was spent long
 * ago ends the session here too.
 */
export async function reuseRefresh(desk: Desk, refreshToken: string): Promise<Grant | Refusal> {
  const claims = desk.tokens.readRefresh(refreshToken);
  if (claims === null) return notAccepted();
  const { userId, sessionId, hash } = claims;
  const reused = await transact(desk.store, async (tx) => {
    const now = desk.store.now();
    const session = await tx.get(sessions, keys.session(userId, sessionId));
    const user = await tx.peek(users, keys.user(userId));
    if (session === null || user === null || !isLive(session, user, now)) return notAccepted();
    if (judgeRefresh(session, hash, now) === "replayed") {
      endSessionIn(tx, session);
      return "replayed" as const;
    }
    if (!isReusable(session, hash)) return notAccepted();
    tx.put(sessions, { ...session, reusedAt: now });
    return { user, sessionId, refreshToken };
  });
  if (isRefusal(reused)) return reused;
  return reused === "replayed" ? notAccepted() : await grant(desk, reused);
}

function hashOf(desk: Desk, refreshToken: string): string {
  const claims = desk.tokens.readRefresh(refreshToken);
  if (claims === null) throw new Error("Cannot hash a refresh token: it is not one of ours");
  return claims.hash;
}

function notAccepted(): Refusal {
  return refuse("unauthenticated", "The refresh token is not valid; log in again.");
}
