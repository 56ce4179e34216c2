import assert from "node:assert/strict";
import fc from "fast-check";
import type { ShiftHappening } from "../../domain/rules/shift_edges.ts";
import { DAY_MS, type Instant, MINUTE_MS } from "../../domain/rules/time.ts";
import { anAgent } from "../support/builders.ts";
import { make, type Move, moves } from "../support/shift_moves.ts";
import { advanced, assertSound, NINE, type Roster } from "../support/shifts.ts";

const wishes = fc.boolean();

/** All the moves, with the time in between in steps of so many minutes, at most. */
function play(all: readonly Move[], wishesOnline: boolean, stepMinutes: number): Played {
  const wish = wishesOnline ? { onlineAtShiftStart: true as const } : {};
  let roster: Roster = { agent: anAgent("Ada", wish), shifts: [] };
  let at: Instant = NINE;
  const log: ShiftHappening[] = [];
  const wait = (until: Instant): void => {
    while (at < until) {
      at = Math.min(until, at + stepMinutes * MINUTE_MS);
      const course = advanced(roster, at);
      log.push(...course.happened);
      roster = { agent: course.agent, shifts: course.shifts };
      if (course.happened.length > 0) assertSound(roster);
    }
  };
  for (const move of all) {
    wait(at + move.minutes * MINUTE_MS);
    const made = make(roster, move, at);
    log.push(...made.happened);
    roster = { agent: made.roster.agent, shifts: made.roster.shifts };
    assertSound(roster);
  }
  wait(at + 3 * DAY_MS);
  return { roster, log };
}

interface Played {
  readonly roster: Roster;
  readonly log: readonly ShiftHappening[];
}

Deno.test("after any moves at any times all shifts fit together, and in the end nothing waits", () => {
  fc.assert(
    fc.property(moves, wishes, (all, wish) => {
      const { roster } = play(all, wish, 10_000);
      for (const { status, nextAt } of roster.shifts) {
        assert.ok(status === "completed" || status === "cancelled");
        assert.equal(nextAt, null);
      }
      assert.equal(roster.agent.currentShiftId, undefined);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("to advance in one step is to advance minute by minute", () => {
  fc.assert(
    fc.property(moves, wishes, (all, wish) => {
      const late = play(all, wish, 100_000);
      const inTime = play(all, wish, 1);
      assert.deepEqual(late.roster, inTime.roster);
      assert.deepEqual(logOf(late), logOf(inTime));
    }),
    { numRuns: 100 },
  );
});

function logOf({ log }: Played): unknown[] {
  return log.map(({ kind, at, shift, breakId }) => [kind, at, shift, breakId]);
}

const NOTICES = ["starting", "ending_30", "ending_5"];

Deno.test("the log of any moves is legal: every start before its end, and nobody told twice", () => {
  fc.assert(
    fc.property(moves, wishes, (all, wish) => {
      const { log } = play(all, wish, 10_000);
      let until = -Infinity;
      for (const { at } of log) {
        assert.ok(at >= until, "the log goes back");
        until = at;
      }
      for (const [id, lines] of byShift(log)) {
        const edges = lines.filter(({ kind }) => /^(started|ended)$/.test(kind));
        const text = edges.map(({ kind }) => kind).join(" ");
        // Any time but the first as overtime, of which a new plan can make an ordinary shift again.
        assert.match(text, /^((started ended)( started ended)*)?$/, id);
        assertBreaks(lines, id);
        const planned = new Map<string, unknown>();
        for (const { kind, shift } of lines) {
          if (!NOTICES.includes(kind)) continue;
          const time = kind === "starting" ? shift.start : shift.end;
          assert.notEqual(planned.get(kind), time, `${kind} of ${id} twice`);
          planned.set(kind, time);
        }
      }
      assertOneAtATime(log);
    }),
    { numRuns: 1_000 },
  );
});

function byShift(log: readonly ShiftHappening[]): Map<string, ShiftHappening[]> {
  return Map.groupBy(log, ({ shift }) => shift.id);
}

/** Breaks lie between the start and the end, one at a time, each once. */
function assertBreaks(lines: readonly ShiftHappening[], id: string): void {
  const taken = new Set<string>();
  let running: string | null = null;
  let isStarted = false;
  for (const { kind, breakId = "" } of lines) {
    if (kind === "started") isStarted = true;
    if (kind === "ended") {
      assert.equal(running, null, `${id} ended on a break`);
      isStarted = false;
    }
    if (kind === "break_started") {
      assert.ok(isStarted && running === null && !taken.has(breakId), `${id}: ${breakId} began`);
      taken.add(running = breakId);
    }
    if (kind === "break_ended") {
      assert.equal(running, breakId, `${id}: ${breakId} ended`);
      running = null;
    }
  }
}

function assertOneAtATime(log: readonly ShiftHappening[]): void {
  let current: string | null = null;
  for (const { kind, shift } of log) {
    if (kind === "started") {
      assert.equal(current, null, `${shift.id} started in another`);
      current = shift.id;
    }
    if (kind === "ended") {
      assert.equal(current, shift.id);
      current = null;
    }
  }
}

Deno.test("the agent is offline after a shift has ended, unless the next starts with it", () => {
  fc.assert(
    fc.property(moves, (all) => {
      const { log } = play(all, false, 10_000);
      for (const [index, { kind, at, agent }] of log.entries()) {
        if (kind !== "ended" || agent.status === "offline") continue;
        const next = log[index + 1];
        assert.deepEqual([next?.kind, next?.at], ["started", at]);
      }
    }),
    { numRuns: 500 },
  );
});
