/** A WebSocket on a bare connection, which is read when it is told to be, or never. */
export interface RawSocket {
  /** Sends a frame as `clientFrame` makes it. */
  send(frame: Uint8Array): Promise<void>;
  /**
   * Reads to the end, and hands on each text frame: as bytes, which hold for as long as that call.
   * Resolves with the code that it was closed with; null where it ended without one.
   */
  read(onText: (bytes: Uint8Array) => void): Promise<number | null>;
  close(): void;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const [TEXT, CLOSE, PING, PONG] = [0x1, 0x8, 0x9, 0xa] as const;
const FINAL = 0x80;
const MASKED = 0x80;

/**
 * Joins as somebody. A client that makes an event object of each frame costs more than the server
 * that is measured; this one reads into a buffer, which must hold the longest frame.
 */
export async function openRawSocket(
  url: string,
  token: string,
  bufferBytes: number,
): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  let buffer = new Uint8Array(Math.min(bufferBytes, 2_048));
  let filled = 0;

  async function fill(): Promise<boolean> {
    if (filled === buffer.length) grow();
    const read = await connection.read(buffer.subarray(filled));
    filled += read ?? 0;
    return read !== null;
  }

  function grow(): void {
    if (buffer.length >= bufferBytes) throw new Error(`A frame has more than ${bufferBytes} bytes`);
    const larger = new Uint8Array(Math.min(bufferBytes, buffer.length * 4));
    larger.set(buffer);
    buffer = larger;
  }

  function drop(bytes: number): void {
    buffer.copyWithin(0, bytes, filled);
    filled -= bytes;
  }

  const socket: RawSocket = {
    async send(frame) {
      for (let sent = 0; sent < frame.length;) sent += await connection.write(frame.subarray(sent));
    },
    async read(onText) {
      try {
        do {
          let from = 0;
          for (;;) {
            const frame = frameIn(buffer, from, filled);
            if (frame === null) break;
            if (frame.opcode === TEXT) onText(frame.payload);
            else if (frame.opcode === PING) await socket.send(clientFrame("", PONG));
            else if (frame.opcode === CLOSE) {
              const [high = 0, low = 0] = frame.payload;
              await socket.send(clientFrame("", CLOSE));
              return high * 256 + low;
            }
            from = frame.end;
          }
          drop(from);
        } while (await fill());
      } catch (error) {
        if (!isGone(error)) throw error;
      }
      return null;
    },
    close() {
      try {
        connection.close();
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };

  await connection.write(ENCODER.encode(
    `GET /api/ws HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n` +
      `Sec-WebSocket-Protocol: ticketing.v1, bearer.${token}\r\n\r\n`,
  ));
  for (;;) {
    if (!await fill()) throw new Error("The server closed the connection");
    const head = DECODER.decode(buffer.subarray(0, filled));
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) continue;
    if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`Answered ${head}`);
    drop(end + 4);
    return socket;
  }
}

/** The bytes of a client's frame, masked with zeros so that they can be sent by many. */
export function clientFrame(text: string, opcode: number = TEXT): Uint8Array {
  const payload = ENCODER.encode(text);
  const { length } = payload;
  if (length > 0xffff) throw new Error("Such a long frame is not needed here");
  const size = length < 126 ? [MASKED | length] : [MASKED | 126, length >> 8, length & 0xff];
  return Uint8Array.from([FINAL | opcode, ...size, 0, 0, 0, 0, ...payload]);
}

interface ServerFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly end: number;
}

/** The frame that begins there; null while it is not whole. */
function frameIn(buffer: Uint8Array, from: number, filled: number): ServerFrame | null {
  if (filled - from < 2) return null;
  const [first = 0, second = 0] = buffer.subarray(from, from + 2);
  const sizeBytes = second < 126 ? 0 : second === 126 ? 2 : 8;
  const start = from + 2 + sizeBytes;
  if (filled < start) return null;
  let length = sizeBytes === 0 ? second : 0;
  for (const byte of buffer.subarray(from + 2, start)) length = length * 256 + byte;
  const end = start + length;
  return filled < end ? null : { opcode: first & 0xf, payload: buffer.subarray(start, end), end };
}

/** The other side has ended it, or this one. */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.BadResource;
}
