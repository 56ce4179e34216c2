import assert from "node:assert/strict";
import { trendOf } from "../../domain/rules/prediction.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { DAYS, planMonth, TICKETS } from "../../domain/services/seed_course.ts";
import { START } from "../support/time.ts";

/** Every seventh hour and some minutes of a fortnight: all weekdays, at many hours. */
const INSTANTS = Array.from(
  { length: 48 },
  (_, turn) => START + turn * 7 * HOUR_MS + turn * MINUTE_MS,
);
const ZONES = ["UTC", "America/Los_Angeles", "Asia/Kolkata"];

function local(at: Instant, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
}

Deno.test("a month is the same each time that it is planned for one instant", () => {
  for (const now of INSTANTS) assert.deepEqual(planMonth(now, "UTC"), planMonth(now, "UTC"));
});

Deno.test("whenever it is planned, a month is past, whole and in order of time", () => {
  for (const now of INSTANTS) {
    for (const timezone of ZONES) {
      const opened = planMonth(now, timezone).map(({ at }) => at);
      assert.equal(opened.length, TICKETS);
      assert.ok(opened.every((at) => at < now && at >= now - DAYS * DAY_MS - HOUR_MS));
      assert.ok(Math.min(...opened) < now - (DAYS - 2) * DAY_MS);
      // Of the last ones some stand where they are when a few more have come.
      const settled = opened.slice(0, -6);
      assert.deepEqual(settled, settled.toSorted((a, b) => a - b));
    }
  }
});

Deno.test("a month does not grow, and has its weekends and nights", () => {
  for (const now of INSTANTS) {
    for (const timezone of ZONES) {
      const times = planMonth(now, timezone).map(({ at }) => local(at, timezone));
      const today = local(now, timezone).toPlainDate();
      const days = Array.from({ length: DAYS }, (_, index) => {
        const date = today.subtract({ days: DAYS - index }).toString();
        return {
          date,
          count: times.filter((each) => each.toPlainDate().toString() === date).length,
        };
      });
      const { changePercent } = trendOf(days);
      assert.ok(
        Math.abs(changePercent) < 8,
        `${changePercent} % at ${new Date(now).toUTCString()}`,
      );
      const share = (of: (time: Temporal.ZonedDateTime) => boolean): number =>
        times.filter(of).length / TICKETS;
      assert.ok(share(({ dayOfWeek }) => dayOfWeek > 5) < 0.2);
      assert.ok(share(({ hour }) => hour >= 8 && hour < 18) > 0.65);
      assert.ok(share(({ hour }) => hour < 6) < 0.1);
    }
  }
});
