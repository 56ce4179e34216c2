import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { DAY_MS, type Instant, SECOND_MS } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { readList, withRider } from "../store/store.ts";
import type { Transaction } from "../store/transact.ts";
import type { Desk } from "./desk.ts";
import { OF_COMMIT } from "./precondition.ts";

/** A request that its sender may send again, and by what to know it. */
export interface KeyedRequest {
  readonly userId: string;
  /** A hash of what its sender named it. */
  readonly key: string;
  /** What is asked for, hashed by the name: another request must not have the same one. */
  readonly fingerprint: string;
}

/** An answer as it was given the first time. */
export interface KeptAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly contentType: string;
  readonly body: string;
  /** The version of what it shows, `OF_COMMIT` where its own commit wrote that; absent for none. */
  readonly version?: string;
}

/** For how long an answer is given again. */
export const ANSWER_KEPT_MS = DAY_MS;

/** The first part stands in the record; as UTF-16 a piece stays below the limit of a value. */
export const PIECE_LENGTH_MAX = 30_000;
const PIECES_MAX = 500;

/** What is known of a key. */
export interface KeyRecord {
  readonly fingerprint: string;
  readonly expiresAt: Instant;
  readonly state:
    | { readonly name: "running"; readonly run: string; readonly until: Instant }
    | ({ readonly name: "done"; readonly pieces: number } & KeptAnswer);
}

/** What stands beside the record: it too may still be there after its time. */
export interface Part<T> {
  readonly expiresAt: Instant;
  readonly value: T;
}

/**
 * The answer that was given to this request before; null when there is none. Refuses with
 * `idempotency_mismatch` when the key was used for another request, and with `request_in_progress`
 * while another is still working on this one.
 */
export async function findAnswer(
  { store }: Desk,
  request: KeyedRequest,
): Promise<KeptAnswer | null | Refusal> {
  const { value, versionstamp } = await store.reader.get<KeyRecord>(recordKey(request));
  const now = store.now();
  if (value === null || value.expiresAt <= now) return null;
  if (value.fingerprint !== request.fingerprint) return mismatch();
  const { state } = value;
  if (state.name === "running") return state.until > now ? inProgress(state.until - now) : null;
  const { status, location, contentType, pieces } = state;
  const version = state.version === OF_COMMIT ? versionstamp : state.version;
  const told = { status, location, contentType, ...(version === undefined ? {} : { version }) };
  if (pieces === 0) return { ...told, body: state.body };
  // Behind them may stand what is left of a longer answer of another day.
  const rest = await readList<Part<string>>(store, recordKey(request, "piece"), { limit: pieces });
  const body = state.body + rest.map(({ value }) => value.value).join("");
  return { ...told, body };
}

/**
 * The desk for a verb of one transaction, which then commits the answer together with what it does:
 * either both are there or neither. `answer` is made anew each time the transaction is tried; of two
 * requests at once with the same key the second one is refused with `request_in_progress`.
 */
export function keepingAnswer<T>(
  desk: Desk,
  request: KeyedRequest,
  answer: (result: T) => Promise<KeptAnswer>,
): Desk {
  const store = withRider(desk.store, {
    async ride(tx, result) {
      if (isRefusal(result)) return null;
      const known = await tx.getValue<KeyRecord>(recordKey(request));
      if (known !== null && known.expiresAt > desk.store.now()) return inProgress();
      const kept = await answer(result as T); // what the verb's transaction decided
      putAnswer(desk, tx, request, kept, piecesOf(kept.body));
      return null;
    },
  });
  return { ...desk, store };
}

function putAnswer(
  desk: Desk,
  tx: Transaction,
  request: KeyedRequest,
  answer: KeptAnswer,
  pieces: readonly string[],
): void {
  for (const [index, piece] of pieces.entries()) {
    setPart(desk, tx, pieceKey(request, index), piece);
  }
  const body = answer.body.slice(0, PIECE_LENGTH_MAX);
  putRecord(desk, tx, request, { name: "done", ...answer, body, pieces: pieces.length });
}

/** What does not stand in the record itself. */
export function piecesOf(body: string): string[] {
  const pieces: string[] = [];
  for (let from = PIECE_LENGTH_MAX; from < body.length; from += PIECE_LENGTH_MAX) {
    pieces.push(body.slice(from, from + PIECE_LENGTH_MAX));
  }
  if (pieces.length > PIECES_MAX) {
    throw new RangeError(`Cannot keep an answer of ${body.length} characters`);
  }
  return pieces;
}

export function putRecord(
  { store }: Desk,
  tx: Transaction,
  request: KeyedRequest,
  state: KeyRecord["state"],
): void {
  const { fingerprint } = request;
  const record: KeyRecord = { fingerprint, expiresAt: store.now() + ANSWER_KEPT_MS, state };
  tx.set(recordKey(request), record, ANSWER_KEPT_MS);
}

export function setPart<T>({ store }: Desk, tx: Transaction, key: KvKey, value: T): void {
  tx.set(key, { expiresAt: store.now() + ANSWER_KEPT_MS, value } satisfies Part<T>, ANSWER_KEPT_MS);
}

export function recordKey(request: KeyedRequest, ...part: string[]): KvKey {
  return keys.idempotency(request.userId, request.key, ...part);
}

const INDEX_DIGITS = String(PIECES_MAX).length;

export function pieceKey(request: KeyedRequest, index: number): KvKey {
  return recordKey(request, "piece", String(index).padStart(INDEX_DIGITS, "0"));
}

export function mismatch(): Refusal {
  return refuse("idempotency_mismatch", "This Idempotency-Key was used for another request.");
}

/**
 * Another works on it, for so many milliseconds at most unless it says so again: whoever died over it
 * is waited for until then. Without, it was about to end.
 */
export function inProgress(leftMs = 0): Refusal {
  return refuse("request_in_progress", "This request is being worked on; ask again.", {
    retryAfter: Math.max(1, Math.ceil(leftMs / SECOND_MS)),
  });
}
