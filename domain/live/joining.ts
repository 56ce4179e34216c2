import type { Actor } from "../rules/actor.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import type { Instant } from "../rules/time.ts";
import type { Connection } from "./connection.ts";
import type { Listeners } from "./listeners.ts";

interface Principal {
  readonly actor: Actor;
  readonly tokenExpiresAt: Instant;
}

export interface JoiningDeps {
  authenticate(token: string): Promise<Principal | Refusal>;
  /** The actor of a session as it is now; null when the session is over. */
  reload(actor: Actor): Promise<Actor | null>;
}

/** Lets people in, and out again when they may no longer be there. */
export interface Joining {
  /** Lets the connection in by a token, or closes it; a fresh token for who is in lengthens its time. */
  authenticate(connection: Connection, token: string): Promise<void>;
  /** Looks up who is behind a connection as the store has it now; closes it where that is nobody. */
  renew(connection: Connection): Promise<void>;
}

export const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_REVOKED = 4403;

/** The platform pings an idle socket this often and gives up on one that does not answer. */
export const HEARTBEAT_SECONDS = 30;

/** So many are let in in one turn of the feed: after a restart everybody comes at once. */
const JOINS_AT_ONCE = 100;

export function makeJoining(
  deps: JoiningDeps,
  listeners: Listeners,
  feed: {
    /** Does something while nothing is told of the feed. */
    inTurn(work: () => Promise<void>): Promise<void>;
    /** The cursor of the last event that was told. */
    told(): string;
  },
): Joining {
  /** Those who wait to be let in. */
  const waiting: (() => Promise<void>)[] = [];

  /**
   * Does this in a turn of the feed, together with what else waits for one: the reads of those who
   * come at once go side by side, and neither they nor the feed wait for each one in turn.
   */
  function inSharedTurn(work: () => Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push(() => work().then(resolve, reject));
    // As many turns as there is work: the last of it is done in its own turn at the latest.
    feed.inTurn(async () => {
      await Promise.all(waiting.splice(0, JOINS_AT_ONCE).map((each) => each()));
    });
    return promise;
  }

  /** Null when the session has ended, or was begun in a role that is no more. */
  async function current(actor: Actor): Promise<Actor | null> {
    const found = await deps.reload(actor);
    return found?.role === actor.role ? found : null;
  }

  async function join(connection: Connection, principal: Principal): Promise<void> {
    const { actor, tokenExpiresAt } = principal;
    const isNew = connection.actor === null;
    if (!isNew && connection.actor?.userId !== actor.userId) {
      const other = refuse("forbidden", "This connection belongs to somebody else.");
      connection.refuse(other, CLOSE_REVOKED);
      return;
    }
    const found = await current(actor);
    if (connection.isClosed) return;
    connection.actor = found;
    if (found === null) {
      connection.close(CLOSE_REVOKED, "The session has ended.");
      return;
    }
    connection.endsAt = tokenExpiresAt;
    if (!isNew) return;
    listeners.know(connection, actor.userId);
    connection.send({
      type: "ready",
      connectionId: connection.id,
      user: { id: actor.userId, name: actor.name, role: actor.role },
      cursor: feed.told(),
      heartbeatSeconds: HEARTBEAT_SECONDS,
    });
  }

  return {
    async authenticate(connection, token) {
      // It came in time; how long the store takes over it is not the client's fault.
      if (connection.actor === null) connection.endsAt = Infinity;
      const principal = await deps.authenticate(token);
      if (isRefusal(principal)) {
        connection.refuse(principal, CLOSE_UNAUTHENTICATED);
        return;
      }
      if (connection.actor?.sessionId === principal.actor.sessionId) {
        // The same session with a fresh token: all that changes is how long it is good for.
        connection.endsAt = principal.tokenExpiresAt;
        return;
      }
      // In the feed's turn: what was told before is in what is read now, and what is told later finds
      // the connection with its actor. Nothing falls in between.
      await inSharedTurn(() => join(connection, principal));
    },
    async renew(connection) {
      const { actor } = connection;
      if (actor === null) return;
      const found = await current(actor);
      if (connection.isClosed) return;
      connection.actor = found;
      if (found === null) connection.close(CLOSE_REVOKED, "The session has ended.");
    },
  };
}
