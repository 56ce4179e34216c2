import { type Actor, isStaff, maySeeTicket, supervises } from "../rules/actor.ts";
import {
  type FeedEvent,
  presentAgentEvent,
  presentEvent,
  presentFarewell,
  type TicketFeedEvent,
} from "../rules/event.ts";
import type { EventName } from "../rules/event_name.ts";
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

/**
 * What sockets are told of an event, nobody more than one thing; nothing of what is none of theirs.
 */
export function toldOf(event: FeedEvent): readonly Told[] {
  switch (event.type) {
    case "notification": {
      const { notification } = event;
      if (notification.live === false) return [];
      return [{
        recipient: notification.recipient,
        topics: [],
        mayHear: () => true,
        frame: (cursor) =>
          JSON.stringify({ type: "notification", cursor, data: presentNotification(notification) }),
      }];
    }
    case "agent.changed":
      return [heardBy(["agents"], isStaff, "agent.status", () => presentAgentEvent(event))];
    case "workload.changed": {
      const mayHear = (actor: Actor): boolean => supervises(actor) || actor.userId === event.userId;
      return [heardBy(["workload"], mayHear, event.type, () => presentWorkload(event))];
    }
    case "shift.started":
    case "shift.ended":
    case "break.started":
    case "break.ended":
      return [heardBy(["agents"], isStaff, event.type, () => presentShiftEvent(event))];
    case "queue.changed": {
      const mayHear = (actor: Actor): boolean => maySeeTicket(actor, event.ticket);
      return [heardBy(["queue"], mayHear, event.type, () => presentEvent(event))];
    }
    default:
      return "ticket" in event ? toldOfTicket(event) : [];
  }
}

function toldOfTicket(event: TicketFeedEvent): readonly Told[] {
  const { ticket, formerly, internal } = event;
  const departments = [ticket.department, ...formerly === undefined ? [] : [formerly.department]];
  const topics = [ticketTopic(ticket.id), ...new Set(departments.map(departmentTopic))];
  const mayHear = (actor: Actor): boolean =>
    maySeeTicket(actor, ticket) && (!internal || isStaff(actor));
  const told = heardBy(topics, mayHear, event.type, () => presentEvent(event));
  if (formerly === undefined) return [told];
  // Who may not know where it went may know that it went: to ask for it would tell them as much.
  const sawIt = (actor: Actor): boolean =>
    maySeeTicket(actor, formerly) && !maySeeTicket(actor, ticket);
  const known = [ticketTopic(ticket.id), departmentTopic(formerly.department)];
  return [told, heardBy(known, sawIt, "ticket.left", () => presentFarewell(event))];
}

function heardBy(
  topics: readonly string[],
  mayHear: Told["mayHear"],
  event: EventName,
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
