import { type Refusal, refuse } from "./refusal.ts";
import { DAY_MS, type Instant, MINUTE_MS, SECOND_MS } from "./time.ts";

/** So many failed logins within so long lock an account for so long. */
export const FAILURES_MAX = 10;
const FAILURES_WITHIN_MS = 15 * MINUTE_MS;
const LOCKED_FOR_MS = 15 * MINUTE_MS;

/** How many client addresses that have logged in are remembered of an account, and for how long. */
export const KNOWN_ADDRESSES_MAX = 20;
const KNOWN_FOR_MS = 30 * DAY_MS;

/** The newest failures, oldest first; `FAILURES_MAX` of them are a lock that began with the last. */
type Failures = readonly Instant[];

/** The attempts to log in to one account, whether or not there is one. */
export interface Attempts {
  readonly schema: 1;
  /** A hash of the e-mail address. */
  readonly account: string;
  /** Failures from all client addresses that have not logged in before, together. */
  readonly strangers: Failures;
  /** Those that have, each with its own failures: what strangers do does not lock these out. */
  readonly known: readonly KnownAddress[];
}

interface KnownAddress {
  readonly address: string;
  readonly loggedInAt: Instant;
  readonly failures: Failures;
}

export function noAttempts(account: string): Attempts {
  return { schema: 1, account, strangers: [], known: [] };
}

/**
 * Counts an attempt as failed before it is made, so that of many at once no more than
 * `FAILURES_MAX` are made. Refuses with `locked_out`, which changes nothing: to try on while locked
 * does not lock for longer.
 */
export function reserveAttempt(
  attempts: Attempts,
  address: string,
  at: Instant,
): Attempts | Refusal {
  const remembered = rememberedAt(attempts, at);
  const failures = failuresOf(remembered, address);
  const lockedUntil = failures.length < FAILURES_MAX ? at : (failures.at(-1) ?? at) + LOCKED_FOR_MS;
  if (lockedUntil > at) {
    const retryAfter = Math.ceil((lockedUntil - at) / SECOND_MS);
    return refuse("locked_out", "Too many failed logins; try again later.", { retryAfter });
  }
  const recent = failures.filter((failure) => at - failure < FAILURES_WITHIN_MS);
  // A lock that is over takes its failures with it.
  const counted = failures.length < FAILURES_MAX ? recent : [];
  return withFailures(remembered, address, [...counted, at]);
}

/** Takes back an attempt that was reserved at this instant: it was not made, or it succeeded. */
export function withdrawAttempt(
  attempts: Attempts,
  address: string,
  reservedAt: Instant,
): Attempts {
  const failures = failuresOf(attempts, address);
  const index = failures.lastIndexOf(reservedAt);
  return index < 0 ? attempts : withFailures(attempts, address, failures.toSpliced(index, 1));
}

/** After a success the address is known, with no failures; those of other addresses still count. */
export function succeedAttempt(
  attempts: Attempts,
  address: string,
  reservedAt: Instant,
  at: Instant,
): Attempts {
  const { known, ...rest } = rememberedAt(withdrawAttempt(attempts, address, reservedAt), at);
  const others = known.filter((each) => each.address !== address);
  const newest = others.toSorted((a, b) => b.loggedInAt - a.loggedInAt);
  const success: KnownAddress = { address, loggedInAt: at, failures: [] };
  return { ...rest, known: [success, ...newest].slice(0, KNOWN_ADDRESSES_MAX) };
}

/** From when on nothing in the record counts any more. */
export function attemptsEndAt({ strangers, known }: Attempts): Instant {
  const failuresEndAt = (failures: Failures): Instant =>
    (failures.at(-1) ?? 0) + Math.max(FAILURES_WITHIN_MS, LOCKED_FOR_MS);
  return Math.max(
    failuresEndAt(strangers),
    ...known.map(({ loggedInAt, failures }) =>
      Math.max(loggedInAt + KNOWN_FOR_MS, failuresEndAt(failures))
    ),
  );
}

function rememberedAt(attempts: Attempts, at: Instant): Attempts {
  const known = attempts.known.filter(({ loggedInAt }) => at - loggedInAt < KNOWN_FOR_MS);
  return { ...attempts, known };
}

function failuresOf({ strangers, known }: Attempts, address: string): Failures {
  return known.find((each) => each.address === address)?.failures ?? strangers;
}

function withFailures(attempts: Attempts, address: string, failures: Failures): Attempts {
  const { known } = attempts;
  if (!known.some((each) => each.address === address)) return { ...attempts, strangers: failures };
  const changed = known.map((each) => each.address === address ? { ...each, failures } : each);
  return { ...attempts, known: changed };
}
