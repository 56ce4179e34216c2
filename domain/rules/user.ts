import type { Role } from "./actor.ts";
import type { NotificationPreferences } from "./preferences.ts";
import { searchForm } from "./text.ts";
import type { Instant } from "./time.ts";

export interface User {
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** In PHC or bcrypt form. */
  readonly passwordHash: string;
  readonly passwordChangedAt?: Instant;
  /** Sessions begun before this instant are void. */
  readonly sessionsValidFrom: Instant;
  /** The one session that is good though it began before: the one that ended the others. */
  readonly sessionsValidExcept?: string;
  /** Since when the user can neither log in nor act; absent while it can. */
  readonly deactivatedAt?: Instant;
  /** Absent: told of everything live. */
  readonly notificationPreferences?: NotificationPreferences;
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
  /** When the refresh token was last good for an access token without being spent. */
  readonly reusedAt?: Instant;
}

/** For how long after a rotation the old refresh token gets the same successor again. */
const REFRESH_GRACE_MS = 30_000;

export type RefreshVerdict = "rotate" | "repeat" | "replayed";

/** What a refresh token that was issued for this session deserves, by the hash of it. */
export function judgeRefresh(session: Session, hash: string, at: Instant): RefreshVerdict {
  if (hash === session.refreshHash) return "rotate";
  const justSpent = hash === session.previousHash && at - session.rotatedAt <= REFRESH_GRACE_MS;
  return justSpent ? "repeat" : "replayed";
}

export function isActive(user: Pick<User, "deactivatedAt">): boolean {
  return user.deactivatedAt === undefined;
}

/** Whether the refresh token is good any number of times: until its session rotates, ever. */
export function isReusable(session: Session, hash: string): boolean {
  return session.previousHash === null && hash === session.refreshHash;
}

/** Whether tokens of the session are accepted. */
export function isLive(session: Session, user: User, at: Instant): boolean {
  const isVoid = session.createdAt < user.sessionsValidFrom &&
    session.id !== user.sessionsValidExcept;
  return isActive(user) && session.expiresAt > at && !isVoid;
}

/** When a session of the user that begins now begins: never so early that it were void. */
export function sessionStart(user: User, at: Instant): Instant {
  return Math.max(at, user.sessionsValidFrom);
}

/** The user with every session void that has begun by now, but for the one named. */
export function voidSessions(user: User, at: Instant, except: string | null): User {
  const { sessionsValidExcept: _, ...rest } = user;
  // Those that began in this very millisecond too; and never back, when a clock is behind.
  const sessionsValidFrom = Math.max(at, user.sessionsValidFrom) + 1;
  const exception = except === null ? {} : { sessionsValidExcept: except };
  return { ...rest, sessionsValidFrom, ...exception };
}

/** Names are told apart by so many characters of their search form; no key gets too long by them. */
const SEARCHED_NAME_MAX = 100;

/** What a name is found by; a search of names looks for the same of what it was given. */
export function searchedName(name: string): string {
  return [...searchForm(name)].slice(0, SEARCHED_NAME_MAX).join("");
}

export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
