import { DEFAULT_CALENDAR } from "../rules/calendar.ts";
import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import { type Pair, standsInCode } from "../rules/sla_configuration.ts";
import { keys } from "../store/keys.ts";
import type { KvKey } from "../store/open.ts";
import { NEVER_STORED, withRider } from "../store/store.ts";
import type { Desk } from "./desk.ts";

/** The record that a precondition is about, by its id. */
export type Subject =
  | { readonly ticket: string }
  | { readonly agent: string }
  | { readonly shift: string }
  | { readonly shiftPattern: string }
  | { readonly user: string }
  | { readonly webhook: string }
  | { readonly calendar: string }
  | { readonly slaConfiguration: Pair };

/** What must hold of a record's version for a verb to change it. */
export type Expected =
  | { readonly oneOf: readonly string[] }
  | { readonly noneOf: readonly string[] }
  /** There is none yet: the verb makes it. */
  | "none"
  /** There is one, in whatever version. */
  | "any";

/**
 * The desk for a verb that may change this record only while its version is one that is expected. The
 * first transaction that reads the record with a check decides: it is refused with `stale`, unless
 * what it decided is refused for a reason that comes before.
 */
export function expecting(desk: Desk, subject: Subject, expected: Expected): Desk {
  const key = keyOf(subject);
  /** Whether the transaction that is about to commit has read the record, in a version expected. */
  let hasLooked = false;
  let isMet = false;
  const store = withRider(desk.store, {
    async ride(tx, result) {
      const version = tx.versionOf(key);
      hasLooked = false;
      // What a chain of transactions reads after its first one is what that one wrote.
      if (isMet || version === undefined || comesBefore(result)) return null;
      const stored = await tx.getValue<Stored>(key); // as it was read
      if (!fits(version ?? NEVER_STORED, expected, isThere(subject, stored))) {
        return stale(expected);
      }
      hasLooked = true;
      return null;
    },
    committed() {
      // Others, that begin the request or count an attempt, may come before.
      isMet ||= hasLooked;
    },
  });
  return { ...desk, store };
}

function fits(version: string, expected: Expected, isThere: boolean): boolean {
  if (expected === "none" || expected === "any") return isThere === (expected === "any");
  return "oneOf" in expected
    ? expected.oneOf.includes(version)
    : !expected.noneOf.includes(version);
}

/** What tells of a stored record that it is there no more. */
interface Stored {
  readonly deletedAt?: unknown;
}

/**
 * Whether there is one: what stands in the code is there without being stored, and what was deleted
 * may still be stored. What the verb decides says nothing of it, for it may be refused.
 */
function isThere(subject: Subject, stored: Stored | null): boolean {
  if ("calendar" in subject) {
    const { calendar } = subject;
    return calendar === DEFAULT_CALENDAR.id || (stored !== null && stored.deletedAt === undefined);
  }
  if ("slaConfiguration" in subject && standsInCode(subject.slaConfiguration)) return true;
  return stored !== null;
}

/** The desk for a verb of one transaction, and the version that the record has after it. */
export interface Versioning {
  readonly desk: Desk;
  /** As it was written, else as it was read; null before. */
  version(): string | null;
  /** What it will be once what was decided is committed; null where the record was not read. */
  upcoming(): string | typeof OF_COMMIT | null;
}

/** Stands for the version that everything has that a commit writes: nobody knows it before. */
export const OF_COMMIT = "commit";

export function versioning(desk: Desk, subject: Subject): Versioning {
  const key = keyOf(subject);
  let isPut = false;
  let version: string | null = null;
  const store = withRider(desk.store, {
    ride(tx) {
      const read = tx.versionOf(key);
      isPut = tx.puts(key);
      if (read !== undefined) version = read ?? NEVER_STORED;
      return Promise.resolve(null);
    },
    committed(versionstamp) {
      if (isPut) version = versionstamp;
    },
  });
  return {
    desk: { ...desk, store },
    version: () => version,
    upcoming: () => isPut ? OF_COMMIT : version,
  };
}

function keyOf(subject: Subject): KvKey {
  if ("ticket" in subject) return keys.ticket(subject.ticket);
  if ("agent" in subject) return keys.agent(subject.agent);
  if ("shift" in subject) return keys.shift(subject.shift);
  if ("shiftPattern" in subject) return keys.shiftPattern(subject.shiftPattern);
  if ("webhook" in subject) return keys.webhook(subject.webhook);
  if ("calendar" in subject) return keys.calendar(subject.calendar);
  if ("slaConfiguration" in subject) {
    const { priority, category } = subject.slaConfiguration;
    return keys.slaConfiguration(priority, category);
  }
  return keys.user(subject.user);
}

/** Whoever may not do it, or asks for nonsense, is told so whatever the version. */
function comesBefore(result: unknown): boolean {
  return isRefusal(result) &&
    ["invalid_input", "forbidden", "not_found"].includes(result.refused);
}

function stale(expected: Expected): Refusal {
  return refuse("stale", expected === "none" || expected === "any" ? WHY[expected] : CHANGED);
}

const WHY = {
  none: "There is one already: read it.",
  any: "There is none: without If-Match it is made.",
};
const CHANGED = "It has changed since you read it: read it again.";
