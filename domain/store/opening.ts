import { getLogger } from "@logtape/logtape";
import { MINUTE_MS, SECOND_MS } from "../rules/time.ts";
import { within } from "./fault.ts";
import type { Kv } from "./open.ts";

/** How long to go on trying to open a store, and how long to wait in between. */
export interface OpeningTimes {
  /** For one try. */
  readonly tryMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** No try begins later than this. */
  readonly forMs: number;
}

const OPENING: OpeningTimes = {
  tryMs: 4 * SECOND_MS,
  firstPauseMs: SECOND_MS / 4,
  longestPauseMs: 5 * SECOND_MS,
  forMs: MINUTE_MS,
};

const log = getLogger(["desk", "store"]);

/**
 * Opens a store on another machine, which may come up later than this process: tries again, after
 * pauses that double, for about a minute. Throws what the last try threw, and at once what says that
 * the store does not let us in.
 */
export async function openPatiently(
  open: () => Promise<Kv>,
  { tryMs, firstPauseMs, longestPauseMs, forMs }: OpeningTimes = OPENING,
): Promise<Kv> {
  const startedAt = performance.now();
  for (let pauseMs = firstPauseMs;; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await openWithin(tryMs, open);
    } catch (error) {
      const isOver = performance.now() - startedAt + pauseMs > forMs;
      if (isOver || isTurnedAway(error)) throw error;
      log.warn("The store cannot be opened yet, trying again: {error}", { error: String(error) });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Opens a store, or throws `StoreUnavailable`; a connection that comes too late is closed. */
export async function openWithin(milliseconds: number, open: () => Promise<Kv>): Promise<Kv> {
  const opening = open();
  try {
    return await within(milliseconds, opening);
  } catch (error) {
    opening.then((late) => late.close(), () => {});
    throw error;
  }
}

/** The address is that of something else, or the access token is missing or not accepted. */
function isTurnedAway(error: unknown): boolean {
  const says = /\bstatus 4\d\d\b|\bMissing DENO_KV_ACCESS_TOKEN\b/;
  return error instanceof Error && says.test(error.message);
}
