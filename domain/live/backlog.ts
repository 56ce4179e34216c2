import type { FeedEvent } from "../rules/event.ts";
import type { FeedEntry } from "../store/commit.ts";
import { eventCursor, FEED_START } from "../store/feed.ts";

/** One event with its place in the feed. */
export interface PlacedEvent {
  readonly cursor: string;
  readonly event: FeedEvent;
}

/** Commits at or before a place of the feed, the last one first. */
export type ReadBack = (place: string, limit: number) => Promise<FeedEntry[]>;

/** Some seconds of a busy desk, or a day of a quiet one: about 10 MB at most. */
const EVENTS_MAX = 10_000;
/** When it is full at least so many of the oldest go at once. */
const DROPPED_AT_ONCE = 1_000;
/** At least 2, for one of them is read again. */
export const READ_BACK_AT_ONCE = 200;

/**
 * The latest commits of the feed, without a hole: whoever was away for a moment is told from here
 * what it missed, so that a thousand who come back at once cost one reading.
 */
export class Backlog {
  readonly #readBack: ReadBack;
  #entries: FeedEntry[] = [];
  #events = 0;
  /** It holds every commit behind this place that was kept when it was read. */
  #from: string;
  #reading: Promise<void> | null = null;

  /** `place` is that of the last commit before the first that will be added. */
  constructor(place: string, readBack: ReadBack) {
    this.#from = place;
    this.#readBack = readBack;
  }

  add(entry: FeedEntry): void {
    this.#entries.push(entry);
    this.#events += entry.events.length;
    if (this.#events <= EVENTS_MAX) return;
    let dropped = 0;
    let count = 0;
    for (; count < this.#entries.length - 1 && dropped < DROPPED_AT_ONCE; count++) {
      dropped += this.#entries[count]?.events.length ?? 0;
    }
    this.#from = this.#entries[count - 1]?.versionstamp ?? this.#from;
    this.#entries.splice(0, count);
    this.#events -= dropped;
  }

  /** Whether everything behind a cursor is here, be it kept in the store or not. */
  holds(cursor: string): boolean {
    const [stamp = ""] = cursor.split("-");
    // What was read up to the start of the feed is without what had gone from there.
    const [first] = this.#entries;
    return first !== undefined && first.versionstamp <= stamp;
  }

  /**
   * The events behind a cursor, of at most so many commits from its own on; null where it does not
   * reach back so far.
   */
  after(cursor: string, limit: number): PlacedEvent[] | null {
    const [stamp = ""] = cursor.split("-");
    // Its own commit may have more events behind it.
    if (stamp <= this.#from) return null;
    const first = firstFrom(this.#entries, stamp);
    return this.#entries.slice(first, first + limit)
      .flatMap(placed)
      .filter((event) => event.cursor > cursor);
  }

  /**
   * Reads the feed back until it reaches this cursor, the start of the feed, or its own bound. Many
   * may ask at once.
   */
  async reachBackTo(cursor: string): Promise<void> {
    const [stamp = ""] = cursor.split("-");
    // Ends: each turn moves the start back, and the last one finds nothing before it.
    while (stamp <= this.#from && this.#events < EVENTS_MAX) {
      this.#reading ??= this.#extend().finally(() => this.#reading = null);
      await this.#reading;
    }
  }

  async #extend(): Promise<void> {
    const from = this.#from;
    const found = await this.#readBack(from, READ_BACK_AT_ONCE);
    // It was full, and the oldest went.
    if (this.#from !== from) return;
    const isAll = found.length < READ_BACK_AT_ONCE;
    // All behind the last one that was read are here.
    const entries = (isAll ? found : found.slice(0, -1)).toReversed();
    this.#from = isAll ? FEED_START : found.at(-1)?.versionstamp ?? FEED_START;
    this.#entries.unshift(...entries);
    this.#events += entries.reduce((sum, { events }) => sum + events.length, 0);
  }
}

/** The events of a commit, each with its cursor. */
export function placed({ versionstamp, events }: FeedEntry): PlacedEvent[] {
  return events.map((event, index) => ({ cursor: eventCursor(versionstamp, index), event }));
}

/** Where the first commit at or behind this place stands. */
function firstFrom(entries: readonly FeedEntry[], stamp: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.versionstamp ?? "") < stamp) low = middle + 1;
    else high = middle;
  }
  return low;
}
