import { DAY_MS } from "../rules/time.ts";
import { pruneFeed } from "../store/feed_pruning.ts";
import type { Desk } from "./desk.ts";

/** Forgets the events of commits that are older than the feed is kept: how many commits those were. */
export function forgetEvents({ store, config }: Desk): Promise<number> {
  return pruneFeed(store, store.now() - config.feedRetentionDays * DAY_MS);
}
