import { CLOSE_TOO_SLOW, type Peer } from "./connection.ts";

/**
 * What the platform is handed ahead of a client. It copies every frame, and until that is on its way
 * takes about a kilobyte beside it: so both are bounded.
 */
export const HANDED_BYTES_MAX = 64 * 1_024;
export const HANDED_FRAMES_MAX = 64;
/** Nobody says when a client has taken something, so it is looked at. */
const LOOK_EVERY_MS = 20;

const ENCODER = new TextEncoder();

/**
 * Keeps for clients that read slowly what is sent to them, and hands it on as they take it. A text
 * that waits for many is here once.
 */
export class Outboxes {
  readonly #lagging = new Set<Outbox>();
  #isLooking = false;

  /** The same peer, which is handed no more than a little ahead. */
  around(peer: Peer): Peer {
    return new Outbox(peer, (outbox) => {
      this.#lagging.add(outbox);
      if (this.#isLooking) return;
      this.#isLooking = true;
      // What was sent in this very turn may be on its way in the next.
      setTimeout(() => this.#look(), 0);
    });
  }

  #look(): void {
    let hasMoved = false;
    for (const outbox of this.#lagging) {
      if (outbox.handOn()) hasMoved = true;
      if (outbox.isEmpty) this.#lagging.delete(outbox);
    }
    this.#isLooking = this.#lagging.size > 0;
    if (this.#isLooking) setTimeout(() => this.#look(), hasMoved ? 0 : LOOK_EVERY_MS);
  }
}

class Outbox implements Peer {
  readonly #peer: Peer;
  readonly #onLagging: (outbox: Outbox) => void;
  #waiting: string[] = [];
  /** So many of them have been handed on. */
  #gone = 0;
  #waitingBytes = 0;
  /** Frames since the platform had none, which is at least as many as it has. */
  #handed = 0;

  constructor(peer: Peer, onLagging: (outbox: Outbox) => void) {
    this.#peer = peer;
    this.#onLagging = onLagging;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  send(text: string): void {
    if (this.isEmpty && this.#hasRoom()) {
      this.#hand(text);
      return;
    }
    this.#waiting.push(text);
    this.#waitingBytes += bytesOf(text);
    this.#onLagging(this);
  }

  bufferedBytes(): number {
    return this.#waitingBytes + this.#peer.bufferedBytes();
  }

  /** Whoever reads too slowly has the rest when it resumes; the others have it before the close. */
  close(code: number, reason: string): void {
    if (code !== CLOSE_TOO_SLOW) {
      for (const text of this.#waiting.slice(this.#gone)) this.#peer.send(text);
    }
    this.#clear();
    this.#peer.close(code, reason);
  }

  /** Hands on what there is room for; whether that was anything. */
  handOn(): boolean {
    const before = this.#gone;
    for (; this.#gone < this.#waiting.length && this.#hasRoom(); this.#gone++) {
      const text = this.#waiting[this.#gone] ?? "";
      this.#waitingBytes -= bytesOf(text);
      this.#hand(text);
    }
    const hasMoved = this.#gone > before;
    if (this.#gone === this.#waiting.length) this.#clear();
    else if (this.#gone > HANDED_FRAMES_MAX) {
      this.#waiting = this.#waiting.slice(this.#gone);
      this.#gone = 0;
    }
    return hasMoved;
  }

  #hasRoom(): boolean {
    const bytes = this.#peer.bufferedBytes();
    if (bytes === 0) this.#handed = 0;
    return bytes < HANDED_BYTES_MAX && this.#handed < HANDED_FRAMES_MAX;
  }

  #hand(text: string): void {
    this.#handed += 1;
    this.#peer.send(text);
  }

  #clear(): void {
    this.#waiting = [];
    this.#gone = 0;
    this.#waitingBytes = 0;
  }
}

function bytesOf(text: string): number {
  return ENCODER.encode(text).length;
}
