import { SECOND_MS } from "../rules/time.ts";
import type { FeedEntry } from "../store/commit.ts";
import {
  CURSOR_START,
  FEED_START,
  feedEnd,
  lastCursor,
  newestEntry,
  readFeed,
} from "../store/feed.ts";
import { makeGatherer } from "../store/gather.ts";
import type { Store } from "../store/store.ts";

export interface Relay {
  /** The cursor of the last event that has been handed on. */
  cursor(): string;
  stop(): Promise<void>;
}

/** A ring that was lost, or a commit of another process, is noticed after this long. */
const LOOK_EVERY_MS = 1_000;
const ENTRIES_AT_ONCE = 100;
/** What is committed within this time of a look is read together: a busy desk rings all the time. */
const GATHER_MS = 10;

/**
 * Carries the feed to this process: every commit's events, each entry once and in commit order, on
 * the broadcast channel of this name. This process's own commits wake it at once.
 */
export async function startRelay(
  store: Store,
  channelName: string,
  onFault: (error: unknown) => void,
): Promise<Relay> {
  const channel = new BroadcastChannel(channelName);
  const newest = await newestEntry(store);
  let place = newest?.versionstamp ?? FEED_START;
  let cursor = newest === null ? CURSOR_START : lastCursor(newest);
  /** When everything that was in the feed had been handed on. */
  let inStepAt = performance.now();

  async function look(): Promise<void> {
    try {
      // Ends once a read finds less than it could take; whoever rings meanwhile is heard again.
      for (let full = true; full;) {
        const lookedAt = performance.now();
        const entries = await readFeed(store, place, ENTRIES_AT_ONCE);
        for (const entry of entries) {
          channel.postMessage(entry satisfies FeedEntry);
          place = entry.versionstamp;
          cursor = lastCursor(entry);
        }
        full = entries.length === ENTRIES_AT_ONCE;
        if (!full) inStepAt = lookedAt;
      }
    } catch (error) {
      // The next look tries again from the same place.
      onFault(error);
    }
  }

  /** One read. An entry of this very moment is behind by no more than the time since the last look. */
  async function lagSeconds(): Promise<number> {
    const end = await feedEnd(store);
    return end <= place ? 0 : (performance.now() - inStepAt) / SECOND_MS;
  }

  store.meters.lookUp("feedLagSeconds", lagSeconds);
  const gatherer = makeGatherer(look, GATHER_MS);
  const unsubscribe = store.committer.onCommit(gatherer.ring);
  const timer = setInterval(gatherer.ring, LOOK_EVERY_MS);

  return {
    cursor: () => cursor,
    async stop() {
      clearInterval(timer);
      unsubscribe();
      await gatherer.idle();
      channel.close();
    },
  };
}
