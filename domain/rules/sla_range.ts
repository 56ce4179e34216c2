import { DAY_MS, HOUR_MS, type Instant } from "./time.ts";

/** From whole UTC hour to whole UTC hour, the end not among it. */
export interface HourRange {
  readonly start: Instant;
  readonly end: Instant;
}

/** A pack is of a UTC month, of a UTC day, or of a UTC day with its hours told apart. */
export const PACK_LEVELS = ["month", "day", "hours"] as const;
export type PackLevel = (typeof PACK_LEVELS)[number];

/** A pack to be read for a range, and whether its figures are added or taken away. */
export interface Part {
  readonly level: PackLevel;
  /** When its month or day begins. */
  readonly start: Instant;
  readonly sign: 1 | -1;
  /** Those hours of `hours` that are meant. */
  readonly hours: { readonly from: number; readonly to: number };
}

/** When the month or day begins in which a pack of this level has the instant. */
export function packStart(level: PackLevel, at: Instant): Instant {
  return level === "month" ? monthStart(at) : dayStart(at);
}

/** When the pack of this level ends that begins then. */
export function packEnd(level: PackLevel, start: Instant): Instant {
  return level === "month" ? nextMonth(start) : nextDay(start);
}

/**
 * The packs that make up a range: whole months, whole days, hours at the edges. What is nearly a
 * whole one is the whole one without the rest, so that a month is never put together from more than
 * 16 days, nor a day from more than 13 hours. After `now` there is nothing to be read.
 */
export function partsOf({ start, end }: HourRange, now: Instant): Part[] {
  const parts: Part[] = [];
  const last = nextMonth(monthStart(now));
  const upTo = end > now ? last : end;
  for (let from = start; from < upTo;) {
    const month = monthStart(from);
    const to = Math.min(nextMonth(month), upTo);
    parts.push(...partsOfMonth(month, { start: from, end: to }, 1, now));
    from = to;
  }
  return parts;
}

/** The parts of a range within one month. */
function partsOfMonth(month: Instant, range: HourRange, sign: 1 | -1, now: Instant): Part[] {
  const { start, end } = range;
  const next = nextMonth(month);
  if (start === month && end === next) return [whole("month", month, sign)];
  const rest = [{ start: month, end: start }, { start: end, end: next }]
    .map((each) => ({ start: each.start, end: Math.min(each.end, nextDay(dayStart(now))) }));
  const daysOfRest = rest.reduce((sum, each) => sum + daysIn(each), 0);
  if (daysIn(range) <= 1 + daysOfRest) return partsOfDays(range, sign);
  return [
    whole("month", month, sign),
    ...rest.flatMap((each) => partsOfDays(each, sign === 1 ? -1 : 1)),
  ];
}

function partsOfDays({ start, end }: HourRange, sign: 1 | -1): Part[] {
  const parts: Part[] = [];
  for (let from = start; from < end;) {
    const day = dayStart(from);
    const to = Math.min(nextDay(day), end);
    parts.push(...partsOfDay(day, (from - day) / HOUR_MS, (to - day) / HOUR_MS, sign));
    from = to;
  }
  return parts;
}

function partsOfDay(day: Instant, from: number, to: number, sign: 1 | -1): Part[] {
  if (from === 0 && to === HOURS) return [whole("day", day, sign)];
  if (to - from <= HOURS / 2) return [{ level: "hours", start: day, sign, hours: { from, to } }];
  const rest = [{ from: 0, to: from }, { from: to, to: HOURS }].filter((each) =>
    each.from < each.to
  );
  const opposite = sign === 1 ? -1 : 1;
  return [
    whole("day", day, sign),
    ...rest.map((hours): Part => ({ level: "hours", start: day, sign: opposite, hours })),
  ];
}

const HOURS = DAY_MS / HOUR_MS;

function whole(level: "month" | "day", start: Instant, sign: 1 | -1): Part {
  return { level, start, sign, hours: { from: 0, to: HOURS } };
}

function daysIn({ start, end }: HourRange): number {
  return end <= start ? 0 : Math.ceil(end / DAY_MS) - Math.floor(start / DAY_MS);
}

export function hourStart(at: Instant): Instant {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

export function dayStart(at: Instant): Instant {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

function nextDay(day: Instant): Instant {
  return day + DAY_MS;
}

function monthStart(at: Instant): Instant {
  return utc(at).with({ day: 1 }).startOfDay().epochMilliseconds;
}

/** When the month after the one that begins then begins. */
function nextMonth(month: Instant): Instant {
  return utc(month).add({ months: 1 }).epochMilliseconds;
}

function utc(at: Instant): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("UTC");
}
