import type { Cluster } from "../support/cluster.ts";
import type { Frame } from "../support/socket.ts";

/** An event or notification as it arrived, to be reckoned with from then on. */
export interface Heard {
  readonly cursor: string;
  readonly frame: Frame;
  /** In epoch milliseconds. */
  readonly at: number;
  /** Of the member that told of it. */
  readonly member: number;
}

/** A client that stays: when its connection ends it comes back and goes on where it was. */
export interface Listener extends AsyncDisposable {
  readonly heard: readonly Heard[];
  /** Frames that tell of something wrong, or of history that is gone. */
  readonly complaints: readonly Frame[];
  /** The codes with which its connections were closed so far. */
  readonly closings: readonly number[];
  /** Resolves once it listens to all of its topics for the first time. */
  readonly joined: Promise<void>;
}

export interface ListenerOptions {
  readonly token: string;
  readonly topics: readonly string[];
  /** The member that it turns to first. */
  readonly member: number;
  /** One that asks for a sign of life, and goes to the next member when there is none. */
  readonly isWatchful: boolean;
}

const TOPICS_IN_FRAME_MAX = 100;
const PING_EVERY_MS = 4_000;
/** Nothing heard for this long, and a watchful listener takes its connection for dead. */
const SILENT_MAX_MS = 10_000;
const OPENS_WITHIN_MS = 5_000;
const COMES_BACK_AFTER_MS = 200;
const COMES_BACK_MAX_MS = 5_000;

export function startListener(cluster: Cluster, options: ListenerOptions): Listener {
  const { token, topics, isWatchful } = options;
  const heard: Heard[] = [];
  const complaints: Frame[] = [];
  const closings: number[] = [];
  const joined = Promise.withResolvers<void>();
  let { member } = options;
  let connection = -1;
  let socket: WebSocket | null = null;
  let spokenAt = 0;
  let ended = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let since = "";
  let losses = 0;

  function connect(): void {
    connection += 1;
    spokenAt = performance.now();
    const opened = new WebSocket(`${cluster.memberFor(member).url.replace("http", "ws")}/api/ws`, [
      "ticketing.v1",
      `bearer.${token}`,
    ]);
    const from = member;
    const leftTopics = new Set(topics);
    let isOpen = false;
    // Whoever comes back hears all again from where it was: until then what it hears is ahead of that.
    let isInStep = connection === 0;
    const late = setTimeout(() => isOpen || lose(opened, true), OPENS_WITHIN_MS);
    opened.onopen = () => isOpen = true;
    opened.onmessage = ({ data }) => {
      spokenAt = performance.now();
      const frame: Frame = JSON.parse(data);
      switch (frame["type"]) {
        case "ready":
          losses = 0;
          since ||= frame["cursor"];
          return greet(opened);
        case "subscribed":
          for (const topic of frame["topics"]) leftTopics.delete(topic);
          if (leftTopics.size === 0) joined.resolve();
          return;
        case "resumed":
          isInStep = true;
          return;
        case "event":
        case "notification":
          if (isInStep) {
            heard.push({ cursor: frame["cursor"], frame, at: Date.now(), member: from });
          }
          return;
        case "error":
        case "gap":
          complaints.push(frame);
      }
    };
    opened.onclose = ({ code }) => {
      clearTimeout(late);
      closings.push(code);
      lose(opened, !isOpen);
    };
    opened.onerror = () => {};
    socket = opened;
  }

  function greet(opened: WebSocket): void {
    for (let from = 0; from < topics.length; from += TOPICS_IN_FRAME_MAX) {
      const some = topics.slice(from, from + TOPICS_IN_FRAME_MAX);
      opened.send(JSON.stringify({ type: "subscribe", topics: some }));
    }
    if (topics.length === 0) joined.resolve();
    if (connection > 0) {
      const after = heard.at(-1)?.cursor ?? since;
      opened.send(JSON.stringify({ type: "resume", after }));
    }
  }

  /** Comes back, a little later; to another member where this one seems to be gone. */
  function lose(lost: WebSocket, moves: boolean): void {
    if (lost !== socket) return;
    socket = null;
    lost.onopen = lost.onmessage = lost.onclose = null;
    // Of a process that is held still the close is never answered, and nobody waits for it.
    if (lost.readyState !== WebSocket.CLOSED) lost.close();
    if (moves) member += 1;
    if (ended) return;
    // Later each time and never all at once: a desk that is overrun must come to breathe again.
    const waitMs = Math.min(COMES_BACK_AFTER_MS * 2 ** losses, COMES_BACK_MAX_MS);
    retry = setTimeout(connect, waitMs * (0.5 + Math.random()));
    losses += 1;
  }

  const pulse = setInterval(() => {
    if (!isWatchful || socket?.readyState !== WebSocket.OPEN) return;
    if (performance.now() - spokenAt > SILENT_MAX_MS) lose(socket, true);
    else socket.send('{"type":"ping"}');
  }, PING_EVERY_MS);

  connect();
  return {
    heard,
    complaints,
    closings,
    joined: joined.promise,
    async [Symbol.asyncDispose]() {
      ended = true;
      clearInterval(pulse);
      clearTimeout(retry);
      const last = socket;
      socket = null;
      if (last === null || last.readyState === WebSocket.CLOSED) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const late = setTimeout(resolve, OPENS_WITHIN_MS);
      last.onclose = () => resolve();
      last.close();
      await promise;
      clearTimeout(late);
    },
  };
}
