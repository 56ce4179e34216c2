import { addBusinessTime, businessTimeBetween } from "../../domain/rules/business_time.ts";
import type { Hours } from "../../domain/rules/calendar.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../domain/rules/time.ts";
import { someHours } from "../support/calendars.ts";
import { median, say } from "./timing.ts";

/** What business time costs, against the same count of sums of wall-clock time by the platform. */
const CALLS_A_ROUND = 100_000;
/** The first call of a year lays it out, which takes about as long as a thousand others. */
const FIRST_CALLS_A_ROUND = 200;
const ROUNDS = 15;
const TIMEZONE = "Europe/Berlin";
const YEAR_FROM = Date.UTC(2026, 0, 1);
/** Of nine to five on workdays a year has 261 days. */
const OPEN_MS_MAX = 261 * 8 * HOUR_MS;

interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly zoned: Temporal.ZonedDateTime;
  readonly openMs: number;
  readonly openHours: number;
}

const kept = nineToFive();
const copies = Array.from({ length: 1_000 }, nineToFive);
let firstCalls = 0;

const works:
  readonly (readonly [what: string, calls: number, (span: Span, index: number) => unknown])[] = [
    ["addBusinessTime", CALLS_A_ROUND, ({ from, openMs }) => addBusinessTime(kept, from, openMs)],
    ["businessTimeBetween", CALLS_A_ROUND, ({ from, to }) => businessTimeBetween(kept, from, to)],
    [
      "addBusinessTime, hours read anew",
      copies.length,
      ({ from, openMs }, index) => addBusinessTime(copies[index] ?? kept, from, openMs),
    ],
    ["addBusinessTime, first of a calendar", FIRST_CALLS_A_ROUND, ({ from, openMs }) => {
      // There was none like it, so that the year is laid out, and mostly the next one too.
      const holidays = [new Date(DAY_MS * firstCalls++).toISOString().slice(0, 10)];
      return addBusinessTime({ ...nineToFive(), holidays }, from, openMs);
    }],
  ];

say(`${"calls/s, the median".padEnd(38)}${"desk".padStart(11)}${"platform".padStart(11)}  ratio`);
for (const [what, calls, work] of works) {
  const rates = { desk: [] as number[], platform: [] as number[] };
  const spans = Array.from({ length: calls }, randomSpan);
  for (let round = 0; round < ROUNDS; round++) {
    // Copies that were asked before would be known as the objects they are.
    for (const index of copies.keys()) copies[index] = nineToFive();
    rates.desk.push(rateOf(spans, work));
    rates.platform.push(
      rateOf(spans, ({ zoned, openHours }) => zoned.add({ hours: openHours }).epochMilliseconds),
    );
  }
  const [desk, platform] = [median(rates.desk), median(rates.platform)];
  say(
    what.padEnd(38) + desk.toFixed(0).padStart(11) + platform.toFixed(0).padStart(11) +
      (desk / platform).toFixed(3).padStart(8),
  );
}

function nineToFive(): Hours {
  return someHours(TIMEZONE, [["09:00", "17:00"]]);
}

/** From any instant of the year, over up to a year. */
function randomSpan(): Span {
  const from = YEAR_FROM + Math.floor(Math.random() * 365 * DAY_MS);
  const openMs = Math.floor(Math.random() * OPEN_MS_MAX);
  return {
    from,
    to: from + Math.floor(Math.random() * 365 * DAY_MS),
    zoned: Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(TIMEZONE),
    openMs,
    openHours: Math.floor(openMs / HOUR_MS),
  };
}

/** Calls a second. */
function rateOf(spans: readonly Span[], work: (span: Span, index: number) => unknown): number {
  const startedAt = performance.now();
  let last: unknown;
  for (const [index, span] of spans.entries()) last = work(span, index);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (last === undefined) throw new Error("Nothing was measured");
  return spans.length / seconds;
}
