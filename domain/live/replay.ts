import { type Refusal, refuse } from "../rules/refusal.ts";
import { SECOND_MS } from "../rules/time.ts";
import { type EventsRead, isCursor } from "../store/feed.ts";
import type { Backlog } from "./backlog.ts";
import { heard } from "./broadcast.ts";
import { BUFFERED_BYTES_MAX, type Connection } from "./connection.ts";

export interface ReplayDeps {
  readonly backlog: Backlog;
  /** The cursor of the last event that was told to whoever is live. */
  told(): string;
  /** The cursor of the last event of the feed. */
  newest(): Promise<string>;
  /** The events behind a cursor, of at most so many commits. */
  readEvents(after: string, limit: number): Promise<EventsRead>;
  /** The cursor up to which the feed is not kept any more. */
  prunedTo(): Promise<string>;
}

/** So many commits are told in one turn; then others have theirs. */
const COMMITS_AT_ONCE = 100;
/** What was missed is sent no faster than the client reads it. */
const BUFFERED_BYTES_ENOUGH = BUFFERED_BYTES_MAX / 4;
const LOOK_EVERY_MS = 20;
const READS_WITHIN_MS = 30 * SECOND_MS;

/**
 * Tells a connection everything behind a cursor that it may hear, in order, and lets it go on live
 * with neither a hole nor a double in between: `resumed` first, and before it a `gap` where some of
 * it is not kept any more. Refuses with `invalid_input`.
 */
export async function replay(
  connection: Connection,
  after: string,
  deps: ReplayDeps,
): Promise<Refusal | null> {
  if (!isCursor(after)) return refuse("invalid_input", "resume needs after, a cursor.");
  connection.knowsUpTo = "";
  // Where this throws it stays so, and nothing is told behind a hole: the connection is to be closed.
  connection.isCatchingUp = true;
  const begin = await beginOf(connection, after, deps);
  connection.send({ type: "resumed", after: begin });
  await tell(connection, begin, deps);
  return null;
}

/** The cursor to begin behind: another than was asked for where that would leave a hole. */
async function beginOf(
  connection: Connection,
  after: string,
  { backlog, told, newest, prunedTo }: ReplayDeps,
): Promise<string> {
  if (backlog.holds(after) && after <= told()) return after;
  // Another process may have told it more than this one knows yet; nobody more than there is.
  const [first, last] = await Promise.all([prunedTo(), newest()]);
  if (first <= after && after <= last) return after;
  const begin = after < first ? first : last;
  connection.send({ type: "gap", from: after, to: begin });
  return begin;
}

/**
 * Ends when it has come to where the others are: in that very turn it is live. It comes nearer with
 * each turn, for a commit is told faster than it is made.
 */
async function tell(connection: Connection, begin: string, deps: ReplayDeps): Promise<void> {
  let place = begin;
  while (!connection.isClosed) {
    if (place >= deps.told()) {
      connection.knowsUpTo = place;
      connection.isCatchingUp = false;
      return;
    }
    place = await tellNext(connection, place, deps);
    await othersTurn(connection);
  }
}

/**
 * Tells the next commits, of those that others have been told of, and no more than a client may leave
 * unread; how far it came. What went while it was told the rest is a `gap` too.
 */
async function tellNext(
  connection: Connection,
  place: string,
  { backlog, told, readEvents, prunedTo }: ReplayDeps,
): Promise<string> {
  await backlog.reachBackTo(place);
  const until = told();
  // What is longer ago than is held for all is read for this one alone.
  const events = backlog.after(place, COMMITS_AT_ONCE) ??
    (await readEvents(place, COMMITS_AT_ONCE)).events;
  // Asked for after it was read: what is gone by now may have been gone by then.
  const first = backlog.holds(place) ? "" : await prunedTo();
  if (first > place) {
    connection.send({ type: "gap", from: place, to: first });
    return first;
  }
  for (const { cursor, event } of events) {
    if (cursor > until) return until;
    const text = heard(connection, event, cursor);
    if (text === null) continue;
    connection.sendText(text);
    if (connection.bufferedBytes() > BUFFERED_BYTES_ENOUGH) return cursor;
  }
  return events.at(-1)?.cursor ?? until;
}

async function othersTurn(connection: Connection): Promise<void> {
  const waitsMax = READS_WITHIN_MS / LOOK_EVERY_MS;
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (let waits = 0; connection.bufferedBytes() > BUFFERED_BYTES_ENOUGH; waits++) {
    if (connection.isClosed) return;
    if (waits === waitsMax) return connection.letGo();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
