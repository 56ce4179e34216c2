import type { Meters } from "../meters.ts";
import type { FeedEvent } from "../rules/event.ts";
import type { Instant } from "../rules/time.ts";
import {
  addSizes,
  checkText,
  distinctChecks,
  type Draft,
  type DraftSize,
  exceeds,
  measure,
  type Mutation,
} from "./draft.ts";
import { isLocked, StoreUnavailable } from "./fault.ts";
import { keys, keyText } from "./keys.ts";
import { type Atomic, markedCommits, plainCommits } from "./marker.ts";
import type { Connections, Kv } from "./open.ts";

/** A commit as the feed tells of it. */
export interface FeedEntry {
  readonly versionstamp: string;
  readonly events: readonly FeedEvent[];
}

/** What stands in the feed for a commit. */
export interface FeedValue {
  /** When it was committed; absent where an earlier version wrote it, of which it vanishes by itself. */
  readonly at?: Instant;
  readonly events: readonly FeedEvent[];
}

export interface Committer {
  /** The versionstamp of the commit that holds the draft; null when one of its checks failed. */
  submit(draft: Draft): Promise<string | null>;
  /** Calls back after every commit that has events, in commit order. */
  onCommit(listener: (entry: FeedEntry) => void): () => void;
}

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
export function makeCommitter(
  connections: Connections,
  meters: Meters,
  now: () => Instant,
): Committer {
  const { writer, losesAnswers, checksMax } = connections;
  const commit = losesAnswers ? markedCommits(writer) : plainCommits(writer);
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
    const unknown = "error" in outcome && outcome.error instanceof StoreUnavailable;
    if (outcome.done || group.length === 1 || unknown) {
      for (const member of group) settle(member, outcome);
      return;
    }
    // One member's failed check, or fault, is no reason for the others to fail.
    for (const member of group) settle(member, await attempt([member]));
  }

  async function attempt(group: readonly Waiting[]): Promise<Outcome> {
    const events = group.flatMap((member) => member.draft.events);
    const made = (versionstamp: string): void => {
      meters.committed(group.length);
      if (events.length > 0) tell({ versionstamp, events });
    };
    try {
      const fill = (atomic: Atomic): void => fillWith(atomic, writer, group, events, now());
      const versionstamp = await commit(fill, made);
      if (versionstamp === null) return { done: false, versionstamp };
      made(versionstamp);
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

function fillWith(
  atomic: Atomic,
  kv: Kv,
  group: readonly Waiting[],
  events: readonly FeedEvent[],
  at: Instant,
): void {
  atomic.check(...distinctChecks(group.flatMap(({ draft }) => draft.checks)));
  for (const { draft } of group) {
    for (const mutation of draft.mutations) apply(atomic, mutation);
  }
  if (events.length > 0) {
    const feedKey = [...keys.feed(), kv.commitVersionstamp()];
    atomic.set(feedKey, { at, events } satisfies FeedValue);
    atomic.set(keys.bell(), events.length);
  }
}

function apply(atomic: Atomic, mutation: Mutation): void {
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
  const checked = new Set<string>();
  let total: DraftSize = { checks: 0, mutations: 0, keyBytes: 0, bytes: 0, eventBytes: 0 };
  while (waiting.length > 0) {
    const next = waiting[0];
    if (next === undefined) break;
    const checks = next.draft.checks.map(checkText).filter((check) => !checked.has(check));
    const sum = addSizes(total, { ...next.size, checks: checks.length });
    if (group.length > 0 && (exceeds(sum, checksMax) || overlaps(next.draft, written))) break;
    waiting.shift();
    group.push(next);
    total = sum;
    for (const check of checks) checked.add(check);
    for (const { key } of next.draft.mutations) written.add(keyText(key));
  }
  return group;
}

function overlaps(draft: Draft, written: ReadonlySet<string>): boolean {
  return draft.checks.some(({ key }) => written.has(keyText(key)));
}
