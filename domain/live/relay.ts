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

/** A bell that cannot be heard is listened to again after this long. */
const LISTEN_AGAIN_MS = 1_000;

/**
 * Carries the feed to this process: every commit's events, each entry once and in commit order, on
 * the broadcast channel of this name. This process's own commits wake it at once, those of others by
 * the bell in the store, or by its own look.
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
  const bell = listenToBell(store, gatherer.ring, onFault);

  return {
    cursor: () => cursor,
    async stop() {
      clearInterval(timer);
      unsubscribe();
      await bell.stop();
      await gatherer.idle();
      channel.close();
    },
  };
}

/** Calls back whenever the bell of the store rings. The store may go away and come back. */
function listenToBell(
  store: Store,
  ring: () => void,
  onFault: (error: unknown) => void,
): { stop(): Promise<void> } {
  let isStopped = false;
  let pause: { readonly timer: ReturnType<typeof setTimeout>; end(): void } | null = null;
  let reader: ReadableStreamDefaultReader<unknown> | null = null;

  async function listen(): Promise<void> {
    while (!isStopped) {
      const rings = store.watchBell();
      if (rings === null) return;
      reader = rings.getReader();
      try {
        // Ends with the stream, which is cancelled when nobody listens any more.
        while (!(await reader.read()).done) ring();
      } catch (error) {
        onFault(error);
      }
      reader = null;
      if (!isStopped) {
        await new Promise<void>((end) => {
          pause = { timer: setTimeout(end, LISTEN_AGAIN_MS), end };
        });
      }
    }
  }

  const listening = listen();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(pause?.timer);
      pause?.end();
      // One that is away need not be waited for.
      reader?.cancel().catch(() => undefined);
      await listening;
    },
  };
}
