import { type Instant, SECOND_MS } from "../rules/time.ts";
import { keys } from "./keys.ts";
import { readList, type Store } from "./store.ts";
import { transact } from "./transact.ts";

/** Somebody who looks at a ticket, or writes about it. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly typing: boolean;
}

interface Presence extends Viewer {
  readonly expiresAt: Instant;
}

/** What a process that died said of its connections counts no longer than this. */
export const PRESENCE_FOR_MS = 40 * SECOND_MS;
/** More connections at one ticket are not told of. */
const VIEWERS_MAX = 200;

/**
 * Says that somebody looks at a ticket by this connection. One write; the feed is told where
 * `isNew`, which is not so where the same was said before.
 */
export async function showPresence(
  store: Store,
  ticketId: string,
  connectionId: string,
  viewer: Viewer,
  isNew: boolean,
): Promise<void> {
  await transact(store, (tx) => {
    const presence: Presence = { ...viewer, expiresAt: store.now() + PRESENCE_FOR_MS };
    tx.set(keys.presence(ticketId, connectionId), presence, PRESENCE_FOR_MS);
    if (isNew) tx.emit({ type: "presence.changed", ticketId });
    return Promise.resolve();
  });
}

/** Nobody looks at the ticket by this connection any more, of which the feed is told. */
export async function endPresence(
  store: Store,
  ticketId: string,
  connectionId: string,
): Promise<void> {
  await transact(store, (tx) => {
    tx.delete(keys.presence(ticketId, connectionId));
    tx.emit({ type: "presence.changed", ticketId });
    return Promise.resolve();
  });
}

/** Who looks at a ticket, in all processes, each person once. One read. */
export async function readPresence(store: Store, ticketId: string): Promise<Viewer[]> {
  const now = store.now();
  const rows = await readList<Presence>(store, keys.presenceOf(ticketId), { limit: VIEWERS_MAX });
  const viewers = new Map<string, Viewer>();
  for (const { value: { id, name, typing, expiresAt } } of rows) {
    // It vanishes by itself only some time after it has expired.
    if (expiresAt <= now) continue;
    viewers.set(id, { id, name, typing: typing || viewers.get(id)?.typing === true });
  }
  return [...viewers.values()].sort((a, b) => a.id < b.id ? -1 : 1);
}
