import type { Meters } from "../meters.ts";
import type { Actor } from "../rules/actor.ts";
import type { FeedEvent } from "../rules/event.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { SECOND_MS } from "../rules/time.ts";
import type { FeedEntry } from "../store/commit.ts";
import { isStoreFault } from "../store/fault.ts";
import { Backlog, placed, type ReadBack } from "./backlog.ts";
import { broadcast } from "./broadcast.ts";
import { type Connection, makeConnection, type Peer } from "./connection.ts";
import { type ClientFrame, readFrame } from "./frame.ts";
import { CLOSE_UNAUTHENTICATED, type JoiningDeps, makeJoining } from "./joining.ts";
import { Listeners } from "./listeners.ts";
import { forAtMost } from "./patience.ts";
import { makePresences, type PresenceDeps } from "./presence.ts";
import { replay, type ReplayDeps } from "./replay.ts";
import { makeTopics, type TopicDeps } from "./topics.ts";

/** What the hub asks of the desk. */
export interface HubDeps
  extends TopicDeps, JoiningDeps, PresenceDeps, Omit<ReplayDeps, "backlog" | "told"> {
  readonly channelName: string;
  readonly meters: Meters;
  newId(): string;
  /** Where the feed stands when the hub begins to hear it: the cursor of its last event. */
  readonly cursor: string;
  readBack: ReadBack;
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

const CLOSE_POLICY = 1008;
const CLOSE_TOO_LARGE = 1009;
const CLOSE_FAULT = 1011;
const CLOSE_RESTARTING = 1012;
/** Full, or without its store: the client is to come again. */
const CLOSE_TRY_LATER = 1013;

const AUTH_WITHIN_MS = 5 * SECOND_MS;
const LOOK_EVERY_MS = SECOND_MS;
/** About 25 KiB each; those that are closing count, for they still hold their sockets. */
const CONNECTIONS_MAX = 10_000;
/** What is being told may wait for the store to say who may hear it. */
const TOLD_WITHIN_MS = SECOND_MS;
/** A client that does not answer the close is not waited for any longer than these. */
const GOODBYE_TURNS_MAX = 50;
const GOODBYE_TURN_MS = 20;

/** All sockets of this process, and what each of them may hear. */
export function makeHub(deps: HubDeps): Hub {
  const listeners = new Listeners();
  /** Closed by us; their clients have not answered yet. */
  const leaving = new Set<Connection>();
  const topics = makeTopics(deps, listeners);
  const presences = makePresences(deps);
  const channel = new BroadcastChannel(deps.channelName);
  const backlog = new Backlog(deps.cursor.split("-")[0] ?? "", deps.readBack);
  // One entry after the other, for an actor may have to be read again in between.
  let delivered: Promise<void> = Promise.resolve();
  /** The last event that was told: what comes after it reaches a connection that is ready. */
  let { cursor } = deps;
  const told = (): string => cursor;
  const replayDeps = { ...deps, backlog, told, readEvents: oneAtATime(deps.readEvents) };
  const joining = makeJoining(deps, listeners, { inTurn, told });
  let stopping = false;
  deps.meters.lookUp("socketsOpen", () => listeners.size + leaving.size);
  channel.onmessage = ({ data }: MessageEvent<FeedEntry>) => {
    inTurn(() => deliver(data)).catch(deps.onFault);
  };
  const timer = setInterval(() => {
    closeOverdue();
    presences.tick();
  }, LOOK_EVERY_MS);

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = delivered.then(work);
    delivered = done.catch(() => undefined);
    return done;
  }

  async function deliver(entry: FeedEntry): Promise<void> {
    backlog.add(entry);
    for (const { cursor: place, event } of placed(entry)) {
      await refreshActors(event);
      // Whoever catches up from now on comes to this very place, or hears the event live.
      cursor = place;
      const count = await broadcast(listeners, event, place);
      deps.meters.toldSockets(count);
      if (event.type === "presence.changed") presences.changed(event.ticketId);
    }
  }

  /** Whoever an event concerns is looked up again before anything more is told to them. */
  async function refreshActors(event: FeedEvent): Promise<void> {
    const isAbout = event.type === "session.ended"
      ? (actor: Actor): boolean => actor.sessionId === event.sessionId
      : event.type === "user.changed" || event.type === "agent.changed"
      ? (): boolean => true
      : null;
    if (isAbout === null || !("userId" in event)) return;
    for (const connection of [...listeners.ofUser(event.userId)]) {
      if (connection.actor === null || !isAbout(connection.actor)) continue;
      // What it may see is not known, so it sees nothing; the others go on.
      await joining.renew(connection).catch((error) => fail(connection, error));
      presences.recheck(connection);
    }
  }

  function fail(connection: Connection, error: unknown): void {
    deps.onFault(error);
    const [code, closeCode] = isStoreFault(error)
      ? ["unavailable" as const, CLOSE_TRY_LATER]
      : ["internal" as const, CLOSE_FAULT];
    connection.refuse(refuse(code, "Something went wrong; connect again."), closeCode);
  }

  /** Frames of one connection are done in their order, a slow one holding up only its own. */
  function work(connection: Connection, what: () => Promise<void>): Promise<void> {
    return connection.inTurn(what).catch((error) => fail(connection, error));
  }

  async function act(connection: Connection, frame: ClientFrame): Promise<void> {
    if (connection.actor === null && frame.type !== "auth") {
      const first = refuse("unauthenticated", "The first frame must be auth.");
      connection.refuse(first, CLOSE_UNAUTHENTICATED);
      return;
    }
    switch (frame.type) {
      case "auth":
        return await joining.authenticate(connection, frame.token);
      case "subscribe":
        return await topics.subscribe(connection, frame.topics);
      case "unsubscribe":
        return await topics.unsubscribe(connection, frame.topics);
      case "resume":
        return answer(connection, await replay(connection, frame.after, replayDeps));
      case "viewing":
      case "typing": {
        const isTyping = frame.type === "typing";
        return answer(connection, await presences.look(connection, frame.ticketId, isTyping));
      }
      case "ping":
        return connection.send({ type: "pong" });
    }
  }

  function closeOverdue(): void {
    const now = deps.now();
    for (const connection of listeners) {
      if (connection.endsAt > now) continue;
      const why = connection.actor === null ? "No token came in time." : "The token has ended.";
      connection.close(CLOSE_UNAUTHENTICATED, why);
    }
  }

  return {
    open(peer, token) {
      const endsAt = deps.now() + AUTH_WITHIN_MS;
      const connection = makeConnection(deps.newId(), peer, endsAt, (closing) => {
        if (closing.wasTooSlow) deps.meters.droppedSlowClient();
        // Nothing more is told to it, whether or not the client answers the close.
        listeners.remove(closing);
        presences.leave(closing);
        leaving.add(closing);
      });
      listeners.add(connection);
      if (stopping) connection.close(CLOSE_RESTARTING, "Restarting.");
      if (listeners.size + leaving.size > CONNECTIONS_MAX) {
        connection.close(CLOSE_TRY_LATER, "Full.");
      }
      if (token !== null) work(connection, () => joining.authenticate(connection, token));
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
      connection.isGone();
      listeners.remove(connection);
      presences.leave(connection);
      leaving.delete(connection);
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      await forAtMost(TOLD_WITHIN_MS, delivered);
      channel.close();
      for (const connection of [...listeners]) connection.close(CLOSE_RESTARTING, "Restarting.");
      for (let turn = 0; turn < GOODBYE_TURNS_MAX && leaving.size > 0; turn++) {
        await pause(GOODBYE_TURN_MS);
      }
      await presences.idle();
    },
  };
}

/** Says why something was not done; the connection goes on. */
function answer(connection: Connection, refusal: Refusal | null): void {
  if (refusal === null) return;
  connection.send({ type: "error", code: refusal.refused, message: refusal.detail });
}

function frameCode({ refused }: Refusal): number {
  return refused === "too_large" ? CLOSE_TOO_LARGE : CLOSE_POLICY;
}

/** Many may come back at once, and each reading holds some megabytes: those who ask wait in a row. */
function oneAtATime(readEvents: HubDeps["readEvents"]): HubDeps["readEvents"] {
  let last: Promise<unknown> = Promise.resolve();
  return (...asked) => {
    const events = last.then(() => readEvents(...asked));
    last = events.catch(() => undefined);
    return events;
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
