import { findDenokv } from "./denokv_binary.ts";
import { signal } from "./signal.ts";

/** A store that several processes share, as an operator runs one: a denokv of its own. */
export interface Denokv extends AsyncDisposable {
  /** What `KV_PATH` is to the processes that share it. */
  readonly url: string;
  readonly pid: number;
  /** Ends it at once, as a power cut does; its file stays. */
  kill(): Promise<void>;
  /** Holds it still: connections stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port and file, after having killed it where it still ran. */
  restart(): Promise<void>;
}

/** Why no denokv can be started here; null where one can. */
export const { whyMissing: WHY_NO_DENOKV } = findDenokv();

/** Guards nothing: whoever reaches the port of a test may read it. */
const ACCESS_TOKEN = "an access token of the tests";
/** The platform reads the access token of a remote store from here. */
export const REMOTE_ENV = { DENO_KV_ACCESS_TOKEN: ACCESS_TOKEN };

const LISTENS_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;

/**
 * Starts a denokv on a free port of 127.0.0.1, with a store in a folder of its own that goes with it.
 * From then on this process may open its store too.
 */
export async function startDenokv(): Promise<Denokv> {
  const folder = await Deno.makeTempDir({ prefix: "denokv-" });
  const port = freePort();
  Deno.env.set("DENO_KV_ACCESS_TOKEN", ACCESS_TOKEN);
  let child = await spawn(`${folder}/store.db`, port);

  async function kill(): Promise<void> {
    signal(child, "SIGKILL");
    await child.status;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child.pid;
    },
    kill,
    pause: () => signal(child, "SIGSTOP"),
    resume: () => signal(child, "SIGCONT"),
    async restart() {
      await kill();
      child = await spawn(`${folder}/store.db`, port);
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function spawn(path: string, port: number): Promise<Deno.ChildProcess> {
  const address = `127.0.0.1:${port}`;
  const child = new Deno.Command(findDenokv().path, {
    args: ["--sqlite-path", path, "serve", "--addr", address, "--access-token", ACCESS_TOKEN],
    stdout: "null",
    stderr: "null",
  }).spawn();
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  const startedAt = performance.now();
  while (!await listens(port)) {
    if (hasEnded || performance.now() - startedAt > LISTENS_WITHIN_MS) {
      signal(child, "SIGKILL");
      throw new Error(`denokv does not listen on ${address}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return child;
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

/** A port that nobody listens on at this moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
