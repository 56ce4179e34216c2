import fc from "fast-check";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { isBehind } from "../../domain/rules/sla_course.ts";
import { isOpen, PRIORITIES, STATUSES } from "../../domain/rules/ticket.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { anActor, theCustomer } from "./builders.ts";
import { someHours } from "./calendars.ts";
import { Course, NINE_TO_FIVE } from "./course.ts";

/** In the week in which Berlin's clocks go forward. */
export const OPENED = Date.UTC(2026, 2, 25, 9);

const CALENDARS: readonly Calendar[] = [
  DEFAULT_CALENDAR,
  NINE_TO_FIVE,
  {
    ...NINE_TO_FIVE,
    ...someHours("Europe/Berlin", [["00:00", "06:00"], ["22:00", "24:00"]], [
      "thu",
      "sat",
      "sun",
      "mon",
    ]),
    id: "nights",
    departments: ["Night"],
  },
];

/** What becomes of calendars by edits; the last is deleted. */
const EDITED: readonly Calendar[] = [
  { ...NINE_TO_FIVE, ...someHours("UTC", [["08:00", "12:00"], ["13:00", "20:00"]]) },
  { ...NINE_TO_FIVE, ...someHours("Europe/Berlin", [["09:00", "17:00"]], ["sat", "sun"]) },
  { ...NINE_TO_FIVE, alwaysOpen: true, weekly: {} },
  { ...DEFAULT_CALENDAR, ...someHours("America/New_York", [["00:00", "12:00"]]) },
  { ...NINE_TO_FIVE, deletedAt: OPENED },
];

const someRule = fc.record({
  level: fc.integer({ min: 1, max: 4 }),
  threshold: fc.integer({ min: 1, max: 1_500 }),
  notifyRoles: fc.constant([]),
  on: fc.constantFrom("response" as const, "resolution" as const),
  reassign: fc.boolean(),
});
const somePromise = fc.record({
  responseTime: fc.integer({ min: 1, max: 1_000 }),
  nextReplyTime: fc.option(fc.integer({ min: 1, max: 500 })),
  resolutionTime: fc.integer({ min: 1, max: 3_000 }),
  pauseOnPending: fc.boolean(),
  replyOnly: fc.boolean(),
  escalationRules: fc.uniqueArray(someRule, { maxLength: 4, selector: ({ level }) => level }),
});
const someAct = fc.record({
  kind: fc.constantFrom("ask", "reply", "move", "move", "begin", "edit", "apply", "hours"),
  to: fc.constantFrom(...STATUSES),
  actor: fc.constantFrom(undefined, anActor("supervisor"), anActor("admin"), theCustomer()),
  priority: fc.constantFrom(...PRIORITIES),
  department: fc.constantFrom("general", "Night"),
  promise: somePromise,
  hours: fc.constantFrom(...EDITED),
  // Most often to the minute, so that acts fall on the very instants at which something is due.
  waitMs: fc.oneof(
    fc.integer({ min: 0, max: 600 }).map((minutes) => minutes * MINUTE_MS),
    fc.integer({ min: 0, max: 3 * DAY_MS }),
  ),
});
type Act = typeof someAct extends fc.Arbitrary<infer T> ? T : never;

export const someStory = fc.record({
  calendar: fc.constantFrom(...CALENDARS.slice(0, 2)),
  promise: somePromise,
  other: somePromise,
  warningPercent: fc.integer({ min: 1, max: 100 }),
  acts: fc.array(someAct, { maxLength: 12 }),
});
export type Story = typeof someStory extends fc.Arbitrary<infer T> ? T : never;

export function begun({ calendar, promise, other, warningPercent }: Story): Course {
  const course = new Course(OPENED, calendar, promise, {}, warningPercent);
  const pair = [1, "general"] as const;
  course.configure(OPENED, { pair, configuration: { ...other, calendarId: calendar.id } });
  course.configure(OPENED, { calendars: CALENDARS });
  return course.pass(OPENED);
}

/** Does something where it is allowed. */
export function act(course: Course, each: Act, at: Instant): void {
  const { kind, to, actor, priority, department, promise, hours } = each;
  // An edit of the book waits until the one before has reached every ticket that is open.
  if (kind === "apply" || kind === "hours") {
    if (isOpen(course.ticket) && isBehind(course.ticket, course.book)) course.pass(at);
    if (kind === "hours") course.configure(at, { calendars: [hours] });
    else course.configure(at, { configuration: promise, applyToOpen: true });
    return;
  }
  try {
    if (kind === "ask") course.ask(at);
    if (kind === "reply") course.reply(at);
    if (kind === "move") course.move(at, to, actor);
    if (kind === "begin") course.begin(at);
    if (kind === "edit") course.edit(at, { priority, department });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("refused")) throw error;
  }
}

/** The course after all acts and some days more, `look` coming before each of them. */
export function told(story: Story, look: (course: Course, until: Instant) => void): Course {
  const course = begun(story);
  let at = OPENED;
  for (const each of story.acts) {
    at += each.waitMs;
    look(course, at);
    act(course, each, at);
  }
  const end = at + 20 * DAY_MS;
  look(course, end);
  return course.pass(end);
}

/** Looks right after every instant at which something becomes due. */
export function inTime(course: Course, until: Instant): void {
  for (let turn = 0; turn < 1_000; turn++) {
    const next = course.ticket.nextAt;
    if (next === null || next >= until) return;
    course.pass(next + 1);
  }
  throw new Error("There is no end to what becomes due");
}

/** All that is to be the same; when the record was last written is not. */
export function outcomeOf({ ticket, holder, history }: Course): unknown {
  const held = holder === null ? null : [holder.activeTickets, holder.currentTicketId];
  return { ticket: { ...ticket, updatedAt: 0 }, held, history };
}
