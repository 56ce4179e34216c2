import type { Actor } from "../rules/actor.ts";
import type { Refusal } from "../rules/refusal.ts";
import { type Instant, SECOND_MS } from "../rules/time.ts";

/** The socket as far as the hub needs it. */
export interface Peer {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent and the network has not taken yet. */
  bufferedBytes(): number;
}

/** One socket: who is behind it, what it listens to, and the bounds on it. */
export interface Connection {
  readonly id: string;
  readonly topics: Set<string>;
  /** Null until a token was accepted. */
  actor: Actor | null;
  /** When it is closed unless a fresh token comes. */
  endsAt: Instant;
  /** Whether it was let go because its client read too slowly. */
  wasTooSlow: boolean;
  /** It is being told what it missed, and hears nothing live until it has come to that. */
  isCatchingUp: boolean;
  /** It knows everything up to this cursor, of which others may still have to be told. */
  knowsUpTo: string;
  readonly isClosed: boolean;
  /** Bytes that were sent and not taken yet. */
  bufferedBytes(): number;
  send(frame: Readonly<Record<string, unknown>>): void;
  sendText(text: string): void;
  /** Says why in an `error` frame, then closes. */
  refuse(refusal: Refusal, closeCode: number): void;
  close(code: number, reason: string): void;
  /** Its socket has closed: nothing is sent any more. */
  isGone(): void;
  /** Closes what reads too slowly: its client resumes later. */
  letGo(): void;
  /** Does one piece of work after the one before. */
  inTurn(work: () => Promise<void>): Promise<void>;
  /** Counts a frame; true when there were too many in this second, or too many wait. */
  isTooBusy(now: Instant): boolean;
}

/** A client that reads too slowly is let go, and resumes later; it never grows the server. */
export const BUFFERED_BYTES_MAX = 1_024 * 1_024;
export const FRAMES_PER_SECOND_MAX = 20;
/** A client that asks faster than it is served is as noisy as one that sends too much. */
const FRAMES_WAITING_MAX = 40;
export const CLOSE_TOO_SLOW = 1013;

export function makeConnection(
  id: string,
  peer: Peer,
  endsAt: Instant,
  onClosing: (connection: Connection) => void,
): Connection {
  let closed = false;
  let waiting = 0;
  let secondBegan: Instant = 0;
  let frames = 0;
  let turn: Promise<void> = Promise.resolve();

  const connection: Connection = {
    id,
    topics: new Set(),
    actor: null,
    endsAt,
    wasTooSlow: false,
    isCatchingUp: false,
    knowsUpTo: "",
    get isClosed() {
      return closed;
    },
    bufferedBytes: () => peer.bufferedBytes(),
    send: (frame) => connection.sendText(JSON.stringify(frame)),
    sendText(text) {
      if (closed) return;
      if (peer.bufferedBytes() > BUFFERED_BYTES_MAX) {
        connection.letGo();
      } else peer.send(text);
    },
    refuse({ refused, detail }, closeCode) {
      connection.send({ type: "error", code: refused, message: detail });
      connection.close(closeCode, refused);
    },
    isGone() {
      closed = true;
      connection.actor = null;
    },
    letGo() {
      connection.wasTooSlow = true;
      connection.close(CLOSE_TOO_SLOW, "Reads too slowly; connect again.");
    },
    close(code, reason) {
      if (closed) return;
      closed = true;
      connection.actor = null;
      connection.endsAt = Infinity;
      onClosing(connection);
      connection.topics.clear();
      peer.close(code, reason);
    },
    inTurn(work) {
      waiting += 1;
      const next = turn.then(() => closed ? undefined : work()).finally(() => waiting -= 1);
      turn = next.catch(() => undefined);
      return next;
    },
    isTooBusy(now) {
      if (now - secondBegan >= SECOND_MS) [secondBegan, frames] = [now, 0];
      frames += 1;
      return frames > FRAMES_PER_SECOND_MAX || waiting >= FRAMES_WAITING_MAX;
    },
  };
  return connection;
}
