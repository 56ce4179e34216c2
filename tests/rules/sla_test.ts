import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cancelClock,
  type Clock,
  fulfilClock,
  isBreached,
  isMet,
  pauseClock,
  resumeClock,
} from "../../domain/rules/clock.ts";
import { startClocks } from "../../domain/rules/sla.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import {
  aClock,
  aTicket,
  HOURS,
  minute,
  OPENED,
  someClocks,
  termsOf,
} from "../support/builders.ts";

const TARGET = 60;

Deno.test("both clocks start when the ticket is opened, each with its own deadline", () => {
  const ticket = aTicket({ priority: 1, category: "technical" });
  const { escalationRules } = termsOf(ticket).configuration;
  const clocks = startClocks(termsOf(ticket), 80, OPENED);
  const targets = { responseTime: 45, resolutionTime: 240 };
  const expected = { ...targets, response: aClock(45), resolution: aClock(240), escalationRules };
  assert.deepEqual(clocks, someClocks(expected));
});

Deno.test("a clock that is paused consumes nothing until it goes on", () => {
  const paused = pauseClock(aClock(TARGET), minute(20), HOURS);
  assert.equal(paused.state, "paused");
  assert.equal(paused.consumedMs, 20 * MINUTE_MS);
  assert.equal(isBreached(paused, minute(10_000)), false);
  const resumed = resumeClock(paused, minute(500), HOURS);
  assert.ok(resumed.state === "active");
  assert.equal(resumed.activeSince, minute(500));
  assert.equal(resumed.consumedMs, 20 * MINUTE_MS);
  assert.equal(resumed.dueAt, minute(540));
});

Deno.test("a clock that was paused several times ends after exactly its target", () => {
  let clock: Clock = aClock(TARGET);
  for (const [pause, resume] of [[10, 100], [130, 200], [215, 1_000]] as const) {
    clock = resumeClock(pauseClock(clock, minute(pause), HOURS), minute(resume), HOURS);
  }
  assert.equal(clock.dueAt, minute(1_000 + TARGET - 10 - 30 - 15));
  assert.ok(isMet(fulfilClock(clock, clock.dueAt, HOURS)));
  assert.ok(!isMet(fulfilClock(clock, clock.dueAt + 1, HOURS)));
});

Deno.test("a reply exactly at the deadline is met", () => {
  const fulfilled = fulfilClock(aClock(TARGET), minute(TARGET), HOURS);
  const { activeSince: _, ...figures } = aClock(TARGET);
  assert.deepEqual(fulfilled, {
    ...figures,
    state: "fulfilled",
    consumedMs: TARGET * MINUTE_MS,
    isCounted: true,
    fulfilledAt: minute(TARGET),
    met: true,
  });
  assert.equal(isMet(fulfilled), true);
  assert.equal(isBreached(fulfilled, minute(10_000)), false);
});

Deno.test("a reply a millisecond late is breached, at the deadline and not at the reply", () => {
  const late = fulfilClock(aClock(TARGET), minute(TARGET) + 1, HOURS);
  assert.ok(late.state === "fulfilled" && !late.met);
  assert.equal(late.breachedAt, minute(TARGET));
  assert.equal(late.fulfilledAt, minute(TARGET) + 1);
  assert.equal(isMet(late), false);
});

Deno.test("whatever stops a clock late, the breach is dated at the deadline", () => {
  for (const stop of [pauseClock, fulfilClock, cancelClock]) {
    const clock = stop(aClock(TARGET), minute(300), HOURS);
    assert.equal(clock.breachedAt, minute(TARGET), stop.name);
    assert.equal(clock.consumedMs, 300 * MINUTE_MS, stop.name);
    assert.equal(isBreached(clock, minute(0)), true, stop.name);
  }
});

Deno.test("a running clock is breached from the moment after its deadline", () => {
  const clock = aClock(TARGET);
  assert.equal(isBreached(clock, minute(TARGET) - 1), false);
  assert.equal(isBreached(clock, minute(TARGET)), false);
  assert.equal(isBreached(clock, minute(TARGET) + 1), true);
  assert.equal(isMet(clock), false);
});

const fulfilled = fulfilClock(aClock(TARGET), minute(20), HOURS);
const cancelled = cancelClock(aClock(TARGET), minute(20), HOURS);
const paused = pauseClock(aClock(TARGET), minute(20), HOURS);

Deno.test("what is fulfilled or cancelled stays so until the ticket is reopened", () => {
  for (const done of [fulfilled, cancelled]) {
    for (const stop of [pauseClock, fulfilClock, cancelClock]) {
      assert.deepEqual(stop(done, minute(400), HOURS), done, `${stop.name} of ${done.state}`);
    }
  }
  assert.deepEqual(pauseClock(paused, minute(400), HOURS), paused);
  assert.deepEqual(resumeClock(aClock(TARGET), minute(30), HOURS), aClock(TARGET));
});

Deno.test("a paused clock that is fulfilled or cancelled consumed only what it ran", () => {
  const kept = fulfilClock(paused, minute(10_000), HOURS);
  assert.ok(kept.state === "fulfilled" && kept.met);
  assert.equal(kept.consumedMs, 20 * MINUTE_MS);
  const dropped = cancelClock(paused, minute(10_000), HOURS);
  assert.equal(dropped.state, "cancelled");
  assert.equal(dropped.consumedMs, 20 * MINUTE_MS);
});

Deno.test("a reopened clock goes on with what it had consumed", () => {
  for (const done of [fulfilled, cancelled, paused]) {
    const reopened = resumeClock(done, minute(1_000), HOURS);
    assert.deepEqual(reopened, {
      ...aClock(TARGET),
      consumedMs: 20 * MINUTE_MS,
      activeSince: minute(1_000),
      dueAt: minute(1_040),
      warnAt: minute(1_028),
    }, done.state);
  }
});

const OPERATIONS = { pauseClock, resumeClock, fulfilClock, cancelClock };
const someOperations = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.values(OPERATIONS)),
    milliseconds: fc.nat({ max: 90 * MINUTE_MS }),
  }),
  { maxLength: 30 },
);

function everyClock(
  check: (after: Clock, before: Clock, at: Instant, activeMs: number) => void,
): void {
  fc.assert(fc.property(someOperations, (operations) => {
    let [clock, at, activeMs]: [Clock, Instant, number] = [aClock(TARGET), OPENED, 0];
    for (const { name: operate, milliseconds } of operations) {
      if (clock.state === "active") activeMs += milliseconds;
      at += milliseconds;
      const before = clock;
      clock = operate(clock, at, HOURS);
      check(clock, before, at, activeMs);
    }
  }));
}

Deno.test("in any sequence a breach, once set, never changes", () => {
  everyClock((after, before) => {
    if (before.breachedAt !== null) assert.equal(after.breachedAt, before.breachedAt);
  });
});

Deno.test("in any sequence a clock consumes exactly the time in which it was active", () => {
  everyClock((after, before, at, activeMs) => {
    assert.ok(after.consumedMs >= before.consumedMs);
    const running = after.state === "active" ? at - after.activeSince : 0;
    assert.equal(after.consumedMs + running, activeMs);
  });
});

Deno.test("in any sequence a clock is breached exactly when it ran for longer than its target", () => {
  everyClock((after, _before, at, activeMs) => {
    assert.equal(isBreached(after, at), activeMs > TARGET * MINUTE_MS);
  });
});
