import type { HourlyCounts } from "../rules/prediction.ts";
import { eachCount } from "../rules/sla_pack.ts";
import type { Measurement } from "../rules/sla_metrics.ts";
import { type HourRange, hourStart, packStart } from "../rules/sla_range.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../rules/time.ts";
import { keys } from "../store/keys.ts";
import { listPacks } from "../store/sla_packs.ts";
import { readList, type Store } from "../store/store.ts";

/** Tickets opened, hour by hour. */
export interface CreationCounts {
  /**
   * Whole days of UTC up to the last hour that has been packed: from the day before the first ticket
   * on, which is a whole one in any time zone then, or of the last year.
   */
  readonly range: HourRange;
  readonly all: HourlyCounts;
  /** By folded name: of those that were asked for, and those with the latest tickets. */
  readonly departments: ReadonlyMap<string, HourlyCounts>;
}

const HOURS = { scope: "department", level: "hours" } as const;

const WEEKS_READ_MAX = 52;
/** No more departments than this are told apart; the others count in the whole alone. */
export const DEPARTMENTS_MAX = 50;

/** A desk of so many departments that there are more packs is known from a shorter time. */
const PACKS_READ_MAX = 20_000;
/** This much is read before it is looked whether there may be more. */
const DAYS_AT_ONCE = 7;
/** With those of the last day, which has begun, and of the day before the first ticket. */
const HOURS_READ_MAX = (1 + WEEKS_READ_MAX * DAYS_AT_ONCE + 1) * DAY_MS / HOUR_MS;

/**
 * Reads packs of hours alone, the latest week first: one for each department, priority and day, until
 * they were a year or `PACKS_READ_MAX`; a week that begins below that limit is read to its end. Of
 * departments those of these names, at most `DEPARTMENTS_MAX`, are told apart before others.
 */
export async function readCreated(
  store: Store,
  names: readonly string[] = [],
): Promise<CreationCounts> {
  const end = await packedUntil(store);
  const lastDay = packStart("hours", end);
  const yearAgo = lastDay - WEEKS_READ_MAX * DAYS_AT_ONCE * DAY_MS;
  const base = yearAgo - DAY_MS;
  const first = await firstPack(store) ?? lastDay;
  const earliest = Math.min(lastDay, Math.max(yearAgo, first));
  const all = new Float64Array(HOURS_READ_MAX);
  const departments = new Map(names.map((name) => [name, new Float64Array(HOURS_READ_MAX)]));
  let start = lastDay + DAY_MS;
  for (let packs = 0; start > earliest && packs < PACKS_READ_MAX;) {
    const to = start - DAY_MS;
    start = Math.max(earliest, start - DAYS_AT_ONCE * DAY_MS);
    for await (const pack of listPacks(store, HOURS, { from: start, to })) {
      packs += 1;
      const day = (pack.start - base) / HOUR_MS;
      eachCount(pack.bytes, "created", (hour, department, count) => {
        if (pack.start + hour * HOUR_MS >= end) return;
        add(all, day + hour, count);
        const ofDepartment = hoursOf(departments, department);
        if (ofDepartment !== null) add(ofDepartment, day + hour, count);
      });
    }
  }
  start = Math.min(start, end);
  if (start <= first) start -= DAY_MS;
  const range = { start, end };
  const within = (counts: Float64Array): HourlyCounts => ({
    range,
    counts: counts.subarray((start - base) / HOUR_MS, (end - base) / HOUR_MS),
  });
  return {
    range,
    all: within(all),
    departments: new Map([...departments].map(([name, counts]) => [name, within(counts)])),
  };
}

/** When the first day began of which anything has been packed; null where nothing was. One read. */
export async function firstPack(store: Store): Promise<Instant | null> {
  const [first] = await readList(store, keys.slaPacksOf("department", "hours"), { limit: 1 });
  return first === undefined ? null : Number(first.key[3]);
}

/** Of what waits to be packed no more is looked through for the first ticket that was opened. */
const WAITING_READ_MAX = 1_000;

/**
 * The hour of the first ticket that has not been packed; all that were opened before it have been.
 * One read of a list.
 */
export async function packedUntil(store: Store): Promise<Instant> {
  const now = hourStart(store.now());
  const waiting = await readList<Measurement>(store, keys.measurements(), {
    limit: WAITING_READ_MAX,
  });
  const counts = waiting.flatMap(({ value }) => value.counts);
  // What else happened says little: a breach that was noticed late counts in an hour long past.
  const opened = counts.filter(({ measure }) => measure === "created");
  if (opened.length > 0) return opened.reduce((first, { hour }) => Math.min(first, hour), now);
  if (waiting.length < WAITING_READ_MAX) return now;
  // What lies behind these was measured later, the tickets among it opened later.
  return Math.min(now, counts.reduce((latest, { hour }) => Math.max(latest, hour), 0));
}

function hoursOf(
  departments: Map<string, Float64Array>,
  name: string,
): Float64Array | null {
  const known = departments.get(name);
  if (known !== undefined) return known;
  if (departments.size === DEPARTMENTS_MAX) return null;
  const hours = new Float64Array(HOURS_READ_MAX);
  departments.set(name, hours);
  return hours;
}

function add(counts: Float64Array, at: number, count: number): void {
  counts[at] = (counts[at] ?? 0) + count;
}
