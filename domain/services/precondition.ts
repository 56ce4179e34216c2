import { isRefusal, type Refusal, refuse } from "../rules/refusal.ts";
import type { Pair } from "../rules/sla_configuration.ts";
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

/**
 * The desk for a verb that may change this record only while it has one of these versions. The first
 * transaction that reads the record with a check decides: it is refused with `stale`, unless what it
 * decided is refused for a reason that comes before.
 */
export function expecting(desk: Desk, subject: Subject, versions: readonly string[]): Desk {
  const key = keyOf(subject);
  /** Whether the transaction that is about to commit has read the record, in a version expected. */
  let hasLooked = false;
  let isMet = false;
  const store = withRider(desk.store, {
    ride(tx, result) {
      const version = tx.versionOf(key);
      hasLooked = false;
      // What a chain of transactions reads after its first one is what that one wrote.
      if (isMet || version === undefined || comesBefore(result)) return Promise.resolve(null);
      if (!versions.includes(version ?? NEVER_STORED)) return Promise.resolve(stale());
      hasLooked = true;
      return Promise.resolve(null);
    },
    committed() {
      // Others, that begin the request or count an attempt, may come before.
      isMet ||= hasLooked;
    },
  });
  return { ...desk, store };
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

function stale(): Refusal {
  return refuse("stale", "It has changed since you read it: read it again.");
}
