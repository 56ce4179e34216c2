import { localHours } from "../rules/local_hours.ts";
import { hourStart } from "../rules/sla_range.ts";
import type { Score } from "../rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../rules/time.ts";
import { type Chance, chanceOf } from "./seed_chance.ts";
import { OPINIONS, type Request, REQUESTS, UNANSWERABLE } from "./seed_data.ts";

/** What becomes of a ticket of the demonstration desk; null where it does not happen. */
export interface Course {
  readonly at: Instant;
  readonly request: Request;
  /** Tells apart who asks and in which words everybody speaks. */
  readonly index: number;
  /** Of the time promised for it: above 1 it comes late. */
  readonly answeredAfter: number | null;
  readonly resolvedAfter: number | null;
  /** A question to the customer, and after how many minutes that is answered. */
  readonly question: { readonly answeredAfterMinutes: number | null } | null;
  readonly isNoted: boolean;
  readonly isEscalated: boolean;
  /** After how many minutes the customer finds that it was not resolved. */
  readonly backAfterMinutes: number | null;
  readonly rating: Opinion | null;
  /** Otherwise it closes by itself. */
  readonly closedAfterDays: number | null;
}

interface Opinion {
  readonly score: Score;
  readonly comment?: string;
  readonly afterMinutes: number;
}

/** Any will do. Before one instant there is always the same month. */
const SEED = 3;
export const DAYS = 30;
export const TICKETS = 150;

/** How many tickets come on each weekday, Monday the first, and in each hour of a day, as weights. */
const WEEKDAYS = [13, 12, 11, 11, 10, 4, 3];
const HOURS = [1, 1, 0, 0, 0, 1, 2, 5, 11, 15, 16, 14, 10, 11, 14, 13, 10, 7, 5, 4, 4, 3, 2, 1];
/** No two days of a fortnight are alike: so much of what is usual comes. The next one is like it. */
const BUSTLE = { low: 0.75, high: 1.25 };
const BUSTLE_DAYS = 14;
const HOURS_A_DAY = DAY_MS / HOUR_MS;

/** What stands still where it is, however long ago it came, and what has come just now. */
interface UnderWay extends Partial<Course> {
  readonly minutesAgo: number;
  readonly isNew: boolean;
}

/** The last of the tickets: a desk to look at has work of each kind, at whatever hour. */
const UNDER_WAY: readonly UnderWay[] = [
  { minutesAgo: 400, isNew: false, request: named("Charged twice"), isEscalated: true },
  {
    minutesAgo: 330,
    isNew: false,
    request: named("How do I"),
    question: { answeredAfterMinutes: null },
  },
  { minutesAgo: 240, isNew: false, request: named("Laptop battery") },
  { minutesAgo: 150, isNew: true, request: named("Cannot log in") },
  { minutesAgo: 45, isNew: true, request: named("Printer jams"), answeredAfter: null },
  { minutesAgo: 12, isNew: true, request: UNANSWERABLE, answeredAfter: null },
].map((each) => ({ answeredAfter: 0.2, resolvedAfter: null, question: null, ...each }));

/**
 * The tickets of the month before an instant, about as many in its second half as in its first: more
 * on workdays than at weekends, by day than by night, in the time zone. The last few are under way.
 */
export function planMonth(now: Instant, timezone: string): Course[] {
  const chance = chanceOf(SEED);
  const settled = openings(now, timezone, chance).map((at, index) => settle(at, index, chance));
  const first = TICKETS - UNDER_WAY.length;
  return settled.map((course, index) => {
    const underWay = UNDER_WAY[index - first];
    if (underWay === undefined) return course;
    const { minutesAgo, isNew, ...stands } = underWay;
    const latest = now - minutesAgo * MINUTE_MS;
    return { ...course, ...stands, at: isNew ? latest : Math.min(course.at, latest) };
  });
}

/** In each of as many equal parts of the month's work one ticket, somewhere. */
function openings(now: Instant, timezone: string, chance: Chance): Instant[] {
  const start = hourStart(now) - DAYS * DAY_MS;
  const { firstDate, places } = localHours({ start, end: hourStart(now) }, timezone);
  const firstWeekday = Temporal.PlainDate.from(firstDate).dayOfWeek - 1;
  const bustle = Array.from({ length: BUSTLE_DAYS }, () => chance.share(BUSTLE.low, BUSTLE.high));
  const weights = Array.from(places, (place) => {
    const day = Math.floor(place / HOURS_A_DAY);
    const ofWeekday = WEEKDAYS[(firstWeekday + day) % WEEKDAYS.length] ?? 0;
    return ofWeekday * (HOURS[place % HOURS_A_DAY] ?? 0) * (bustle[day % BUSTLE_DAYS] ?? 1);
  });
  const part = weights.reduce((sum, weight) => sum + weight, 0) / TICKETS;
  let [hour, before] = [0, 0];
  return Array.from({ length: TICKETS }, (_, index) => {
    const sought = (index + chance.share(0, 0.99)) * part;
    for (; before + (weights[hour] ?? Infinity) <= sought; hour++) before += weights[hour] ?? 0;
    const ofHour = (sought - before) / (weights[hour] ?? Infinity);
    return Math.floor(start + (hour + ofHour) * HOUR_MS);
  });
}

/** One that was resolved: mostly in time, mostly to the customer's content. */
function settle(at: Instant, index: number, chance: Chance): Course {
  const isSlow = chance.percent(8);
  const isLate = chance.percent(12);
  const asks = chance.percent(30);
  const returns = chance.percent(97);
  return {
    at,
    index,
    request: chance.weigh(REQUESTS, ({ often }) => often),
    answeredAfter: isSlow ? chance.share(1.1, 1.9) : chance.share(0.1, 0.8),
    resolvedAfter: isLate ? chance.share(1.05, 1.6) : chance.share(0.25, 0.9),
    question: asks ? { answeredAfterMinutes: returns ? chance.between(15, 240) : null } : null,
    isNoted: chance.percent(25),
    isEscalated: chance.percent(4),
    backAfterMinutes: chance.percent(5) ? chance.between(60, 600) : null,
    rating: chance.percent(60) ? opinion(isSlow || isLate, chance) : null,
    closedAfterDays: chance.percent(75) ? chance.between(1, 4) : null,
  };
}

function opinion(hadToWait: boolean, chance: Chance): Opinion {
  const { score, comments } = chance.weigh(
    OPINIONS,
    ({ often, afterWaiting }) => hadToWait ? afterWaiting : often,
  );
  const comment = chance.weigh(comments, () => 1);
  const afterMinutes = chance.between(20, 1_200);
  return chance.percent(40) ? { score, comment, afterMinutes } : { score, afterMinutes };
}

function named(beginning: string): Request {
  const request = REQUESTS.find(({ title }) => title.startsWith(beginning));
  if (request === undefined) throw new Error(`Cannot seed: nobody asks "${beginning}"`);
  return request;
}
