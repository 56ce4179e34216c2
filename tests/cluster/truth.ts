import assert from "node:assert/strict";
import { type Actor, maySeeTicket } from "../../domain/rules/actor.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { eventCursor, FEED_START, readFeed } from "../../domain/store/feed.ts";
import type { Store } from "../../domain/store/store.ts";
import type { Heard, Listener } from "./listener.ts";

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
  if (event.type === "notification") {
    return event.notification.recipient === who.userId && event.notification.live !== false;
  }
  if (!("ticket" in event) || !maySeeTicket(who, event.ticket)) return false;
  if (event.type === "queue.changed") return topics.has("queue");
  return topics.has(`ticket:${event.ticket.id}`) && (!event.internal || who.role !== "user");
}

/** What of it has not arrived. */
export function missingAt(told: readonly Told[], ear: Ear): string[] {
  const arrived = new Set(ear.listener.heard.map(({ cursor }) => cursor));
  return expectedCursors(told, ear).filter((cursor) => !arrived.has(cursor));
}

/**
 * Fails unless a listener heard all of it and nothing else, each event once by its cursor, and in
 * commit order on every connection; a connection that resumed may go back one time.
 */
export function assertHeard(told: readonly Told[], ear: Ear): void {
  const { heard, complaints } = ear.listener;
  const [first, last] = [told[0]?.cursor ?? "", told.at(-1)?.cursor ?? ""];
  const within = heard.filter(({ cursor }) => cursor >= first && cursor <= last);
  assert.deepEqual(
    [...new Set(within.map(({ cursor }) => cursor))].sort(),
    expectedCursors(told, ear),
    ear.name,
  );
  assert.deepEqual(complaints, [], ear.name);
  for (const [connection, all] of Map.groupBy(heard, ({ connection }) => connection)) {
    const descents = countDescents(all);
    assert.ok(descents <= (connection === 0 ? 0 : 1), `${ear.name} goes back ${descents} times`);
  }
}

/** How often what was heard is not behind what was heard before it. */
function countDescents(heard: readonly Heard[]): number {
  return heard.filter(({ cursor }, index) => cursor <= (heard[index - 1]?.cursor ?? "")).length;
}
