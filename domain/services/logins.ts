import type { Actor } from "../rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { isActive, isLive, type User } from "../rules/user.ts";
import { sessions, users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import {
  reserveAttempt,
  type ReservedAttempt,
  succeedAttempt,
  withdrawAttempt,
} from "./lockout.ts";
import { endSessionsIn, removeVoidSessions } from "./session_endings.ts";
import { beginSession, type Grant, grant } from "./sessions.ts";
import { findByEmail, getUser } from "./users.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/**
 * Begins a session. Refuses an unknown e-mail address, a wrong password and a deactivated user alike
 * with `invalid_credentials`, after the same work, and with `locked_out` after too many of these,
 * which are counted for the client's address. Two commits: 2 checks and 4 writes in all.
 */
export async function login(
  desk: Desk,
  { email, password }: Credentials,
  address: string,
): Promise<Grant | Refusal> {
  const session = await withPassword(desk, { email, password, address }, {
    find: () => findByEmail(desk, email),
    hashAfter: ({ passwordHash }) =>
      passwordHash.startsWith("$scrypt$")
        ? Promise.resolve(passwordHash)
        : desk.passwords.hash(password),
    act(tx, user, passwordHash) {
      if (passwordHash !== user.passwordHash) tx.put(users, { ...user, passwordHash });
      return Promise.resolve(beginSession(desk, tx, user));
    },
  });
  return isRefusal(session) ? session : await grant(desk, session);
}

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * Gives the actor a new password and ends its other sessions, at once for whoever looks. A wrong
 * current password is refused, and counted, like one at login. Two commits of at most 3 checks and 5
 * writes, then one for each 10 sessions.
 */
export async function changePassword(
  desk: Desk,
  actor: Actor,
  { currentPassword, newPassword }: PasswordChange,
  address: string,
): Promise<User | Refusal> {
  const known = await getUser(desk, actor.userId);
  if (isRefusal(known)) return known;
  const attempt = { email: known.record.email, password: currentPassword, address };
  const changed = await withPassword(desk, attempt, {
    find: () => read(desk.store, users, keys.user(actor.userId)),
    hashAfter: () => desk.passwords.hash(newPassword),
    async act(tx, user, passwordHash) {
      const now = desk.store.now();
      // One that was ended meanwhile must not come back as the one that stays.
      const own = await tx.get(sessions, keys.session(actor.userId, actor.sessionId));
      if (own === null || !isLive(own, user, now)) {
        return refuse("unauthenticated", "The session has ended; log in again.");
      }
      const renewed = { ...user, passwordHash, passwordChangedAt: now };
      return endSessionsIn(desk, tx, renewed, actor.sessionId);
    },
  });
  if (!isRefusal(changed)) await removeVoidSessions(desk, actor.userId);
  return changed;
}

/** What is done with a password that is right. */
interface Deed<T> {
  /** The user whose password it should be. */
  find(): Promise<User | null>;
  /** The hash that the user has from then on. */
  hashAfter(user: User): Promise<string | Refusal>;
  /** In a transaction in which the password is still the user's. */
  act(tx: Transaction, user: User, passwordHash: string): Promise<T | Refusal>;
}

async function withPassword<T>(
  desk: Desk,
  { email, password, address }: Credentials & { readonly address: string },
  deed: Deed<T>,
): Promise<T | Refusal> {
  const reserved = await reserveAttempt(desk, email, address);
  if (isRefusal(reserved)) return reserved;
  const outcome = await verifyAndAct(desk, password, reserved, deed);
  // Whoever was turned away for another reason than the password has not guessed.
  if (isRefusal(outcome) && outcome.refused !== "invalid_credentials") {
    await withdrawAttempt(desk, reserved);
  }
  return outcome;
}

/** Another login may have hashed the same password anew; more than once nobody does. */
const VERIFICATIONS_MAX = 3;

async function verifyAndAct<T>(
  desk: Desk,
  password: string,
  reserved: ReservedAttempt,
  { find, hashAfter, act }: Deed<T>,
): Promise<T | Refusal> {
  for (let turn = 0; turn < VERIFICATIONS_MAX; turn++) {
    const user = await find();
    const matches = await desk.passwords.verify(password, user?.passwordHash ?? null);
    if (isRefusal(matches)) return matches;
    if (!matches || user === null || !isActive(user)) return wrong();
    const passwordHash = await hashAfter(user);
    if (isRefusal(passwordHash)) return passwordHash;
    const outcome = await transact(desk.store, async (tx) => {
      const current = await tx.get(users, keys.user(user.id));
      if (current?.passwordHash !== user.passwordHash) return "changed" as const;
      if (!isActive(current)) return wrong();
      await succeedAttempt(desk, tx, reserved);
      const value = await act(tx, current, passwordHash);
      return isRefusal(value) ? value : { value };
    });
    if (outcome === "changed") continue;
    return isRefusal(outcome) ? outcome : outcome.value;
  }
  return refuse("unavailable", "The account changes too often; try again.");
}

function wrong(): Refusal {
  return refuse("invalid_credentials", "The e-mail address or the password is wrong.");
}
