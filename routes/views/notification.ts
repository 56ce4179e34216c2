import { z } from "zod";
import { NOTIFICATION_TYPES } from "../../domain/rules/notification.ts";
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
