import type { GroupFigures } from "./sla_metrics.ts";
import { total } from "./sla_summary.ts";
import { SCORES } from "./ticket.ts";

/** How much came and went, in a stretch of time. */
export interface Volumes {
  readonly opened: number;
  /** Each time; those after a reopening too. */
  readonly resolved: number;
  /** Ceased to be open: resolved, or closed without that. */
  readonly finished: number;
  readonly reopened: number;
  /** By how much the number of open tickets rose. */
  readonly rise: number;
  /** How many ratings there were, by score from 1 on. */
  readonly scores: readonly number[];
}

export function volumesOf(groups: Iterable<GroupFigures>): Volumes {
  const all = [...groups];
  const [opened, finished, reopened] = [
    total(all, ["created"], "counts"),
    total(all, ["finished"], "counts"),
    total(all, ["reopened"], "counts"),
  ];
  const moved = total(all, ["moved_in"], "counts") - total(all, ["moved_out"], "counts");
  return {
    opened,
    resolved: total(all, ["resolution_wall", "repeat_wall"], "counts"),
    finished,
    reopened,
    rise: opened - finished + reopened + moved,
    scores: SCORES.map((score) => total(all, [`rated_${score}`], "counts")),
  };
}

/** Several stretches of time as one. */
export function volumesTogether(all: readonly Volumes[]): Volumes {
  const sum = (of: (each: Volumes) => number): number => all.reduce((so, each) => so + of(each), 0);
  return {
    opened: sum(({ opened }) => opened),
    resolved: sum(({ resolved }) => resolved),
    finished: sum(({ finished }) => finished),
    reopened: sum(({ reopened }) => reopened),
    rise: sum(({ rise }) => rise),
    scores: SCORES.map((_, index) => sum(({ scores }) => scores[index] ?? 0)),
  };
}

/**
 * How many tickets were open at the end of each of some stretches of time that follow each other:
 * reckoned back from how many are open now, by how that rose in each and has risen since.
 */
export function backlogs(
  rises: readonly number[],
  since: number,
  openNow: number,
): number[] {
  let open = openNow - since;
  const ends: number[] = [];
  for (const rise of rises.toReversed()) {
    ends.push(open);
    open -= rise;
  }
  return ends.reverse();
}

/** What ratings say together: the average score, and the share of those that are 4 or 5. */
export interface Satisfaction {
  readonly count: number;
  /** Null where there are none. */
  readonly average: number | null;
  readonly satisfiedShare: number | null;
}

const SATISFIED_FROM = 4;

export function satisfactionOf(scores: readonly number[]): Satisfaction {
  const count = scores.reduce((sum, each) => sum + each, 0);
  if (count === 0) return { count, average: null, satisfiedShare: null };
  const sum = scores.reduce((sum, each, index) => sum + each * (index + 1), 0);
  const satisfied = scores.slice(SATISFIED_FROM - 1).reduce((sum, each) => sum + each, 0);
  return { count, average: sum / count, satisfiedShare: satisfied / count };
}
