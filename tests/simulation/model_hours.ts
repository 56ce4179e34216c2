import type { Hours, Weekday } from "../../domain/rules/calendar.ts";
import type { Instant } from "../../domain/rules/time.ts";

/** Open from, closed from. */
type Stretch = readonly [Instant, Instant];

const DAY = 86_400_000;
/** Nothing that is looked for takes longer. */
const DAYS_MAX = 2_000;
/** In the order of `Temporal`'s days of the week. */
const NAMES: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** The open milliseconds from one instant to another, day by day. */
export function openBetween(hours: Hours, from: Instant, to: Instant): number {
  if (to <= from) return 0;
  if (hours.alwaysOpen) return to - from;
  let open = 0;
  let counted = from;
  for (const [opens, closes] of stretchesFrom(hours, from)) {
    if (opens >= to) break;
    const begin = Math.max(opens, counted);
    const end = Math.min(closes, to);
    if (end > begin) {
      open += end - begin;
      counted = end;
    }
  }
  return open;
}

/** The first instant by which so much open time has passed; the start itself for none. */
export function afterOpen(hours: Hours, from: Instant, amount: number): Instant {
  if (amount <= 0) return from;
  if (hours.alwaysOpen) return from + amount;
  let left = amount;
  let counted = from;
  for (const [opens, closes] of stretchesFrom(hours, from)) {
    const begin = Math.max(opens, counted);
    if (closes <= begin) continue;
    if (closes - begin >= left) return begin + left;
    left -= closes - begin;
    counted = closes;
  }
  throw new Error(`Cannot find so much open time: ${amount} ms`);
}

function* stretchesFrom(hours: Hours, from: Instant): Generator<Stretch> {
  // Wherever it is, its day is that of UTC or one beside it.
  const first = Math.floor(from / DAY) - 1;
  for (let day = first; day < first + DAYS_MAX; day++) yield* stretchesOf(hours, day);
}

/** Only what was worked out before is remembered, day by day. */
const known = new WeakMap<Hours, Map<number, Stretch[]>>();

/** When it is open on a local day, which is told as if it were one of UTC. */
function stretchesOf(hours: Hours, day: number): Stretch[] {
  const days = known.get(hours) ?? new Map<number, Stretch[]>();
  known.set(hours, days);
  const stretches = days.get(day) ?? workOut(hours, day);
  days.set(day, stretches);
  return stretches;
}

function workOut({ timezone, weekly, holidays }: Hours, day: number): Stretch[] {
  const date = Temporal.PlainDate.from("1970-01-01").add({ days: day });
  if (holidays.includes(date.toString())) return [];
  const name = NAMES[date.dayOfWeek - 1];
  const windows = name === undefined ? [] : weekly[name] ?? [];
  const instant = (time: string): Instant => {
    const [on, at] = time === "24:00" ? [date.add({ days: 1 }), "00:00"] : [date, time];
    const local = on.toPlainDateTime(Temporal.PlainTime.from(at));
    return local.toZonedDateTime(timezone, { disambiguation: "compatible" }).epochMilliseconds;
  };
  return windows.toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([opens, closes]) => [instant(opens), instant(closes)] as const);
}
