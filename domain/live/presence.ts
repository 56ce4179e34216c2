import { type Actor, isStaff } from "../rules/actor.ts";
import { type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import type { Viewer } from "../store/presence.ts";
import type { Connection } from "./connection.ts";

export interface PresenceDeps {
  now(): Instant;
  visibleTicketId(actor: Actor, idOrNumber: string): Promise<string | null>;
  showPresence(
    ticketId: string,
    connectionId: string,
    viewer: Viewer,
    isNew: boolean,
  ): Promise<void>;
  endPresence(ticketId: string, connectionId: string): Promise<void>;
  readPresence(ticketId: string): Promise<Viewer[]>;
  onFault(error: unknown): void;
}

/** Who looks at which ticket, so that two do not answer the same one unknowingly. */
export interface Presences {
  /** This connection looks at a ticket, or at none (null), and writes about it, or does not. */
  look(connection: Connection, idOrNumber: string | null, typing: boolean): Promise<Refusal | null>;
  leave(connection: Connection): void;
  /** Who is behind it is another than before: whether it may still look shows at the next tick. */
  recheck(connection: Connection): void;
  /** Somebody in some process came to this ticket, left it or began to write. */
  changed(ticketId: string): void;
  /** To be called every second. */
  tick(): void;
  /** Resolves when all who left are gone from the store. */
  idle(): Promise<void>;
}

/** Whoever sends no `typing` for so long does not type any more. */
export const TYPING_FOR_MS = 5 * SECOND_MS;
/** Well within the time for which the store believes it. */
const KEPT_EVERY_MS = 15 * SECOND_MS;

interface Look {
  readonly ticketId: string;
  readonly typing: boolean;
  /** Until when it types without saying so again. */
  readonly typingUntil: Instant;
  readonly keptAt: Instant;
}

export function makePresences(deps: PresenceDeps): Presences {
  const looks = new Map<Connection, Look>();
  /** What the viewers of a ticket here were told last. */
  const shown = new Map<string, string>();
  /** Tickets whose viewers are being read, and whether they changed since that began. */
  const reading = new Map<string, boolean>();
  const working = new Set<Promise<void>>();

  /** Work that nobody waits for; what fails is told and goes no further. */
  function inBackground(work: () => Promise<void>): void {
    const done: Promise<void> = work().catch(deps.onFault).finally(() => working.delete(done));
    working.add(done);
  }

  async function write(
    connection: Connection,
    actor: Actor,
    look: Look,
    isNew: boolean,
  ): Promise<void> {
    // It left before this could begin, so that nobody would end it.
    if (connection.isClosed) return;
    const { userId: id, name } = actor;
    const viewer = { id, name, typing: look.typing };
    looks.set(connection, { ...look, keptAt: deps.now() });
    await deps.showPresence(look.ticketId, connection.id, viewer, isNew);
    // It left while this was written.
    if (looks.get(connection)?.ticketId === look.ticketId) return;
    await deps.endPresence(look.ticketId, connection.id);
  }

  async function end(connection: Connection): Promise<void> {
    const look = looks.get(connection);
    if (look === undefined) return;
    looks.delete(connection);
    forgetUnseen(look.ticketId);
    await deps.endPresence(look.ticketId, connection.id);
  }

  function viewersHere(ticketId: string): Connection[] {
    return [...looks].filter(([, look]) => look.ticketId === ticketId).map(([each]) => each);
  }

  function forgetUnseen(ticketId: string): void {
    if (viewersHere(ticketId).length === 0) shown.delete(ticketId);
  }

  /** Tells those who look at a ticket here who else does, where that is another than before. */
  function tell(ticketId: string): void {
    const isBeingRead = reading.has(ticketId);
    reading.set(ticketId, isBeingRead);
    if (isBeingRead) return;
    inBackground(async () => {
      try {
        // One reading after the other, for an older answer must not come last. Ends with one during
        // which nothing changed.
        do {
          await Promise.resolve();
          reading.set(ticketId, false);
          await readAndTell(ticketId);
        } while (reading.get(ticketId) === true);
      } finally {
        reading.delete(ticketId);
      }
    });
  }

  async function readAndTell(ticketId: string): Promise<void> {
    const viewers = await deps.readPresence(ticketId);
    const text = JSON.stringify({ type: "presence", ticketId, viewers });
    if (shown.get(ticketId) === text) return;
    const here = viewersHere(ticketId);
    if (here.length > 0) shown.set(ticketId, text);
    for (const connection of here) connection.sendText(text);
  }

  /** Says again that it looks, unless the ticket is not one of the actor's any more. */
  async function keep(connection: Connection, { ticketId }: Look): Promise<void> {
    const { actor } = connection;
    if (actor === null) return;
    const visibleId = await deps.visibleTicketId(actor, ticketId);
    const look = looks.get(connection);
    // It went on to another one meanwhile.
    if (look?.ticketId !== ticketId) return;
    if (visibleId === null) return await end(connection);
    await write(connection, actor, look, false);
    tell(ticketId);
  }

  return {
    async look(connection, idOrNumber, typing) {
      const { actor } = connection;
      if (actor === null) return refuse("unauthenticated", "Send auth first.");
      if (!isStaff(actor)) return refuse("forbidden", "Only staff show which ticket they look at.");
      if (idOrNumber === null) {
        await end(connection);
        return null;
      }
      const ticketId = await deps.visibleTicketId(actor, idOrNumber);
      if (ticketId === null) return refuse("not_found", "There is no such ticket.");
      if (connection.isClosed) return null;
      const former = looks.get(connection);
      const isSame = former?.ticketId === ticketId && former.typing === typing;
      const typingUntil = typing ? deps.now() + TYPING_FOR_MS : 0;
      const look = { ticketId, typing, typingUntil, keptAt: former?.keptAt ?? 0 };
      if (isSame) {
        looks.set(connection, look);
        return null;
      }
      if (former !== undefined && former.ticketId !== ticketId) await end(connection);
      // What the others were told the newcomer has not heard.
      shown.delete(ticketId);
      await write(connection, actor, look, true);
      return null;
    },
    leave(connection) {
      if (looks.has(connection)) inBackground(() => end(connection));
    },
    recheck(connection) {
      const look = looks.get(connection);
      if (look !== undefined) looks.set(connection, { ...look, keptAt: -Infinity });
    },
    changed(ticketId) {
      if (viewersHere(ticketId).length > 0) tell(ticketId);
    },
    tick() {
      const now = deps.now();
      for (const [connection, look] of looks) {
        const { actor } = connection;
        if (actor === null) continue;
        if (look.typing && look.typingUntil <= now) {
          const still = { ...look, typing: false };
          inBackground(() => write(connection, actor, still, true));
        } else if (now - look.keptAt >= KEPT_EVERY_MS) {
          const kept = { ...look, keptAt: now };
          looks.set(connection, kept);
          inBackground(() => keep(connection, kept));
        }
      }
    },
    async idle() {
      await Promise.allSettled(working);
    },
  };
}
