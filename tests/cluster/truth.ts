import { type Actor, maySeeTicket } from "../../domain/rules/actor.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { eventCursor, FEED_START, readFeed } from "../../domain/store/feed.ts";
import type { Store } from "../../domain/store/store.ts";
import type { Listener } from "./listener.ts";

/** Somebody who listens, and what they should hear of. */
export interface Ear {
  readonly name: string;
  readonly who: Pick<Actor, "userId" | "role" | "agent">;
  readonly topics: ReadonlySet<string>;
  readonly listener: Listener;
}

/** One event of the feed. */
export interface Told {
  readonly cursor: string;
  readonly event: FeedEvent;
}

const ENTRIES_AT_ONCE = 500;

/** All that the feed holds behind a cursor, in commit order. */
export async function readTruth(store: Store, after: string): Promise<Told[]> {
  const told: Told[] = [];
  let place = after.split("-")[0] ?? FEED_START;
  for (;;) {
    const entries = await readFeed(store, place, ENTRIES_AT_ONCE);
    for (const { versionstamp, events } of entries) {
      place = versionstamp;
      events.forEach((event, index) =>
        told.push({ cursor: eventCursor(versionstamp, index), event })
      );
    }
    if (entries.length < ENTRIES_AT_ONCE) return told;
  }
}

/** The cursors of what somebody must hear, by the words of the specification alone. */
export function expectedCursors(told: readonly Told[], { who, topics }: Ear): string[] {
  return told.flatMap(({ cursor, event }) => concerns(event, who, topics) ? cursor : []);
}

function concerns(
  event: FeedEvent,
  who: Ear["who"],
  topics: ReadonlySet<string>,
): boolean {
  const supervises = who.role === "supervisor" || who.role === "admin";
  switch (event.type) {
    case "notification":
      return event.notification.recipient === who.userId && event.notification.live !== false;
    case "agent.changed":
      return topics.has("agents") && who.role !== "user";
    case "workload.changed":
      return topics.has("workload") && (supervises || event.userId === who.userId);
    case "queue.changed":
      return topics.has("queue") && maySeeTicket(who, event.ticket);
  }
  if (!("ticket" in event)) return false;
  const { ticket, formerly = ticket, internal } = event;
  const listens = topics.has(`ticket:${ticket.id}`) ||
    topics.has(`department:${formerly.department}`);
  // Who sees it no more is told that it left.
  if (!maySeeTicket(who, ticket)) return listens && maySeeTicket(who, formerly);
  return (listens || topics.has(`department:${ticket.department}`)) &&
    (!internal || who.role !== "user");
}

/** What of it has not arrived. */
export function missingAt(told: readonly Told[], ear: Ear): string[] {
  const arrived = new Set(ear.listener.heard.map(({ cursor }) => cursor));
  return expectedCursors(told, ear).filter((cursor) => !arrived.has(cursor));
}

/**
 * Everything that is wrong with what a listener heard: it must be all of this and nothing else of
 * its time, each event once and in commit order, through whichever connections it came.
 */
export function deafnessOf(told: readonly Told[], ear: Ear): string[] {
  const { heard, complaints } = ear.listener;
  const [first, last] = [told[0]?.cursor ?? "", told.at(-1)?.cursor ?? ""];
  const arrived = heard.flatMap(({ cursor }) => cursor >= first && cursor <= last ? cursor : []);
  const missing = missingAt(told, ear);
  const expected = new Set(expectedCursors(told, ear));
  const unasked = arrived.filter((cursor) => !expected.has(cursor));
  const wrong = [...new Set(complaints.map((frame) => `was told ${JSON.stringify(frame)}`))];
  if (missing.length > 0) wrong.push(`misses ${missing.length}, the first ${missing[0]}`);
  if (unasked.length > 0) wrong.push(`heard ${unasked.length} unasked, the first ${unasked[0]}`);
  const descents = heard.filter(({ cursor }, index) => cursor <= (heard[index - 1]?.cursor ?? ""));
  if (descents.length > 0) {
    wrong.push(`went back ${descents.length} times, to ${descents[0]?.cursor}`);
  }
  return wrong.map((what) => `${ear.name} ${what}`);
}
