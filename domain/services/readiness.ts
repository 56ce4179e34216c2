import { isRefusal } from "../rules/refusal.ts";
import { MINUTE_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { type Kv, type KvKey, openConnections } from "../store/open.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

const ANSWER_WITHIN_MS = 3_000;

/** Whoever asks within this time shares an answer: it costs two writes. */
const ANSWER_GOOD_FOR_MS = 1_000;

/** Null when this process can do all its work, else a sentence about what it cannot. */
export type Readiness = (desk: Desk) => Promise<string | null>;

/**
 * Whether what is written now is found again by another read within a few seconds, and the jobs of
 * this process have run within the last minutes. On Deno Deploy, until it was found once, it is
 * looked for through a connection of its own: without a database assigned to the app, the data of
 * each connection may lie in memory.
 */
export function makeReadiness(openAgain: OpenAgain = openAssigned): Readiness {
  let askedAt = -Infinity;
  let answers = Promise.resolve<Answer>("late");
  let isShared = false;

  async function ask(desk: Desk): Promise<Answer> {
    const again = isAssigned(desk) && !isShared ? openAgain : null;
    const answer = await inTime(probe(desk, again));
    isShared ||= again !== null && answer === "found";
    return answer;
  }

  return async (desk) => {
    const now = desk.store.now();
    // Also once a clock has been set back.
    if (Math.abs(now - askedAt) > ANSWER_GOOD_FOR_MS) [askedAt, answers] = [now, ask(desk)];
    const answer = await answers;
    if (answer === "alone") {
      return "The data may live in this process's memory alone: assign a KV database to the app.";
    }
    if (answer === "late") return "The store does not answer as it should.";
    return runsJobs(desk) ? null : "No job has run for too long.";
  };
}

/** Another connection to the database that Deno Deploy assigned; whoever asked closes it. */
export type OpenAgain = () => Promise<Pick<Kv, "get" | "close">>;

const openAssigned: OpenAgain = async () => (await openConnections(ASSIGNED)).reader;

/** `alone`: found by the connection that wrote it, and by no other. */
type Answer = "found" | "alone" | "late";

/** The path of the store that Deno Deploy assigned to the app. */
const ASSIGNED = "";

function isAssigned({ config }: Desk): boolean {
  return config.kvPath === ASSIGNED;
}

/** On Deno Deploy a schedule is one for all instances: an instance without runs is a sound one. */
function runsJobs(desk: Desk): boolean {
  const { config, pulse } = desk;
  return !config.jobs || isAssigned(desk) || pulse.isAlive();
}

async function inTime(answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return "late";
  } finally {
    clearTimeout(timer);
  }
}

async function probe(desk: Desk, openAgain: OpenAgain | null): Promise<Answer> {
  const { store } = desk;
  const id = store.newId();
  const key = keys.probe(id);
  const written = await transact(store, (tx) => Promise.resolve(tx.set(key, id, MINUTE_MS)));
  if (isRefusal(written)) return "late";
  const isFound = (await store.reader.get<string>(key)).value === id;
  const isFoundAgain = openAgain === null || await finds(openAgain, key, id);
  await transact(store, (tx) => Promise.resolve(tx.delete(key)));
  if (!isFound) return "late";
  return isFoundAgain ? "found" : "alone";
}

async function finds(openAgain: OpenAgain, key: KvKey, id: string): Promise<boolean> {
  const other = await openAgain();
  try {
    return (await other.get<string>(key)).value === id;
  } finally {
    other.close();
  }
}
