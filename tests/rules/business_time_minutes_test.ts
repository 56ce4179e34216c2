import assert from "node:assert/strict";
import fc from "fast-check";
import { addBusinessTime, businessTimeBetween } from "../../domain/rules/business_time.ts";
import { MINUTE_MS } from "../../domain/rules/time.ts";
import { changesIn, CHANGING_ZONES, hoursIn, instantIn } from "../support/calendars.ts";
import { minuteReference } from "../support/minute_reference.ts";

const SPANS_A_ZONE = { numRuns: 5 };
const MINUTES_A_ZONE = { numRuns: 50 };
/** Beyond the midnights before and after a change. */
const SPAN_MINUTES_MAX = 13 * 60;

Deno.test("over a change of clocks as much is open as the minutes that the wall clock counts", () => {
  const minutes = fc.integer({ min: 0, max: SPAN_MINUTES_MAX });
  for (const zone of CHANGING_ZONES) {
    const change = fc.constantFrom(...changesIn(zone));
    fc.assert(
      fc.property(hoursIn(zone), change, minutes, minutes, (hours, change, before, after) => {
        const [from, to] = [change - before * MINUTE_MS, change + after * MINUTE_MS];
        const reference = minuteReference(hours);
        const openMs = businessTimeBetween(hours, from, to);
        assert.equal(openMs, reference.between(from, to));
        assert.equal(addBusinessTime(hours, from, openMs), reference.add(from, openMs, to));
      }),
      SPANS_A_ZONE,
    );
  }
});

Deno.test("any minute of fifty years is open when the wall clock says so", () => {
  for (const zone of CHANGING_ZONES) {
    fc.assert(
      fc.property(hoursIn(zone), instantIn(zone), (hours, at) => {
        const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
        const openMs = minuteReference(hours).isOpen(minute) ? MINUTE_MS : 0;
        assert.equal(businessTimeBetween(hours, minute, minute + MINUTE_MS), openMs);
      }),
      MINUTES_A_ZONE,
    );
  }
});
