import type { Actor } from "../rules/actor.ts";
import type { NotificationPreferences } from "../rules/preferences.ts";
import { notFound, type Refusal } from "../rules/refusal.ts";
import { users } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/**
 * Sets how the actor is told of the types that are named, and keeps the rest: one check, 1 write.
 * What this process commits from then on follows it, and other processes once the feed told them.
 */
export function setPreferences(
  desk: Desk,
  actor: Actor,
  changes: NotificationPreferences,
): Promise<NotificationPreferences | Refusal> {
  return transact(desk.store, async (tx) => {
    const user = await tx.get(users, keys.user(actor.userId));
    if (user === null) return notFound("user");
    const notificationPreferences = { ...user.notificationPreferences, ...changes };
    tx.put(users, { ...user, notificationPreferences });
    tx.emit({ type: "user.changed", userId: user.id, role: user.role });
    return notificationPreferences;
  });
}
