import assert from "node:assert/strict";
import type { Peer } from "../../domain/live/connection.ts";
import { makeMeters } from "../../domain/meters.ts";
import { type Hub, makeHub } from "../../domain/live/hub.ts";
import type { Actor, Role } from "../../domain/rules/actor.ts";
import type { FeedEvent, TicketBrief } from "../../domain/rules/event.ts";
import type { FeedEntry } from "../../domain/store/commit.ts";
import type { Person, TestDesk } from "../support/desk.ts";
import { makeWorld, type World } from "./world.ts";

// deno-lint-ignore no-explicit-any -- whatever the server says, for assertions
export type Frame = Record<string, any>;

/** A socket that keeps what it was sent. */
export interface FakePeer extends Peer {
  readonly frames: Frame[];
  closedWith: number | null;
  buffered: number;
  onClose: () => void;
}

export function fakePeer(): FakePeer {
  const peer: FakePeer = {
    frames: [],
    closedWith: null,
    buffered: 0,
    onClose: () => {},
    send(text) {
      assert.equal(peer.closedWith, null, "nothing is sent to a socket that was closed");
      peer.frames.push(JSON.parse(text));
    },
    close(code) {
      assert.equal(peer.closedWith, null, "a socket is closed once");
      peer.closedWith = code;
      peer.onClose();
    },
    bufferedBytes: () => peer.buffered,
  };
  return peer;
}

const GIVEN_UP_AFTER_MS = 10_000;

/** Waits for something that other tasks bring about. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const startedAt = performance.now();
  while (!isSo()) {
    assert(performance.now() - startedAt < GIVEN_UP_AFTER_MS, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function actor(userId: string, role: Role, department: string | null = null): Actor {
  const agent = department === null ? null : { id: `agent ${userId}`, department, teams: [] };
  return { userId, name: userId, role, sessionId: `session ${userId}`, agent };
}

/** Somebody at a socket of the hub. */
export interface Client {
  readonly peer: FakePeer;
  say(frame: unknown): Promise<void>;
  sayRaw(data: unknown): Promise<void>;
  leave(): void;
  /** The frames of one type. */
  heard(type: string): Frame[];
}

/** A hub on a channel of its own, whose desk is what the tests make it. */
export interface TestHub
  extends Pick<World, "clock" | "actors" | "tickets" | "post" | "cursor">, AsyncDisposable {
  readonly hub: Hub;
  readonly world: World;
  readonly faults: unknown[];
  connect(token: string | null): Client;
  /** Connects and waits until the hub is ready for them. */
  join(actor: Actor): Promise<Client>;
  /** Keeps from this hub what is posted, until what it returns is called. */
  hold(): () => void;
  /** Resolves when everything posted so far has been handed out. */
  settle(): Promise<void>;
}

/** A hub of one process; several in one world are those of several. */
export function startHub(world: World = makeWorld()): TestHub {
  const faults: unknown[] = [];
  const channelName = `test ${crypto.randomUUID()}`;
  const channel = new BroadcastChannel(channelName);
  let held: FeedEntry[] | null = null;
  let witnesses = 0;
  // What a relay does.
  const silence = world.onPost((entry) => {
    if (held === null) channel.postMessage(entry);
    else held.push(entry);
  });
  const { clock, actors, tickets } = world;

  const test: TestHub = {
    world,
    hub: makeHub({
      ...world.store,
      meters: makeMeters(),
      channelName,
      now: clock.now,
      newId: world.newId,
      cursor: world.cursor(),
      authenticate: (token) => world.deps.authenticate(token),
      reload: (actor) => world.deps.reload(actor),
      onFault: (error) => faults.push(error),
    }),
    clock,
    actors,
    tickets,
    faults,
    post: world.post,
    cursor: world.cursor,
    connect(token) {
      const peer = fakePeer();
      const connection = test.hub.open(peer, token);
      peer.onClose = () => test.hub.leave(connection);
      return {
        peer,
        say: (frame) => test.hub.receive(connection, JSON.stringify(frame)),
        sayRaw: (data) => test.hub.receive(connection, data),
        leave: () => test.hub.leave(connection),
        heard: (type) => peer.frames.filter((frame) => frame["type"] === type),
      };
    },
    async join(actor) {
      actors.set(actor.userId, actor);
      const client = test.connect(actor.userId);
      await until(() => client.heard("ready").length === 1, "ready");
      return client;
    },
    hold() {
      held = [];
      return () => {
        for (const entry of held ?? []) channel.postMessage(entry);
        held = null;
      };
    },
    async settle() {
      // Entries are handed out one after the other: when the last is heard, so are those before.
      const witness = actor(`witness ${channelName} ${++witnesses}`, "user");
      const client = await test.join(witness);
      test.post(notificationTo(witness.userId, "settled"));
      await until(() => client.heard("notification").length === 1, "settled");
      client.leave();
    },
    async [Symbol.asyncDispose]() {
      await test.hub.stop();
      silence();
      channel.close();
      await channelsGone();
    },
  };
  return test;
}

/** The platform lets go of the last channel a turn later; one opened before that would be deaf. */
export async function channelsGone(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

export function notificationTo(recipient: string, message: string, live?: boolean): FeedEvent {
  return {
    type: "notification",
    notification: {
      schema: 1,
      id: message,
      type: "ticket_updated",
      message,
      recipient,
      read: false,
      ticketId: null,
      metadata: {},
      createdAt: 0,
      ...(live === undefined ? {} : { live }),
    },
  };
}

export function briefOf(id: string, changes: Partial<TicketBrief> = {}): TicketBrief {
  const scope = { department: "billing", createdBy: "customer", assignee: null };
  return { id, number: 1, status: "queued", priority: 2, ...scope, ...changes };
}

export function updated(ticket: TicketBrief, internal = false): FeedEvent {
  const [type, action] = ["ticket.updated", "status_updated"] as const;
  return { type, at: 0, performedBy: null, ticket, action, details: {}, internal };
}

export interface Listener {
  readonly peer: FakePeer;
  readonly topics: readonly string[];
  /** Asks for what came behind a cursor. */
  resume(after: string): Promise<void>;
}

/** A socket of this person at the desk's own hub, listening to what it may. */
export async function listen(
  { live }: TestDesk,
  person: Person,
  topics: string[],
): Promise<Listener> {
  const peer = fakePeer();
  const connection = live.hub.open(peer, person.token);
  peer.onClose = () => live.hub.leave(connection);
  await live.hub.receive(connection, JSON.stringify({ type: "subscribe", topics }));
  const joined = peer.frames.flatMap(({ type, topics }) => type === "subscribed" ? topics : []);
  return {
    peer,
    topics: joined,
    resume: (after) => live.hub.receive(connection, JSON.stringify({ type: "resume", after })),
  };
}
