import { DAY_MS, HOUR_MS, type Instant } from "../../domain/rules/time.ts";
import { openDesk, type TestDesk } from "../support/desk.ts";
import { type Cast, hire } from "./cast.ts";
import { chanceOf } from "./chance.ts";
import type { Diary } from "./diary.ts";
import { Run } from "./run.ts";

export interface Size {
  readonly seed: number;
  readonly weeks: number;
  readonly tickets: number;
  /** In 2026; some weeks before most clocks are put forward, if nothing is said. */
  readonly beginsAt?: Instant;
}

/** What became of a desk, and the diary of what people did there. */
export interface Simulated extends AsyncDisposable {
  readonly desk: TestDesk;
  readonly cast: Cast;
  readonly diary: Diary;
  /** How much of what people asked for was refused. */
  readonly refused: number;
}

/** Some weeks before America changes to summer time, some more before Europe does. */
const BEGINS_AT: Instant = Date.UTC(2026, 1, 16, 7, 30);
/** Nobody opens a ticket in the last days, so that most come to an end. */
const LAST_DAYS_MS = 2 * DAY_MS;
const FIRST_EDICTS = 8;
const EDICT_EVERY_MS = 9 * HOUR_MS;
/** An edict may come while nothing has been swept for so long. */
const OUTAGE_MAX_MS = 3 * HOUR_MS;

/**
 * Lets a desk live for some weeks. The same seed has the same course, but for what several do in the
 * same moment: there it is noted who was first.
 */
export async function simulate(
  { seed, weeks, tickets: count, beginsAt = BEGINS_AT }: Size,
): Promise<Simulated> {
  const chance = chanceOf(seed);
  const warningPercent = chance.pick([80, 75, 50]);
  const closeAfterDays = chance.pick([1, 3, 7]);
  const desk = await openDesk({
    SLA_WARNING_PERCENT: String(warningPercent),
    CLOSE_RESOLVED_AFTER_DAYS: String(closeAfterDays),
  });
  const cast = await hire(desk);
  // From here on nothing happens but what the simulation does.
  await desk.background.stop();
  desk.clock.advance(beginsAt - desk.clock.now());
  const endsAt = beginsAt + weeks * 7 * DAY_MS;
  const run = new Run(desk, cast, chance);
  for (let index = 0; index < count; index++) {
    const at = beginsAt + Math.floor(chance.next() * (endsAt - beginsAt - LAST_DAYS_MS));
    run.plan.add(at, () => run.open());
  }
  for (let index = 0; index < FIRST_EDICTS; index++) run.plan.add(beginsAt, () => run.enact());
  for (let at = beginsAt; at < endsAt; at += Math.floor(chance.next() * 2 * EDICT_EVERY_MS)) {
    run.plan.add(at, () => run.enact());
    if (chance.percent(30)) {
      const until = at + chance.between(0, OUTAGE_MAX_MS);
      run.plan.add(at - chance.between(0, OUTAGE_MAX_MS), () => run.rest(until));
    }
  }
  await run.live(endsAt);
  const { tickets, edicts, refused } = run;
  const period = { beginsAt, endsAt };
  const people = cast.everybody;
  return {
    desk,
    cast,
    diary: { people, warningPercent, closeAfterDays, tickets, edicts, ...period },
    refused,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}
