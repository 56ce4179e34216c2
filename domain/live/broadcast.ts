import type { FeedEvent } from "../rules/event.ts";
import { nextTurn } from "../store/next_turn.ts";
import { type Told, toldOf } from "./audience.ts";
import type { Connection } from "./connection.ts";
import type { Listeners } from "./listeners.ts";

/** However many hear of something, others wait for so many at a time. */
export const TOLD_AT_ONCE = 500;

/**
 * Sends an event to each of the connections that it concerns and that may know of it; those that
 * are being told what they missed come to it by themselves. Others have their turn in between, and
 * may join, leave, and listen to something else meanwhile. Returns to how many.
 */
export async function broadcast(
  listeners: Listeners,
  event: FeedEvent,
  cursor: string,
): Promise<number> {
  let count = 0;
  for (const told of toldOf(event)) count = await tell(listeners, told, cursor, count);
  return count;
}

/** How many were told, with those before. */
async function tell(
  listeners: Listeners,
  told: Told,
  cursor: string,
  toldBefore: number,
): Promise<number> {
  const texts = new Map<string | undefined, string>();
  // Made once for all who hear it by the same topic, and only if somebody does.
  const textFor = (topic: string | undefined): string => {
    let text = texts.get(topic);
    if (text === undefined) texts.set(topic, text = told.frame(cursor, topic));
    return text;
  };
  let count = toldBefore;
  for (const [connection, topic] of hearers(listeners, told)) {
    // Whoever listens to several topics has heard it by an earlier one.
    if (connection.isCatchingUp || cursor <= connection.knowsUpTo) continue;
    connection.sendText(textFor(topic));
    connection.knowsUpTo = cursor;
    count += 1;
    if (count % TOLD_AT_ONCE === 0) await nextTurn();
  }
  return count;
}

/** What one connection hears of an event, as text; null where it does not. */
export function heard(connection: Connection, event: FeedEvent, cursor: string): string | null {
  const { actor, topics } = connection;
  if (actor === null) return null;
  const told = toldOf(event).find(({ mayHear }) => mayHear(actor));
  if (told === undefined) return null;
  if (told.recipient !== undefined) {
    return told.recipient === actor.userId ? told.frame(cursor, undefined) : null;
  }
  const topic = told.topics.find((each) => topics.has(each));
  return topic === undefined ? null : told.frame(cursor, topic);
}

function* hearers(
  listeners: Listeners,
  { recipient, topics, mayHear }: Told,
): Generator<[Connection, string | undefined]> {
  if (recipient !== undefined) {
    for (const connection of listeners.ofUser(recipient)) {
      if (connection.actor?.userId === recipient) yield [connection, undefined];
    }
    return;
  }
  for (const topic of topics) {
    for (const connection of listeners.ofTopic(topic)) {
      if (connection.actor !== null && mayHear(connection.actor)) yield [connection, topic];
    }
  }
}
