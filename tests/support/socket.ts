/** What a client's socket heard, to be waited for. */
export interface TestSocket extends AsyncDisposable {
  readonly frames: Frame[];
  send(frame: unknown): void;
  sendRaw(data: string | ArrayBuffer): void;
  /** The first frame, heard already or to come, that fits; fails after `withinMs`. */
  hear(fits: (frame: Frame) => boolean, withinMs?: number): Promise<Frame>;
  /** The code with which the socket was or will be closed. */
  closed(withinMs?: number): Promise<number>;
}

// deno-lint-ignore no-explicit-any -- whatever the server says, for assertions
export type Frame = Record<string, any>;

const HEAR_WITHIN_MS = 5_000;

/** Connects to `/api/ws`; with a token it is offered as a subprotocol, as browsers do. */
export async function connect(
  url: string,
  token: string | null,
  protocols: readonly string[] = token === null ? [] : ["ticketing.v1", `bearer.${token}`],
): Promise<TestSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/ws`, [...protocols]);
  const frames: Frame[] = [];
  const listeners = new Set<() => void>();
  let closeCode: number | null = null;
  socket.onmessage = ({ data }) => {
    frames.push(JSON.parse(data));
    for (const listener of listeners) listener();
  };
  socket.onclose = ({ code }) => {
    closeCode = code;
    for (const listener of listeners) listener();
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("The socket did not open"));
  });
  socket.onerror = () => {};

  function until<T>(look: () => T | undefined, withinMs: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        listeners.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        listeners.delete(check);
        reject(new Error(`No ${what} in ${withinMs} ms; heard ${JSON.stringify(frames)}`));
      }, withinMs);
      listeners.add(check);
      check();
    });
  }

  const connection: TestSocket = {
    frames,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data) => socket.send(data),
    hear: (fits, withinMs = HEAR_WITHIN_MS) =>
      until(() => frames.find(fits), withinMs, "such frame"),
    closed: (withinMs = HEAR_WITHIN_MS) => until(() => closeCode ?? undefined, withinMs, "close"),
    async [Symbol.asyncDispose]() {
      if (closeCode === null) socket.close();
      await connection.closed();
    },
  };
  return connection;
}
