import { placed } from "../../domain/live/backlog.ts";
import type { HubDeps } from "../../domain/live/hub.ts";
import { type Actor, maySeeTicket, type TicketScope } from "../../domain/rules/actor.ts";
import type { FeedEvent } from "../../domain/rules/event.ts";
import { refuse } from "../../domain/rules/refusal.ts";
import type { FeedEntry } from "../../domain/store/commit.ts";
import { CURSOR_START, lastCursor } from "../../domain/store/feed.ts";
import type { Viewer } from "../../domain/store/presence.ts";
import { type FakeClock, fakeClock } from "../support/time.ts";

export const TOKEN_LIVES_MS = 60_000;

/** What the hubs of several processes have in common: a desk, and its feed in memory. */
export interface World {
  readonly clock: FakeClock;
  /** By token: everybody there is, as the desk has them now. */
  readonly actors: Map<string, Actor>;
  readonly tickets: Map<string, TicketScope>;
  /** May be replaced, to answer late or not at all. */
  deps: Pick<HubDeps, "authenticate" | "reload">;
  /** Up to where the feed is not kept any more; what is before that is gone. */
  pruned: string;
  /** How often the feed was read. */
  reads: number;
  /** The cursor of what was posted last. */
  cursor(): string;
  /** What a commit does: the entry gets the next versionstamp, and whoever listens hears of it. */
  post(...events: FeedEvent[]): void;
  onPost(listener: (entry: FeedEntry) => void): () => void;
  newId(): string;
  /** Who is a viewer of what, in order: `<ticket> <user>`. */
  viewers(): string[];
  /** What a hub reads of it; what is replaced holds for hubs that are started later. */
  readonly store: Pick<
    HubDeps,
    | "visibleTicketId"
    | "readBack"
    | "readEvents"
    | "newest"
    | "prunedTo"
    | "showPresence"
    | "endPresence"
    | "readPresence"
  >;
}

export function makeWorld(): World {
  const clock = fakeClock();
  const actors = new Map<string, Actor>();
  const tickets = new Map<string, TicketScope>();
  const entries: FeedEntry[] = [];
  const viewers = new Map<string, Viewer>();
  const listeners = new Set<(entry: FeedEntry) => void>();
  let ids = 0;
  const kept = (): FeedEntry[] => entries.filter((entry) => lastCursor(entry) > world.pruned);
  const viewerKey = (ticketId: string, connectionId: string): string =>
    `${ticketId} ${connectionId}`;

  const world: World = {
    clock,
    actors,
    tickets,
    pruned: CURSOR_START,
    reads: 0,
    deps: {
      authenticate(token) {
        const actor = actors.get(token);
        const tokenExpiresAt = clock.now() + TOKEN_LIVES_MS;
        return Promise.resolve(
          actor === undefined ? refuse("unauthenticated", "No.") : { actor, tokenExpiresAt },
        );
      },
      reload: ({ userId }) => Promise.resolve(actors.get(userId) ?? null),
    },
    cursor() {
      const newest = entries.at(-1);
      return newest === undefined ? CURSOR_START : lastCursor(newest);
    },
    post(...events) {
      const entry = { versionstamp: versionstamp(entries.length + 1), events };
      entries.push(entry);
      for (const listener of listeners) listener(entry);
    },
    onPost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    viewers: () => [...viewers].map(([key, { id }]) => `${key.split(" ", 1)} ${id}`).toSorted(),
    newId: () => `connection ${++ids}`,
    store: {
      visibleTicketId(actor, id) {
        const ticket = tickets.get(id);
        const sees = ticket !== undefined && maySeeTicket(actor, ticket);
        return Promise.resolve(sees ? id : null);
      },
      readBack(place, limit) {
        world.reads += 1;
        const before = kept().filter(({ versionstamp }) => versionstamp <= place);
        return Promise.resolve(before.slice(-limit).toReversed());
      },
      readEvents(after, limit) {
        world.reads += 1;
        const [stamp = ""] = after.split("-");
        const found = kept().filter(({ versionstamp }) => versionstamp >= stamp).slice(0, limit);
        const events = found.flatMap(placed).filter(({ cursor }) => cursor > after);
        const end = events.at(-1)?.cursor ?? after;
        return Promise.resolve({ events, end, isAll: found.length < limit });
      },
      newest: () => Promise.resolve(world.cursor()),
      prunedTo: () => Promise.resolve(world.pruned),
      showPresence(ticketId, connectionId, viewer, isNew) {
        viewers.set(viewerKey(ticketId, connectionId), viewer);
        if (isNew) world.post({ type: "presence.changed", ticketId });
        return Promise.resolve();
      },
      endPresence(ticketId, connectionId) {
        viewers.delete(viewerKey(ticketId, connectionId));
        world.post({ type: "presence.changed", ticketId });
        return Promise.resolve();
      },
      readPresence: (ticketId) =>
        Promise.resolve(
          [...viewers].flatMap(([key, viewer]) => key.startsWith(`${ticketId} `) ? [viewer] : []),
        ),
    },
  };
  return world;
}

export function versionstamp(count: number): string {
  return count.toString(16).padStart(20, "0");
}
