import assert from "node:assert/strict";
import {
  type Attempts,
  attemptsEndAt,
  FAILURES_MAX,
  KNOWN_ADDRESSES_MAX,
  noAttempts,
  reserveAttempt,
  succeedAttempt,
  withdrawAttempt,
} from "../../domain/rules/lockout.ts";
import { isRefusal } from "../../domain/rules/refusal.ts";
import { DAY_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../domain/rules/time.ts";
import { minute } from "../support/builders.ts";

const HOME = "192.0.2.1";
const AWAY = "198.51.100.7";

/** The record after failures at these minutes, all of which must have been let through. */
function failing(attempts: Attempts, address: string, minutes: readonly number[]): Attempts {
  return minutes.reduce((before, at) => {
    const after = reserveAttempt(before, address, minute(at));
    if (isRefusal(after)) throw new Error(`refused at minute ${at}`);
    return after;
  }, attempts);
}

/** Seconds for which an attempt is refused; 0 when it is let through. */
function lockedFor(attempts: Attempts, address: string, at: Instant): unknown {
  const outcome = reserveAttempt(attempts, address, at);
  if (!isRefusal(outcome)) return 0;
  assert.equal(outcome.refused, "locked_out");
  return outcome.facts?.["retryAfter"];
}

const NONE = noAttempts("account");
const TEN = Array.from({ length: 10 }, (_, index) => index);
const KNOWN = succeedAttempt(NONE, HOME, minute(0), minute(0));

Deno.test("the tenth failure within fifteen minutes locks for fifteen, to the second", () => {
  const nine = failing(NONE, AWAY, TEN.slice(1));
  assert.equal(lockedFor(nine, AWAY, minute(9)), 0);
  const locked = failing(NONE, AWAY, TEN);
  const cases: [at: Instant, seconds: number][] = [
    [minute(9), 15 * 60],
    [minute(9) + 1, 15 * 60],
    [minute(9) + SECOND_MS, 15 * 60 - 1],
    [minute(23), 60],
    [minute(24) - 1, 1],
    [minute(24), 0],
  ];
  for (const [at, seconds] of cases) assert.equal(lockedFor(locked, AWAY, at), seconds, String(at));
});

Deno.test("failures count for fifteen minutes, and ten that are further apart lock nobody", () => {
  const spread = TEN.map((index) => index * 2);
  const slow = failing(NONE, AWAY, spread);
  assert.equal(lockedFor(slow, AWAY, minute(18)), 0);
  assert.equal(lockedFor(failing(NONE, AWAY, [0, ...TEN.slice(2), 14]), AWAY, minute(14)), 15 * 60);
  assert.equal(lockedFor(failing(NONE, AWAY, [0, ...TEN.slice(2), 15]), AWAY, minute(15)), 0);
  const long = failing(NONE, AWAY, Array.from({ length: 500 }, (_, index) => index * 2));
  assert.ok(long.strangers.length < FAILURES_MAX);
});

Deno.test("to try on while locked neither prolongs the lock nor leaves anything behind", () => {
  const locked = failing(NONE, AWAY, TEN);
  for (let at = minute(9); at < minute(24); at += SECOND_MS) {
    assert.ok(isRefusal(reserveAttempt(locked, AWAY, at)));
  }
  // After the lock there are ten new attempts.
  const again = failing(locked, AWAY, TEN.map(() => 24));
  assert.equal(lockedFor(again, AWAY, minute(24)), 15 * 60);
});

Deno.test("a lock made by strangers holds for all strangers, and not where the user logged in", () => {
  const locked = failing(KNOWN, AWAY, TEN);
  assert.equal(lockedFor(locked, AWAY, minute(10)), 14 * 60);
  assert.equal(lockedFor(locked, "203.0.113.9", minute(10)), 14 * 60);
  assert.equal(lockedFor(locked, HOME, minute(10)), 0);
});

Deno.test("from where the user logged in ten failures lock too, but nobody else", () => {
  const locked = failing(KNOWN, HOME, TEN);
  assert.equal(lockedFor(locked, HOME, minute(10)), 14 * 60);
  assert.equal(lockedFor(locked, AWAY, minute(10)), 0);
});

Deno.test("a success clears the failures of its address, and takes its own attempt back", () => {
  const mistyped = failing(KNOWN, HOME, TEN.slice(1));
  const entered = succeedAttempt(failing(mistyped, HOME, [9]), HOME, minute(9), minute(9));
  assert.deepEqual(entered.known, [{ address: HOME, loggedInAt: minute(9), failures: [] }]);
  // From a new address: strangers get no new attempts by it.
  const guessed = failing(NONE, AWAY, [...TEN.slice(1), 9]);
  const moved = succeedAttempt(guessed, HOME, minute(9), minute(9));
  assert.equal(moved.strangers.length, 9);
  assert.equal(lockedFor(moved, HOME, minute(9)), 0);
});

Deno.test("an attempt that was not made is as if it had never been counted", () => {
  const nine = failing(NONE, AWAY, TEN.slice(1));
  const ten = failing(nine, AWAY, [9]);
  assert.deepEqual(withdrawAttempt(ten, AWAY, minute(9)), nine);
  assert.deepEqual(withdrawAttempt(nine, AWAY, minute(60)), nine);
  assert.deepEqual(withdrawAttempt(KNOWN, HOME, minute(60)), KNOWN);
});

Deno.test("twenty addresses are remembered, those that logged in last, for thirty days", () => {
  let attempts = NONE;
  for (let index = 0; index < 25; index++) {
    attempts = succeedAttempt(attempts, `192.0.2.${index}`, minute(index), minute(index));
  }
  const addresses = attempts.known.map(({ address }) => address);
  assert.equal(addresses.length, KNOWN_ADDRESSES_MAX);
  assert.deepEqual([addresses[0], addresses.at(-1)], ["192.0.2.24", "192.0.2.5"]);
  const strangers = failing(KNOWN, AWAY, TEN.map((index) => 30 * 24 * 60 - 10 + index));
  const last = minute(30 * 24 * 60);
  assert.equal(lockedFor(strangers, HOME, last - 1), 0);
  assert.notEqual(lockedFor(strangers, HOME, last), 0);
});

Deno.test("a record ends when nothing in it counts any more", () => {
  const locked = failing(NONE, AWAY, TEN);
  assert.equal(attemptsEndAt(locked), minute(9 + 15));
  assert.equal(attemptsEndAt(KNOWN), minute(0) + 30 * DAY_MS);
  assert.equal(attemptsEndAt(failing(KNOWN, AWAY, [1])), minute(0) + 30 * DAY_MS);
  const late = failing(KNOWN, HOME, [30 * 24 * 60 - 1]);
  assert.equal(attemptsEndAt(late), minute(0) + 30 * DAY_MS + 14 * MINUTE_MS);
});
