import { DAY_MS, type Instant, MINUTE_MS } from "../../../domain/rules/time.ts";
import { openDesk, type TestDesk } from "../../support/desk.ts";
import { chanceOf } from "../chance.ts";
import { type Cast, hire } from "./cast.ts";
import type { AgentDiary, ShiftDiary } from "./diary.ts";
import { Run } from "./run.ts";

export interface Size {
  readonly seed: number;
  readonly agents: number;
  readonly days: number;
  /** The first day, in UTC, as "YYYY-MM-DD". */
  readonly from: string;
}

/** What became of a desk, what was seen of it, and the diary of what people did there. */
export interface Simulated extends AsyncDisposable {
  readonly test: TestDesk;
  readonly cast: Cast;
  readonly run: Run;
  readonly diary: ShiftDiary;
}

/** So many tickets are opened a day for each agent. */
const TICKETS_A_DAY = 1.5;

/**
 * Lets a desk live for some days. The same seed has the same course, but for what several do in the
 * same moment: there it is noted who was first.
 */
export async function simulate({ seed, agents, days, from }: Size): Promise<Simulated> {
  const chance = chanceOf(seed);
  const test = await openDesk();
  const cast = await hire(test, agents, chance);
  // From here on nothing happens but what the simulation does.
  await test.background.stop();
  const beginsAt: Instant = Temporal.Instant.from(`${from}T00:00Z`).epochMilliseconds;
  const endsAt = beginsAt + days * DAY_MS;
  test.clock.advance(beginsAt - test.clock.now());
  const run = new Run(test, cast, chance, beginsAt, endsAt);
  for (let index = 0; index < agents * days * TICKETS_A_DAY; index++) {
    run.planTicket(beginsAt + chance.between(0, days * DAY_MS - MINUTE_MS));
  }
  await run.live();
  const diaries = cast.workers.map((worker): AgentDiary => {
    const { agentId, userId, timezone, status } = worker;
    const entries = (run.entries.get(agentId) ?? []).toSorted((a, b) => a.place - b.place);
    const recurring = run.watch.recurring.get(agentId) ?? [];
    return { agentId, userId, timezone, status, entries, recurring };
  });
  return {
    test,
    cast,
    run,
    diary: { beginsAt, endsAt, agents: diaries },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}
