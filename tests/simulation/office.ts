import { DEFAULT_CALENDAR, type Hours, type Weekly } from "../../domain/rules/calendar.ts";
import type { EscalationRule } from "../../domain/rules/sla_configuration.ts";
import { PRIORITIES } from "../../domain/rules/ticket.ts";
import { DAY_MS, type Instant } from "../../domain/rules/time.ts";
import { DEPARTMENTS } from "./cast.ts";
import type { Chance } from "./chance.ts";
import type { Edict, Opening, Promised } from "./diary.ts";
import { CATEGORIES } from "./story.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
] as const;

const weekdays = (...windows: [string, string][]): Weekly => ({
  mon: windows,
  tue: windows,
  wed: windows,
  thu: windows,
  fri: windows,
});

const WEEKS: readonly Weekly[] = [
  weekdays(["09:00", "17:00"]),
  weekdays(["09:00", "12:00"], ["13:00", "17:30"]),
  { ...weekdays(["08:00", "18:00"]), sat: [["10:00", "14:00"]] },
  {
    ...weekdays(["00:00", "06:00"], ["22:00", "24:00"]),
    sat: [["00:00", "06:00"]],
    sun: [["01:30", "03:30"]],
  },
  { sat: [["00:00", "24:00"]], sun: [["00:00", "24:00"]], wed: [["07:15", "07:16"]] },
  { mon: [["00:00", "24:00"]], tue: [["00:00", "24:00"]], thu: [["12:00", "20:00"]] },
];

const CALENDAR_IDS = ["main", "north", "south", "night"] as const;
const HOLIDAYS_FOR_DAYS = 70;

/** What an administrator writes next; `openings` are the calendars as they are. */
export function nextEdict(
  chance: Chance,
  openings: ReadonlyMap<string, Opening>,
  now: Instant,
): Edict {
  const id = chance.percent(10) ? "default" : chance.pick(CALENDAR_IDS);
  const opening = openings.get(id);
  return chance.weigh<() => Edict>([
    [6, () => anyPromise(chance)],
    [5, () => ({ verb: "calendar", id, opening: edited(chance, openings, id, now) })],
    [1, () => opening === undefined ? anyPromise(chance) : { verb: "close_calendar", id }],
  ])();
}

/** A calendar whose hours or departments, or both, are others. */
function edited(
  chance: Chance,
  openings: ReadonlyMap<string, Opening>,
  id: string,
  now: Instant,
): Opening {
  const before = openings.get(id);
  const taken = [...openings].flatMap(([other, { departments }]) =>
    other === id ? [] : departments
  );
  const free = DEPARTMENTS.filter((each) => !taken.includes(each));
  const departments = free.filter(() => chance.percent(30));
  if (before === undefined) return { hours: someHours(chance, now), departments };
  return chance.weigh<() => Opening>([
    [4, () => ({ hours: before.hours, departments })],
    [5, () => ({ hours: someHours(chance, now), departments: before.departments })],
    [1, () => ({ hours: someHours(chance, now), departments })],
  ])();
}

function someHours(chance: Chance, now: Instant): Hours {
  if (chance.percent(8)) {
    const { timezone, alwaysOpen, weekly, holidays } = DEFAULT_CALENDAR;
    return { timezone, alwaysOpen, weekly, holidays };
  }
  const holidays = Array.from({ length: chance.between(0, 6) }, () => {
    const day = now + chance.between(-3, HOLIDAYS_FOR_DAYS) * DAY_MS;
    return new Date(day).toISOString().slice(0, 10);
  });
  return {
    timezone: chance.pick(ZONES),
    alwaysOpen: false,
    weekly: chance.pick(WEEKS),
    holidays: [...new Set(holidays)].sort(),
  };
}

function anyPromise(chance: Chance): Edict {
  const responseTime = chance.pick([10, 30, 60, 120, 240, 480]);
  const resolutionTime = responseTime * chance.pick([2, 4, 6]);
  const promised: Promised = {
    responseTime,
    nextReplyTime: chance.percent(65) ? chance.pick([15, 60, 180, 400]) : null,
    resolutionTime,
    pauseOnPending: chance.percent(70),
    replyOnly: chance.percent(30),
    escalationRules: someRules(chance, responseTime, resolutionTime),
    calendarId: chance.pick(["default", ...CALENDAR_IDS]),
  };
  return {
    verb: "promise",
    priority: chance.pick(PRIORITIES),
    category: chance.pick(CATEGORIES),
    promised,
    applyToOpen: chance.percent(45),
  };
}

function someRules(chance: Chance, response: number, resolution: number): EscalationRule[] {
  return [1, 2, 3, 5].filter(() => chance.percent(45)).map((level) => {
    const on = chance.pick(["response", "resolution"] as const);
    const time = on === "response" ? response : resolution;
    return {
      level,
      threshold: Math.max(1, Math.round(time * chance.pick([0.3, 0.5, 1, 1.5, 2]))),
      notifyRoles: chance.pick(
        [["supervisor"], ["supervisor", "admin"], ["agent"], ["agent", "admin"]] as const,
      ),
      on,
      reassign: chance.percent(40),
    };
  });
}
