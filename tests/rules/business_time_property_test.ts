import assert from "node:assert/strict";
import fc from "fast-check";
import { addBusinessTime, businessTimeBetween } from "../../domain/rules/business_time.ts";
import { hoursFaults, WEEKDAYS } from "../../domain/rules/calendar.ts";
import { DAY_MS } from "../../domain/rules/time.ts";
import {
  changesIn,
  CHANGING_ZONES,
  instantIn,
  someCase,
  someCuts,
  someHours,
} from "../support/calendars.ts";

const RUNS = { numRuns: 500 };

Deno.test("the places of these properties do change their clocks, and their hours have no fault", () => {
  assert.ok(CHANGING_ZONES.length >= 30);
  for (const zone of CHANGING_ZONES) assert.notDeepEqual(changesIn(zone), [], zone);
  fc.assert(fc.property(someCase(), ({ hours }) => assert.deepEqual(hoursFaults(hours), [])));
});

Deno.test("what was added has passed at the instant it leads to, and not a millisecond earlier", () => {
  fc.assert(
    fc.property(someCase(), ({ hours, at, openMs }) => {
      const end = addBusinessTime(hours, at, openMs);
      assert.equal(businessTimeBetween(hours, at, end), openMs);
      if (openMs > 0) assert.equal(businessTimeBetween(hours, at, end - 1), openMs - 1);
    }),
    RUNS,
  );
});

Deno.test("a later start or a longer span never ends earlier", () => {
  const ms = fc.integer({ min: 0, max: 40 * DAY_MS });
  fc.assert(
    fc.property(someCase(), ms, ms, ({ hours, at, openMs }, later, longer) => {
      const end = addBusinessTime(hours, at, openMs);
      assert.ok(addBusinessTime(hours, at + later, openMs) >= end);
      assert.ok(addBusinessTime(hours, at, openMs + longer) >= end);
    }),
    RUNS,
  );
});

Deno.test("a span is the same taken at once or in two parts", () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const ms = fc.integer({ min: 0, max: 400 * DAY_MS });
  fc.assert(
    fc.property(someCase(), part, ms, ms, ({ hours, at, openMs }, share, first, second) => {
      const partMs = Math.floor(openMs * share);
      const halfway = addBusinessTime(hours, at, partMs);
      const end = addBusinessTime(hours, at, openMs);
      assert.equal(addBusinessTime(hours, halfway, openMs - partMs), end);
      const [b, c] = [at + first, at + first + second];
      const parts = businessTimeBetween(hours, at, b) + businessTimeBetween(hours, b, c);
      assert.equal(parts, businessTimeBetween(hours, at, c));
    }),
    RUNS,
  );
});

Deno.test("a week without a gap is all time, however its days are cut", () => {
  const zone = fc.constantFrom(...CHANGING_ZONES);
  const place = zone.chain((timezone) => fc.tuple(fc.constant(timezone), instantIn(timezone)));
  const ms = fc.integer({ min: 0, max: 400 * DAY_MS });
  fc.assert(
    fc.property(place, someCuts(), ms, ([timezone, at], windows, elapsedMs) => {
      const hours = someHours(timezone, windows, WEEKDAYS);
      assert.equal(businessTimeBetween(hours, at, at + elapsedMs), elapsedMs);
      assert.equal(addBusinessTime(hours, at, elapsedMs), at + elapsedMs);
    }),
    RUNS,
  );
});

Deno.test("it does not matter in which order windows are told, nor which copy of them is asked", () => {
  fc.assert(
    fc.property(someCase(), ({ hours, at, openMs }) => {
      const end = addBusinessTime(hours, at, openMs);
      const weekly = Object.fromEntries(
        Object.entries(hours.weekly).map(([day, windows]) => [day, windows?.toReversed()]),
      );
      for (const same of [structuredClone(hours), { ...hours, weekly }]) {
        assert.equal(addBusinessTime(same, at, openMs), end);
        assert.equal(businessTimeBetween(same, at, end), openMs);
      }
    }),
    RUNS,
  );
});
