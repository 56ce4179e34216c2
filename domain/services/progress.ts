import { isRefusal, type Refusal } from "../rules/refusal.ts";
import { SECOND_MS } from "../rules/time.ts";
import { readList } from "../store/store.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import {
  inProgress,
  type KeptAnswer,
  type KeyedRequest,
  type KeyRecord,
  mismatch,
  type Part,
  PIECE_LENGTH_MAX,
  pieceKey,
  piecesOf,
  putRecord,
  recordKey,
  setPart,
} from "./idempotency.ts";

/** What a verb of many commits has done already, by the ids of its steps. */
export interface Progress<T> {
  /** What was noted before, perhaps by a process that died over it. */
  readonly noted: ReadonlyMap<string, T>;
  /** Notes in the step's own transaction what came of it, so that it is not done again. */
  note(tx: Transaction, id: string, result: T): Promise<Refusal | null>;
}

/** The one step that a verb notes whose first commit is all that must not be done twice. */
export const BEGUN = "begun";

/** A request of many commits on which this run, and no other, is working. */
export interface Run<T> extends Progress<T> {
  /** Says that it is still being worked on. */
  renew(): Promise<void>;
  /** Keeps the answer; refuses with `request_in_progress` when another run has taken over. */
  end(answer: KeptAnswer): Promise<Refusal | null>;
  /** Lets go of a request that was refused: it may be tried again at once. */
  drop(): Promise<void>;
}

/** Whoever works on a request says so at least this often. */
const LEASE_MS = 30 * SECOND_MS;
/** How often to say so: there is time for it to fail twice. */
export const RENEW_EVERY_MS = LEASE_MS / 3;
const STEPS_MAX = 1_000;
const PIECES_AT_ONCE = 10;

/** For requests that nobody will send again. */
export function noProgress<T>(): Progress<T> {
  return { noted: new Map(), note: () => Promise.resolve(null) };
}

/**
 * Begins, or takes up again, a request of many commits. Refuses with `request_in_progress` while
 * another works on it: whoever dies over it is waited for no longer than half a minute. A run that
 * was thought dead finds in its next commit that it has been taken over, and does nothing more.
 */
export async function beginRun<T>(desk: Desk, request: KeyedRequest): Promise<Run<T> | Refusal> {
  const { store } = desk;
  const run = store.newId();
  const begun = await transact(store, async (tx) => {
    const known = await tx.getValue<KeyRecord>(recordKey(request));
    const now = store.now();
    if (known !== null && known.expiresAt > now) {
      if (known.fingerprint !== request.fingerprint) return mismatch();
      if (known.state.name === "done") return inProgress();
      if (known.state.until > now) return inProgress(known.state.until - now);
    }
    setRunning(desk, tx, request, run);
    return "begun" as const;
  });
  if (isRefusal(begun)) return begun;

  /** A transaction of this run: refused when it is another's turn by now. */
  function own<R>(work: (tx: Transaction) => R): Promise<R | Refusal> {
    return transact(store, async (tx) => await isOwn(tx, request, run) ? work(tx) : inProgress());
  }

  return {
    noted: await readSteps<T>(desk, request),
    async note(tx, id, result) {
      if (!await isOwn(tx, request, run)) return inProgress();
      setPart(desk, tx, recordKey(request, "step", id), result);
      setRunning(desk, tx, request, run);
      return null;
    },
    async renew() {
      await own((tx) => setRunning(desk, tx, request, run));
    },
    async end(answer) {
      const pieces = piecesOf(answer.body);
      for (let from = 0; from < pieces.length; from += PIECES_AT_ONCE) {
        const kept = await own((tx) => {
          for (let index = from; index < Math.min(from + PIECES_AT_ONCE, pieces.length); index++) {
            setPart(desk, tx, pieceKey(request, index), pieces[index]);
          }
        });
        if (isRefusal(kept)) return kept;
      }
      const body = answer.body.slice(0, PIECE_LENGTH_MAX);
      const done = { name: "done", ...answer, body, pieces: pieces.length } as const;
      const ended = await own((tx) => putRecord(desk, tx, request, done));
      return isRefusal(ended) ? ended : null;
    },
    async drop() {
      // The key is free for another request only if nothing was done: else that one would take
      // what was done for its own.
      const { size: steps } = await readSteps(desk, request);
      await own((tx) => {
        if (steps === 0) tx.delete(recordKey(request));
        else putRecord(desk, tx, request, { name: "running", run, until: store.now() });
      });
    },
  };
}

/** Reads with a check: whoever takes over meanwhile makes the commit fail. */
async function isOwn(tx: Transaction, request: KeyedRequest, run: string): Promise<boolean> {
  const known = await tx.getValue<KeyRecord>(recordKey(request));
  return known?.state.name === "running" && known.state.run === run;
}

function setRunning(desk: Desk, tx: Transaction, request: KeyedRequest, run: string): void {
  putRecord(desk, tx, request, { name: "running", run, until: desk.store.now() + LEASE_MS });
}

/** What was done for this request, and not for one of another day that had the same key. */
async function readSteps<T>({ store }: Desk, request: KeyedRequest): Promise<Map<string, T>> {
  const limit = STEPS_MAX;
  const rows = await readList<Part<T>>(store, recordKey(request, "step"), { limit });
  const now = store.now();
  return new Map(
    rows.filter(({ value }) => value.expiresAt > now)
      .map(({ key, value }) => [String(key.at(-1)), value.value]),
  );
}
