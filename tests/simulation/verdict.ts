import { HOUR_MS } from "../../domain/rules/time.ts";
import { compareTickets, type Comparison, type Difference } from "./compare.ts";
import { compareAnalytics } from "./compare_analytics.ts";
import { compareMetrics } from "./compare_metrics.ts";
import { explain } from "./explain.ts";
import { simulate, type Size } from "./simulate.ts";

/** What a simulation showed. */
export interface Verdict {
  /** How much was compared of what. */
  readonly counts: Comparison["counts"];
  readonly differences: readonly Difference[];
  /** The first of the differences, as somebody can look into them. */
  readonly explained: readonly string[];
}

const EXPLAINED_MAX = 5;

/** Simulates a desk, and holds all that it tells against the model; its store must be sound, too. */
export async function judge(size: Size): Promise<Verdict> {
  await using simulated = await simulate(size);
  const { desk, cast, diary, refused } = simulated;
  const { counts, differences, samples } = await compareTickets(desk.desk.store, diary);
  const metrics = await compareMetrics(desk.desk, samples, {
    boss: cast.actorOf(cast.admin),
    agents: cast.agents.map(cast.actorOf),
    start: Math.floor(diary.beginsAt / HOUR_MS) * HOUR_MS,
    end: Math.ceil(diary.endsAt / HOUR_MS) * HOUR_MS,
  });
  const boss = cast.actorOf(cast.admin);
  const analytics = await compareAnalytics(desk.desk, diary, samples, boss);
  await desk.assertSound();
  const all = [...differences, ...metrics.differences, ...analytics.differences];
  const { edicts } = diary;
  return {
    counts: new Map([
      ...counts,
      ["refusals", refused],
      ["edits", edicts.length],
      ...metrics.counts,
      ...analytics.counts,
    ]),
    differences: all,
    explained: all.slice(0, EXPLAINED_MAX).map((each) => explain(diary, each)),
  };
}
