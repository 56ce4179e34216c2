import { NOTIFICATION_TYPES, type NotificationType } from "./notification.ts";

/** What becomes of a message: `live` is kept and pushed, `silent` is kept alone, `off` is not made. */
export const DELIVERIES = ["live", "silent", "off"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** How somebody wants to be told, by type; what is not named is `live`. */
export type NotificationPreferences = {
  readonly [Type in NotificationType]?: Delivery | undefined;
};

export function deliveryOf(
  preferences: NotificationPreferences | undefined,
  type: NotificationType,
): Delivery {
  return preferences?.[type] ?? "live";
}

/** Every type with its delivery. */
export function completePreferences(
  preferences: NotificationPreferences | undefined,
): Record<NotificationType, Delivery> {
  const entries = NOTIFICATION_TYPES.map((type) => [type, deliveryOf(preferences, type)]);
  return Object.fromEntries(entries) as Record<NotificationType, Delivery>; // one of each type
}
