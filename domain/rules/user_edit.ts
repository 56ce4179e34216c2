import type { Role } from "./actor.ts";
import type { Instant } from "./time.ts";
import { isActive, type User, voidSessions } from "./user.ts";

/** What an administrator sets of a user; what is not named stays. */
export interface UserChanges {
  readonly name?: string | undefined;
  /** Normalised. */
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly passwordHash?: string | undefined;
  readonly active?: boolean | undefined;
}

/** The user with these changes. A new password and a deactivation void all sessions there are. */
export function editUser(user: User, changes: UserChanges, at: Instant): User {
  const { passwordHash } = changes;
  const active = changes.active ?? isActive(user);
  const voids = passwordHash !== undefined || (isActive(user) && !active);
  const { deactivatedAt, ...rest } = voids ? voidSessions(user, at, null) : user;
  return {
    ...rest,
    name: changes.name ?? user.name,
    email: changes.email ?? user.email,
    role: changes.role ?? user.role,
    ...(passwordHash === undefined ? {} : { passwordHash, passwordChangedAt: at }),
    ...(active ? {} : { deactivatedAt: deactivatedAt ?? at }),
  };
}

/** What becomes of the agent's record of a user: made or woken up, put to rest, or left alone. */
export type Engagement = "engage" | "leave" | "keep";

/** Customers and the deactivated work no tickets, whoever is made an agent does. */
export function engagementAfter(before: User, after: User): Engagement {
  if (!isActive(after) || after.role === "user") return "leave";
  if (after.role !== "agent") return before.role === "agent" ? "leave" : "keep";
  return before.role !== "agent" || !isActive(before) ? "engage" : "keep";
}

/** Whether there is one administrator less by this change. */
export function losesAdministrator(before: User, after: User): boolean {
  return administers(before) && !administers(after);
}

function administers(user: User): boolean {
  return user.role === "admin" && isActive(user);
}
