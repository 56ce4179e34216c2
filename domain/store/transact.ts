import type { TransactionOutcome } from "../meters.ts";
import type { FeedEvent } from "../rules/event.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { assertLimits, type Check, distinctChecks, type Draft, type Mutation } from "./draft.ts";
import { StoreUnavailable } from "./fault.ts";
import { keyText } from "./keys.ts";
import type { KvEntryMaybe, KvKey } from "./open.ts";
import { decode, difference, type RecordKind } from "./records.ts";
import { type Store, whyFallen } from "./store.ts";
import { tallied, type Tally } from "./tally.ts";

type AnyRecord = { readonly schema: number };

export const ATTEMPTS_MAX = 12;
const ELAPSED_MAX_MS = 2_000;
/** What has taken longer to decide is not sent any more to a store that answers slowly. */
const DECIDED_WITHIN_MS = 5_000;
const BACKOFF_FIRST_MS = 2;
const BACKOFF_MAX_MS = 200;

/**
 * Runs `decide` and commits what it put, whole or not at all, provided that nothing it read has
 * changed meanwhile; else it runs again. A refusal commits nothing. `decide` may run several times
 * and must do nothing else that can be seen outside. Refuses with `unavailable` when others won
 * `ATTEMPTS_MAX` times or for two seconds, and as the handle's fence does, at once, when it has
 * fallen. A fence is one check more. Throws `StoreUnavailable` when the store does not answer.
 */
export function transact<T>(
  store: Store,
  decide: (tx: Transaction) => Promise<T>,
): Promise<T | Refusal> {
  return tallied(store.meters, (tally) => decideAndCommit(store, decide, tally));
}

async function decideAndCommit<T>(
  store: Store,
  decide: (tx: Transaction) => Promise<T>,
  tally: Tally,
): Promise<T | Refusal> {
  const startedAt = performance.now();
  let leave = (): void => {};
  const ended = <R>(outcome: TransactionOutcome, result: R): R => {
    tally.outcome = outcome;
    return result;
  };
  try {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const fallen = whyFallen(store);
      if (fallen !== null) return ended("refused", fallen);
      tally.attempts = attempt;
      const tx = new Transaction(store, attempt);
      const result = await decide(tx);
      for (const rider of store.riders) {
        const refusal = await rider.ride(tx, result);
        if (refusal !== null) return ended("refused", refusal);
      }
      if (isRefusal(result)) return ended("refused", result);
      const own = tx.draft();
      if (own.mutations.length === 0 && own.events.length === 0) {
        return ended("unchanged", result);
      }
      const draft = await fenced(store, own);
      tally.draft = draft;
      assertLimits(draft);
      if (store.isRemote && performance.now() - startedAt > DECIDED_WITHIN_MS) {
        throw new StoreUnavailable("The store answers too slowly");
      }
      const versionstamp = await store.committer.submit(draft);
      if (versionstamp !== null) {
        for (const rider of store.riders) rider.committed?.(versionstamp);
        return ended("committed", result);
      }
      tally.conflicts = attempt;
      if (performance.now() - startedAt > ELAPSED_MAX_MS) break;
      await store.fence?.review();
      // Its turn would come for nothing.
      if (whyFallen(store) !== null) continue;
      // Losers of this process go on one by one; chance spreads those of other processes.
      if (attempt === 1) {
        leave = await store.turns.take(tx.keysRead());
      } else await pause(attempt);
    }
    return ended("exhausted", refuse("unavailable", "Too many changes at once; try again."));
  } finally {
    leave();
  }
}

async function fenced({ fence }: Store, draft: Draft): Promise<Draft> {
  if (fence === null) return draft;
  return { ...draft, checks: [...draft.checks, await fence.check()] };
}

/** Full jitter: anywhere between nothing and a bound that doubles. */
function pause(attempt: number): Promise<void> {
  const boundMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * boundMs));
}

interface Touched {
  readonly kind: RecordKind<AnyRecord>;
  readonly before: AnyRecord | null;
  readonly after: AnyRecord | null;
}

/** What one attempt read, and what it wants written. */
export class Transaction {
  /** 1, and one more each time that it runs again because something had changed. */
  readonly attempt: number;
  readonly #store: Store;
  readonly #entries = new Map<string, KvEntryMaybe<unknown>>();
  readonly #reads = new Map<string, AnyRecord>();
  /** What stands there in an earlier schema. */
  readonly #upgraded = new Set<string>();
  readonly #touched = new Map<string, Touched>();
  readonly #mutations: Mutation[] = [];
  readonly #events: FeedEvent[] = [];
  readonly #checks: Check[] = [];

  constructor(store: Store, attempt: number) {
    this.#store = store;
    this.attempt = attempt;
  }

  /**
   * Reads a record; the commit fails if it has changed by then. What this transaction has written
   * itself is as it wrote it: null once it has removed it.
   */
  async get<T extends AnyRecord>(kind: RecordKind<T>, key: KvKey): Promise<T | null> {
    const own = this.#touched.get(keyText(key));
    if (own !== undefined) return own.after as T | null; // a record of the kind that has this key
    const value = await this.getValue<T>(key);
    if (value === null) return null;
    const record = decode(kind, value);
    this.#reads.set(keyText(key), record);
    if (value.schema < kind.schema) this.#upgraded.add(keyText(key));
    return record;
  }

  /** Reads a value that is no record, such as a pointer; the commit fails if it has changed. */
  async getValue<V>(key: KvKey): Promise<V | null> {
    const text = keyText(key);
    let entry = this.#entries.get(text);
    if (entry === undefined) {
      const current = await this.#store.reader.get<V>(key);
      // The first look is the one that is checked: a later one must not hide a change from it.
      entry = this.#entries.get(text) ?? current;
      this.#entries.set(text, entry);
    }
    return entry.value as V | null; // as whoever wrote this key made it
  }

  /** The version of what stands at a key that was read with a check; undefined when it was not. */
  versionOf(key: KvKey): string | null | undefined {
    return this.#entries.get(keyText(key))?.versionstamp;
  }

  /** Whether it puts a record at this key. */
  puts(key: KvKey): boolean {
    return (this.#touched.get(keyText(key))?.after ?? null) !== null;
  }

  /** Lets the commit fail unless this version stands at the key, which is not read for it. */
  check(key: KvKey, versionstamp: string | null): void {
    this.#checks.push({ key, versionstamp });
  }

  /** What was read with a check: whoever lost a race for it waits for others who read it. */
  keysRead(): string[] {
    return [...this.#entries.keys()];
  }

  /** Reads a record that may change before the commit. */
  async peek<T extends AnyRecord>(kind: RecordKind<T>, key: KvKey): Promise<T | null> {
    const { value } = await this.#store.reader.get<T>(key);
    return value === null ? null : decode(kind, value);
  }

  /** Writes a record that is new, with its index entries and counters. */
  add<T extends AnyRecord>(kind: RecordKind<T>, record: T): void {
    const text = keyText(kind.key(record));
    const own = this.#touched.get(text);
    if (own === undefined ? this.#reads.has(text) : own.after !== null) {
      throw new Error(`Cannot add ${kind.name}: this transaction has ${own ? "it" : "read it"}`);
    }
    this.#touch(kind, text, own?.before ?? null, record);
  }

  /** Writes a record that this transaction has read, and what changes in indexes and counters. */
  put<T extends AnyRecord>(kind: RecordKind<T>, record: T): void {
    const text = keyText(kind.key(record));
    this.#touch(kind, text, this.#before(kind, text), record);
  }

  /** Removes a record that this transaction has read, with its index entries. */
  remove<T extends AnyRecord>(kind: RecordKind<T>, record: T): void {
    const text = keyText(kind.key(record));
    this.#touch(kind, text, this.#before(kind, text), null);
  }

  /** Writes a value that is no record. */
  set(key: KvKey, value: unknown, expireIn?: number): void {
    this.#mutations.push(
      expireIn === undefined ? { kind: "set", key, value } : { kind: "set", key, value, expireIn },
    );
  }

  /** Adds to a counter, which no other change of it can hinder; a negative amount takes away. */
  sum(key: KvKey, by: bigint): void {
    this.#mutations.push({ kind: "sum", key, by });
  }

  delete(key: KvKey): void {
    this.#mutations.push({ kind: "delete", key });
  }

  /** Tells the feed, in the commit that holds the change. */
  emit(event: FeedEvent): void {
    this.#events.push(event);
  }

  draft(): Draft {
    const mutations = [...this.#touched].flatMap(([text, { kind, before, after }]) =>
      difference(kind, before, after, this.#store.now(), this.#upgraded.has(text))
    );
    return {
      checks: distinctChecks([...this.#entries.values(), ...this.#checks]),
      mutations: [...mutations, ...this.#mutations],
      events: [...this.#events, ...this.#told()],
    };
  }

  /** What the feed is told of the records that this transaction changes. */
  #told(): FeedEvent[] {
    return [...this.#touched.values()].flatMap(({ kind, before, after }) =>
      kind.tells?.(before, after) ?? []
    );
  }

  /** What stood there when this transaction first saw it; null for what it added itself. */
  #before<T extends AnyRecord>(kind: RecordKind<T>, text: string): AnyRecord | null {
    const own = this.#touched.get(text);
    if (own !== undefined && own.after !== null) return own.before;
    const before = this.#reads.get(text);
    if (before === undefined || own !== undefined) {
      const why = own === undefined ? "has not read it" : "has removed it";
      throw new Error(`Cannot write ${kind.name}: this transaction ${why}`);
    }
    return before;
  }

  /** A record touched twice is written once, from what was read to what it is in the end. */
  #touch<T extends AnyRecord>(
    kind: RecordKind<T>,
    text: string,
    before: AnyRecord | null,
    after: T | null,
  ): void {
    const anyKind = kind as unknown as RecordKind<AnyRecord>; // only ever given its own records
    this.#touched.set(text, { kind: anyKind, before, after });
  }
}
