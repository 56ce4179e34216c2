import type { Instant } from "../../domain/rules/time.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { v7 } from "uuid";

/** A desk as an operator starts it: a process of its own, on a free port, with a file for a store. */
export interface StartedServer extends AsyncDisposable {
  readonly url: string;
  readonly path: string;
  /** Ends it as an operator would, or at once; resolves with the exit code when it has ended. */
  stop(signal?: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number>;
}

const START_WITHIN_MS = 30_000;

export const JWT_SECRET = "a secret that only the tests of this desk share";

/** Starts the server on a store file, and waits until it listens. */
export async function startServer(
  path: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StartedServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net",
      "--allow-env",
      "--allow-read",
      "--allow-write",
      "main.ts",
    ],
    env: {
      APP_ENV: "production",
      PORT: "0",
      HOST: "127.0.0.1",
      KV_PATH: path,
      JWT_SECRET,
      NO_COLOR: "1",
      RATE_LIMIT_PER_MINUTE: "0",
      AUTH_RATE_LIMIT_PER_MINUTE: "0",
      ...env,
    },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const port = await listeningPort(child.stdout);
  const server: StartedServer = {
    url: `http://127.0.0.1:${port}`,
    path,
    async stop(signal = "SIGTERM") {
      try {
        child.kill(signal);
      } catch (error) {
        // It has ended already.
        if (!(error instanceof TypeError)) throw error;
      }
      return (await child.status).code;
    },
    async [Symbol.asyncDispose]() {
      await server.stop("SIGKILL");
    },
  };
  return server;
}

/** Reads the log up to the line that tells the port, and lets the rest flow away. */
export async function listeningPort(stdout: ReadableStream<Uint8Array>): Promise<number> {
  const lines = stdout.pipeThrough(new TextDecoderStream());
  const reader = lines.getReader();
  const late = setTimeout(() => reader.cancel(), START_WITHIN_MS);
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The server did not start: ${text}`);
    text += value;
    const match = /"address":"http:[^"]*:(\d+)"/.exec(text);
    if (match === null) continue;
    clearTimeout(late);
    drain(reader);
    return Number(match[1]);
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

/** A folder of its own for a store's file, removed at the end. */
export async function temporaryStorePath(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "desk-" });
  return {
    path: `${folder}/tickets.db`,
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The store of a server, for this process too; by a clock of its own, if need be. */
export async function openStoreFile(
  path: string,
  now: () => Instant = Date.now,
): Promise<Store & Disposable> {
  const store = await openStore(path, { now, newId: v7 });
  return Object.assign(store, { [Symbol.dispose]: () => store.close() });
}
