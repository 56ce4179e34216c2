import { parseEnv } from "node:util";
import { getLogger } from "@logtape/logtape";
import { v7 } from "uuid";
import { type Config, parseConfig } from "./domain/config.ts";
import { CONFIG_NAMES, type Environment } from "./domain/environment.ts";
import { configureLogs } from "./domain/logs.ts";
import { isRefusal } from "./domain/rules/refusal.ts";
import { firstAdministrator } from "./domain/services/administrator.ts";
import { startBackground } from "./domain/services/background.ts";
import { type Desk, makeDesk } from "./domain/services/desk.ts";
import { makePasswords } from "./domain/services/passwords.ts";
import { seedDesk } from "./domain/services/seed.ts";
import { exportLines, importLines } from "./domain/store/backup.ts";
import { examine } from "./domain/store/doctor.ts";
import { isStoreFault } from "./domain/store/fault.ts";
import { holdsPart } from "./domain/store/importing.ts";
import { mend } from "./domain/store/mend.ts";
import { openStore, type Store } from "./domain/store/store.ts";
import { scheduleJobs } from "./jobs/schedule.ts";
import { createApp } from "./routes/app.ts";
import { startDeskLive } from "./routes/live.ts";

/** Requests that run when the process is told to stop have this long to end. */
const STOP_WITHIN_MS = 4_000;
const log = getLogger(["desk", "main"]);

const COMMANDS: Readonly<Record<string, (config: Config) => Promise<void>>> = {
  serve,
  seed,
  doctor,
  export: exportStore,
  import: importStore,
};

if (import.meta.main) {
  const [name = "serve", ...flags] = Deno.args;
  const command = COMMANDS[name];
  if (command === undefined) fail([`Use one of ${Object.keys(COMMANDS).join(", ")}.`]);
  const unknown = flags.find((flag) => name !== "doctor" || flag !== "--fix");
  if (unknown !== undefined) fail([`${name} does not take ${unknown}; only doctor takes --fix.`]);
  const config = parseConfig(await readEnvironment());
  if ("faults" in config) fail(config.faults);
  await configureLogs(config);
  globalThis.addEventListener("unhandledrejection", endOnDefect);
  await command(config).catch((error) => {
    if (!isStoreFault(error)) throw error;
    fail([`KV_PATH is ${JSON.stringify(config.kvPath)}: ${error.message}.`]);
  });
}

/** A failure that nobody looks after: what it left undone is not known, a new process begins afresh. */
function endOnDefect(event: PromiseRejectionEvent): void {
  event.preventDefault();
  log.fatal("Ended by a defect: {error}", { error: event.reason });
  Deno.exit(1);
}

async function serve(config: Config): Promise<void> {
  const store = await openWhole(config);
  const desk = await makeDesk(store, config, makePasswords());
  await administrator(desk, config.appEnv === "development");
  const live = await startDeskLive(desk);
  const background = startBackground(desk);
  const jobs = config.jobs ? scheduleJobs(desk) : null;
  const app = createApp({ desk, hub: live.hub });
  const server = listen(config, app.fetch);
  const host = config.host === "0.0.0.0" ? "localhost" : config.host;
  const address = `http://${host}:${server.addr.port}`;
  log.info(`Listening on ${address}`, { address, store: config.kvPath, env: config.appEnv });
  if (config.kvPath === ":memory:") log.warn("The data lies in memory, and ends with this process");
  if (!config.callsWebhooks) log.warn("This is not the production timeline: no webhook is called");
  if (config.appEnv === "development") say(welcome(address, config));

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // Sockets first, so that they hear 1012 and not, of a server that shuts down, 1001.
    const timer = setTimeout(() => {
      log.warn("Stopped, with work unfinished");
      end();
    }, STOP_WITHIN_MS);
    // A store that does not answer keeps nobody from the end.
    const failed = (error: unknown): void => log.warn("Cannot stop cleanly: {error}", { error });
    await live.stop().catch(failed);
    await server.shutdown();
    await jobs?.stop().catch(failed);
    await background.stop().catch(failed);
    store.close();
    clearTimeout(timer);
    log.info("Stopped");
    end();
  };
  Deno.addSignalListener("SIGTERM", stop);
  Deno.addSignalListener("SIGINT", stop);
}

/** Ends the process, or, where it is watched for changes, leaves that to the watcher. */
function end(): void {
  try {
    Deno.exit(0);
  } catch {
    // Under `--watch` the platform throws instead, once the watcher was told to end.
  }
}

/** The store, unless it holds a part of a backup: of that nothing can be served, read or trusted. */
async function openWhole(config: Config): Promise<Store> {
  const store = await open(config);
  if (!await holdsPart(store)) return store;
  const what = "it holds a part of a backup, whose import did not end";
  const advice = "import it again, which begins anew, or delete the store";
  return fail([`KV_PATH is ${JSON.stringify(config.kvPath)}: ${what}: ${advice}.`]);
}

async function open(config: Config): Promise<Store> {
  try {
    return await openStore(config.kvPath, { now: Date.now, newId: v7 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = /unable to open/.test(why)
      ? " (it must be a file, in a folder that is there)"
      : "";
    const path = JSON.stringify(config.kvPath);
    return fail([`KV_PATH is ${path}: it cannot be opened: ${why}${hint}`]);
  }
}

function listen(
  { port, host: hostname }: Config,
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    const options = { port, hostname, automaticCompression: true, onListen: (): void => {} };
    return Deno.serve(options, handler);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail([`HOST is ${hostname}, PORT is ${port}: cannot listen there: ${why}`]);
  }
}

/** Makes the first administrator, and says how to log in as it, or that there is none. */
async function administrator(desk: Desk, invents: boolean): Promise<void> {
  const first = await firstAdministrator(desk, invents);
  if (isRefusal(first)) fail([first.detail]);
  if (first === "missing") {
    log.warn(
      "There is no administrator yet: start with ADMIN_EMAIL and ADMIN_PASSWORD to make one",
    );
  } else if (first.said !== null) say(first.said);
}

function welcome(address: string, config: Config): string {
  const api = `${address}/api`;
  const json = `-H 'content-type: application/json'`;
  return `
Smart Ticketing listens on ${address}, and its docs are at ${address}/docs
Data: ${config.kvPath}

Open and follow a ticket:
  TOKEN=$(curl -s ${api}/auth/register ${json} -d '{"name":"Ada","email":"ada@example.com","password":"a long password"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -s ${api}/tickets ${json} -H "authorization: Bearer $TOKEN" -d '{"title":"My card is lost","description":"Please send a new one."}'
  curl -s ${api}/tickets -H "authorization: Bearer $TOKEN"
`;
}

async function seed(config: Config): Promise<void> {
  await withStore(await openWhole(config), async (store) => {
    const desk = await makeDesk(store, config, makePasswords());
    for await (const line of seedDesk(desk)) say(line);
    await administrator(desk, true);
  });
}

/** Reads the whole store and reports what does not fit together; `--fix` mends it. */
async function doctor(config: Config): Promise<void> {
  let faults = 0;
  await withKnownStore(config, async (store) => {
    for await (const fault of examine(store)) {
      faults += 1;
      say(`${fault.kind} ${JSON.stringify(fault.key)}: ${fault.message}`);
    }
    if (faults > 0 && Deno.args.includes("--fix")) {
      const mended = await mend(store);
      say(`${mended} mended`);
      faults -= mended;
    }
    say(faults === 0 ? "The store is sound." : `${faults} faults.`);
  });
  if (faults > 0) Deno.exit(1);
}

/** Writes a backup to standard output, a JSON line each entry. */
async function exportStore(config: Config): Promise<void> {
  await withKnownStore(config, async (store) => {
    const lines = ReadableStream.from(exportLines(store));
    await lines.pipeThrough(new TextEncoderStream()).pipeTo(Deno.stdout.writable);
  });
}

/** Reads a backup from standard input into an empty store. */
async function importStore(config: Config): Promise<void> {
  await withStore(await open(config), async (store) => {
    const text = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
    const imported = await importLines(store, text);
    if ("refused" in imported) fail([imported.detail]);
    say(`${imported.entries} entries imported`);
  });
}

/** For commands that read: a store that is not there is a mistyped path, not an empty one. */
async function withKnownStore(
  config: Config,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const isFile = config.kvPath !== "" && !/^(https?:|:memory:)/.test(config.kvPath);
  if (isFile && !await exists(config.kvPath)) {
    fail([`KV_PATH is ${JSON.stringify(config.kvPath)}: there is no such store.`]);
  }
  await withStore(await openWhole(config), work);
}

async function exists(path: string): Promise<boolean> {
  const found = await Deno.stat(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  return found?.isFile === true;
}

async function withStore(store: Store, work: (store: Store) => Promise<void>): Promise<void> {
  try {
    await work(store);
  } finally {
    store.close();
  }
}

/** The named variables; in development those of a `.env` file where the environment has none. */
async function readEnvironment(): Promise<Environment> {
  const own = Object.fromEntries(
    CONFIG_NAMES.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  if (own["APP_ENV"] !== "development") return own;
  return { ...await readDotEnv(), ...own };
}

async function readDotEnv(): Promise<Environment> {
  try {
    return parseEnv(await Deno.readTextFile(".env"));
  } catch (error) {
    // Only `dev` may read it; where it may not be read there is none.
    const none = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
    if (none) return {};
    throw error;
  }
}

function fail(faults: readonly string[]): never {
  for (const fault of faults) Deno.stderr.writeSync(new TextEncoder().encode(`${fault}\n`));
  Deno.exit(1);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
