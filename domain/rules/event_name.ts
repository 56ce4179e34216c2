import type { ShiftFeedEvent, TicketEventName } from "./event.ts";

/** What sockets and webhooks are told of, by the names that clients know: the closed list. */
export type EventName =
  | TicketEventName
  | "ticket.left"
  | "queue.changed"
  | "agent.status"
  | ShiftFeedEvent["type"]
  | "workload.changed";
