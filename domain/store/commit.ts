import type { Meters } from "../meters.ts";
import type { FeedEvent } from "../rules/event.ts";
import { DAY_MS } from "../rules/time.ts";
import { keys, keyText } from "./keys.ts";
import type { Connections, Kv, KvKey } from "./open.ts";
import { keyBytes, storedBytes } from "./size.ts";

export type Mutation =
  | {
    readonly kind: "set";
    readonly key: KvKey;
    readonly value: unknown;
    readonly expireIn?: number;
  }
  | { readonly kind: "delete"; readonly key: KvKey }
  | { readonly kind: "sum"; readonly key: KvKey; readonly by: bigint };

/** All that one transaction wants committed, or nothing of it. */
export interface Draft {
  readonly checks: readonly { readonly key: KvKey; readonly versionstamp: string | null }[];
  readonly mutations: readonly Mutation[];
  readonly events: readonly FeedEvent[];
}

/** A commit as the feed tells of it. */
export interface FeedEntry {
  readonly versionstamp: string;
  readonly events: readonly FeedEvent[];
}

export interface Committer {
  /** The versionstamp of the commit that holds the draft; null when one of its checks failed. */
  submit(draft: Draft): Promise<string | null>;
  /** Calls back after every commit that has events, in commit order. */
  onCommit(listener: (entry: FeedEntry) => void): () => void;
}

/** The platform's limits on one atomic operation, with room for the feed entry and the bell. */
export const COMMIT_MUTATIONS_MAX = 1_000 - 2;
export const COMMIT_KEY_BYTES_MAX = 80 * 1_024;
export const COMMIT_BYTES_MAX = 800 * 1_000;
export const VALUE_BYTES_MAX = 65_536;
export const FEED_ENTRY_BYTES_MAX = 60 * 1_024;
export const FEED_RETENTION_MS = 7 * DAY_MS;

interface Waiting {
  readonly draft: Draft;
  readonly size: DraftSize;
  readonly resolve: (versionstamp: string | null) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The one place where transactions are committed. Those that arrive while a commit is under way
 * share the next one, and with it the write to the disk: a group is as if its members had been
 * committed one after the other in the order in which they came.
 */
export function makeCommitter(connections: Connections, meters: Meters): Committer {
  const { writer, losesAnswers, checksMax } = connections;
  const waiting: Waiting[] = [];
  const listeners = new Set<(entry: FeedEntry) => void>();
  let running = false;

  async function run(): Promise<void> {
    running = true;
    // Ends when nobody waits; each turn takes at least one member.
    while (waiting.length > 0) await commitGroup(takeGroup(waiting, checksMax));
    running = false;
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    const outcome = await attempt(group);
    // When nobody knows what was committed, to commit again could do it twice.
    const unknown = losesAnswers && "error" in outcome;
    if (outcome.done || group.length === 1 || unknown) {
      for (const member of group) settle(member, outcome);
      return;
    }
    // One member's failed check, or fault, is no reason for the others to fail.
    for (const member of group) settle(member, await attempt([member]));
  }

  async function attempt(group: readonly Waiting[]): Promise<Outcome> {
    const events = group.flatMap((member) => member.draft.events);
    try {
      const versionstamp = await commitTogether(writer, group, events);
      if (versionstamp === null) return { done: false, versionstamp };
      meters.committed(group.length);
      if (events.length > 0) tell({ versionstamp, events });
      return { done: true, versionstamp };
    } catch (error) {
      // Another process wrote to the file at this moment: nothing was committed.
      if (isLocked(error)) return { done: false, versionstamp: null };
      return { done: false, error };
    }
  }

  /** What a listener throws is a defect of its own, not of the commit, which stands. */
  function tell(entry: FeedEntry): void {
    for (const listener of listeners) {
      try {
        listener(entry);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  return {
    submit(draft) {
      return new Promise((resolve, reject) => {
        waiting.push({ draft, size: measure(draft), resolve, reject });
        if (!running) run();
      });
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Outcome =
  | { readonly done: true; readonly versionstamp: string }
  | { readonly done: false; readonly versionstamp: null }
  | { readonly done: false; readonly error: unknown };

function settle(member: Waiting, outcome: Outcome): void {
  if ("error" in outcome) member.reject(outcome.error);
  else member.resolve(outcome.versionstamp);
}

async function commitTogether(
  kv: Kv,
  group: readonly Waiting[],
  events: readonly FeedEvent[],
): Promise<string | null> {
  const atomic = kv.atomic();
  for (const { draft } of group) {
    atomic.check(...draft.checks);
    for (const mutation of draft.mutations) apply(atomic, mutation);
  }
  if (events.length > 0) {
    const feedKey = [...keys.feed(), kv.commitVersionstamp()];
    atomic.set(feedKey, { events }, { expireIn: FEED_RETENTION_MS });
    atomic.set(keys.bell(), events.length);
  }
  const result = await atomic.commit();
  return result.ok ? result.versionstamp : null;
}

function apply(atomic: ReturnType<Kv["atomic"]>, mutation: Mutation): void {
  switch (mutation.kind) {
    case "set":
      if (mutation.expireIn === undefined) atomic.set(mutation.key, mutation.value);
      else atomic.set(mutation.key, mutation.value, { expireIn: mutation.expireIn });
      break;
    case "delete":
      atomic.delete(mutation.key);
      break;
    case "sum":
      atomic.sum(mutation.key, BigInt.asUintN(64, mutation.by));
      break;
  }
}

/**
 * The longest run of waiting drafts that may share a commit: within the platform's limits, and none
 * checks a key that an earlier one writes, for its check would pass although it must fail.
 */
function takeGroup(waiting: Waiting[], checksMax: number): Waiting[] {
  const group: Waiting[] = [];
  const written = new Set<string>();
  let total: DraftSize = { checks: 0, mutations: 0, keyBytes: 0, bytes: 0, eventBytes: 0 };
  while (waiting.length > 0) {
    const next = waiting[0];
    if (next === undefined) break;
    const sum = add(total, next.size);
    if (group.length > 0 && (exceeds(sum, checksMax) || overlaps(next.draft, written))) break;
    waiting.shift();
    group.push(next);
    total = sum;
    for (const { key } of next.draft.mutations) written.add(keyText(key));
  }
  return group;
}

function overlaps(draft: Draft, written: ReadonlySet<string>): boolean {
  return draft.checks.some(({ key }) => written.has(keyText(key)));
}

interface DraftSize {
  readonly checks: number;
  readonly mutations: number;
  readonly keyBytes: number;
  readonly bytes: number;
  readonly eventBytes: number;
}

export function measure(draft: Draft): DraftSize {
  let keysTotal = 0;
  let valuesTotal = 0;
  for (const mutation of draft.mutations) {
    keysTotal += keyBytes(mutation.key);
    if (mutation.kind === "set") valuesTotal += storedBytes(mutation.value);
  }
  for (const { key } of draft.checks) keysTotal += keyBytes(key);
  const eventBytes = draft.events.length === 0 ? 0 : storedBytes(draft.events);
  return {
    checks: draft.checks.length,
    mutations: draft.mutations.length,
    keyBytes: keysTotal,
    bytes: keysTotal + valuesTotal + eventBytes,
    eventBytes,
  };
}

function add(a: DraftSize, b: DraftSize): DraftSize {
  return {
    checks: a.checks + b.checks,
    mutations: a.mutations + b.mutations,
    keyBytes: a.keyBytes + b.keyBytes,
    bytes: a.bytes + b.bytes,
    eventBytes: a.eventBytes + b.eventBytes,
  };
}

function exceeds(size: DraftSize, checksMax: number): boolean {
  return size.checks > checksMax || size.mutations > COMMIT_MUTATIONS_MAX ||
    size.keyBytes > COMMIT_KEY_BYTES_MAX || size.bytes > COMMIT_BYTES_MAX ||
    size.eventBytes > FEED_ENTRY_BYTES_MAX;
}

function isLocked(error: unknown): boolean {
  return error instanceof TypeError && /database is (locked|busy)/.test(error.message);
}
