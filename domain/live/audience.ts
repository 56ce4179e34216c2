import { type Actor, isStaff, maySeeTicket, supervises } from "../rules/actor.ts";
import {
  type FeedEvent,
  presentAgentEvent,
  presentEvent,
  type QueueFeedEvent,
  type TicketFeedEvent,
} from "../rules/event.ts";
import { presentNotification } from "../rules/notification.ts";
import { presentShiftEvent } from "../rules/shift_message.ts";
import { fold } from "../rules/skill.ts";
import { presentWorkload } from "../rules/workload.ts";

/** What sockets hear of an event of the feed. */
export interface Told {
  /** The one user whom it is for, whatever they listen to; absent where it is for listeners. */
  readonly recipient?: string;
  /** The topics by which it is heard; whoever listens to several hears it by the first. */
  readonly topics: readonly string[];
  mayHear(actor: Actor): boolean;
  /** The frame as text. */
  frame(cursor: string, topic: string | undefined): string;
}

/** What sockets are told of an event; null for what is none of theirs. */
export function toldOf(event: FeedEvent): Told | null {
  switch (event.type) {
    case "notification": {
      const { notification } = event;
      if (notification.live === false) return null;
      return {
        recipient: notification.recipient,
        topics: [],
        mayHear: () => true,
        frame: (cursor) =>
          JSON.stringify({ type: "notification", cursor, data: presentNotification(notification) }),
      };
    }
    case "agent.changed":
      return heardBy(["agents"], isStaff, "agent.status", () => presentAgentEvent(event));
    case "workload.changed": {
      const mayHear = (actor: Actor): boolean => supervises(actor) || actor.userId === event.userId;
      return heardBy(["workload"], mayHear, event.type, () => presentWorkload(event));
    }
    case "shift.started":
    case "shift.ended":
    case "break.started":
    case "break.ended":
      return heardBy(["agents"], isStaff, event.type, () => presentShiftEvent(event));
    default:
      return "ticket" in event ? toldOfTicket(event) : null;
  }
}

function toldOfTicket(event: TicketFeedEvent | QueueFeedEvent): Told {
  const { ticket } = event;
  const topics = event.type === "queue.changed"
    ? ["queue"]
    : [ticketTopic(ticket.id), departmentTopic(ticket.department)];
  const isInternal = "internal" in event && event.internal;
  const mayHear = (actor: Actor): boolean =>
    maySeeTicket(actor, ticket) && (!isInternal || isStaff(actor));
  return heardBy(topics, mayHear, event.type, () => presentEvent(event));
}

function heardBy(
  topics: readonly string[],
  mayHear: Told["mayHear"],
  event: string,
  present: () => Record<string, unknown>,
): Told {
  return {
    topics,
    mayHear,
    frame: (cursor, topic) =>
      JSON.stringify({ type: "event", cursor, event, topic, data: present() }),
  };
}

export function ticketTopic(ticketId: string): string {
  return `ticket:${ticketId}`;
}

/** Departments are compared without case. */
export function departmentTopic(department: string): string {
  return `department:${fold(department)}`;
}
