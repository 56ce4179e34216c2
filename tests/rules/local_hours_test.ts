import assert from "node:assert/strict";
import fc from "fast-check";
import { laterDate, localHours } from "../../domain/rules/local_hours.ts";
import { DAY_MS, HOUR_MS } from "../../domain/rules/time.ts";

function placesOf(timezone: string, start: number, hours: number): number[] {
  return [...localHours({ start, end: start + hours * HOUR_MS }, timezone).places];
}

Deno.test("in UTC the hours of the wall clock are those of the range", () => {
  const start = Date.UTC(2026, 2, 28, 5);
  assert.deepEqual(placesOf("UTC", start, 22), Array.from({ length: 22 }, (_, hour) => hour + 5));
  assert.equal(localHours({ start, end: start }, "UTC").firstDate, "2026-03-28");
});

Deno.test("where clocks are put forward an hour is left out, and the next day begins where it must", () => {
  // At two in the night of the 29th, which is one by UTC, it becomes three.
  const places = placesOf("Europe/Berlin", Date.UTC(2026, 2, 28, 22), 28);
  assert.deepEqual(places.slice(0, 6), [23, 24, 25, 27, 28, 29]);
  assert.deepEqual(places.slice(21, 25), [45, 46, 47, 48]);
});

Deno.test("where clocks are put back an hour comes twice", () => {
  const places = placesOf("Europe/Berlin", Date.UTC(2026, 9, 24, 22), 30);
  assert.deepEqual(places.slice(0, 5), [0, 1, 2, 2, 3]);
  assert.deepEqual(places.slice(23, 27), [22, 23, 24, 25]);
});

Deno.test("where the day begins at half past, an hour of UTC belongs to that in which it begins", () => {
  const { firstDate, places } = localHours(
    { start: Date.UTC(2026, 0, 4, 17), end: Date.UTC(2026, 0, 4, 20) },
    "Asia/Kolkata",
  );
  assert.equal(firstDate, "2026-01-04");
  assert.deepEqual([...places], [22, 23, 24]);
});

Deno.test("every hour of a year is where the platform says that it is", () => {
  const zones = fc.constantFrom(
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Apia",
  );
  const hour = fc.integer({ min: Date.UTC(2011, 0) / HOUR_MS, max: Date.UTC(2027, 0) / HOUR_MS });
  fc.assert(
    fc.property(zones, hour, (timezone, first) => {
      const start = first * HOUR_MS;
      const { firstDate, places } = localHours({ start, end: start + 200 * DAY_MS }, timezone);
      for (let at = 0; at < places.length; at += 7) {
        const local = Temporal.Instant.fromEpochMilliseconds(start + at * HOUR_MS)
          .toZonedDateTimeISO(timezone);
        const place = places[at] ?? NaN;
        assert.equal(place % 24, local.hour);
        assert.equal(laterDate(firstDate, Math.floor(place / 24)), local.toPlainDate().toString());
      }
    }),
    { numRuns: 20 },
  );
});
