import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Clock,
  fulfilClock,
  isBreached,
  pauseClock,
  resumeClock,
} from "../../domain/rules/clock.ts";
import { retargetClocks } from "../../domain/rules/sla_change.ts";
import { advance } from "../../domain/rules/sla_advance.ts";
import type { Ticket } from "../../domain/rules/ticket.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { aClock, aTicket, HOURS, minute, someClocks, termsOf } from "../support/builders.ts";

const TARGET = 480;

/** The clock under another target from that instant on, with all that comes of it at once. */
function retargeted(resolution: Clock, resolutionTime: number, at: Instant): Clock {
  const configuration = { ...termsOf(aTicket()).configuration, resolutionTime };
  const before = advanced(aTicket({ sla: someClocks({ resolution }) }), at);
  const sla = retargetClocks(before.sla, { configuration, calendar: HOURS }, at, HOURS);
  return advanced({ ...before, sla }, at).sla.resolution;
}

function advanced(ticket: Ticket, at: Instant): Ticket {
  return advance(ticket, null, HOURS, at).at(-1)?.decision.ticket ?? ticket;
}

Deno.test("of 480 minutes 100 are used: with a target of 120 there are 20 left", () => {
  const clock = retargeted(aClock(TARGET), 120, minute(100));
  assert.equal(clock.dueAt, minute(120));
  assert.equal(clock.breachedAt, null);
  assert.equal(isBreached(clock, minute(120)), false);
  assert.equal(isBreached(clock, minute(120) + 1), true);
});

Deno.test("of 480 minutes 200 are used: a target of 120 is broken at the swap", () => {
  const clock = retargeted(aClock(TARGET), 120, minute(200));
  assert.equal(clock.breachedAt, minute(200));
  const late = fulfilClock(clock, minute(210), HOURS);
  assert.ok(late.state === "fulfilled" && !late.met);
  assert.equal(late.breachedAt, minute(200));
});

Deno.test("a target that is used up to the minute is not broken yet", () => {
  assert.equal(retargeted(aClock(TARGET), 120, minute(120)).breachedAt, null);
  assert.equal(retargeted(aClock(TARGET), 120, minute(120) + 1).breachedAt, minute(120) + 1);
});

Deno.test("a longer target takes no breach back, noticed or not", () => {
  const at = minute(TARGET + 5);
  const clock = retargeted(aClock(TARGET), 10_000, at);
  assert.equal(clock.dueAt, minute(10_000));
  assert.equal(clock.breachedAt, minute(TARGET), "at the deadline that passed, not at the swap");
  assert.equal(retargeted(clock, 20_000, at).breachedAt, minute(TARGET));
});

Deno.test("a clock that stands still goes on under its new target with what it had consumed", () => {
  const paused = pauseClock(aClock(TARGET), minute(100), HOURS);
  const swapped = retargeted(paused, 120, minute(1_000));
  assert.equal(swapped.state, "paused");
  assert.equal(swapped.breachedAt, null);
  assert.equal(resumeClock(swapped, minute(2_000), HOURS).dueAt, minute(2_020));
  const used = pauseClock(aClock(TARGET), minute(200), HOURS);
  assert.equal(retargeted(used, 120, minute(1_000)).breachedAt, minute(1_000));
});

Deno.test("a clock that is done stays as it is", () => {
  const done = fulfilClock(aClock(TARGET), minute(100), HOURS);
  assert.equal(retargeted(done, 120, minute(200)), done);
});

Deno.test("whatever targets come and go, a clock ends as if it had had the last one all along", () => {
  const swaps = fc.array(
    fc.record({ target: fc.integer({ min: 300, max: 900 }), wait: fc.nat(20) }),
  );
  fc.assert(fc.property(swaps, (steps) => {
    let clock: Clock = aClock(TARGET);
    let at = 0;
    let target = TARGET;
    // At most 300 minutes: no target is used up on the way.
    for (const step of steps.slice(0, 15)) {
      at += step.wait;
      clock = retargeted(clock, step.target, minute(at));
      target = step.target;
    }
    assert.equal(clock.dueAt, minute(target));
    assert.equal(clock.breachedAt, null);
    assert.equal(clock.targetMinutes * MINUTE_MS, clock.dueAt - minute(0));
  }));
});
