import type { FeedEvent } from "../rules/event.ts";
import type { FeedEntry } from "../store/commit.ts";
import { CURSOR_START, lastCursor, newestEntry, readBack, readEvents } from "../store/feed.ts";
import { prunedTo } from "../store/feed_pruning.ts";
import { behind } from "../store/keys.ts";
import { endPresence, readPresence, showPresence } from "../store/presence.ts";
import type { Store } from "../store/store.ts";
import { type Hub, type HubDeps, makeHub } from "./hub.ts";
import { forAtMost } from "./patience.ts";
import { startRelay } from "./relay.ts";

const RELAY_STOPS_WITHIN_MS = 1_000;

export interface Live {
  readonly hub: Hub;
  stop(): Promise<void>;
}

export interface LiveDeps
  extends Pick<HubDeps, "authenticate" | "reload" | "visibleTicketId" | "onFault"> {
  /** Hears every commit, of this process and of others. */
  onEvents(events: readonly FeedEvent[]): void;
}

/** Starts the live side of a process: the feed's relay, and the hub with its sockets. */
export async function startLive(store: Store, deps: LiveDeps): Promise<Live> {
  // The channel reaches every thread of the process; a name of its own keeps two stores apart.
  const channelName = `feed ${store.newId()}`;
  const ears = new BroadcastChannel(channelName);
  ears.onmessage = ({ data }: MessageEvent<FeedEntry>) => deps.onEvents(data.events);
  const relay = await startRelay(store, channelName, deps.onFault);
  const { now, newId, meters } = store;
  const hub = makeHub({
    ...deps,
    ...feedOf(store),
    channelName,
    meters,
    now,
    newId,
    cursor: relay.cursor(),
  });
  return {
    hub,
    async stop() {
      // A store that does not answer keeps nobody from being told that this process stops.
      await forAtMost(RELAY_STOPS_WITHIN_MS, relay.stop());
      // What the relay posted last arrives in the next turn; and a channel that is opened in the
      // very turn in which the last one closed would hear nothing.
      await nextTurn();
      await hub.stop();
      ears.close();
      await nextTurn();
    },
  };
}

/** What the hub reads and writes of the store. */
function feedOf(
  store: Store,
): Pick<
  HubDeps,
  | "readBack"
  | "readEvents"
  | "newest"
  | "prunedTo"
  | "showPresence"
  | "endPresence"
  | "readPresence"
> {
  return {
    readBack: (place, limit) => readBack(store, behind(place), limit),
    readEvents: (after, limit) => readEvents(store, after, limit),
    async newest() {
      const entry = await newestEntry(store);
      return entry === null ? CURSOR_START : lastCursor(entry);
    },
    prunedTo: () => prunedTo(store),
    showPresence: (...presence) => showPresence(store, ...presence),
    endPresence: (...presence) => endPresence(store, ...presence),
    readPresence: (ticketId) => readPresence(store, ticketId),
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
