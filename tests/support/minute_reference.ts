import { type Hours, WEEKDAYS } from "../../domain/rules/calendar.ts";
import { type Instant, MINUTE_MS } from "../../domain/rules/time.ts";

/** What can be told of a date once for all its minutes. */
interface KnownDate {
  /** Neither it nor a date beside it is longer or shorter than 24 hours. */
  readonly isOrdinary: boolean;
  readonly windows: readonly (readonly [open: string, close: string])[];
  readonly bounds: readonly (readonly [start: Instant, end: Instant])[];
}

/**
 * Business time asked minute by minute of the wall clock: slow, and another way than that of the
 * desk. Takes whole minutes, as all windows do, and time zones whose offsets are whole minutes.
 */
export function minuteReference(hours: Hours): {
  readonly isOpen: (at: Instant) => boolean;
  readonly between: (from: Instant, to: Instant) => number;
  readonly add: (from: Instant, durationMs: number, latest: Instant) => Instant;
} {
  const dates = new Map<string, KnownDate>();
  const known = (date: Temporal.PlainDate): KnownDate => {
    const text = date.toString();
    const told = dates.get(text) ?? tell(hours, date);
    dates.set(text, told);
    return told;
  };

  function isOpen(at: Instant): boolean {
    const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(hours.timezone);
    const date = wall.toPlainDate();
    const { isOrdinary, windows } = known(date);
    if (isOrdinary) {
      const time = wall.toPlainTime().toString({ smallestUnit: "minute" });
      return windows.some(([open, close]) => open <= time && time < close);
    }
    return [-1, 0, 1].some((days) =>
      known(date.add({ days })).bounds.some(([start, end]) => start <= at && at < end)
    );
  }

  return {
    isOpen,
    between(from, to): number {
      let minutes = 0;
      for (let at = from; at < to; at += MINUTE_MS) if (isOpen(at)) minutes++;
      return minutes * MINUTE_MS;
    },
    add(from, durationMs, latest): Instant {
      let left = durationMs / MINUTE_MS;
      let at = from;
      for (; left > 0 && at < latest; at += MINUTE_MS) if (isOpen(at)) left--;
      return at;
    },
  };
}

function tell(hours: Hours, date: Temporal.PlainDate): KnownDate {
  const { timezone: timeZone, weekly, holidays } = hours;
  const day = WEEKDAYS[date.dayOfWeek - 1] ?? "mon";
  const windows = holidays.includes(date.toString()) ? [] : weekly[day] ?? [];
  const midnight = startOf(date, timeZone);
  const nextMidnight = startOf(date.add({ days: 1 }), timeZone);
  const instantOf = (time: string): Instant =>
    time === "24:00" ? nextMidnight : Temporal.ZonedDateTime.from(`${date}T${time}[${timeZone}]`, {
      disambiguation: "compatible",
    }).epochMilliseconds;
  return {
    isOrdinary: [-1, 0, 1].every((days) => hoursOf(date.add({ days }), timeZone) === 24),
    windows,
    bounds: windows.map(([open, close]) =>
      [Math.max(midnight, instantOf(open)), Math.min(nextMidnight, instantOf(close))] as const
    ),
  };
}

function startOf(date: Temporal.PlainDate, timeZone: string): Instant {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

function hoursOf(date: Temporal.PlainDate, timeZone: string): number {
  const start = date.toZonedDateTime(timeZone);
  // The start of a day that is left out is that of the next one.
  return start.toPlainDate().equals(date) ? start.hoursInDay : 0;
}
