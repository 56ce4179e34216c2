/** The wire between two processes, which can be cut, and can lose what comes back through it. */
export interface Wire extends AsyncDisposable {
  /** Where to connect, in place of the address at its other end. */
  readonly url: string;
  /** From now on, what is sent arrives and no answer comes back. */
  loseAnswers(): void;
  /** From now on, what is connected stays so and nothing arrives, in either direction, for ever. */
  fallSilent(): void;
  /** Closes every connection; new ones are sound. */
  cut(): void;
  /** New connections are sound; those that are there stay as they are. */
  mend(): void;
}

type State = "sound" | "answers lost" | "silent";

const CHUNK_BYTES = 64 * 1_024;

/** Lays a wire to an address of this machine. */
export function layWire(target: string): Wire {
  const port = Number(new URL(target).port);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  /** Each connection with what becomes of what is sent through it. */
  let strands = new Set<{ state: State; readonly ends: readonly Deno.Conn[] }>();
  let stateOfNew: State = "sound";

  async function join(client: Deno.Conn): Promise<void> {
    let server: Deno.Conn;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port });
    } catch {
      return hangUp(client);
    }
    const strand = { state: stateOfNew, ends: [client, server] };
    strands.add(strand);
    const carry = (from: Deno.Conn, to: Deno.Conn, isAnswer: boolean): Promise<void> =>
      pump(from, to, () => strand.state === "sound" || (strand.state !== "silent" && !isAnswer));
    await Promise.all([carry(client, server, false), carry(server, client, true)]);
    strands.delete(strand);
  }

  function turn(state: State): void {
    stateOfNew = state;
    for (const strand of strands) strand.state = state;
  }

  const accepting = (async (): Promise<void> => {
    for await (const client of listener) join(client);
  })();

  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    loseAnswers: () => turn("answers lost"),
    fallSilent: () => turn("silent"),
    mend() {
      stateOfNew = "sound";
    },
    cut() {
      stateOfNew = "sound";
      const all = strands;
      strands = new Set();
      for (const { ends } of all) ends.forEach(hangUp);
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const { ends } of strands) ends.forEach(hangUp);
      await accepting;
    },
  };
}

/** Carries what comes from one end to the other, as long as both are there. */
async function pump(from: Deno.Conn, to: Deno.Conn, passes: () => boolean): Promise<void> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    for (let bytes = await from.read(chunk); bytes !== null; bytes = await from.read(chunk)) {
      for (let sent = 0; sent < bytes && passes();) {
        sent += await to.write(chunk.subarray(sent, bytes));
      }
    }
  } catch {
    // One of them was hung up.
  }
  hangUp(from);
  hangUp(to);
}

function hangUp(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
