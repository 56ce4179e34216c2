/** Who holds how many open tickets, of how many it can, and how many it may hold in the end. */
export interface Holder {
  readonly open: number;
  readonly capacity: number;
  readonly bound: number;
  /** It may get tickets, up to its bound. */
  readonly takes: boolean;
}

/** A ticket that may move, once: from the holder of this index to those who may get it. */
export interface Movable {
  readonly home: number;
  /** The indexes of all others who may get it, whoever should come first. */
  readonly takers: readonly number[];
}

/** A ticket goes to a holder, both by their indexes. */
export interface Step {
  readonly ticket: number;
  readonly to: number;
}

/** What so many moves can do. */
export interface Relief {
  readonly steps: readonly Step[];
  /** The indexes of those who still hold more than their bound. */
  readonly over: readonly number[];
}

/**
 * The fewest moves, `movesMax` at most, that relieve holders of as many tickets beyond their bounds
 * as so many moves can. Each pass relieves one holder of one ticket along the path that needs the
 * fewest moves more, which may send on, or back, what was moved before: the method of successive
 * shortest paths for flows of least cost, by which no set of fewer moves does the same. Of paths as
 * short it is one to who is used least; of those where one move will do, that of the first ticket
 * and, among takers used as little, to the first.
 */
export function fewestMoves(
  holders: readonly Holder[],
  tickets: readonly Movable[],
  movesMax: number,
): Relief {
  const loads = holders.map(({ open }) => open);
  const at = tickets.map(({ home }) => home);
  const bounds = holders.map(({ bound }) => bound);
  const excess = loads.reduce(
    (sum, load, index) => sum + Math.max(0, load - (bounds[index] ?? 0)),
    0,
  );
  let steps: readonly Step[] = [];
  for (let relieved = 0; relieved < excess && steps.length < movesMax; relieved++) {
    const path = directMove() ?? shortestPath();
    if (path === null) break;
    const undone = path.map(({ ticket, to }) => ({ ticket, to: at[ticket] ?? to })).toReversed();
    path.forEach(make);
    const further = moves();
    if (further.length > movesMax) {
      undone.forEach(make);
      break;
    }
    steps = further;
  }
  return { steps, over: holders.flatMap((_, index) => isOver(index) ? [index] : []) };

  function make({ ticket, to }: Step): void {
    const from = at[ticket] ?? to;
    loads[from] = (loads[from] ?? 0) - 1;
    loads[to] = (loads[to] ?? 0) + 1;
    at[ticket] = to;
  }

  function moves(): Step[] {
    return at.flatMap((to, ticket) => to === tickets[ticket]?.home ? [] : [{ ticket, to }]);
  }

  /** No path needs less than one move, so that none need be looked for where this finds one. */
  function directMove(): Step[] | null {
    for (const [ticket, { home, takers }] of tickets.entries()) {
      if (at[ticket] !== home || !isOver(home)) continue;
      const to = takers.filter(hasRoom).reduce(
        (least, taker) => least === null || use(taker) < use(least) ? taker : least,
        null as number | null,
      );
      if (to !== null) return [{ ticket, to }];
    }
    return null;
  }

  /** Among those who hold too much and those who have room; by Bellman and Ford's method. */
  function shortestPath(): Step[] | null {
    const costs = holders.map((_, index) => isOver(index) ? 0 : Infinity);
    const reachedBy: (number | null)[] = holders.map(() => null);
    const comesFrom: (number | null)[] = holders.map(() => null);
    for (let round = 0; round < holders.length; round++) {
      let isChanged = false;
      for (const [ticket, { home, takers }] of tickets.entries()) {
        const from = at[ticket] ?? home;
        const base = (costs[from] ?? Infinity) - (from === home ? 0 : 1);
        if (base === Infinity) continue;
        for (const to of from === home ? takers : [home, ...takers]) {
          const cost = base + (to === home ? 0 : 1);
          if (to === from || holders[to]?.takes !== true || cost >= (costs[to] ?? 0)) continue;
          [costs[to], reachedBy[to], comesFrom[to], isChanged] = [cost, ticket, from, true];
        }
      }
      if (!isChanged) break;
    }
    let end: number | null = null;
    for (let index = 0; index < holders.length; index++) {
      const cost = hasRoom(index) ? costs[index] ?? Infinity : Infinity;
      if (cost === Infinity) continue;
      const less = end === null ? -1 : cost - (costs[end] ?? Infinity) || use(index) - use(end);
      if (less < 0) end = index;
    }
    const path: Step[] = [];
    for (let to = end; to !== null && path.length <= holders.length; to = comesFrom[to] ?? null) {
      const ticket = reachedBy[to] ?? null;
      if (ticket !== null) path.unshift({ ticket, to });
    }
    return end === null ? null : path;
  }

  function use(index: number): number {
    return (loads[index] ?? 0) / (holders[index]?.capacity ?? 1);
  }

  function isOver(index: number): boolean {
    return (loads[index] ?? 0) > (bounds[index] ?? 0);
  }

  function hasRoom(index: number): boolean {
    return holders[index]?.takes === true && (loads[index] ?? 0) < (bounds[index] ?? 0);
  }
}
