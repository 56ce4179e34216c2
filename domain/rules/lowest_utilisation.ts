import { type Agent, utilisation } from "./agent.ts";
import { fewestMoves, type Holder, type Movable, type Relief, type Step } from "./fewest_moves.ts";

/** A utilisation as a fraction, so that bounds by it are exact. */
interface Fraction {
  readonly open: number;
  readonly of: number;
}

/** Those who have most and can be relieved in part are set aside so often; then the rest stays. */
const ROUNDS_MAX = 20;

/**
 * The fewest moves to the lowest utilisation that so many moves can reach, but for those who keep
 * what they have: as few as can be of those who have most, wherever not all of them can be relieved.
 */
export function lowestUtilisation(
  agents: readonly Agent[],
  movable: readonly Movable[],
  movesMax: number,
): readonly Step[] {
  const givers = new Set(movable.flatMap(({ home, takers }) => takers.length > 0 ? [home] : []));
  const keeping = new Set<number>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const highest = setAside(agents, givers, keeping);
    const fractions = fractionsBelow(highest, agents);
    const next = fractions.at(-1);
    if (next === undefined) break;
    const steps = lowestOf(fractions, relieve);
    if (steps !== null) return steps;
    for (const index of relieve(next).over) keeping.add(index);
  }
  return [];

  function relieve(fraction: Fraction): Relief {
    const holders = agents.map((agent, index) => holderOf(agent, fraction, keeping.has(index)));
    return fewestMoves(holders, movable, movesMax);
  }
}

/**
 * Lets keep what they have all who have more than anybody who can give something, and answers how
 * much that one has; 0 where nobody is left.
 */
function setAside(
  agents: readonly Agent[],
  givers: ReadonlySet<number>,
  keeping: Set<number>,
): number {
  const rest = [...agents.entries()].filter(([index]) => !keeping.has(index))
    .map(([index, agent]) => ({ index, share: utilisation(agent) }));
  const highest = rest.reduce(
    (most, { index, share }) => givers.has(index) ? Math.max(most, share) : most,
    0,
  );
  for (const { index, share } of rest) if (share > highest) keeping.add(index);
  return highest;
}

/** The moves for the lowest of these utilisations that all can be relieved to; null for none. */
function lowestOf(
  fractions: readonly Fraction[],
  relieve: (fraction: Fraction) => Relief,
): readonly Step[] | null {
  const within = ({ open, of }: Fraction): boolean => open <= of;
  const stepsTo = (fraction: Fraction): readonly Step[] | null => {
    const { steps, over } = relieve(fraction);
    return over.length === 0 ? steps : null;
  };
  // Who stays over capacity can take nothing: only on either side of it do more moves reach less.
  return firstFound(fractions.filter(within), stepsTo) ??
    firstFound(fractions.filter((fraction) => !within(fraction)), stepsTo);
}

/** Every utilisation that these agents can have below this one, the lowest first. */
function fractionsBelow(highest: number, agents: readonly Agent[]): Fraction[] {
  const found = new Map<number, Fraction>();
  for (const of of new Set(agents.map(({ maxTickets }) => maxTickets))) {
    for (let open = 0; open / of < highest; open++) found.set(open / of, { open, of });
  }
  return [...found].toSorted(([a], [b]) => a - b).map(([, fraction]) => fraction);
}

function holderOf(
  { activeTickets, maxTickets }: Agent,
  { open, of }: Fraction,
  keeps: boolean,
): Holder {
  const [held, capacity] = [activeTickets.length, maxTickets];
  if (keeps) return { open: held, capacity, bound: held, takes: false };
  const bound = Math.floor(open * capacity / of);
  const staysOver = open > of && held > capacity;
  return {
    open: held,
    capacity,
    bound: staysOver ? bound : Math.min(bound, capacity),
    takes: !staysOver,
  };
}

/** What is found for the first item for which anything is; it is for all that come after. */
function firstFound<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  let [low, high] = [0, items.length];
  let found: R | null = null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const item = items[middle];
    const result = item === undefined ? null : find(item);
    if (result === null) low = middle + 1;
    else [found, high] = [result, middle];
  }
  return found;
}
