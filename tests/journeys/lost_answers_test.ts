import assert from "node:assert/strict";
import { requestBytes } from "../bench/wire.ts";
import { faultsOf } from "../support/desk.ts";
import {
  openStoreFile,
  type StartedServer,
  startServer,
  temporaryStorePath,
} from "../support/server.ts";
import { staffStore } from "../support/staffed_store.ts";

const KEYS = 1_000;
const CLIENTS = 8;
/** The server is killed when so many requests have their answers, and started again. */
const KILLED_AFTER = [200, 500, 800];
const ENV = { RATE_LIMIT_PER_MINUTE: "0", AUTH_RATE_LIMIT_PER_MINUTE: "0" };

Deno.test("whatever answers get lost, each key opens one ticket and has one answer for ever", async () => {
  await using store = await temporaryStorePath();
  const [customer] = await staffStore(store.path, [{ role: "user" }]);
  const token = customer?.token ?? "";
  const keys = Array.from({ length: KEYS }, (_, index) => `key ${index}`);
  const answers = new Map<string, Ticket>();
  let replays = 0;
  {
    await using desk = await startMortalDesk(store.path);
    await inParallel(keys, async (key) => {
      await sendAndHangUp(desk.url(), token, key, answers.size % HANGS_UP_WITHIN_MS);
      const { ticket, isReplay } = await askUntilAnswered(desk, token, key);
      answers.set(key, ticket);
      if (isReplay) replays += 1;
      if (KILLED_AFTER.includes(answers.size)) await desk.restart();
    });
    await inParallel(keys, async (key) => {
      const { ticket, isReplay } = await askUntilAnswered(desk, token, key);
      assert.ok(isReplay, key);
      assert.deepEqual(ticket, answers.get(key), key);
    });
  }
  assert.ok(replays > 0, "some answers were lost of what was done");
  using file = await openStoreFile(store.path);
  const opened = await Array.fromAsync(file.reader.list<Ticket>({ prefix: ["ticket"] }));
  const answered = [...answers.values()].map(({ id }) => id);
  assert.deepEqual(opened.map(({ value }) => value.id).sort(), answered.sort());
  assert.deepEqual(await faultsOf(file), []);
});

interface Ticket {
  readonly id: string;
  readonly number: number;
}

/** A server that is killed now and then; whoever asks it meanwhile has to ask again. */
interface MortalDesk extends AsyncDisposable {
  url(): string;
  restart(): Promise<void>;
}

async function startMortalDesk(path: string): Promise<MortalDesk> {
  let server: StartedServer = await startServer(path, ENV);
  return {
    url: () => server.url,
    async restart() {
      await server.stop("SIGKILL");
      server = await startServer(path, ENV);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function draftFor(key: string): object {
  return { title: `My ${key}`, description: "It is lost." };
}

/** From before the request is looked at until after it is done. */
const HANGS_UP_WITHIN_MS = 8;

/** Sends the request and goes away without an answer. */
async function sendAndHangUp(
  url: string,
  token: string,
  key: string,
  afterMs: number,
): Promise<void> {
  const { hostname, port } = new URL(url);
  const headers = { "Idempotency-Key": key };
  try {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(requestBytes("POST", "/api/tickets", token, draftFor(key), headers));
    await pause(afterMs);
  } catch {
    // The server is being killed: then not even the request arrived.
  }
}

const ASKED_MAX = 2_000;
const ASKED_AGAIN_AFTER_MS = 20;

/** Sends the request, again and again, until there is an answer that is the answer. */
async function askUntilAnswered(
  desk: MortalDesk,
  token: string,
  key: string,
): Promise<{ readonly ticket: Ticket; readonly isReplay: boolean }> {
  for (let asked = 0; asked < ASKED_MAX; asked++) {
    const answer = await ask(desk.url(), token, key);
    if (answer !== null) return answer;
    await pause(ASKED_AGAIN_AFTER_MS);
  }
  throw new Error(`No answer for ${key}`);
}

/** Null when the server did not answer, or said that it is at it already. */
async function ask(
  url: string,
  token: string,
  key: string,
): Promise<{ readonly ticket: Ticket; readonly isReplay: boolean } | null> {
  try {
    const response = await fetch(`${url}/api/tickets`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${token}`,
        "Content-Type": "application/json",
        "Idempotency-Key": key,
      },
      body: JSON.stringify(draftFor(key)),
    });
    const { data, code } = await response.json();
    if (code === "request_in_progress") return null;
    assert.equal(response.status, 201, code);
    return { ticket: data, isReplay: response.headers.get("Idempotent-Replayed") === "true" };
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return null;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Does something for each item, so many at once. */
async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const clients = Array.from({ length: CLIENTS }, async () => {
    for (const item of rest) await work(item);
  });
  await Promise.all(clients);
}
