import { readFigures } from "../support/figures.ts";
import { startServer, temporaryStorePath } from "../support/server.ts";
import { type Colleague, staffStore } from "../support/staffed_store.ts";
import type { CrowdAnswer, CrowdQuestion } from "./crowd.ts";
import { openFilesMax, watchMemory } from "./process_memory.ts";
import { clientFrame, openRawSocket, type RawSocket } from "./raw_socket.ts";
import { askMuch, BEHIND, FRONT, prepareTraffic } from "./socket_traffic.ts";
import { say } from "./timing.ts";

/**
 * What sockets that never read cost the others, and the process: the same desk has the same traffic
 * in turns while all sockets read, and while so many of them never do.
 */
const [SOCKETS = 5_000, NEVER_READ = 100] = Deno.args.map(Number);
/** Rounds of each kind, in turns, so that both meet the same noise. */
const PAIRS = 3;
/** More than a megabyte of events for each of those who may not read. */
const BATCHES = 170;
const BATCHES_TO_WARM_UP = 50;
const CROWDS = 2;
const PEOPLE = 100;
const QUIET_MS = 2_000;
const HEARD_WITHIN_MS = 15_000;
const CLOSED_WITHIN_MS = 15_000;
/** More than the longest answer that is asked for. */
const BUFFER_BYTES = 256 * 1_024;
/** Beside the sockets: the store, modules, connections of the traffic. */
const OTHER_FILES = 200;

/** What must hold. */
const P99_RATIO_MAX = 1.5;
const GROWTH_MIB_MAX = 120;
const CLOSE_TOO_SLOW = 1013;

interface Round {
  readonly delaysMs: Float64Array;
  readonly events: number;
  /** Sockets of the crowd that heard every event once. */
  readonly whole: number;
  readonly closed: number;
  readonly highestMiB: number | null;
}

const filesMax = openFilesMax();
if (filesMax !== null && filesMax < SOCKETS + OTHER_FILES) {
  say(`ulimit -n is ${filesMax}: too low for ${SOCKETS} sockets, with ${OTHER_FILES} for the rest`);
  Deno.exit(1);
}
await using store = await temporaryStorePath();
const [admin, customer, ...people] = await staffStore(store.path, [
  { role: "admin" },
  { role: "user" },
  ...Array.from({ length: PEOPLE }, () => ({ role: "supervisor" as const })),
]) as [Colleague, Colleague, ...Colleague[]]; // as many as were asked for
const tokens = people.map(({ token }) => token);
await using server = await startServer(store.path, { LOG_LEVEL: "warning" });
const { url } = server;
const traffic = await prepareTraffic(url, customer, admin);
using memory = watchMemory(server.pid);
say(`the server takes ${mib(memory.nowMiB())} before the sockets`);

// What runs for the first time is slow.
await traffic.run(BATCHES_TO_WARM_UP);
using crowds = await startCrowds(SOCKETS - NEVER_READ);
let quietMiB: number | null = null;
const reading: Round[] = [];
const never: Round[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  reading.push(await round("all read", readers));
  never.push(await round(`${NEVER_READ} never read`, strangers));
}
const failed = judge();
for (const line of failed) say(`FAILED: ${line}`);
Deno.exitCode = failed.length === 0 ? 0 : 1;

/** One round: so many join, ask, hear what all hear and more, and leave again. */
async function round(
  name: string,
  treat: (sockets: readonly RawSocket[]) => () => Promise<(number | null)[]>,
): Promise<Round> {
  const subscribe = clientFrame(JSON.stringify({ type: "subscribe", topics: [FRONT, BEHIND] }));
  const sockets = await Promise.all(Array.from({ length: NEVER_READ }, async (_, index) => {
    const socket = await openRawSocket(url, tokens[index % PEOPLE] ?? "", BUFFER_BYTES);
    await socket.send(subscribe);
    return socket;
  }));
  const end = treat(sockets);
  await wait(QUIET_MS);
  if (quietMiB === null) {
    quietMiB = memory.nowMiB();
    say(`and ${mib(quietMiB)} with ${SOCKETS} quiet ones (${await openSockets()} by its count)`);
    say("round             p50 ms  p99 ms  max ms  events  heard all once  closed 1013  highest");
  }
  memory.reset();
  await askMuch(sockets);
  await crowds.ask({ ask: "begin" });
  const events = await traffic.run(BATCHES);
  const answers = await heardAll(events);
  const highestMiB = memory.highestMiB();

  const codes = await end();
  const result = {
    delaysMs: Float64Array.from(answers.flatMap(({ delaysMs }) => [...delaysMs])).sort(),
    events,
    whole: sum(answers.map(({ whole }) => whole)),
    closed: codes.filter((code) => code === CLOSE_TOO_SLOW).length,
    highestMiB,
  };
  say(lineOf(name, result));
  return result;
}

/** Reads all that comes, from now on. */
function readers(sockets: readonly RawSocket[]): () => Promise<(number | null)[]> {
  const reads = sockets.map((socket) => socket.read(() => {}));
  return () => {
    for (const socket of sockets) socket.close();
    return Promise.all(reads);
  };
}

/** Reads nothing before the end, and then finds why it was closed. */
function strangers(sockets: readonly RawSocket[]): () => Promise<(number | null)[]> {
  return () =>
    Promise.all(sockets.map(async (socket) => {
      const late = setTimeout(() => socket.close(), CLOSED_WITHIN_MS);
      const code = await socket.read(() => {});
      clearTimeout(late);
      socket.close();
      return code;
    }));
}

interface Crowds extends Disposable {
  ask(question: CrowdQuestion): Promise<CrowdAnswer[]>;
}

/** Threads with so many sockets in all that read; resolves when they have joined. */
async function startCrowds(sockets: number): Promise<Crowds> {
  const workers = Array.from(
    { length: CROWDS },
    () => new Worker(new URL("./crowd.ts", import.meta.url), { type: "module" }),
  );
  const crowds: Crowds = {
    ask: (question) =>
      Promise.all(workers.map((worker) =>
        new Promise<CrowdAnswer>((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage(question);
        })
      )),
    [Symbol.dispose]() {
      for (const worker of workers) worker.terminate();
    },
  };
  await crowds.ask({ ask: "join", url, tokens, topics: [FRONT], sockets: sockets / CROWDS });
  return crowds;
}

/** What the crowds heard, once they have heard everything, or have had enough time for it. */
async function heardAll(events: number): Promise<CrowdAnswer[]> {
  const endsAt = performance.now() + HEARD_WITHIN_MS;
  for (;;) {
    await wait(QUIET_MS);
    const answers = await crowds.ask({ ask: "collect", events });
    const isAll = answers.every(({ whole, sockets }) => whole === sockets);
    if (isAll || performance.now() > endsAt) return answers;
  }
}

/** The bounds that do not hold. */
function judge(): string[] {
  const [alone = NaN, beside = NaN] = [reading, never].map((rounds) => {
    const delays = Float64Array.from(rounds.flatMap(({ delaysMs }) => [...delaysMs]));
    return quantile(delays.sort(), 0.99);
  });
  const ratio = beside / alone;
  say(`p99 beside those who never read, by that without them: ${ratio.toFixed(2)}`);
  // The same traffic leaves its garbage in both rounds of a pair; what is more is theirs.
  const growths = never.flatMap(({ highestMiB }, pair) => {
    const without = reading[pair]?.highestMiB ?? null;
    return highestMiB === null || without === null ? [] : [highestMiB - without];
  });
  const growth = growths.length === 0 ? null : Math.max(...growths);
  say(`highest beside them, over that of the same traffic without them: ${mib(growth)}`);
  return [
    ...ratio <= P99_RATIO_MAX ? [] : [`the p99 is ${ratio.toFixed(2)} times that without them`],
    ...growth === null || growth <= GROWTH_MIB_MAX ? [] : [`the process grew by ${mib(growth)}`],
    ...never.every(({ closed }) => closed === NEVER_READ) ? [] : ["not all were closed with 1013"],
    ...[...reading, ...never].every(({ whole }) => whole === SOCKETS - NEVER_READ)
      ? []
      : ["not every reader heard every event once"],
  ];
}

function lineOf(name: string, { delaysMs, events, whole, closed, highestMiB }: Round): string {
  const delays = [0.5, 0.99, 1].map((share) => quantile(delaysMs, share).toFixed(0).padStart(8));
  return name.padEnd(16) + delays.join("") + String(events).padStart(8) +
    String(whole).padStart(16) + String(closed).padStart(13) + mib(highestMiB).padStart(11);
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

async function openSockets(): Promise<number> {
  return readFigures(await (await fetch(`${url}/metrics`)).text())("desk_sockets_open");
}

function mib(value: number | null): string {
  return value === null ? "not measured" : `${value.toFixed(0)} MiB`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
