import type { Instant } from "../../domain/rules/time.ts";
import { openStore, type Store } from "../../domain/store/store.ts";
import { v7 } from "uuid";
import { signal } from "./signal.ts";

/** A desk as an operator starts it: a process of its own, on a free port, with a file for a store. */
export interface StartedServer extends AsyncDisposable {
  readonly url: string;
  readonly path: string;
  readonly pid: number;
  /** Holds it still: its connections stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Ends it as an operator would, or at once; resolves with the exit code when it has ended. */
  stop(signal?: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number>;
}

const START_WITHIN_MS = 30_000;
/** Of what a server says before it listens; it is shown when it does not come to that. */
const KEPT_MAX = 10_000;

export const JWT_SECRET = "a secret that only the tests of this desk share";

/**
 * Starts the server on a store file, or one that processes share, and waits until it listens.
 * `onLine` hears each line of its log.
 */
export async function startServer(
  path: string,
  env: Readonly<Record<string, string>> = {},
  onLine: (line: string) => void = () => {},
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
  const port = await listeningPort(child.stdout, onLine).catch((error) => {
    signal(child, "SIGKILL");
    throw error;
  });
  const server: StartedServer = {
    url: `http://127.0.0.1:${port}`,
    path,
    pid: child.pid,
    pause: () => signal(child, "SIGSTOP"),
    resume: () => signal(child, "SIGCONT"),
    async stop(by = "SIGTERM") {
      signal(child, by);
      return (await child.status).code;
    },
    async [Symbol.asyncDispose]() {
      await server.stop("SIGKILL");
    },
  };
  return server;
}

/** Reads the log up to the line that tells the port; what comes later is read as it comes. */
export async function listeningPort(
  stdout: ReadableStream<Uint8Array>,
  onLine: (line: string) => void = () => {},
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let heard = "";
  const fail = (): void => reject(new Error(`The server did not start: ${heard}`));
  const late = setTimeout(fail, START_WITHIN_MS);
  const reading = readLines(stdout, (line) => {
    const match = /"address":"http:[^"]*:(\d+)"/.exec(line);
    if (match !== null) resolve(Number(match[1]));
    else if (heard.length < KEPT_MAX) heard += `${line}\n`;
    onLine(line);
  });
  reading.then(fail, reject);
  return await promise.finally(() => clearTimeout(late));
}

async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  let text = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (text + piece).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
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
