import assert from "node:assert/strict";
import fc from "fast-check";
import { advance, nextInstant } from "../../domain/rules/sla_advance.ts";
import { clocksOf } from "../../domain/rules/sla.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../domain/rules/time.ts";
import type { Course } from "../support/course.ts";
import { act, begun, inTime, OPENED, outcomeOf, someStory, told } from "../support/stories.ts";

Deno.test("what is noticed late happens as it would have in time", () => {
  fc.assert(
    fc.property(someStory, (story) => {
      const late = told(story, () => {});
      assert.deepEqual(outcomeOf(late), outcomeOf(told(story, inTime)));
    }),
    { numRuns: 500 },
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

Deno.test("no clock is broken but that the history says so, of that clock and as of that instant", () => {
  fc.assert(
    fc.property(someStory, (story) => {
      const course = told(story, () => {});
      const said = course.history.filter(({ action }) => action === "sla_breach")
        .map(({ at, details }) => `${details["clock"]} at ${at}`);
      const broken = clocksOf(course.ticket.sla).flatMap(([name, { breachedAt, brokenBefore }]) =>
        [breachedAt, brokenBefore ?? null].flatMap((at) => at === null ? [] : `${name} at ${at}`)
      );
      assert.deepEqual(broken.filter((each) => !said.includes(each)), []);
      // Each stretch of a next reply may be broken, of the others there is but one breach.
      const others = said.filter((each) => !each.startsWith("nextReply"));
      assert.equal(others.length, broken.filter((each) => !each.startsWith("nextReply")).length);
    }),
    { numRuns: 500 },
  );
});
