import type { FeedEvent } from "../rules/event.ts";
import { keyText } from "./keys.ts";
import { CHECKS_MAX_ANYWHERE, type KvKey } from "./open.ts";
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

/** What must stand at a key for a commit to be made: this version, or nothing. */
export interface Check {
  readonly key: KvKey;
  readonly versionstamp: string | null;
}

/** All that one transaction wants committed, or nothing of it. */
export interface Draft {
  readonly checks: readonly Check[];
  readonly mutations: readonly Mutation[];
  readonly events: readonly FeedEvent[];
}

/** The platform's limits on one atomic operation, with room for feed entry, bell and marker. */
export const COMMIT_MUTATIONS_MAX = 1_000 - 3;
export const COMMIT_KEY_BYTES_MAX = 80 * 1_024;
export const COMMIT_BYTES_MAX = 800 * 1_000;
export const VALUE_BYTES_MAX = 65_536;
export const FEED_ENTRY_BYTES_MAX = 60 * 1_024;

/**
 * How many checks a job's transaction may have of its own, of the ten that denokv takes: its fence is
 * one more, and the commit may add one.
 */
export const OWN_CHECKS_MAX = 8;

/** Throws a `RangeError` that names the limit which one commit with this draft would break. */
export function assertLimits(draft: Draft): void {
  const size = measure(draft);
  assertAtMost("checks", size.checks, CHECKS_MAX_ANYWHERE);
  assertAtMost("mutations", size.mutations, COMMIT_MUTATIONS_MAX);
  assertAtMost("bytes of keys", size.keyBytes, COMMIT_KEY_BYTES_MAX);
  assertAtMost("bytes", size.bytes, COMMIT_BYTES_MAX);
  assertAtMost("bytes of events", size.eventBytes, FEED_ENTRY_BYTES_MAX);
  for (const mutation of draft.mutations) {
    if (mutation.kind !== "set") continue;
    assertAtMost(
      `bytes of ${String(mutation.key[0])}`,
      storedBytes(mutation.value),
      VALUE_BYTES_MAX,
    );
  }
}

function assertAtMost(what: string, count: number, limit: number): void {
  if (count > limit) throw new RangeError(`Cannot commit ${count} ${what}: the limit is ${limit}`);
}

/** Each of them once: the same check counts once for the platform's limit, and costs once. */
export function distinctChecks(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map((check) => [checkText(check), check])).values()];
}

/** A check in the form in which two can be compared. */
export function checkText({ key, versionstamp }: Check): string {
  return `${keyText(key)} ${versionstamp}`;
}

export interface DraftSize {
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

export function addSizes(a: DraftSize, b: DraftSize): DraftSize {
  return {
    checks: a.checks + b.checks,
    mutations: a.mutations + b.mutations,
    keyBytes: a.keyBytes + b.keyBytes,
    bytes: a.bytes + b.bytes,
    eventBytes: a.eventBytes + b.eventBytes,
  };
}

/** Whether so much is more than one commit may hold. */
export function exceeds(size: DraftSize, checksMax: number): boolean {
  return size.checks > checksMax || size.mutations > COMMIT_MUTATIONS_MAX ||
    size.keyBytes > COMMIT_KEY_BYTES_MAX || size.bytes > COMMIT_BYTES_MAX ||
    size.eventBytes > FEED_ENTRY_BYTES_MAX;
}
