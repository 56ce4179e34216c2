import { z } from "zod";
import { CURSOR } from "./example_facts.ts";
import { EVENT_NAMES, EVENTS } from "./event.ts";
import { notificationShape } from "./notification.ts";

const cursor = z.string().meta({
  description: "Sorts as text; `resume` goes on behind it.",
  examples: [CURSOR],
});

const frames = EVENT_NAMES.map((event) =>
  z.object({
    type: z.literal("event"),
    cursor,
    event: z.literal(event),
    topic: z.string().meta({
      description: "By which of its topics the socket hears it, as `subscribed` named it.",
    }),
    data: EVENTS[event].data,
  })
);

/** A frame that a socket hears by a topic. */
export const socketEventShape = z.union(frames).meta({ id: "SocketEvent" });

/** A frame that its recipient hears, whatever the socket listens to. */
export const socketNotificationShape = z.object({
  type: z.literal("notification"),
  cursor,
  data: notificationShape,
}).meta({ id: "SocketNotification" });
