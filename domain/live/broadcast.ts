import { isStaff, maySeeTicket, supervises } from "../rules/actor.ts";
import { type FeedEvent, presentEvent, type ShiftFeedEvent } from "../rules/event.ts";
import { presentNotification } from "../rules/notification.ts";
import { presentShiftEvent } from "../rules/shift_message.ts";
import type { Connection } from "./connection.ts";

/**
 * Sends an event to each of the connections that it concerns and that may know of it. Returns to
 * how many.
 */
export function broadcast(
  connections: Iterable<Connection>,
  event: FeedEvent,
  cursor: string,
): number {
  let told = 0;
  if (event.type === "notification") {
    const { notification } = event;
    if (notification.live === false) return 0;
    const text = lazy(() =>
      JSON.stringify({ type: "notification", cursor, data: presentNotification(notification) })
    );
    for (const connection of connections) {
      if (connection.actor?.userId !== notification.recipient) continue;
      connection.sendText(text());
      told += 1;
    }
    return told;
  }
  if ("shiftId" in event) return tellOfShift(connections, event, cursor);
  if (!("ticket" in event)) return told;
  const topic = event.type === "queue.changed" ? "queue" : `ticket:${event.ticket.id}`;
  const internal = "internal" in event && event.internal;
  const text = lazy(() =>
    JSON.stringify({ type: "event", cursor, event: event.type, topic, data: presentEvent(event) })
  );
  for (const connection of connections) {
    const { actor, topics } = connection;
    if (actor === null || !topics.has(topic) || !maySeeTicket(actor, event.ticket)) continue;
    if (internal && !isStaff(actor)) continue;
    connection.sendText(text());
    told += 1;
  }
  return told;
}

/** The agent whose shift it is hears of it, and everybody who supervises. */
function tellOfShift(
  connections: Iterable<Connection>,
  event: ShiftFeedEvent,
  cursor: string,
): number {
  let told = 0;
  const text = lazy(() => {
    const data = presentShiftEvent(event);
    return JSON.stringify({ type: "event", cursor, event: event.type, topic: "agents", data });
  });
  for (const connection of connections) {
    const { actor } = connection;
    if (actor === null || (actor.userId !== event.userId && !supervises(actor))) continue;
    connection.sendText(text());
    told += 1;
  }
  return told;
}

/** The text is made once, and only if somebody hears it. */
function lazy(make: () => string): () => string {
  let text: string | null = null;
  return () => text ??= make();
}
