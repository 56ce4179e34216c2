import type { Meters } from "../meters.ts";
import type { Actor } from "../rules/actor.ts";
import type { FeedEvent } from "../rules/event.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";
import type { FeedEntry } from "../store/commit.ts";
import { eventCursor } from "../store/feed.ts";
import { broadcast } from "./broadcast.ts";
import { type Connection, makeConnection, type Peer } from "./connection.ts";
import { type ClientFrame, readFrame } from "./frame.ts";
import { makeTopics, type TopicDeps } from "./topics.ts";

interface Principal {
  readonly actor: Actor;
  readonly tokenExpiresAt: Instant;
}

/** What the hub asks of the desk. */
export interface HubDeps extends TopicDeps {
  readonly channelName: string;
  readonly meters: Meters;
  now(): Instant;
  newId(): string;
  /** Where the feed stands when the hub begins to hear it. */
  readonly cursor: string;
  authenticate(token: string): Promise<Principal | Refusal>;
  /** The actor of a session as it is now; null when the session is over. */
  reload(actor: Actor): Promise<Actor | null>;
  onFault(error: unknown): void;
}

export interface Hub {
  /** Takes a connection on; without a token its first frame must be `auth`. Never throws. */
  open(peer: Peer, token: string | null): Connection;
  /** Does what a frame asks; never rejects, whatever the desk answers. */
  receive(connection: Connection, data: unknown): Promise<void>;
  leave(connection: Connection): void;
  /** Closes every connection with 1012, waits until they have left, and takes no more. */
  stop(): Promise<void>;
}

const CLOSE_UNAUTHENTICATED = 4401;
const CLOSE_REVOKED = 4403;
const CLOSE_POLICY = 1008;
const CLOSE_TOO_LARGE = 1009;
const CLOSE_FAULT = 1011;
const CLOSE_RESTARTING = 1012;
const CLOSE_FULL = 1013;

const AUTH_WITHIN_MS = 5 * SECOND_MS;
const LOOK_EVERY_MS = SECOND_MS;
/** About 25 KiB each; those that are closing count, for they still hold their sockets. */
const CONNECTIONS_MAX = 10_000;
/** A client that does not answer the close is not waited for any longer than these. */
const GOODBYE_TURNS_MAX = 50;
const GOODBYE_TURN_MS = 20;
/** The platform pings an idle socket this often and gives up on one that does not answer. */
export const HEARTBEAT_SECONDS = 30;

/** All sockets of this process, and what each of them may hear. */
export function makeHub(deps: HubDeps): Hub {
  const connections = new Set<Connection>();
  /** Closed by us; their clients have not answered yet. */
  const leaving = new Set<Connection>();
  const topics = makeTopics(deps);
  const channel = new BroadcastChannel(deps.channelName);
  // One entry after the other, for an actor may have to be read again in between.
  let delivered: Promise<void> = Promise.resolve();
  /** The last event that was told: what comes after it reaches a connection that is ready. */
  let { cursor } = deps;
  let stopping = false;
  deps.meters.lookUp("socketsOpen", () => connections.size + leaving.size);
  channel.onmessage = ({ data }: MessageEvent<FeedEntry>) => {
    delivered = delivered.then(() => deliver(data)).catch(deps.onFault);
  };
  const timer = setInterval(() => closeOverdue(connections, deps.now()), LOOK_EVERY_MS);

  async function deliver({ versionstamp, events }: FeedEntry): Promise<void> {
    for (const [index, event] of events.entries()) {
      await refreshActors(event);
      cursor = eventCursor(versionstamp, index);
      const told = broadcast(connections, event, cursor);
      deps.meters.toldSockets(told);
    }
  }

  /** Whoever an event concerns is looked up again before anything more is told to them. */
  async function refreshActors(event: FeedEvent): Promise<void> {
    const isAbout = event.type === "session.ended"
      ? (actor: Actor): boolean => actor.sessionId === event.sessionId
      : event.type === "user.changed" || event.type === "agent.changed"
      ? (actor: Actor): boolean => actor.userId === event.userId
      : null;
    if (isAbout === null) return;
    for (const connection of connections) {
      if (connection.actor !== null && isAbout(connection.actor)) await renew(connection);
    }
  }

  /** Looks up who is behind a connection as the store has it now. */
  async function renew(connection: Connection): Promise<void> {
    const { actor } = connection;
    if (actor === null) return;
    try {
      connection.actor = await current(actor);
      if (connection.actor === null) connection.close(CLOSE_REVOKED, "The session has ended.");
    } catch (error) {
      // What it may see is not known, so it sees nothing; the others go on.
      fail(connection, error);
    }
  }

  /** Null when the session has ended, or was begun in a role that is no more. */
  async function current(actor: Actor): Promise<Actor | null> {
    const found = await deps.reload(actor);
    return found?.role === actor.role ? found : null;
  }

  function fail(connection: Connection, error: unknown): void {
    deps.onFault(error);
    connection.refuse(refuse("internal", "Something went wrong; connect again."), CLOSE_FAULT);
  }

  /** Frames of one connection are done in their order, a slow one holding up only its own. */
  function work(connection: Connection, what: () => Promise<void>): Promise<void> {
    return connection.inTurn(what).catch((error) => fail(connection, error));
  }

  async function authenticate(connection: Connection, token: string): Promise<void> {
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
    const joining = delivered.then(() => join(connection, principal));
    delivered = joining.catch(() => undefined);
    await joining;
  }

  async function join(connection: Connection, principal: Principal): Promise<void> {
    const { actor, tokenExpiresAt } = principal;
    const isNew = connection.actor === null;
    if (!isNew && connection.actor?.userId !== actor.userId) {
      const other = refuse("forbidden", "This connection belongs to somebody else.");
      connection.refuse(other, CLOSE_REVOKED);
      return;
    }
    connection.actor = await current(actor);
    if (connection.actor === null) {
      connection.close(CLOSE_REVOKED, "The session has ended.");
      return;
    }
    connection.endsAt = tokenExpiresAt;
    if (!isNew) return;
    connection.send({
      type: "ready",
      connectionId: connection.id,
      user: { id: actor.userId, name: actor.name, role: actor.role },
      cursor,
      heartbeatSeconds: HEARTBEAT_SECONDS,
    });
  }

  async function act(connection: Connection, frame: ClientFrame): Promise<void> {
    if (connection.actor === null && frame.type !== "auth") {
      const first = refuse("unauthenticated", "The first frame must be auth.");
      connection.refuse(first, CLOSE_UNAUTHENTICATED);
      return;
    }
    switch (frame.type) {
      case "auth":
        return await authenticate(connection, frame.token);
      case "subscribe":
        return await topics.subscribe(connection, frame.topics);
      case "unsubscribe":
        return await topics.unsubscribe(connection, frame.topics);
      case "ping":
        return connection.send({ type: "pong" });
    }
  }

  return {
    open(peer, token) {
      const endsAt = deps.now() + AUTH_WITHIN_MS;
      const connection = makeConnection(deps.newId(), peer, endsAt, (closing) => {
        if (closing.wasTooSlow) deps.meters.droppedSlowClient();
        // Nothing more is told to it, whether or not the client answers the close.
        connections.delete(closing);
        leaving.add(closing);
      });
      connections.add(connection);
      if (stopping) connection.close(CLOSE_RESTARTING, "Restarting.");
      if (connections.size + leaving.size > CONNECTIONS_MAX) connection.close(CLOSE_FULL, "Full.");
      if (token !== null) work(connection, () => authenticate(connection, token));
      return connection;
    },
    async receive(connection, data) {
      // A flood is not worth being answered frame by frame.
      if (connection.isTooBusy(deps.now())) {
        return connection.refuse(refuse("rate_limited", "Too many frames a second."), CLOSE_POLICY);
      }
      const frame = readFrame(data);
      await work(connection, async () => {
        if (isRefusal(frame)) connection.refuse(frame, frameCode(frame));
        else await act(connection, frame);
      });
    },
    leave(connection) {
      connections.delete(connection);
      leaving.delete(connection);
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      await delivered;
      channel.close();
      for (const connection of connections) connection.close(CLOSE_RESTARTING, "Restarting.");
      for (let turn = 0; turn < GOODBYE_TURNS_MAX && leaving.size > 0; turn++) {
        await new Promise((resolve) => setTimeout(resolve, GOODBYE_TURN_MS));
      }
    },
  };
}

function closeOverdue(connections: Iterable<Connection>, now: Instant): void {
  for (const connection of connections) {
    if (connection.endsAt > now) continue;
    const why = connection.actor === null ? "No token came in time." : "The token has ended.";
    connection.close(CLOSE_UNAUTHENTICATED, why);
  }
}

function frameCode({ refused }: Refusal): number {
  return refused === "too_large" ? CLOSE_TOO_LARGE : CLOSE_POLICY;
}
