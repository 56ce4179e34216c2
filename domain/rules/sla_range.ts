import { DAY_MS, HOUR_MS, type Instant } from "./time.ts";

/** From whole UTC hour to whole UTC hour, the end not among it. */
export interface HourRange {
  readonly start: Instant;
  readonly end: Instant;
}

/**
 * A pack is of a UTC month, of a third of one (from the 1st, 11th and 21st), of a UTC day, or of a UTC
 * day with its hours told apart. Each is the sum of those of the level behind it.
 */
export const PACK_LEVELS = ["month", "third", "day", "hours"] as const;
export type PackLevel = (typeof PACK_LEVELS)[number];

/** A pack to be read for a range, and whether its figures are added or taken away. */
export interface Part {
  readonly level: PackLevel;
  /** When its month, third or day begins. */
  readonly start: Instant;
  readonly sign: 1 | -1;
  /** Those hours of `hours` that are meant. */
  readonly hours: { readonly from: number; readonly to: number };
}

/** When the month, third or day begins in which a pack of this level has the instant. */
export function packStart(level: PackLevel, at: Instant): Instant {
  if (level === "day" || level === "hours") return Math.floor(at / DAY_MS) * DAY_MS;
  const { year, month, day } = dateOf(at);
  const third = THIRDS.findLast((each) => each <= day) ?? 1;
  return Date.UTC(year, month, level === "month" ? 1 : third);
}

/** When the pack of this level ends that begins then. */
export function packEnd(level: PackLevel, start: Instant): Instant {
  if (level === "day" || level === "hours") return start + DAY_MS;
  const { year, month, day } = dateOf(start);
  const next = THIRDS.find((each) => each > day);
  if (level === "third" && next !== undefined) return Date.UTC(year, month, next);
  return Date.UTC(year, month + 1, 1);
}

/** The days of a month with which its thirds begin. */
const THIRDS = [1, 11, 21];

/**
 * The packs that make up a range: whole months, whole thirds, whole days, hours at the edges. What
 * is nearly a whole one is the whole one without the rest, so that at each end of the range no more
 * than eight packs are read beside whole months. After `now` there is nothing to be read.
 */
export function partsOf({ start, end }: HourRange, now: Instant): Part[] {
  // Where all that has happened is meant, so is what is to come.
  const upTo = end > now ? packEnd("month", packStart("month", now)) : end;
  const day = packStart("day", start);
  // Nothing takes less time than to read some hours of a single day.
  if (end - start <= DAY_MS / 2 && packStart("day", end - 1) === day && end <= now) {
    return partsOfHours(day, { start, end }, 1);
  }
  return partsOfUnits("month", { start, end: upTo }, { sign: 1, now });
}

interface Circumstances {
  readonly sign: 1 | -1;
  readonly now: Instant;
}

/** The parts of a range by months, thirds or days. */
function partsOfUnits(
  level: "month" | "third" | "day",
  { start, end }: HourRange,
  circumstances: Circumstances,
): Part[] {
  const parts: Part[] = [];
  for (let from = start; from < end;) {
    const unit = packStart(level, from);
    const to = Math.min(packEnd(level, unit), end);
    parts.push(...partsOfUnit(level, unit, { start: from, end: to }, circumstances));
    from = to;
  }
  return parts;
}

/** The parts of a range within one month, third or day: by its own, or it without the rest. */
function partsOfUnit(
  level: "month" | "third" | "day",
  unit: Instant,
  range: HourRange,
  { sign, now }: Circumstances,
): Part[] {
  const next = packEnd(level, unit);
  const whole: Part = { level, start: unit, sign, hours: { from: 0, to: HOURS } };
  if (range.start === unit && range.end === next) return [whole];
  const within = (of: HourRange, sign: 1 | -1): Part[] =>
    level === "day"
      ? partsOfHours(unit, of, sign)
      : partsOfUnits(level === "month" ? "third" : "day", of, { sign, now });
  const parts = within(range, sign);
  const comes = packStart("day", now) + DAY_MS;
  const rest = [
    { start: unit, end: range.start },
    { start: range.end, end: Math.min(next, Math.max(comes, range.end)) },
  ].flatMap((each) => within(each, sign === 1 ? -1 : 1));
  return costOf(parts) <= costOf([whole, ...rest]) ? parts : [whole, ...rest];
}

const HOURS = DAY_MS / HOUR_MS;

function partsOfHours(day: Instant, { start, end }: HourRange, sign: 1 | -1): Part[] {
  if (start >= end) return [];
  const hours = { from: (start - day) / HOUR_MS, to: (end - day) / HOUR_MS };
  return [{ level: "hours", start: day, sign, hours }];
}

/** Of packs; twelve hours, told apart, take as long as one. */
function costOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { level, hours }) => {
    const told = level === "hours" ? (hours.to - hours.from) / (HOURS / 2) : 0;
    return sum + 1 + told;
  }, 0);
}

export function hourStart(at: Instant): Instant {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** The months from 0 on. A question is broken up into hundreds of packs: this is asked often. */
function dateOf(at: Instant): { year: number; month: number; day: number } {
  const date = new Date(at);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
}
