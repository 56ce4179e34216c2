/// <reference lib="deno.worker" />
import { clientFrame, openRawSocket } from "./raw_socket.ts";

/** What a crowd is asked: to join, to begin to count, and what it has heard since. */
export type CrowdQuestion =
  | {
    readonly ask: "join";
    readonly url: string;
    readonly tokens: readonly string[];
    readonly topics: readonly string[];
    readonly sockets: number;
  }
  | { readonly ask: "begin" }
  | { readonly ask: "collect"; readonly events: number };

export interface CrowdAnswer {
  /** Milliseconds from an event's `at` to its arrival, of every socket. */
  readonly delaysMs: Float64Array;
  /** Sockets that heard each of the events once, in one order. */
  readonly whole: number;
  readonly sockets: number;
}

/** One of many sockets that read, in a thread of their own. */
interface Listener {
  /** How many of the events it has heard. */
  heard: number;
  /** It heard one twice, or out of order. */
  isWrong: boolean;
  isOpen: boolean;
}

/** The longest that is told here is a broadcast event, of about 400 bytes. */
const BUFFER_BYTES = 8_192;
const JOINING_AT_ONCE = 50;
const CURSOR_AT = '{"type":"event","cursor":"'.length;
/** Where `event` and `subscribed` differ from each other and from all else. */
const TELLING_AT = '{"type":"e'.length;
const [QUOTE = 0, LETTER_V, LETTER_U] = [...'"vu'].map((letter) => letter.charCodeAt(0));
const DECODER = new TextDecoder();

const listeners: Listener[] = [];
/** The beginnings of the events, up to the end of their cursors, in the order of the feed. */
let events: { readonly start: Uint8Array; readonly at: number }[] = [];
let delaysMs: number[] = [];

self.onmessage = async ({ data }: MessageEvent<CrowdQuestion>) => {
  if (data.ask === "join") await join(data);
  else if (data.ask === "begin") begin();
  self.postMessage(data.ask === "collect" ? answer(data.events) : null);
};

async function join({ url, tokens, topics, sockets }: CrowdQuestion & { ask: "join" }) {
  const subscribe = clientFrame(JSON.stringify({ type: "subscribe", topics }));
  let next = 0;
  async function joinSome(): Promise<void> {
    while (next < sockets) {
      const socket = await openRawSocket(url, tokens[next++ % tokens.length] ?? "", BUFFER_BYTES);
      await socket.send(subscribe);
      const listener: Listener = { heard: 0, isWrong: false, isOpen: true };
      listeners.push(listener);
      await new Promise<void>((resolve, reject) => {
        const onText = (bytes: Uint8Array): void => {
          if (bytes[TELLING_AT] === LETTER_V) hear(listener, bytes);
          else if (bytes[TELLING_AT] === LETTER_U) resolve();
        };
        socket.read(onText).finally(() => listener.isOpen = false).catch(reject);
      });
    }
  }
  await Promise.all(Array.from({ length: JOINING_AT_ONCE }, joinSome));
}

function begin(): void {
  [events, delaysMs] = [[], []];
  for (const listener of listeners) [listener.heard, listener.isWrong] = [0, false];
}

/** Parses an event for the first of those who hear it; the others compare bytes. */
function hear(listener: Listener, bytes: Uint8Array): void {
  const now = Date.now();
  if (listener.heard === events.length) {
    const start = bytes.slice(0, bytes.indexOf(QUOTE, CURSOR_AT) + 1);
    events.push({ start, at: Date.parse(JSON.parse(DECODER.decode(bytes)).data.at) });
  }
  const event = events[listener.heard++];
  if (event === undefined || !begins(bytes, event.start)) listener.isWrong = true;
  else delaysMs.push(now - event.at);
}

function begins(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let index = CURSOR_AT; index < start.length; index++) {
    if (bytes[index] !== start[index]) return false;
  }
  return true;
}

function answer(count: number): CrowdAnswer {
  const isWhole = ({ heard, isWrong, isOpen }: Listener): boolean =>
    heard === count && !isWrong && isOpen;
  return {
    delaysMs: Float64Array.from(delaysMs),
    whole: listeners.filter(isWhole).length,
    sockets: listeners.length,
  };
}
