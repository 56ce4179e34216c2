import { compareAdherence } from "./compare_adherence.ts";
import { compareMinutes } from "./compare_minutes.ts";
import {
  compareStories,
  type Comparison,
  type Counts,
  type Difference,
  replayAll,
} from "./compare.ts";
import { compareHandovers } from "./compare_handovers.ts";
import { compareTickets, readTickets } from "./compare_tickets.ts";
import { explain } from "./explain.ts";
import { simulate, type Size } from "./simulate.ts";

/** What a simulation showed. */
export interface Verdict {
  /** How much was compared of what. */
  readonly counts: Counts;
  readonly differences: readonly Difference[];
  /** The first of the differences, as somebody can look into them. */
  readonly explained: readonly string[];
}

const EXPLAINED_MAX = 8;

/** Simulates a desk, and holds all that it tells against the model; its store must be sound, too. */
export async function judge(size: Size): Promise<Verdict> {
  await using simulated = await simulate(size);
  const { test, cast, run, diary } = simulated;
  const { desk } = run.watch;
  const replayed = replayAll(diary);
  const boss = cast.actorOf(cast.admin);
  const tickets = await readTickets(desk.store, run, replayed);
  const comparisons: Comparison[] = [
    await compareStories(desk.store, replayed),
    compareMinutes(run.observer, replayed),
    await compareAdherence(desk, boss, diary, replayed),
    compareTickets(run, tickets),
    await compareHandovers(desk.store, cast, tickets, run.watch.holdings),
  ];
  await test.assertSound();
  const entries = diary.agents.flatMap((agent) => agent.entries);
  const refused = entries.filter(({ answer }) => answer !== "granted").length;
  const differences = comparisons.flatMap((each) => each.differences);
  return {
    counts: new Map([
      ["agents", diary.agents.length],
      ["deeds", entries.length],
      ["refusals", refused],
      ["refused at once with another", run.unplaced],
      ["tickets", run.opened],
      ...comparisons.flatMap(({ counts }) => [...counts]),
    ]),
    differences,
    explained: tellingOf(differences).map((each) => explain(diary, each)),
  };
}

/** One of each agent: the others mostly come of it. */
function tellingOf(differences: readonly Difference[]): Difference[] {
  const byAgent = new Map<string | null, Difference>();
  for (const each of differences) {
    if (!byAgent.has(each.agentId)) byAgent.set(each.agentId, each);
  }
  return [...byAgent.values()].slice(0, EXPLAINED_MAX);
}
