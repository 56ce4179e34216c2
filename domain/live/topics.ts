import { type Actor, departmentsOf, may, supervises } from "../rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { fold } from "../rules/skill.ts";
import { departmentTopic, ticketTopic } from "./audience.ts";
import type { Connection } from "./connection.ts";
import type { Listeners } from "./listeners.ts";

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
const DEPARTMENT_LENGTH_MAX = 60;

/** What a connection may listen to, by the names that clients use. */
export function makeTopics(deps: TopicDeps, listeners: Listeners): Topics {
  /** The topic that a name means, a ticket's number standing for its id. */
  async function topicFor({ actor }: Connection, name: string): Promise<string | Refusal> {
    if (actor === null) return refuse("unauthenticated", "Send auth first.");
    switch (name) {
      case "queue":
        return may(actor, "see_queue") ? name : refuse("forbidden", "You may not see the queue.");
      case "agents":
        return may(actor, "list_agents") ? name : refuse("forbidden", "You may not see agents.");
      case "workload":
        return may(actor, "read_metrics")
          ? name
          : refuse("forbidden", "You may not see the workload.");
    }
    const [, kind, named = ""] = /^(department|ticket):(.+)$/s.exec(name) ?? [];
    if (kind === "department") return departmentFor(actor, named);
    if (kind === undefined) return refuse("invalid_input", `There is no such topic: ${KNOWN}.`);
    const ticketId = await deps.visibleTicketId(actor, named);
    return ticketId === null
      ? refuse("not_found", "There is no such ticket.")
      : ticketTopic(ticketId);
  }

  return {
    async subscribe(connection, names) {
      const joined: string[] = [];
      for (const name of names) {
        const topic = connection.topics.size < TOPICS_MAX
          ? await topicFor(connection, name)
          : refuse("conflict", `A connection has ${TOPICS_MAX} topics at most.`);
        if (isRefusal(topic)) {
          const { refused: code, detail: message } = topic;
          connection.send({ type: "error", code, message, topic: name });
          continue;
        }
        listeners.listen(connection, topic);
        joined.push(topic);
      }
      if (joined.length > 0) connection.send({ type: "subscribed", topics: joined });
    },
    async unsubscribe(connection, names) {
      const left: string[] = [];
      for (const name of names) {
        // What it may not hear any more it can still give up, by the name that it has.
        const topic = await topicFor(connection, name);
        const given = isRefusal(topic) ? name : topic;
        listeners.unlisten(connection, given);
        left.push(given);
      }
      connection.send({ type: "unsubscribed", topics: left });
    },
  };
}

const KNOWN = "use queue, agents, workload, department:<name> or ticket:<id>";

/** Whoever supervises hears every department, an agent those whose tickets it sees. */
function departmentFor(actor: Actor, name: string): string | Refusal {
  if (name.length > DEPARTMENT_LENGTH_MAX) {
    return refuse("invalid_input", `A department has ${DEPARTMENT_LENGTH_MAX} characters at most.`);
  }
  const isOwn = actor.agent !== null && departmentsOf(actor.agent).includes(fold(name));
  return isOwn || supervises(actor)
    ? departmentTopic(name)
    : refuse("forbidden", "You may not see this department's tickets.");
}
