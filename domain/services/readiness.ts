import { isRefusal } from "../rules/refusal.ts";
import { MINUTE_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

const ANSWER_WITHIN_MS = 3_000;

/** Whoever asks within this time shares an answer: it costs two writes. */
const ANSWER_GOOD_FOR_MS = 1_000;

/** Null when this process can do all its work, else a sentence about what it cannot. */
export type Readiness = (desk: Desk) => Promise<string | null>;

/**
 * Whether what is written now is found again by another read within a few seconds, and the jobs of
 * this process have run within the last minutes.
 */
export function makeReadiness(): Readiness {
  let askedAt = -Infinity;
  let answers = Promise.resolve(false);
  return async (desk) => {
    const now = performance.now();
    if (now - askedAt > ANSWER_GOOD_FOR_MS) [askedAt, answers] = [now, storeAnswers(desk)];
    if (!await answers) return "The store does not answer as it should.";
    return runsJobs(desk) ? null : "No job has run for too long.";
  };
}

/** On Deno Deploy a schedule is one for all instances: an instance without runs is a sound one. */
function runsJobs({ config, pulse }: Desk): boolean {
  return !config.jobs || config.kvPath === "" || pulse.isAlive();
}

async function storeAnswers(desk: Desk): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([probe(desk), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function probe({ store }: Desk): Promise<boolean> {
  const id = store.newId();
  const key = keys.probe(id);
  const written = await transact(store, (tx) => Promise.resolve(tx.set(key, id, MINUTE_MS)));
  if (isRefusal(written)) return false;
  const found = (await store.reader.get<string>(key)).value === id;
  await transact(store, (tx) => Promise.resolve(tx.delete(key)));
  return found;
}
