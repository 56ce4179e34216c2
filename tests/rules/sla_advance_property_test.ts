import assert from "node:assert/strict";
import fc from "fast-check";
import { type Calendar, DEFAULT_CALENDAR } from "../../domain/rules/calendar.ts";
import { advance, nextInstant } from "../../domain/rules/sla_advance.ts";
import { PRIORITIES, STATUSES } from "../../domain/rules/ticket.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { someHours } from "../support/calendars.ts";
import { anActor, theCustomer } from "../support/builders.ts";
import { Course, NINE_TO_FIVE } from "../support/course.ts";

/** In the week in which Berlin's clocks go forward. */
const OPENED = Date.UTC(2026, 2, 25, 9);

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
  kind: fc.constantFrom("ask", "ask", "reply", "move", "move", "begin", "edit", "nothing"),
  to: fc.constantFrom(...STATUSES),
  actor: fc.constantFrom(undefined, anActor("supervisor"), anActor("admin"), theCustomer()),
  priority: fc.constantFrom(...PRIORITIES),
  department: fc.constantFrom("general", "Night"),
  // Most often to the minute, so that acts fall on the very instants at which something is due.
  waitMs: fc.oneof(
    fc.integer({ min: 0, max: 600 }).map((minutes) => minutes * MINUTE_MS),
    fc.integer({ min: 0, max: 3 * DAY_MS }),
  ),
});
type Act = typeof someAct extends fc.Arbitrary<infer T> ? T : never;

const someStory = fc.record({
  calendar: fc.constantFrom(...CALENDARS.slice(0, 2)),
  promise: somePromise,
  other: somePromise,
  warningPercent: fc.integer({ min: 1, max: 100 }),
  acts: fc.array(someAct, { maxLength: 12 }),
});
type Story = typeof someStory extends fc.Arbitrary<infer T> ? T : never;

function begun({ calendar, promise, other, warningPercent }: Story): Course {
  const course = new Course(OPENED, calendar, promise, {}, warningPercent);
  const pair = [1, "general"] as const;
  course.configure(OPENED, { pair, configuration: { ...other, calendarId: calendar.id } });
  course.configure(OPENED, { calendars: CALENDARS });
  return course.pass(OPENED);
}

/** Does something where it is allowed. */
function act(course: Course, { kind, to, actor, priority, department }: Act, at: Instant): void {
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
function told(story: Story, look: (course: Course, until: Instant) => void): Course {
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
function inTime(course: Course, until: Instant): void {
  for (let turn = 0; turn < 1_000; turn++) {
    const next = course.ticket.nextAt;
    if (next === null || next >= until) return;
    course.pass(next + 1);
  }
  throw new Error("There is no end to what becomes due");
}

/** All that is to be the same; when the record was last written is not. */
function outcomeOf({ ticket, holder, history }: Course): unknown {
  const held = holder === null ? null : [holder.activeTickets, holder.currentTicketId];
  return { ticket: { ...ticket, updatedAt: 0 }, held, history };
}

Deno.test("what is noticed late happens as it would have in time", () => {
  fc.assert(
    fc.property(someStory, (story) => {
      const late = told(story, () => {});
      assert.deepEqual(outcomeOf(late), outcomeOf(told(story, inTime)));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("how often and when somebody looks changes nothing", () => {
  const looks = fc.array(fc.integer({ min: HOUR_MS, max: 2 * DAY_MS }), {
    minLength: 1,
    maxLength: 10,
  });
  fc.assert(
    fc.property(someStory, looks, (story, gaps) => {
      let turn = 0;
      const now = (course: Course, until: Instant): void => {
        const from = Math.max(OPENED, course.ticket.updatedAt);
        for (let at = from; at < until; at += gaps[turn++ % gaps.length] ?? HOUR_MS) {
          course.pass(at);
        }
      };
      assert.deepEqual(outcomeOf(told(story, now)), outcomeOf(told(story, () => {})));
    }),
    { numRuns: 200 },
  );
});

Deno.test("the next instant is that of the first thing that happens, and never comes if nothing will", () => {
  const check = ({ ticket, holder, hours }: Course): void => {
    const next = nextInstant(ticket, hours);
    assert.equal(ticket.nextAt, next);
    const ages = Date.UTC(2030, 0, 1);
    const [first] = advance(ticket, holder, hours, ages);
    assert.equal(first?.at ?? null, next);
    if (next === null) return;
    assert.equal(advance(ticket, holder, hours, next + 1)[0]?.at, next);
    // What was resolved closes in the very millisecond, all else leaves that to whoever acts in it.
    assert.equal(advance(ticket, holder, hours, next).length, first?.kind === "close" ? 1 : 0);
    assert.deepEqual(advance(ticket, holder, hours, next - 1), []);
  };
  fc.assert(fc.property(someStory, (story) => void told(story, check)), { numRuns: 300 });
});

Deno.test("each warning, breach and level happens once, in the order of their instants", () => {
  fc.assert(
    fc.property(someStory, (story) => {
      const course = told(story, () => {});
      const instants = course.history.map(({ at }) => at);
      assert.deepEqual(instants, instants.toSorted((a, b) => a - b));
      const { firedLevels } = course.ticket.sla;
      assert.equal(new Set(firedLevels).size, firedLevels.length);
      const once = course.news.filter((line) => !line.endsWith("nextReply"))
        .map((line) => line.split(" ").slice(2).join(" ")).filter((line) => line !== "close");
      assert.equal(new Set(once).size, once.length, course.news.join(", "));
    }),
    { numRuns: 300 },
  );
});

Deno.test("a breach that was is never taken back, moved or made again", () => {
  fc.assert(
    fc.property(someStory, (story) => {
      const course = begun(story);
      let at = OPENED;
      for (const each of story.acts) {
        at += each.waitMs;
        const before = course.pass(at).ticket.sla;
        act(course, each, at);
        const after = course.ticket.sla;
        for (const name of ["response", "resolution"] as const) {
          if (before[name].breachedAt !== null) {
            assert.equal(after[name].breachedAt, before[name].breachedAt);
          }
        }
        const first = before.nextReply?.brokenBefore ?? before.nextReply?.breachedAt ?? null;
        const kept = after.nextReply?.brokenBefore ?? after.nextReply?.breachedAt ?? null;
        if (first !== null) assert.equal(kept, first);
      }
    }),
    { numRuns: 300 },
  );
});
