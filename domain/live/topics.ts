import { type Actor, may } from "../rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import type { Connection } from "./connection.ts";

export interface TopicDeps {
  /** The id of a ticket that was named by id or number; null when the actor may not see it. */
  visibleTicketId(actor: Actor, idOrNumber: string): Promise<string | null>;
}

export interface Topics {
  /** Joins what may be heard; the rest is answered with `error` frames, not with silence. */
  subscribe(connection: Connection, names: readonly string[]): Promise<void>;
  unsubscribe(connection: Connection, names: readonly string[]): Promise<void>;
}

const TOPICS_MAX = 200;

/** What a connection may listen to, by the names that clients use. */
export function makeTopics(deps: TopicDeps): Topics {
  /** The topic that a name means, a ticket's number standing for its id. */
  async function topicFor({ actor }: Connection, name: string): Promise<string | Refusal> {
    if (actor === null) return refuse("unauthenticated", "Send auth first.");
    if (name === "queue") {
      return may(actor, "see_queue") ? name : refuse("forbidden", "You may not see the queue.");
    }
    const named = /^ticket:(.+)$/.exec(name)?.[1];
    if (named === undefined) {
      return refuse("invalid_input", "There is no such topic: use queue or ticket:<id>.");
    }
    const ticketId = await deps.visibleTicketId(actor, named);
    return ticketId === null
      ? refuse("not_found", "There is no such ticket.")
      : `ticket:${ticketId}`;
  }

  return {
    async subscribe(connection, names) {
      const joined: string[] = [];
      for (const name of names) {
        const topic = connection.topics.size < TOPICS_MAX
          ? await topicFor(connection, name)
          : refuse("conflict", `A connection has ${TOPICS_MAX} topics at most.`);
        if (isRefusal(topic)) {
          connection.send({ type: "error", code: topic.refused, message: topic.detail });
          continue;
        }
        connection.topics.add(topic);
        joined.push(topic);
      }
      if (joined.length > 0) connection.send({ type: "subscribed", topics: joined });
    },
    async unsubscribe(connection, names) {
      for (const name of names) {
        // What it may not hear any more it can still give up, by the name that it has.
        const topic = await topicFor(connection, name);
        connection.topics.delete(isRefusal(topic) ? name : topic);
      }
      connection.send({ type: "unsubscribed", topics: names });
    },
  };
}
