import { z } from "zod";
import { NOTIFICATION_TYPES, type NotificationType } from "../../domain/rules/notification.ts";
import { DELIVERIES } from "../../domain/rules/preferences.ts";
import { id, instant } from "../http/answers.ts";

/** As `presentNotification` makes it, for HTTP and the socket alike. */
export const notificationShape = z.object({
  id,
  _id: id,
  type: z.enum(NOTIFICATION_TYPES),
  message: z.string(),
  recipient: id.meta({ description: "A user." }),
  read: z.boolean(),
  ticketId: id.optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  createdAt: instant,
}).meta({ id: "Notification" });

const delivery = z.enum(DELIVERIES);
const deliveries = Object.fromEntries(NOTIFICATION_TYPES.map((type) => [type, delivery]));

export const preferencesShape = z.object(
  deliveries as Record<NotificationType, typeof delivery>, // one of each type
).meta({ id: "NotificationPreferences" });
