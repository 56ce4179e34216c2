import type { Role } from "./actor.ts";
import type { Instant } from "./time.ts";

export interface User {
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** In PHC or bcrypt form. */
  readonly passwordHash: string;
  /** Sessions begun before this instant are void. */
  readonly sessionsValidFrom: Instant;
  readonly createdAt: Instant;
}

/** A login on one device, which access tokens name and the refresh token renews. */
export interface Session {
  readonly schema: 1;
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  /** SHA-256 of the refresh token that is good now. */
  readonly refreshHash: string;
  /** The one before it: to see it again means that somebody else has it, or that an answer was lost. */
  readonly previousHash: string | null;
  readonly rotatedAt: Instant;
}

/** For how long after a rotation the old refresh token gets the same successor again. */
export const REFRESH_GRACE_MS = 30_000;

export type RefreshVerdict = "rotate" | "repeat" | "replayed";

/** What a refresh token that was issued for this session deserves, by the hash of it. */
export function judgeRefresh(session: Session, hash: string, at: Instant): RefreshVerdict {
  if (hash === session.refreshHash) return "rotate";
  const justSpent = hash === session.previousHash && at - session.rotatedAt <= REFRESH_GRACE_MS;
  return justSpent ? "repeat" : "replayed";
}

export function isLive(session: Session, user: User, at: Instant): boolean {
  return session.expiresAt > at && session.createdAt >= user.sessionsValidFrom;
}

export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
