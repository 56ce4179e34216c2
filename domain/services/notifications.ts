import type { Actor } from "../rules/actor.ts";
import type { Message, Notification } from "../rules/notification.ts";
import { deliveryOf } from "../rules/preferences.ts";
import { notFound, type Refusal } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import type { User } from "../rules/user.ts";
import { notifications } from "../store/kinds.ts";
import { keys } from "../store/keys.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

/**
 * Puts a message into somebody's list and tells the feed, in this transaction, as far as they want
 * to be told: 3 writes, none for who has it `off` or does not exist. Takes the user and not the id,
 * so that nobody is told whose preferences were not looked at.
 */
export function addNotification(
  tx: Transaction,
  recipient: User | undefined,
  from: { readonly id: string; readonly message: Message; readonly createdAt: Instant },
): void {
  const { id, message, createdAt } = from;
  const delivery = deliveryOf(recipient?.notificationPreferences, message.type);
  if (recipient === undefined || delivery === "off") return;
  const notification: Notification = {
    schema: 1,
    id,
    ...message,
    recipient: recipient.id,
    read: false,
    createdAt,
    ...(delivery === "silent" ? { live: false } : {}),
  };
  tx.add(notifications, notification);
  tx.emit({ type: "notification", notification });
}

/** Marks one notification read; that it was read before is no fault. One check, 3 writes. */
export function readNotification(
  desk: Desk,
  actor: Actor,
  id: string,
): Promise<Notification | Refusal> {
  return transact(desk.store, async (tx) => {
    const notification = await tx.get(notifications, keys.notification(actor.userId, id));
    return notification === null ? notFound("notification") : markRead(tx, notification);
  });
}

/** Marks a notification that the transaction has read; it, as it is then. */
export function markRead(tx: Transaction, notification: Notification): Notification {
  if (notification.read) return notification;
  const read = { ...notification, read: true };
  tx.put(notifications, read);
  return read;
}

/** Removes one of the actor's own notifications, and gives it as it was. One check, 3 writes. */
export function removeNotification(
  desk: Desk,
  actor: Actor,
  id: string,
): Promise<Notification | Refusal> {
  return transact(desk.store, async (tx) => {
    const notification = await tx.get(notifications, keys.notification(actor.userId, id));
    if (notification === null) return notFound("notification");
    tx.remove(notifications, notification);
    return notification;
  });
}
