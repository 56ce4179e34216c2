import { isRefusal } from "../rules/refusal.ts";
import { MINUTE_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import type { Desk } from "./desk.ts";

const ANSWER_WITHIN_MS = 3_000;

/** Whoever asks within this time shares an answer: it costs two writes. */
const ANSWER_GOOD_FOR_MS = 1_000;

/** Whether what is written now is found again by another read, within a few seconds. */
export function makeReadiness(): (desk: Desk) => Promise<boolean> {
  let askedAt = -Infinity;
  let answer = Promise.resolve(false);
  return (desk) => {
    const now = performance.now();
    if (now - askedAt > ANSWER_GOOD_FOR_MS) [askedAt, answer] = [now, isReady(desk)];
    return answer;
  };
}

async function isReady(desk: Desk): Promise<boolean> {
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
